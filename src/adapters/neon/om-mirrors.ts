import { OM_HAND } from "../../domain/om-ticket.ts";
import { CLAIM_MS, type DueMirror, type OmMirrors, SEEN_DAYS, type SeenMirror } from "../../ports/om.ts";
import type { Database } from "./database.ts";

/** Comments of one ticket that one run sends. */
const COMMENTS_MAX = 20;
/** After so many tries one goes behind the others of its urgency. */
const STUBBORN_TRIES = 3;

const TICKET = `json_build_object('ticketId', t.id, 'version', t.version, 'class', t.ticket_class, 'category', t.category,
    'priority', t.priority, 'state', t.state, 'site', t.site_code, 'account', a.account_number, 'phone', t.phone, 'summary', t.summary,
    'reportedBy', t.reported_by, 'assignedTo', t.assigned_to, 'openedAt', cc_ms(t.opened_at), 'failedAt', cc_ms(t.failed_at),
    'resolvedAt', cc_ms(t.resolved_at), 'cause', t.cause, 'resolution', t.resolution)`;

/** A comment that is not over there. Why they refused another one is a line of ours alone. */
const UNSAID = `e.kind = 'comment' AND e.actor <> '${OM_HAND}' AND e.id > coalesce(m.sent_event, 0)`;

/** Refused as it is: its row says no try (0), and this version. */
const DUE = `SELECT t.id AS "ticketId" FROM tickets t LEFT JOIN om_mirrors m ON m.ticket_id = t.id
  WHERE m.ticket_id IS NULL OR (m.next_at <= cc_at($2::bigint) AND (
    (m.sent_version <> t.version AND (m.attempts > 0 OR m.tried_version IS DISTINCT FROM t.version))
    OR (m.om_id IS NOT NULL AND EXISTS (SELECT FROM ticket_events e WHERE e.ticket_id = t.id AND ${UNSAID}))))
  ORDER BY t.state = 'resolved' AND m.om_id IS NULL, t.state = 'resolved', t.priority, coalesce(m.attempts, 0) > ${STUBBORN_TRIES},
    t.opened_at DESC, t.id DESC LIMIT $1::int`;

/** In one statement, so that of two runs at once one gets it; `next_at` is the end of the claim while it lasts. */
const CLAIM = `WITH m AS (
    INSERT INTO om_mirrors AS own (ticket_id, attempts, next_at)
    SELECT t.id, 1, cc_at($2::bigint) FROM tickets t WHERE t.id = $1::bigint
    ON CONFLICT (ticket_id) DO UPDATE SET next_at = excluded.next_at,
      attempts = CASE WHEN own.tried_version <> (SELECT version FROM tickets WHERE id = own.ticket_id) THEN 1 ELSE own.attempts + 1 END
    WHERE own.next_at <= cc_at($3::bigint) RETURNING *)
  SELECT row_to_json(q)::text AS row FROM (SELECT ${TICKET} AS ticket, m.om_id AS "omId", m.sent_version AS "sentVersion",
      m.om_status AS "omStatus", m.attempts, coalesce(m.attempts = 1 AND m.tried_version = t.version AND m.sent_version <> t.version, false) AS "isRefused",
      (SELECT coalesce(json_agg(DISTINCT e.kind), '[]') FROM ticket_events e WHERE m.om_id IS NOT NULL AND e.ticket_id = t.id
        AND e.kind IN ('assigned', 'reopened') AND e.event_key ~ '^v[0-9]{1,18}$' AND substr(e.event_key, 2)::bigint > m.sent_version) AS cleared,
      (SELECT coalesce(json_agg(e ORDER BY e."eventId"), '[]') FROM (SELECT e.id AS "eventId", e.actor, e.details->>'text' AS text
        FROM ticket_events e WHERE e.ticket_id = t.id AND ${UNSAID}
        ORDER BY e.id LIMIT ${COMMENTS_MAX}) AS e) AS comments
    FROM m JOIN tickets t ON t.id = m.ticket_id LEFT JOIN accounts a ON a.id = t.account_id) AS q`;

const DONE = `UPDATE om_mirrors m SET om_id = coalesce(r."omId", m.om_id), sent_version = greatest(r."sentVersion", m.sent_version),
    sent_event = greatest(r."sentEvent", m.sent_event), om_status = coalesce(r."omStatus", m.om_status)
  FROM jsonb_to_record($1::jsonb) AS r("ticketId" bigint, "omId" text, "sentVersion" bigint, "sentEvent" bigint, "omStatus" text)
  WHERE m.ticket_id = r."ticketId"`;

const SETTLE = `UPDATE om_mirrors m SET attempts = 0, next_at = cc_at(r.now), tried_version = r.version,
    error = CASE WHEN r.version IS NOT NULL THEN coalesce(r.error, m.error) END
  FROM jsonb_to_record($1::jsonb) AS r("ticketId" bigint, version bigint, error text, now bigint) WHERE m.ticket_id = r."ticketId"`;

const FAILED = `UPDATE om_mirrors m SET attempts = r.attempts, next_at = cc_at(r."nextAt"), error = r.error, tried_version = r.version
  FROM jsonb_to_record($1::jsonb) AS r("ticketId" bigint, attempts int, "nextAt" bigint, error text, version bigint)
  WHERE m.ticket_id = r."ticketId"`;

const TO_SEE = `SELECT t.id AS "ticketId", cc_ms(t.opened_at) AS "openedAt", m.om_id AS "omId", m.om_status AS "omStatus", t.state, t.version
  FROM om_mirrors m JOIN tickets t ON t.id = m.ticket_id
  WHERE m.om_id IS NOT NULL
    AND (t.state <> 'resolved' OR t.resolved_at > cc_at($2::bigint) - interval '${SEEN_DAYS} days')
  ORDER BY m.seen_at NULLS FIRST, t.id LIMIT $1::int`;

/** What a try that failed or was refused said stays until the next one. */
const AGREED = `UPDATE om_mirrors m SET om_status = r."omStatus", seen_at = cc_at(r.now), differs_since = NULL,
    error = CASE WHEN m.attempts = 0 AND m.tried_version IS NULL THEN NULL ELSE m.error END
  FROM jsonb_to_record($1::jsonb) AS r("ticketId" bigint, before text, "omStatus" text, now bigint)
  WHERE m.ticket_id = r."ticketId" AND m.om_status IS NOT DISTINCT FROM r.before`;

const NOT_AGREED = `UPDATE om_mirrors m SET seen_at = cc_at(r.now), differs_since = coalesce(m.differs_since, cc_at(r.now)),
    error = CASE WHEN m.attempts = 0 AND m.tried_version IS NULL THEN r.error ELSE m.error END
  FROM jsonb_to_record($1::jsonb) AS r("ticketId" bigint, error text, now bigint) WHERE m.ticket_id = r."ticketId"`;

/** A claim cannot be told from a short wait: what is due within its length is left alone, and comes by itself. */
const AGAIN = `WITH stuck AS (SELECT m.ticket_id FROM om_mirrors m JOIN tickets t ON t.id = m.ticket_id, jsonb_to_record($1::jsonb) AS r(most int, soon bigint)
    WHERE (m.attempts > 0 AND m.next_at > cc_at(r.soon)) OR (m.attempts = 0 AND m.tried_version = t.version AND m.sent_version <> t.version)
    ORDER BY m.ticket_id LIMIT (SELECT most FROM jsonb_to_record($1::jsonb) AS r(most int)) FOR UPDATE OF m),
  made AS (UPDATE om_mirrors m SET tried_version = NULL, attempts = 0, next_at = cc_at(r.now)
    FROM stuck, jsonb_to_record($1::jsonb) AS r(now bigint) WHERE m.ticket_id = stuck.ticket_id RETURNING m.ticket_id)
  SELECT json_build_object('count', count(*))::text AS row FROM made`;

const written = (query: string, input: unknown) => [{ query, params: [JSON.stringify(input)] }];

/** How far tickets are mirrored, in Postgres. */
export const neonOmMirrors = (db: Database): OmMirrors => ({
  due: async (limit, now) =>
    (await db.read<{ ticketId: number }>(DUE, [String(limit), String(now)])).map(({ ticketId }) => ticketId),
  claim: async (ticketId, until, now) => {
    const params = [String(ticketId), String(until), String(now)];
    const [rows] = (await db.transaction([{ query: CLAIM, params }])) as DueMirror[][];
    return rows?.[0] ?? null;
  },
  done: async (ticketId, step) => void (await db.transaction(written(DONE, { ticketId, ...step }))),
  settle: async (ticketId, refused, now) =>
    void (await db.transaction(written(SETTLE, { ticketId, version: null, ...refused, now }))),
  failed: async (ticketId, tried) => void (await db.transaction(written(FAILED, { ticketId, ...tried }))),
  toSee: (limit, now) => db.read<SeenMirror>(TO_SEE, [String(limit), String(now)]),
  agreed: async (ticketId, before, omStatus, now) =>
    void (await db.transaction(written(AGREED, { ticketId, before, omStatus, now }))),
  again: async (limit, now) => {
    const [rows] = (await db.transaction(written(AGAIN, { most: limit, soon: now + CLAIM_MS, now }))) as {
      count: number;
    }[][];
    return rows?.[0]?.count ?? 0;
  },
  notAgreed: async (ticketId, error, now) => void (await db.transaction(written(NOT_AGREED, { ticketId, error, now }))),
});
