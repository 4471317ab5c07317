import { PUT_METERS, putMeters, UPSERT_ACCOUNTS } from "./registry-accounts.ts";
import { BY, refuseWhen, VERSION } from "./registry-write.ts";

const KEPT = `jsonb_to_recordset($1::jsonb) AS r(account text, site text, status text, customer jsonb, meters jsonb,
  "accountId" bigint, version bigint, "isConnected" boolean, tariffs jsonb)`;
const METERS = `${KEPT} CROSS JOIN LATERAL jsonb_to_recordset(r.meters) AS m("meterNumber" text, "from" bigint, "to" bigint,
  "finalRegisterWh" bigint) JOIN meters k ON k.meter_number = m."meterNumber"`;

/**
 * Without it all that is paid from now on would pay fees, and no vendor's wallet be credited. Nobody knows the day. Events are never
 * deleted: where there is none, also none that was withdrawn, Postgres has forgotten it.
 */
const COMMISSIONED_AGAIN = `INSERT INTO commissioning_events (account_id, seq, step, kind, actor, reason, recorded_at)
  SELECT a.id, 1 + (SELECT max(e.seq) FROM commissioning_events e WHERE e.account_id = a.id), 'commissioned', 'done',
    b.actor, b.reason, b.at
  FROM ${KEPT} JOIN accounts a ON a.id = r."accountId" AND a.account_number = r.account CROSS JOIN (SELECT ${BY}) AS b(actor, reason, at)
  WHERE r."isConnected" AND a.status <> 'terminated'
    AND NOT EXISTS (SELECT FROM commissioning_events e WHERE e.account_id = a.id AND e.step = 'commissioned')
  RETURNING account_id`;

const TARIFFS = `${KEPT} CROSS JOIN LATERAL jsonb_to_recordset(r.tariffs) AS t("tariffId" bigint, "rateE4PerKwh" bigint,
  "validFrom" bigint, ends boolean) WHERE NOT EXISTS (SELECT FROM tariffs k WHERE k.id = t."tariffId")`;

/**
 * What its object knows of a meter is as old as its placement: who had the meter later knows its gateway and rating better
 * (`laterMeters` tells the same before).
 */
const OWN_METERS = `NOT EXISTS (SELECT FROM meters l JOIN meter_placements p ON p.meter_id = l.id
  WHERE l.meter_number = m."meterNumber" AND p.valid_from > (SELECT max(cc_at(o."from"))
    FROM jsonb_to_recordset(r.meters) AS o("meterNumber" text, "from" bigint) WHERE o."meterNumber" = m."meterNumber"))`;

const [before = "", ...upsert] = UPSERT_ACCOUNTS;
const rest = upsert.map((query) => (query === PUT_METERS ? putMeters(OWN_METERS) : query));

/** An account that only its object remembers, under the id and number that it had; its meters and its audit as the registry brings them. */
export const REGISTER_AGAIN: string[] = [
  refuseWhen(
    "exists",
    "'account ' || a.account_number || ' has id ' || a.id",
    `FROM ${KEPT} JOIN accounts a ON a.account_number = r.account OR a.id = r."accountId"`,
  ),
  // A jump that came after this account was told last has left out its id: nobody else is given it afterwards.
  refuseWhen(
    "refused",
    "'the numbers have not jumped ahead since: npm run restored'",
    `FROM ${KEPT} WHERE NOT EXISTS (
      SELECT FROM country_settings s WHERE s.key = 'restored_to' AND s.facts_version > r.version)`,
  ),
  refuseWhen(
    "exists",
    `'meter ' || k.meter_number || ' is on ' || h.account_number || ' at the same time'`,
    `FROM ${METERS} JOIN meter_placements p ON p.meter_id = k.id
      AND tstzrange(p.valid_from, p.valid_to) && tstzrange(cc_at(m."from"), cc_at(m."to"))
    JOIN accounts h ON h.id = p.account_id`,
  ),
  refuseWhen(
    "exists",
    "'tariff ' || k.id || ' is another by now'",
    `FROM ${KEPT} CROSS JOIN LATERAL jsonb_to_recordset(r.tariffs) AS t("tariffId" bigint) JOIN tariffs k ON k.id = t."tariffId"
    WHERE k.account_id IS DISTINCT FROM r."accountId"`,
  ),
  before,
  `INSERT INTO customers (customer_key, name, phones, language, site_code, facts_version)
  SELECT r.customer->>'key', r.customer->>'name', ARRAY(SELECT jsonb_array_elements_text(r.customer->'phones')),
    r.customer->>'language', r.site, ${VERSION} FROM ${KEPT} ON CONFLICT (customer_key) DO NOTHING`,
  `INSERT INTO accounts (id, account_number, site_code, customer_id, status, facts_version) OVERRIDING SYSTEM VALUE
  SELECT r."accountId", r.account, r.site, c.id, r.status, ${VERSION}
  FROM ${KEPT} JOIN customers c ON c.customer_key = r.customer->>'key'`,
  COMMISSIONED_AGAIN,
  // Its entries carry their ids, and it goes on paying by them.
  `WITH made AS (
    INSERT INTO tariffs (id, scope, account_id, rate, ends, valid_from, created_by, reason, facts_version, created_at)
      OVERRIDING SYSTEM VALUE
    SELECT t."tariffId", 'account', r."accountId", t."rateE4PerKwh" / 10000.0, coalesce(t.ends, false), cc_at(t."validFrom"),
      $2::text, nullif($3::text, ''), ${VERSION}, cc_at($4::bigint) FROM ${TARIFFS} RETURNING *)
  INSERT INTO mutations (actor, reason, at, action, subject, after)
  SELECT ${BY}, 'tariff.put', 'tariff:account:' || account_id, to_jsonb(made) FROM made`,
  ...rest,
  `UPDATE meter_placements p SET final_register_wh = m."finalRegisterWh"
  FROM ${METERS} WHERE p.meter_id = k.id AND p.account_id = r."accountId" AND p.valid_from = cc_at(m."from")
    AND p.valid_to IS NOT NULL AND m."finalRegisterWh" IS NOT NULL`,
];

/** The same of an account that is registered again already, with what its object does not know yet: that it changed. */
export const COMMISSION_AGAIN: string[] = [
  `WITH made AS (${COMMISSIONED_AGAIN}), told AS (
    UPDATE accounts a SET facts_version = ${VERSION} FROM made WHERE a.id = made.account_id RETURNING a.account_number)
  INSERT INTO mutations (actor, reason, at, action, subject, after)
  SELECT ${BY}, 'commissioning.done', 'account:' || account_number, jsonb_build_object('step', 'commissioned', 'at', NULL) FROM told`,
];
