import type { Tickets } from "../../ports/tickets.ts";
import type { Database } from "./database.ts";
import { BY, change, refuseWhen } from "./registry-write.ts";

/** Who does it, in a statement whose audit row is not always left. */
const WHO = `(SELECT ${BY}) AS b(actor, reason, at)`;

const ORDER = `jsonb_to_record($1::jsonb) AS r(key text, class text, category text, priority text, source text, rule text,
  "caseKey" text, site text, account text, phone text, summary text, "reportedBy" text, "failedAt" bigint, machine boolean)`;

/**
 * The second refusal of one and the same rule is no error: the ticket that is open says it already. What the key names was
 * opened before, and may be resolved by now: it stays so.
 */
export const OPEN_TICKET = [
  refuseWhen(
    "unknown",
    "'account ' || r.account",
    `FROM ${ORDER} WHERE r.account IS NOT NULL AND NOT EXISTS (SELECT FROM accounts a WHERE a.account_number = r.account)`,
  ),
  refuseWhen(
    "unknown",
    "'site ' || r.site",
    `FROM ${ORDER} WHERE r.site IS NOT NULL AND NOT EXISTS (SELECT FROM sites s WHERE s.code = r.site)`,
  ),
  `WITH made AS (
    INSERT INTO tickets (ticket_key, ticket_class, category, priority, state, source, rule, rule_about, case_key, site_code, account_id, phone,
      summary, reported_by, opened_at, failed_at)
    SELECT r.key, r.class, r.category, r.priority, 'open', r.source, r.rule,
      CASE WHEN r.rule IS NOT NULL THEN coalesce(r.account, r.site) END, r."caseKey", coalesce(r.site, a.site_code), a.id,
      r.phone, r.summary, r."reportedBy", b.at, cc_at(r."failedAt")
    FROM ${ORDER} LEFT JOIN accounts a ON a.account_number = r.account CROSS JOIN ${WHO}
    ON CONFLICT DO NOTHING RETURNING *),
  told AS (
    INSERT INTO ticket_events (ticket_id, event_key, kind, actor, details, at)
    SELECT made.id, 'opened', 'opened', b.actor, jsonb_strip_nulls(jsonb_build_object('summary', made.summary, 'rule', made.rule,
      'caseKey', made.case_key, 'priority', made.priority)), b.at FROM made CROSS JOIN ${WHO})
  INSERT INTO mutations (actor, reason, at, action, subject, after)
  SELECT b.actor, b.reason, b.at, 'ticket.open', 'ticket:' || made.id, to_jsonb(made)
  FROM made CROSS JOIN ${WHO} CROSS JOIN ${ORDER} WHERE NOT r.machine`,
];

const UNKNOWN = (asked: string) =>
  refuseWhen(
    "unknown",
    `'ticket ' || r."ticketId"`,
    `FROM ${asked} WHERE NOT EXISTS (SELECT FROM tickets t WHERE t.id = r."ticketId")`,
  );

const SAID = `jsonb_to_record($1::jsonb) AS r("ticketId" bigint, key text, text text, machine boolean)`;
export const COMMENT = [
  UNKNOWN(SAID),
  `WITH told AS (
    INSERT INTO ticket_events (ticket_id, event_key, kind, actor, details, at)
    SELECT r."ticketId", r.key, 'comment', b.actor, jsonb_build_object('text', r.text), b.at FROM ${SAID} CROSS JOIN ${WHO}
    ON CONFLICT (ticket_id, event_key) DO NOTHING RETURNING *)
  INSERT INTO mutations (actor, reason, at, action, subject, after)
  SELECT b.actor, b.reason, b.at, 'ticket.comment', 'ticket:' || told.ticket_id, to_jsonb(told)
  FROM told CROSS JOIN ${WHO} CROSS JOIN ${SAID} WHERE NOT r.machine`,
];

/**
 * One step of a ticket: `set` where `when` holds, a line in its history and a person's act in the audit. Where it does not hold,
 * the ticket is so already, and nothing is written.
 */
const step = (asked: string, kind: string, set: string, when: string, details: string) => `WITH was AS (
    SELECT t.* FROM ${asked} JOIN tickets t ON t.id = r."ticketId" FOR UPDATE OF t),
  made AS (
    UPDATE tickets t SET ${set}, version = t.version + 1 FROM was CROSS JOIN ${asked} CROSS JOIN ${WHO}
    WHERE t.id = was.id AND ${when} RETURNING t.*),
  told AS (
    INSERT INTO ticket_events (ticket_id, event_key, kind, actor, details, at)
    SELECT made.id, 'v' || made.version, '${kind}', b.actor,
      jsonb_strip_nulls(${details} || jsonb_build_object('reason', b.reason)), b.at
    FROM made JOIN was ON was.id = made.id CROSS JOIN ${WHO})
  INSERT INTO mutations (actor, reason, at, action, subject, before, after)
  SELECT b.actor, b.reason, b.at, 'ticket.${ACTIONS[kind] ?? kind}', 'ticket:' || made.id, to_jsonb(was), to_jsonb(made)
  FROM made JOIN was ON was.id = made.id CROSS JOIN ${WHO} CROSS JOIN ${asked} WHERE NOT r.machine`;
const ACTIONS: Record<string, string> = {
  assigned: "assign",
  changed: "change",
  resolved: "resolve",
  reopened: "reopen",
};

const OPEN_FIRST = "'a resolved ticket is opened again first'";
const ASSIGNED = `jsonb_to_record($1::jsonb) AS r("ticketId" bigint, "staffId" bigint, machine boolean)`;
const PERSON = `(SELECT 'staff:' || s.id || ' ' || s.email FROM staff s WHERE s.id = r."staffId")`;
const ASSIGN = [
  UNKNOWN(ASSIGNED),
  refuseWhen(
    "unknown",
    `'staff ' || r."staffId"`,
    `FROM ${ASSIGNED} WHERE r."staffId" IS NOT NULL AND NOT EXISTS (SELECT FROM staff s WHERE s.id = r."staffId" AND s.active)`,
  ),
  refuseWhen(
    "refused",
    OPEN_FIRST,
    `FROM ${ASSIGNED} JOIN tickets t ON t.id = r."ticketId" WHERE t.state = 'resolved'`,
  ),
  step(
    ASSIGNED,
    "assigned",
    `assigned_to = ${PERSON}`,
    `t.assigned_to IS DISTINCT FROM ${PERSON}`,
    "jsonb_build_object('to', made.assigned_to, 'before', was.assigned_to)",
  ),
];

/** Locked before it is looked at: of two who act on the same version, one is refused. */
const locked = (asked: string) =>
  `WITH locked AS (SELECT t.id FROM ${asked} JOIN tickets t ON t.id = r."ticketId" FOR UPDATE OF t) SELECT NULL::text AS row FROM locked`;

const CHANGED = `jsonb_to_record($1::jsonb) AS r("ticketId" bigint, version bigint, set jsonb, machine boolean)`;
const NEXT = `jsonb_populate_record(t, r.set)`;
const CHANGE = [
  UNKNOWN(CHANGED),
  locked(CHANGED),
  refuseWhen(
    "exists",
    "'version ' || t.version",
    `FROM ${CHANGED} JOIN tickets t ON t.id = r."ticketId" WHERE t.version <> r.version`,
  ),
  refuseWhen("refused", OPEN_FIRST, `FROM ${CHANGED} JOIN tickets t ON t.id = r."ticketId" WHERE t.state = 'resolved'`),
  step(
    CHANGED,
    "changed",
    `(ticket_class, category, priority, state, site_code, account_id, summary, failed_at) = (SELECT n.ticket_class, n.category,
      n.priority, n.state, n.site_code, n.account_id, n.summary, n.failed_at FROM ${NEXT} AS n)`,
    `to_jsonb(t) IS DISTINCT FROM to_jsonb(${NEXT})`,
    `jsonb_build_object('set', (SELECT jsonb_object_agg(n.key, n.value) FROM jsonb_each(to_jsonb(made)) AS n
      WHERE n.key <> 'version' AND n.value IS DISTINCT FROM to_jsonb(was)->n.key))`,
  ),
];

const GRAVER = `jsonb_to_record($1::jsonb) AS r("ticketId" bigint, category text, priority text, machine boolean)`;
/** As grave as something that was said about it since, where it was less. What is dangerous goes before what is dark, which is as urgent. */
export const RAISE = [
  UNKNOWN(GRAVER),
  step(
    GRAVER,
    "changed",
    "category = r.category, priority = least(t.priority, r.priority)",
    `t.state <> 'resolved' AND (r.priority < t.priority
      OR (r.priority = t.priority AND r.category = 'equipment-failure' AND t.category <> r.category))`,
    `jsonb_build_object('set', jsonb_build_object('category', made.category, 'priority', made.priority))`,
  ),
];

const ENDED = `jsonb_to_record($1::jsonb) AS r("ticketId" bigint, cause text, resolution text, machine boolean, "seenVersion" bigint, "seenMessageId" bigint)`;
const RESOLVE = [
  UNKNOWN(ENDED),
  locked(ENDED),
  refuseWhen(
    "exists",
    "'version ' || t.version",
    `FROM ${ENDED} JOIN tickets t ON t.id = r."ticketId" WHERE t.state <> 'resolved' AND t.version <> r."seenVersion"`,
  ),
  refuseWhen(
    "exists",
    "'its customer has written since'",
    `FROM ${ENDED} JOIN tickets t ON t.id = r."ticketId" WHERE EXISTS (SELECT FROM care_messages m WHERE m.id > r."seenMessageId" AND m.way = 'in'
      AND (m.ticket_id = t.id OR m.account_id = t.account_id
        OR m.sender IN (SELECT o.sender FROM care_messages o WHERE o.ticket_id = t.id AND o.way = 'in')))`,
  ),
  step(
    ENDED,
    "resolved",
    "state = 'resolved', resolved_at = greatest(b.at, t.opened_at), cause = r.cause, resolution = r.resolution",
    "t.state <> 'resolved'",
    "jsonb_build_object('cause', made.cause, 'resolution', made.resolution)",
  ),
];

const REOPENED = `jsonb_to_record($1::jsonb) AS r("ticketId" bigint, machine boolean)`;
const REOPEN = [
  UNKNOWN(REOPENED),
  refuseWhen(
    "exists",
    "'ticket ' || o.id || ' is open by the same rule'",
    `FROM ${REOPENED} JOIN tickets t ON t.id = r."ticketId"
      JOIN tickets o ON o.rule = t.rule AND o.rule_about = t.rule_about AND o.state <> 'resolved' AND o.id <> t.id`,
  ),
  step(
    REOPENED,
    "reopened",
    "state = 'open', resolved_at = NULL, cause = NULL, resolution = NULL",
    "t.state = 'resolved'",
    "jsonb_build_object('cause', was.cause, 'resolution', was.resolution)",
  ),
];

/** Columns of the table by the names of the port. */
const COLUMN = {
  state: "state",
  class: "ticket_class",
  category: "category",
  priority: "priority",
  site: "site_code",
  summary: "summary",
} as const;

/** Tickets in Postgres: each step, its history and its act in one transaction. */
export const neonTickets = (db: Database): Tickets => ({
  open: (order, by) => change(db, { ...order, machine: by.machine ?? false }, by, OPEN_TICKET),
  comment: (ticketId, said, by) => change(db, { ticketId, ...said, machine: by.machine ?? false }, by, COMMENT),
  assign: (ticketId, staffId, by) => change(db, { ticketId, staffId, machine: by.machine ?? false }, by, ASSIGN),
  change: async (ticketId, { version, account, failedAt, ...rest }, by) => {
    const set = Object.fromEntries(
      Object.entries(rest).flatMap(([name, value]) =>
        value === undefined ? [] : [[COLUMN[name as keyof typeof COLUMN], value]],
      ),
    );
    const failed =
      failedAt === undefined ? {} : { failed_at: failedAt === null ? null : new Date(failedAt).toISOString() };
    const asked = { ticketId, version, set: { ...set, ...failed, ...(await accountOf(db, account)) } };
    return change(db, { ...asked, machine: by.machine ?? false }, by, CHANGE);
  },
  resolve: (ticketId, end, by, seen) =>
    change(
      db,
      {
        ...{ ticketId, ...end, machine: by.machine ?? false },
        ...{ seenVersion: seen?.version, seenMessageId: seen?.messageId },
      },
      by,
      RESOLVE,
    ),
  reopen: (ticketId, by) => change(db, { ticketId, machine: by.machine ?? false }, by, REOPEN),
});

/** An account brings its site; one that does not exist is refused by the key of the table. */
async function accountOf(db: Database, account: string | null | undefined) {
  if (account === undefined) return {};
  if (account === null) return { account_id: null };
  const [found] = await db.read<{ id: number; site: string }>(
    "SELECT id, site_code AS site FROM accounts WHERE account_number = $1::text",
    [account],
  );
  return { account_id: found?.id ?? NO_ACCOUNT, ...(found === undefined ? {} : { site_code: found.site }) };
}
const NO_ACCOUNT = -1;
