import { Hono } from "hono";
import { z } from "zod";
import { parseSms } from "../../src/domain/sms/parse.ts";
import { isReadOtherwise } from "../../src/domain/sms/parsed.ts";
import { isClaim } from "../../src/ports/sms-processor.ts";
import { REPLAY_PAGE_MAX, storedSms } from "../../src/queries/sms-log.ts";
import { recordAct } from "../act.ts";
import { json, limited, saysJson } from "../body.ts";
import { actor } from "../door.ts";
import type { Env } from "../env.ts";
import { fail } from "../errors.ts";
import { rebuildPage } from "../jobs/rebuild-days.ts";
import { mailboxOf } from "../objects/locate.ts";
import { countryOf, readerOf } from "../ports.ts";
import { dayOrInstant } from "./fields.ts";

const REBUILD_METERS_MAX = 200;
/** Ten years and some: a rebuild is cut into pages, but a mistyped year should not make thousands of them. */
const REBUILD_RANGE_MS_MAX = 3_700 * 86_400_000;
const ReplayBody = z.object({
  since: dayOrInstant,
  write: z.boolean().default(false),
  cursor: z
    .string()
    .regex(/^\d{1,18}$/)
    .nullish(),
});
const RebuildBody = z
  .object({
    from: z.iso.date(),
    to: z.iso.date(),
    meters: z
      .array(z.string().regex(/^0*[0-9A-Za-z-]{1,40}$/, "a meter's number"))
      .min(1)
      .max(REBUILD_METERS_MAX)
      .nullish(),
    write: z.boolean().default(false),
    cursor: z.string().max(60).nullish(),
  })
  .refine(({ from, to }) => from <= to && Date.parse(to) - Date.parse(from) <= REBUILD_RANGE_MS_MAX, {
    path: ["to"],
    message: "a day not before `from`, and not ten years after it",
  });

/** Work over many rows, a page a call: the caller brings the cursor back until there is none. */
export const opsJobs = new Hono<{ Bindings: Env; Variables: { actor: string } }>()
  .post("/sms/replay", actor, limited, saysJson, json(ReplayBody), async (c) => {
    const { since, write, cursor } = c.req.valid("json");
    const rows = await storedSms(readerOf(c.env), since, Number(cursor ?? 0), REPLAY_PAGE_MAX);
    const changes = rows.flatMap((row) => {
      const now = parseSms(row.content, row.sender, countryOf(c.env));
      if (canonicalJson(now) === canonicalJson(row.parsed)) return [];
      return [{ row, before: row.parsed, after: now, left: isClaim(row) && isReadOtherwise(row.parsed, now) }];
    });
    const sent = changes.filter(({ left }) => !left);
    if (write && sent.length > 0) {
      await recordAct(c, "sms.replay", `sms:after ${cursor ?? 0}`, { since: iso(since), changes: sent.length });
      const byPhone = new Map<string, { externalId: string | null; contentHash: string }[]>();
      for (const { row } of sent) byPhone.set(row.phoneId, [...(byPhone.get(row.phoneId) ?? []), row]);
      for (const [phoneId, ids] of byPhone)
        await mailboxOf(c.env, phoneId).reprocess(
          ids.map(({ externalId, contentHash }) => ({ externalId, contentHash })),
        );
    }
    const last = rows.length === REPLAY_PAGE_MAX ? rows.at(-1) : undefined;
    return c.json({
      seen: rows.length,
      changes: changes.map(({ row, before, after, left }) => ({
        id: row.id,
        phoneId: row.phoneId,
        before,
        after,
        left,
      })),
      written: write,
      next: last === undefined ? null : String(last.id),
    });
  })
  .post("/consumption/rebuild", actor, limited, saysJson, json(RebuildBody), async (c) => {
    const { from, to, meters, write, cursor } = c.req.valid("json");
    const meterNumbers = meters?.map((typed) => typed.replace(/^0+(?=.)/, "")) ?? null;
    if (write && cursor == null)
      await recordAct(c, "consumption.rebuild", `days:${from} to ${to}`, { from, to, meters: meterNumbers });
    const page = await rebuildPage(c.env, { from, to, meterNumbers, write, cursor: cursor ?? null });
    return page === "bad_cursor"
      ? fail(c, 400, "bad_field", "check cursor", [{ field: "cursor", expected: "the `next` of the page before" }])
      : c.json(page);
  });

const iso = (at: number) => new Date(at).toISOString();

/** JSON with its keys in order: Postgres does not keep the order in which they were written. */
function canonicalJson(value: unknown): string {
  return JSON.stringify(value, (_key, part: unknown) =>
    typeof part === "object" && part !== null && !Array.isArray(part)
      ? Object.fromEntries(Object.entries(part).sort(([a], [b]) => (a < b ? -1 : 1)))
      : part,
  );
}
