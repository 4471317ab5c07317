import { Hono } from "hono";
import { z } from "zod";
import { dayStart, isDay } from "../../src/domain/local-day.ts";
import { parseSms } from "../../src/domain/sms/parse.ts";
import { isReadOtherwise, PARSER_VERSION } from "../../src/domain/sms/parsed.ts";
import { isClaim } from "../../src/ports/sms-processor.ts";
import { inboxSms, SMS_PAGE_MAX, type SmsFilter, smsInbox } from "../../src/queries/sms-inbox.ts";
import { smsSent } from "../../src/queries/sms-sent.ts";
import { recordAct } from "../act.ts";
import { type Acting, allow } from "../allow.ts";
import { query } from "../body.ts";
import type { Env } from "../env.ts";
import { fail } from "../errors.ts";
import { mailboxOf } from "../objects/locate.ts";
import { clockOf, countryOf, readerOf } from "../ports.ts";
import { idOf } from "./acts.ts";
import { line } from "./fields.ts";

const DAY_MS = 86_400_000;
const day = z.string().refine(isDay, "a day as 2026-04-10");
const word = z.string().regex(/^[a-z_]{1,40}$/, "a word of the list");
const SmsQuery = z.object({
  phone: line(60).optional(),
  sender: line(60).optional(),
  q: line(200).optional(),
  outcome: word.optional(),
  from: day.optional(),
  to: day.optional(),
  cursor: z
    .string()
    .regex(/^\d{1,15}(:.{1,200})?$/, "the `next` of the page before")
    .optional(),
});
type SmsQuery = z.infer<typeof SmsQuery>;

/** Texts in and out. What the parser of today would say of one is looked at first; reading it again is an order. */
export const sms = new Hono<{ Bindings: Env; Variables: Acting }>()
  .get("/in", allow("sms.read"), query(SmsQuery), async (c) => {
    const { cursor, ...rest } = c.req.valid("query");
    const before = cursor === undefined ? null : Number(cursor.split(":")[0]);
    const rows = await smsInbox(readerOf(c.env), filterOf(rest, c.env), before, SMS_PAGE_MAX);
    const next = rows.length === SMS_PAGE_MAX ? String(rows.at(-1)?.id ?? "") : null;
    return c.json({ asOf: clockOf(c.env).now(), parserVersion: PARSER_VERSION, sms: rows, next });
  })
  .get("/out", allow("sms.read"), query(SmsQuery), async (c) => {
    const { cursor, ...rest } = c.req.valid("query");
    const at = cursor?.indexOf(":") ?? -1;
    if (cursor !== undefined && at < 0)
      return fail(c, 400, "bad_field", "check cursor", [
        { field: "cursor", value: cursor, expected: "the `next` of the page before" },
      ]);
    const before =
      cursor === undefined || at < 0 ? null : { createdAt: Number(cursor.slice(0, at)), id: cursor.slice(at + 1) };
    const rows = await smsSent(readerOf(c.env), filterOf(rest, c.env), before, SMS_PAGE_MAX);
    const last = rows.length === SMS_PAGE_MAX ? rows.at(-1) : undefined;
    return c.json({
      asOf: clockOf(c.env).now(),
      sms: rows,
      next: last === undefined ? null : `${last.createdAt}:${last.id}`,
    });
  })
  .get("/in/:id{[0-9]+}", allow("sms.read"), async (c) => {
    const found = await inboxSms(readerOf(c.env), idOf(c));
    if (found === null) return fail(c, 404, "unknown", "no such SMS here");
    const [forward, waits] = await Promise.all([
      mailboxOf(c.env, found.phoneId)
        .forwardOf(found)
        .catch(() => null),
      mailboxOf(c.env, found.phoneId)
        .waitOf(found)
        .catch(() => null),
    ]);
    const says = parseSms(found.content, found.sender, countryOf(c.env));
    return c.json({ sms: found, forward, waits, parserVersion: PARSER_VERSION, says });
  })
  .post("/in/:id{[0-9]+}/replay", allow("money.write"), async (c) => {
    const found = await inboxSms(readerOf(c.env), idOf(c));
    if (found === null) return fail(c, 404, "unknown", "no such SMS here");
    if (isClaim(found) && isReadOtherwise(found.parsed, parseSms(found.content, found.sender, countryOf(c.env))))
      return fail(c, 409, "read_otherwise", `its money stands at receipt ${found.receipt}: correct that one by hand`);
    await recordAct(c, "sms.replay", `sms:${found.id}`, { outcome: found.outcome, parserVersion: PARSER_VERSION });
    const { externalId, contentHash } = found;
    return c.json({ again: await mailboxOf(c.env, found.phoneId).reprocess([{ externalId, contentHash }]) });
  });

function filterOf(asked: Omit<SmsQuery, "cursor">, env: Env): SmsFilter {
  const { utcOffsetMinutes } = countryOf(env);
  return {
    phone: asked.phone ?? null,
    sender: asked.sender ?? null,
    text: asked.q ?? null,
    outcome: asked.outcome ?? null,
    from: asked.from === undefined ? null : dayStart(asked.from, utcOffsetMinutes),
    to: asked.to === undefined ? null : dayStart(asked.to, utcOffsetMinutes) + DAY_MS,
  };
}
