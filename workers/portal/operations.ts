import { Hono } from "hono";
import { z } from "zod";
import { endDeadLetter, takeDeadLetter } from "../../src/adapters/neon/dead-letters.ts";
import { aboutLetter, type DeadRoad, roadOf } from "../../src/domain/dead-letter.ts";
import { deadLetter, deadLetters, LETTERS_PAGE_MAX } from "../../src/queries/dead-letters.ts";
import { feeds } from "../../src/queries/feeds.ts";
import { jobEnds } from "../../src/queries/job-ends.ts";
import { waitingRollups } from "../../src/queries/reports/pending.ts";
import { type ReplayRefusal, replayLetter } from "../../src/services/replay-letter.ts";
import { recordAct } from "../act.ts";
import { type Acting, allow } from "../allow.ts";
import { json, limited, query, saysJson } from "../body.ts";
import type { CopyMessage, Env, ForwardMessage, ImportMessage, JobMessage } from "../env.ts";
import { fail } from "../errors.ts";
import { compareHeads } from "../jobs/heads.ts";
import { CLOCK_JOBS } from "../jobs.ts";
import { gateOf, mailboxOf } from "../objects/locate.ts";
import { clockOf, databaseOf, readerOf } from "../ports.ts";
import { queryNumber } from "../query-number.ts";
import { vendorsRead } from "../vendors.ts";
import { dayOrInstant, reason } from "./fields.ts";

const PHONES_MAX = 200;
const SEEN_CHARS_MAX = 300;
const LettersQuery = z.object({
  all: z.enum(["true", "false"]).default("false"),
  cursor: queryNumber(1, Number.MAX_SAFE_INTEGER).optional(),
  limit: queryNumber(1, LETTERS_PAGE_MAX).default(50),
});
const ReplayBody = z.strictObject({ reason, seen: z.string().max(SEEN_CHARS_MAX).nullable().default(null) });
const HeadsBody = z.strictObject({ since: dayOrInstant.nullish(), cursor: z.string().max(200).nullish() });

const REFUSED = {
  unknown: [404, "no such letter"],
  handled: [409, "it was sent again already"],
  taken: [409, "somebody began to send it meanwhile: look again"],
  no_road: [422, "nobody knows what this message is for: it stays, for a person who knows"],
  not_sent: [503, "the queue did not take it; it waits as before, send it again"],
} as const satisfies Record<ReplayRefusal["kind"], readonly [404 | 409 | 422 | 503, string]>;

/** What keeps the system running, and starting again by hand what has stopped. */
export const operations = new Hono<{ Bindings: Env; Variables: Acting }>()
  .get("/operations", allow("reports.read"), async (c) => {
    const now = clockOf(c.env).now();
    const began = Date.now();
    const db = readerOf(c.env);
    const [fed, ends, rollups] = await Promise.all([
      feeds(db, now, vendorsRead(c.env)),
      jobEnds(db),
      waitingRollups(db),
    ]);
    const known = new Map(ends.map((each) => [each.job, each]));
    const jobs = Object.entries(CLOCK_JOBS).map(([job, everyMs]) => {
      const { endedAt = null, failedAt = null, error = null } = known.get(job) ?? {};
      return { job, everyMs, endedAt, failedAt, error };
    });
    return c.json({ asOf: now, databaseMs: Date.now() - began, feeds: fed, jobs, rollups });
  })
  .get("/dead-letters", allow("reports.read"), query(LettersQuery), async (c) => {
    const { all, cursor, limit } = c.req.valid("query");
    const rows = await deadLetters(readerOf(c.env), { all: all === "true", before: cursor ?? null, limit });
    const letters = rows.map(({ body, ...row }) => ({
      ...row,
      road: roadOf(body),
      about: aboutLetter(body),
      bodyJson: JSON.stringify(body),
    }));
    return c.json({ letters, next: rows.length === limit ? (rows.at(-1)?.id ?? null) : null });
  })
  .post(
    "/dead-letters/:id{[0-9]{1,15}}/replay",
    allow("operations.act"),
    limited,
    saysJson,
    json(ReplayBody),
    async (c) => {
      const id = Number(c.req.param("id"));
      const { reason: why, seen } = c.req.valid("json");
      const db = databaseOf(c.env);
      if ((await deadLetter(db, id)) === null) return fail(c, 404, "unknown", REFUSED.unknown[1]);
      await recordAct(c, "queue.replay", `dead_letter:${id}`, undefined, why);
      const done = await replayLetter(
        {
          letter: (wanted) => deadLetter(db, wanted),
          take: (wanted, before, by) => takeDeadLetter(db, wanted, before, by),
          end: (wanted, by, at) => endDeadLetter(db, wanted, by, at),
          send: (road, body) => sendAgain(c.env, road, body),
          now: () => clockOf(c.env).now(),
        },
        { id, seen, by: `${c.get("actor")} · ${c.get("requestId")}` },
      );
      if (done.ok) return c.json({ id, road: done.value.road });
      const [status, message] = REFUSED[done.error.kind];
      return fail(c, status, done.error.kind, message);
    },
  )
  .post("/heads", allow("operations.act"), limited, saysJson, json(HeadsBody), async (c) => {
    const { since, cursor } = c.req.valid("json");
    // A person's run once, not each of its pages.
    const from = since == null ? null : new Date(since).toISOString();
    if (cursor == null) await recordAct(c, "heads.compare", "heads:all", { since: from });
    const page = await compareHeads(c.env, { since: since ?? null, cursor: cursor ?? null });
    return page === "bad_cursor"
      ? fail(c, 400, "bad_field", "check cursor", [{ field: "cursor", expected: "the `next` of the page before" }])
      : c.json(page);
  })
  .get("/forwards/parked", allow("reports.read"), async (c) => {
    const phones = (await gateOf(c.env).phones()).slice(0, PHONES_MAX);
    const parked = await Promise.all(phones.map(({ phoneId }) => mailboxOf(c.env, phoneId).parked()));
    return c.json({
      parked: parked.flatMap((rows, index) => rows.map((row) => ({ phoneId: phones[index]?.phoneId ?? null, ...row }))),
    });
  })
  .post("/forwards/:phoneId/:forwardId/send", allow("operations.act"), async (c) => {
    const { phoneId, forwardId } = c.req.param();
    await recordAct(c, "forward.send", `forward:${phoneId}:${forwardId}`);
    const sent = await mailboxOf(c.env, phoneId).sendAgain(Number(forwardId));
    return sent ? c.json({ sent }) : fail(c, 404, "not_parked", "no such parked forward");
  });

/** Into the queue that it was for. */
async function sendAgain(env: Env, road: DeadRoad, body: unknown): Promise<void> {
  switch (road) {
    case "copy":
      return void (await env.LEDGER_COPY.send(body as CopyMessage));
    case "forward":
      return void (await env.LEGACY_FORWARD.send(body as ForwardMessage));
    case "import":
      return void (await env.IMPORTS.send(body as ImportMessage));
    case "job":
      return void (await env.JOBS.send(body as JobMessage));
  }
}
