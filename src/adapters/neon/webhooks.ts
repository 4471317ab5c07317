import { energyOfPosting } from "../../domain/fees/sold-later.ts";
import type { DueDelivery, Webhooks } from "../../ports/webhooks.ts";
import type { Database } from "./database.ts";
import { BY, change, refuseWhen } from "./registry-write.ts";

/** Accounts of a day told in one event. */
const ACCOUNTS_MAX = 500;
/** As many as the table takes. */
const SECRETS_MAX = 2;

const ASKED = `jsonb_to_record($1::jsonb) AS r(id text, name text, url text, kinds text[], "sealedSecret" text, active boolean,
  "eventId" bigint)`;
/** What the audit and people see of an endpoint: no secret, but how many there are. */
const SHOWN = (
  e: string,
) => `jsonb_build_object('name', ${e}.name, 'url', ${e}.url, 'kinds', ${e}.kinds, 'active', ${e}.active,
  'signing', cardinality(${e}.sealed_secrets))`;
const REFUSE_NOBODY = refuseWhen(
  "unknown",
  "'endpoint ' || r.id",
  `FROM ${ASKED} WHERE NOT EXISTS (SELECT FROM webhook_endpoints e WHERE e.id = r.id)`,
);

const ADD = [
  `WITH made AS (
    INSERT INTO webhook_endpoints (id, name, url, kinds, sealed_secrets, active, created_by, created_at)
    SELECT r.id, r.name, r.url, r.kinds, ARRAY[r."sealedSecret"], true, b.actor, now()
    FROM ${ASKED} CROSS JOIN (SELECT ${BY}) AS b(actor, reason, at) RETURNING *)
  INSERT INTO mutations (actor, reason, at, action, subject, after)
  SELECT ${BY}, 'webhook.create', 'webhook:' || made.id, ${SHOWN("made")} FROM made`,
];

/** A change of an endpoint that leaves its act where it changed something. */
const changed = (action: string, set: string, when: string) => [
  REFUSE_NOBODY,
  `WITH was AS (SELECT e.* FROM ${ASKED} JOIN webhook_endpoints e ON e.id = r.id), made AS (
    UPDATE webhook_endpoints e SET ${set} FROM ${ASKED} WHERE e.id = r.id AND ${when} RETURNING e.*)
  INSERT INTO mutations (actor, reason, at, action, subject, before, after)
  SELECT ${BY}, '${action}', 'webhook:' || made.id, ${SHOWN("was")}, ${SHOWN("made")} FROM made JOIN was ON was.id = made.id`,
];
const NEWEST = (count: number) => `[greatest(1, cardinality(e.sealed_secrets) - ${count - 1}):]`;
const ADD_SECRET = changed(
  "webhook.rotate",
  `sealed_secrets = (e.sealed_secrets${NEWEST(SECRETS_MAX - 1)}) || r."sealedSecret"`,
  "true",
);
const RETIRE = changed(
  "webhook.retire_secret",
  `sealed_secrets = e.sealed_secrets${NEWEST(1)}`,
  "cardinality(e.sealed_secrets) > 1",
);
const SET_ACTIVE = changed("webhook.active", "active = r.active", "e.active <> r.active");

const RESEND = [
  refuseWhen(
    "unknown",
    `'delivery ' || r."eventId" || ' of ' || r.id`,
    `FROM ${ASKED} WHERE NOT EXISTS (SELECT FROM webhook_deliveries d WHERE d.event_id = r."eventId" AND d.endpoint_id = r.id)`,
  ),
  `WITH made AS (
    UPDATE webhook_deliveries d SET state = 'waiting', attempts = 0, next_at = cc_at($4::bigint) FROM ${ASKED}
    WHERE d.event_id = r."eventId" AND d.endpoint_id = r.id RETURNING d.*)
  INSERT INTO mutations (actor, reason, at, action, subject, after)
  SELECT ${BY}, 'webhook.resend', 'webhook:' || made.endpoint_id, jsonb_build_object('event', made.event_id) FROM made`,
];

/**
 * Events are dated by the database's clock, as the triggers date them. A site's day once, whoever
 * notes it, in as many events as its accounts need; nothing where nobody wants to be told. Of days from $1 until $2 that come late an endpoint
 * is told from its own first day on: a new one is no reason to tell of a month.
 */
const NOTE_DAYS = `INSERT INTO webhook_events (event_key, kind, type, subject, body, at)
  SELECT 'readings:' || m.site_code || ':' || m.day || ':' || m.part, 'readings', 'readings.day', m.site_code,
    jsonb_build_object('site', m.site_code, 'day', m.day::text, 'part', m.part, 'accounts', jsonb_agg(jsonb_build_object(
      'account', m.account_number, 'energy_wh', m.energy_wh, 'hours', m.hours, 'estimated_hours', m.estimated_hours)
      ORDER BY m.account_number)), now()
  FROM (SELECT d.site_code, d.day, a.account_number, d.energy_wh, d.hours, d.estimated_hours,
      1 + (row_number() OVER (PARTITION BY d.site_code, d.day ORDER BY a.account_number) - 1) / ${ACCOUNTS_MAX} AS part
    FROM metered_days d JOIN accounts a ON a.id = d.account_id
    WHERE d.day BETWEEN $1::date AND $2::date AND EXISTS (SELECT FROM webhook_endpoints e WHERE e.active AND 'readings' = ANY (e.kinds)
        AND (d.day = $2::date OR e.created_at < d.day + 1))
      AND NOT EXISTS (SELECT FROM webhook_events e WHERE e.event_key = 'readings:' || d.site_code || ':' || d.day || ':1')) m
  GROUP BY m.site_code, m.day, m.part ON CONFLICT (event_key) DO NOTHING`;

/**
 * What of the days from $1 on is another than was told of it last: only the accounts that differ, once a difference. An account of which
 * nobody knows any more what it used has null. Of a day that was never told nothing is told here.
 */
const NOTE_LATE = `WITH told AS (
    SELECT DISTINCT ON (e.subject, e.body ->> 'day', x.account) e.subject AS site, (e.body ->> 'day')::date AS day, x.account, x.energy_wh,
      x.hours, x.estimated_hours
    FROM webhook_events e CROSS JOIN LATERAL jsonb_to_recordset(e.body -> 'accounts')
      AS x(account text, energy_wh bigint, hours integer, estimated_hours integer)
    WHERE e.kind = 'readings' AND (e.body ->> 'day')::date >= $1::date
      AND EXISTS (SELECT FROM webhook_endpoints p WHERE p.active AND 'readings' = ANY (p.kinds))
    ORDER BY e.subject, e.body ->> 'day', x.account, e.id DESC
  ), known AS (
    SELECT d.site_code AS site, d.day, a.account_number AS account, d.energy_wh, d.hours, d.estimated_hours
    FROM (SELECT DISTINCT site, day FROM told) t JOIN metered_days d ON d.day = t.day AND d.site_code = t.site JOIN accounts a ON a.id = d.account_id
  ), late AS (
    SELECT site, day, account, k.energy_wh, k.hours, k.estimated_hours,
      1 + (row_number() OVER (PARTITION BY site, day ORDER BY account) - 1) / ${ACCOUNTS_MAX} AS part
    FROM known k FULL JOIN told t USING (site, day, account)
    WHERE (k.energy_wh, k.hours, k.estimated_hours) IS DISTINCT FROM (t.energy_wh, t.hours, t.estimated_hours))
  INSERT INTO webhook_events (event_key, kind, type, subject, body, at)
  SELECT 'readings:' || l.site || ':' || l.day || ':late:' || (SELECT 1 + count(DISTINCT split_part(e.event_key, ':', 5)) FROM webhook_events e
      WHERE e.kind = 'readings' AND starts_with(e.event_key, 'readings:' || l.site || ':' || l.day || ':late:')) || ':' || l.part,
    'readings', 'readings.late', l.site, jsonb_build_object('site', l.site, 'day', l.day::text, 'part', l.part, 'accounts',
      jsonb_agg(jsonb_build_object('account', l.account, 'energy_wh', l.energy_wh, 'hours', l.hours, 'estimated_hours', l.estimated_hours)
        ORDER BY l.account)), now()
  FROM late l GROUP BY l.site, l.day, l.part ON CONFLICT (event_key) DO NOTHING`;

/** Who holds a receipt now, and what each share bought; null: not known yet. */
const PAYMENT_BODY = `(SELECT jsonb_build_object('receipt', p.receipt, 'generation', p.generation, 'amount_minor', p.amount_minor,
    'currency', p.currency, 'provider', p.provider, 'road', p.road, 'paid_at', cc_ms(p.paid_at), 'blocked', p.blocked,
    'holders', (SELECT coalesce(jsonb_agg(jsonb_build_object('holder', l.holder_kind, 'account', a.account_number,
        'amount_minor', l.amount_minor, 'energy_wh', ${energyOfPosting("l.entry_key")}) ORDER BY l.share), '[]')
      FROM payment_allocations l LEFT JOIN accounts a ON a.id = l.account_id
      WHERE l.receipt = p.receipt AND l.generation = p.generation))
  FROM payments p WHERE p.receipt = e.subject)`;
const TICKET_BODY = `(SELECT jsonb_build_object('ticket', t.id, 'what', v.kind, 'state', t.state, 'class', t.ticket_class,
    'category', t.category, 'priority', t.priority, 'site', t.site_code, 'account', a.account_number, 'opened_at', cc_ms(t.opened_at))
  FROM ticket_events v JOIN tickets t ON t.id = v.ticket_id LEFT JOIN accounts a ON a.id = t.account_id WHERE v.id::text = e.subject)`;
const SPREAD = `WITH fresh AS (
    SELECT e.id FROM webhook_events e WHERE e.spread_at IS NULL AND e.at <= now() - $2::bigint * interval '1 millisecond' ORDER BY e.id LIMIT $3::int
    FOR UPDATE SKIP LOCKED
  ), made AS (
    UPDATE webhook_events e SET spread_at = cc_at($1::bigint), body = coalesce(e.body, CASE e.kind WHEN 'payments' THEN ${PAYMENT_BODY}
      WHEN 'tickets' THEN ${TICKET_BODY} END, '{}') FROM fresh WHERE e.id = fresh.id RETURNING e.id, e.kind, e.at
  ), given AS (
    INSERT INTO webhook_deliveries (event_id, endpoint_id, state, next_at)
    SELECT m.id, p.id, 'waiting', cc_at($1::bigint) FROM made m JOIN webhook_endpoints p ON p.active AND m.kind = ANY (p.kinds)
      AND m.at >= p.created_at ON CONFLICT DO NOTHING
  )
  SELECT json_build_object('n', (SELECT count(*) FROM made))::text AS row`;

/** By turns: the oldest of each endpoint before the second of any, so that one that never answers keeps nobody else waiting. */
const CLAIM = `WITH turns AS (
    SELECT w.event_id, w.endpoint_id, row_number() OVER (PARTITION BY w.endpoint_id ORDER BY w.next_at, w.event_id) AS turn
    FROM webhook_endpoints p CROSS JOIN LATERAL (SELECT d.* FROM webhook_deliveries d
      WHERE d.endpoint_id = p.id AND d.state = 'waiting' AND d.next_at <= cc_at($1::bigint) ORDER BY d.next_at, d.event_id LIMIT $3::int) w
    WHERE p.active
  ), due AS (
    SELECT d.event_id, d.endpoint_id FROM turns t JOIN webhook_deliveries d USING (event_id, endpoint_id)
    WHERE d.state = 'waiting' AND d.next_at <= cc_at($1::bigint) ORDER BY t.turn, d.next_at, d.event_id LIMIT $3::int FOR UPDATE OF d SKIP LOCKED
  ), taken AS (
    UPDATE webhook_deliveries d SET attempts = d.attempts + 1, tried_at = cc_at($1::bigint), next_at = cc_at($1::bigint + $2::bigint)
    FROM due WHERE d.event_id = due.event_id AND d.endpoint_id = due.endpoint_id RETURNING d.*
  )
  SELECT json_build_object('eventId', t.event_id, 'eventKey', e.event_key, 'endpointId', p.id, 'url', p.url,
    'sealedSecrets', p.sealed_secrets, 'type', e.type, 'at', cc_ms(e.at), 'body', e.body, 'attempts', t.attempts)::text AS row
  FROM taken t JOIN webhook_events e ON e.id = t.event_id JOIN webhook_endpoints p ON p.id = t.endpoint_id`;

const SETTLE = `UPDATE webhook_deliveries d SET state = r.state, next_at = coalesce(cc_at(r."nextAt"), d.next_at), tried_at = cc_at(r.at),
    status = r.status, error = r.error
  FROM jsonb_to_record($1::jsonb) AS r("eventId" bigint, "endpointId" text, state text, "nextAt" bigint, at bigint, status int, error text)
  WHERE d.event_id = r."eventId" AND d.endpoint_id = r."endpointId" AND d.state = 'waiting'`;

export const neonWebhooks = (db: Database): Webhooks => ({
  addEndpoint: (endpoint, by) => change(db, endpoint, by, ADD),
  addSecret: (id, sealedSecret, by) => change(db, { id, sealedSecret }, by, ADD_SECRET),
  retireSecrets: (id, by) => change(db, { id }, by, RETIRE),
  setActive: (id, active, by) => change(db, { id, active }, by, SET_ACTIVE),
  resend: (eventId, id, by) => change(db, { eventId, id }, by, RESEND),
  async noteDays(from, until) {
    await db.transaction([{ query: NOTE_DAYS, params: [from, until] }]);
  },
  async noteLate(from) {
    await db.transaction([{ query: NOTE_LATE, params: [from] }]);
  },
  async spread(at, agedMs, limit) {
    const params = [String(at), String(agedMs), String(limit)];
    const [rows] = await db.transaction([{ query: SPREAD, params }]);
    return ((rows ?? [])[0] as { n: number } | undefined)?.n ?? 0;
  },
  async claim(at, leaseMs, limit) {
    const [rows] = await db.transaction([{ query: CLAIM, params: [String(at), String(leaseMs), String(limit)] }]);
    return (rows ?? []) as DueDelivery[];
  },
  async settle(tried) {
    await db.transaction([{ query: SETTLE, params: [JSON.stringify(tried)] }]);
  },
});
