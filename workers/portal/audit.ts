import { Hono } from "hono";
import { z } from "zod";
import { neonAudit } from "../../src/adapters/neon/revert.ts";
import { fieldChanges, redacted } from "../../src/domain/audit/diff.ts";
import { type RevertTable, revertible } from "../../src/domain/audit/revertible.ts";
import { kindOf, subjectParts } from "../../src/domain/audit/subject.ts";
import type { RevertRefusal } from "../../src/ports/audit.ts";
import { type Act, type ActInFull, AUDIT_PAGE_MAX, act, acts, CHAIN_PAGE_MAX } from "../../src/queries/audit.ts";
import { type Acting, allow } from "../allow.ts";
import { json, limited, query, saysJson } from "../body.ts";
import { changeOf } from "../change.ts";
import type { Env } from "../env.ts";
import { fail } from "../errors.ts";
import { configureAccounts } from "../jobs/refresh-accounts.ts";
import { walkAudit } from "../jobs/walk-audit.ts";
import { tillOf } from "../objects/locate.ts";
import { restoresOf } from "../objects/restores.ts";
import { databaseOf, readerOf } from "../ports.ts";
import { queryNumber } from "../query-number.ts";
import { instant, line, reason } from "./fields.ts";

const WHAT_CHARS_MAX = 200;
const what = line(WHAT_CHARS_MAX).optional();
const whole = queryNumber(0, Number.MAX_SAFE_INTEGER);

const ListQuery = z.object({
  /** A table, as customers, or the kind of thing, as customer. */
  table: what,
  /** One thing, as customer:12. */
  subject: what,
  actor: what,
  action: what,
  /** As an act names the request that it came by. */
  request: what,
  from: instant.optional(),
  to: instant.optional(),
  limit: queryNumber(1, AUDIT_PAGE_MAX).default(50),
  /** The `next` of the page before. */
  cursor: whole.optional(),
});
const ChainQuery = z
  .object({
    after: whole.default(0),
    limit: queryNumber(1, CHAIN_PAGE_MAX).default(CHAIN_PAGE_MAX),
    hash: z
      .string()
      .regex(/^[0-9a-f]{64}$/, "64 hex digits")
      .optional(),
  })
  .refine(({ after, hash }) => after === 0 || hash !== undefined, {
    path: ["hash"],
    message: "the hash of row `after`",
  });
const RevertBody = z.strictObject({ reason });

const REVERT_REFUSED = {
  exists: [409, "something else has that already"],
  unknown: [404, "no such act here"],
  refused: [422, "the records do not allow this"],
  reverted: [409, "this act is reverted already"],
  changed: [409, "somebody changed it since; nobody's later change is overwritten"],
  in_use: [409, "others name it by now; take those away first"],
} as const satisfies Record<RevertRefusal["kind"], readonly [404 | 409 | 422, string]>;

type Vars = { Bindings: Env; Variables: Acting };

/** Who did what, and taking it back. */
export const audit = new Hono<Vars>()
  .get("/", allow("audit.read"), query(ListQuery), async (c) => {
    const { table, cursor, limit, ...filter } = c.req.valid("query");
    const kind = table === undefined ? undefined : kindOf(table);
    const found = await acts(readerOf(c.env), { ...filter, kind }, cursor ?? null, limit);
    const last = found.length === limit ? found.at(-1) : undefined;
    return c.json({ acts: found.map(listed), next: last?.seq ?? null });
  })
  .get("/chain", allow("audit.read"), query(ChainQuery), async (c) => {
    const { after, hash, limit } = c.req.valid("query");
    return c.json(await walkAudit(c.env, after === 0 || hash === undefined ? null : { seq: after, hash }, limit));
  })
  .get("/:id{[0-9]{1,15}}", allow("audit.read"), async (c) => {
    const found = await act(readerOf(c.env), Number(c.req.param("id")));
    return found === null ? fail(c, 404, "unknown", "no such act here") : c.json({ act: inFull(found) });
  })
  .post("/:id{[0-9]{1,15}}/revert", allow("audit.revert"), limited, saysJson, json(RevertBody), async (c) => {
    const id = Number(c.req.param("id"));
    const found = await act(readerOf(c.env), id);
    if (found === null) return fail(c, 404, "unknown", "no such act here");
    const how = revertible(found.action);
    if (how.by === "act")
      return fail(c, 422, "not_by_revert", `an act of this kind is not taken back: ${how.instead}`, {
        action: found.action,
        instead: how.instead,
      });
    const log = neonAudit(databaseOf(c.env));
    const done = await log.revert(id, how.table, changeOf(c, c.req.valid("json").reason));
    if (!done.ok) {
      const { kind } = done.error;
      const [status, message] = REVERT_REFUSED[kind];
      const present = kind === "changed" || kind === "in_use" ? redacted(await log.rowOf(id, how.table)) : undefined;
      return fail(c, status, kind, message, { ...done.error, ...(present === undefined ? {} : { present }) });
    }
    await tell(c.env, how.table, found, await log.touched(id, how.table));
    const revert = await act(readerOf(c.env), (await act(readerOf(c.env), id))?.revertedBy ?? 0);
    return c.json({ version: done.value.version, reverted: id, act: revert === null ? null : inFull(revert) });
  });

/** Whoever was told of the act is told of its end, by the same road. */
async function tell(env: Env, table: RevertTable, { subject }: Act, accounts: string[]) {
  if (table === "tills") {
    const facts = await restoresOf(env).tillFacts(subjectParts(subject).recordId);
    if (facts === "down") throw new Error("the database does not answer");
    if (facts !== null) await tillOf(env, facts.tillId).configure(facts);
  }
  await configureAccounts(env, accounts);
}

const listed = ({ at, subject, ...found }: Act) => ({
  ...found,
  at: new Date(at).toISOString(),
  subject,
  table: subjectParts(subject).table,
  recordId: subjectParts(subject).recordId,
});

function inFull({ before, after, prevHash, hash, ...found }: ActInFull) {
  const [was, is] = [redacted(before), redacted(after)];
  const how = revertible(found.action);
  return {
    ...listed(found),
    before: was,
    after: is,
    changes: fieldChanges(was, is).map(({ field, before: from, after: to }) => ({
      field,
      before: from ?? null,
      after: to ?? null,
    })),
    /** Null: the act is taken back by a revert; else what is done instead. */
    instead: how.by === "act" ? how.instead : null,
    prevHash,
    hash,
  };
}
