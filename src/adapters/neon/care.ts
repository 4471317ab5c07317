import { CARE_HAND, TICKET_PLACE } from "../../domain/care-texts.ts";
import { RULES_HAND } from "../../domain/ticket-rules.ts";
import type { Care, CareCustomer, CareIn, CareNotice, CareOut } from "../../ports/care.ts";
import type { Database } from "./database.ts";
import { OF_PHONE, ofPhone } from "./of-phone.ts";
import { BY, change, refuseWhen } from "./registry-write.ts";
import { COMMENT, OPEN_TICKET, RAISE } from "./tickets.ts";

/** Customers who share a phone; more than that say nothing. */
const CUSTOMERS_MAX = 10;
const ENDED_MAX = 50;

const CUSTOMERS = `SELECT c.id AS "customerId", c.name, c.language, c.site_code AS site,
    (SELECT coalesce(json_agg(json_build_object('account', a.account_number, 'site', a.site_code, 'status', a.status)
      ORDER BY a.account_number), '[]') FROM accounts a WHERE a.customer_id = c.id) AS accounts
  FROM customers c WHERE ${OF_PHONE} ORDER BY c.id LIMIT ${CUSTOMERS_MAX}`;

const COLUMNS =
  "message_key, way, state, sender, phone, customer_id, account_id, ticket_id, text, category, at, received_at";
const given = (
  input: string,
) => `jsonb_to_record(${input}) AS r(key text, state text, sender text, phone text, "customerId" bigint, account text,
  "ticketId" bigint, text text, category text, at bigint, "receivedAt" bigint)`;
const insert = (
  way: "in" | "out",
  ticket = 'r."ticketId"',
  input = "$1::jsonb",
) => `INSERT INTO care_messages (${COLUMNS})
  SELECT r.key, '${way}', r.state, r.sender, r.phone, r."customerId", a.id, ${ticket}, r.text, r.category, cc_at(r.at),
    cc_at(coalesce(r."receivedAt", r.at))
  FROM ${given(input)} LEFT JOIN accounts a ON a.account_number = r.account ON CONFLICT (message_key) DO NOTHING`;
const written = (way: "in" | "out", message: (CareIn & { state: "received" }) | CareOut) => ({
  query: insert(way),
  params: [JSON.stringify(message)],
});

const FIRST = `jsonb_to_record($1::jsonb) AS r(key text, sender text, phone text, "customerId" bigint, account text, at bigint,
  "receivedAt" bigint, "seenId" bigint, "nearMs" bigint, "answerKey" text, "answerText" text)`;
/** One at a time for a sender: of two messages the later sees the ticket of the earlier. */
const ALONE = `WITH locked AS MATERIALIZED (SELECT pg_advisory_xact_lock(hashtext('care ' || r.sender)) FROM ${FIRST}) SELECT NULL::text AS row FROM locked`;
const NOT_KEPT = refuseWhen(
  "exists",
  "'this message is kept'",
  `FROM ${FIRST} WHERE EXISTS (SELECT FROM care_messages m WHERE m.message_key = r.key)`,
);
const OPEN_BY_MESSAGE = [
  ALONE,
  NOT_KEPT,
  refuseWhen(
    "exists",
    "'a newer message of this sender'",
    `FROM ${FIRST} WHERE EXISTS (SELECT FROM care_messages m JOIN tickets t ON t.id = m.ticket_id AND t.state <> 'resolved'
      WHERE m.sender = r.sender AND m.way = 'in' AND m.id > r."seenId" AND m.message_key <> r.key
        AND m.at BETWEEN cc_at(r.at - r."nearMs") AND cc_at(r.at + r."nearMs"))`,
  ),
  ...OPEN_TICKET,
  insert("in", "(SELECT t.id FROM tickets t WHERE t.ticket_key = r.key)"),
  // The number as people say it (domain/ticket.ts).
  `INSERT INTO care_messages (${COLUMNS})
  SELECT r."answerKey", 'out', 'queued', r.sender, r.phone, r."customerId", a.id, t.id, replace(r."answerText", '${TICKET_PLACE}', 'T' || t.id),
    NULL, cc_at(r."receivedAt"), cc_at(r."receivedAt")
  FROM ${FIRST} JOIN tickets t ON t.ticket_key = r.key LEFT JOIN accounts a ON a.account_number = r.account
  ON CONFLICT (message_key) DO NOTHING`,
];

const LONGER = `jsonb_to_record($1::jsonb) AS r("ticketId" bigint)`;
/** Locked before it is looked at: whoever resolves it at the same time does so before this message or after it, and never beneath it. */
const extendByMessage = (isRaised: boolean) => [
  ALONE,
  NOT_KEPT,
  `WITH locked AS (SELECT t.id FROM ${LONGER} JOIN tickets t ON t.id = r."ticketId" FOR UPDATE OF t) SELECT NULL::text AS row FROM locked`,
  refuseWhen(
    "exists",
    "'ticket ' || t.id || ' is resolved'",
    `FROM ${LONGER} JOIN tickets t ON t.id = r."ticketId" WHERE t.state = 'resolved'`,
  ),
  ...COMMENT,
  ...(isRaised ? RAISE : []),
  insert("in"),
  insert("out", 'r."ticketId"', "$1::jsonb->'answer'"),
];

/** Taken under a lock that others step over: two who fetch at once get no message twice. */
const FETCH = `UPDATE care_messages m SET state = 'handed', handed_at = cc_at($2::bigint)
  WHERE m.id IN (SELECT w.id FROM care_messages w WHERE w.way = 'out' AND (w.state = 'queued'
      OR (w.state = 'handed' AND w.handed_at < cc_at($2::bigint - $3::bigint))) ORDER BY w.id LIMIT $1::int FOR UPDATE SKIP LOCKED)
  RETURNING json_build_object('noticeId', m.id, 'to', m.sender, 'phone', m.phone, 'ticketId', m.ticket_id, 'text', m.text)::text AS row`;

/** An end is named by its own line in the history: what is done to the ticket later is no other end. */
const ENDED = `SELECT t.id AS "ticketId", e.version, m.sender, m.phone, m.customer_id AS "customerId", c.language
  FROM tickets t CROSS JOIN LATERAL (SELECT * FROM care_messages x WHERE x.ticket_id = t.id AND x.way = 'in' ORDER BY x.id DESC LIMIT 1) m
    CROSS JOIN LATERAL (SELECT substr(x.event_key, 2)::bigint AS version, x.actor FROM ticket_events x
      WHERE x.ticket_id = t.id AND x.kind = 'resolved' ORDER BY x.id DESC LIMIT 1) e
    LEFT JOIN customers c ON c.id = m.customer_id
  WHERE t.state = 'resolved' AND t.source = 'whatsapp' AND t.resolved_at > cc_at($1::bigint)
    AND (t.resolved_at <= cc_at($2::bigint) OR e.actor = '${RULES_HAND}')
    AND NOT EXISTS (SELECT FROM care_messages k WHERE k.message_key = 'resolved:' || t.id || ':' || e.version)
  ORDER BY t.resolved_at LIMIT ${ENDED_MAX}`;

const PUT = [insert("out")];
const ACT = `INSERT INTO mutations (actor, reason, at, action, subject, after)
  SELECT ${BY}, 'message.send', 'message:' || m.id, to_jsonb(m) - 'text' - 'phone' - 'sender' FROM care_messages m
  JOIN jsonb_to_record($1::jsonb) AS r(key text) ON r.key = m.message_key
  WHERE NOT EXISTS (SELECT FROM mutations k WHERE k.subject = 'message:' || m.id)`;

const DECIDED = `jsonb_to_record($1::jsonb) AS r("messageId" bigint, text text)`;
const DECIDE = [
  refuseWhen(
    "unknown",
    `'message ' || r."messageId"`,
    `FROM ${DECIDED} WHERE NOT EXISTS (SELECT FROM care_messages m WHERE m.id = r."messageId" AND m.way = 'out')`,
  ),
  `WITH was AS (SELECT m.* FROM ${DECIDED} JOIN care_messages m ON m.id = r."messageId" WHERE m.state = 'draft' FOR UPDATE OF m),
  made AS (
    UPDATE care_messages m SET state = CASE WHEN r.text IS NULL THEN 'dismissed' ELSE 'queued' END, text = coalesce(r.text, m.text),
      decided_by = b.actor FROM was CROSS JOIN ${DECIDED} CROSS JOIN (SELECT ${BY}) AS b(actor, reason, at) WHERE m.id = was.id RETURNING m.*)
  INSERT INTO mutations (actor, reason, at, action, subject, before, after)
  SELECT ${BY}, CASE made.state WHEN 'queued' THEN 'message.approve' ELSE 'message.dismiss' END, 'message:' || made.id,
    jsonb_build_object('state', was.state), jsonb_build_object('state', made.state) FROM made JOIN was USING (id)`,
  // Decided before, and otherwise: said, not passed over.
  refuseWhen(
    "exists",
    `'decided: ' || m.state`,
    `FROM ${DECIDED} JOIN care_messages m ON m.id = r."messageId" WHERE CASE WHEN r.text IS NULL THEN m.state <> 'dismissed'
      ELSE m.state = 'dismissed' END`,
  ),
];

/** The care line in Postgres. */
export const neonCare = (db: Database): Care => ({
  customersOfPhone: (phone) => db.read<CareCustomer>(CUSTOMERS, ofPhone(phone)),
  isAccount: async (account) =>
    (await db.read("SELECT 1 AS found FROM accounts WHERE account_number = $1::text", [account])).length > 0,
  known: async (key) =>
    (
      await db.read<{ ticketId: number | null; category: CareIn["category"] }>(
        `SELECT m.ticket_id AS "ticketId", m.category FROM care_messages m WHERE m.message_key = $1::text`,
        [key],
      )
    )[0] ?? null,
  async lastOf(sender, since) {
    const [seen] = await db.read<Awaited<ReturnType<Care["lastOf"]>>>(
      `SELECT (SELECT coalesce(max(m.id), 0) FROM care_messages m WHERE m.sender = $1::text) AS "seenId",
        (SELECT json_build_object('ticketId', m.ticket_id, 'at', cc_ms(m.at), 'isResolved', t.state = 'resolved') FROM care_messages m
          JOIN tickets t ON t.id = m.ticket_id WHERE m.sender = $1::text AND m.way = 'in' AND m.at >= cc_at($2::bigint)
          ORDER BY m.at DESC, m.id DESC LIMIT 1) AS last`,
      [sender, String(since)],
    );
    return seen ?? { seenId: 0, last: null };
  },
  openTicket: (order, message, answer, seen, by) =>
    change(
      db,
      {
        ...{ ...order, ...message, ...seen, state: "received", machine: by.machine ?? false },
        ...{ answerKey: answer.key, answerText: answer.text },
      },
      by,
      OPEN_BY_MESSAGE,
    ),
  extendTicket: (message, answer, raiseTo, by) =>
    change(
      db,
      { ...message, state: "received", answer, priority: raiseTo, machine: by.machine ?? false },
      by,
      extendByMessage(raiseTo !== null),
    ),
  receive: async (message, answer) => {
    await db.transaction([
      written("in", { ...message, state: "received" }),
      ...(answer === null ? [] : [written("out", answer)]),
    ]);
  },
  fetch: async (limit, now, againMs) => {
    const [given = []] = await db.transaction([
      { query: FETCH, params: [String(limit), String(now), String(againMs)] },
    ]);
    return (given as CareNotice[]).toSorted((a, b) => a.noticeId - b.noticeId);
  },
  acknowledge: async (noticeIds, now) => {
    const [told = []] = await db.transaction([
      {
        query: `UPDATE care_messages m SET state = 'told', told_at = cc_at($2::bigint) WHERE m.way = 'out' AND m.state IN ('queued', 'handed')
          AND m.id IN (SELECT value::bigint FROM jsonb_array_elements_text($1::jsonb)) RETURNING to_json(m.id)::text AS row`,
        params: [JSON.stringify(noticeIds), String(now)],
      },
    ]);
    return told.length;
  },
  endedTickets: (since, until) => db.read(ENDED, [String(since), String(until)]),
  put: (answer, by) =>
    change(db, answer, by ?? { actor: CARE_HAND, reason: null, at: answer.at }, by === null ? PUT : [...PUT, ACT]),
  decide: (messageId, text, by) => change(db, { messageId, text }, by, DECIDE),
});
