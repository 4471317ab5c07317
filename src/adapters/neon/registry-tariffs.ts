import { beginRun } from "./refresh-runs.ts";
import { BY, refuseWhen, VERSION } from "./registry-write.ts";

const TARIFF = `jsonb_to_record($1::jsonb) AS r(scope text, site text, account text, "rateE4PerKwh" bigint, ends boolean,
  "validFrom" bigint) LEFT JOIN accounts a ON a.account_number = r.account`;
/** What stands at that instant in that scope. */
const STANDING = `${TARIFF} JOIN tariffs t ON t.cancelled_at IS NULL
  AND (t.scope, t.site_code, t.account_id, t.valid_from) IS NOT DISTINCT FROM (r.scope, r.site, a.id, cc_at(r."validFrom"))`;
const iso = (at: string) => `to_char(${at} AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"')`;

/** Payments that were priced by another row than the new one says: entries are for ever, so it is the row that gives way. */
const PRICED = `${STANDING} JOIN accounts p ON t.scope = 'global' OR p.site_code = t.site_code OR p.id = t.account_id
  JOIN ledger_entries e ON e.account_id = p.id AND e.book = 'customer_energy' AND e.kind = 'payment'
    AND e.occurred_at >= t.valid_from AND e.tariff_id IS DISTINCT FROM t.id
  LEFT JOIN tariffs o ON o.id = e.tariff_id
  WHERE t.facts_version = ${VERSION} AND CASE WHEN t.ends THEN o.scope = t.scope AND o.valid_from < t.valid_from
    ELSE cc_tariff_at(p.id, e.occurred_at) = t.id END`;

/** The same row again is no change; a row that would price anew what is posted is refused. */
export const PUT_TARIFF: string[] = [
  refuseWhen("unknown", `'account ' || r.account`, `FROM ${TARIFF} WHERE r.scope = 'account' AND a.id IS NULL`),
  refuseWhen(
    "unknown",
    `'site ' || r.site`,
    `FROM ${TARIFF} WHERE r.scope = 'site' AND NOT EXISTS (SELECT FROM sites s WHERE s.code = r.site)`,
  ),
  refuseWhen(
    "exists",
    `'another rate begins at that instant: tariff ' || t.id`,
    `FROM ${STANDING} WHERE ((t.rate * 10000)::bigint, t.ends)
      IS DISTINCT FROM (r."rateE4PerKwh", coalesce(r.ends, false))`,
  ),
  `WITH made AS (
    INSERT INTO tariffs (scope, site_code, account_id, rate, ends, valid_from, created_by, reason, facts_version, created_at)
    SELECT r.scope, r.site, a.id, r."rateE4PerKwh" / 10000.0, coalesce(r.ends, false), cc_at(r."validFrom"), $2::text,
      nullif($3::text, ''), ${VERSION}, cc_at($4::bigint)
    FROM ${TARIFF} ON CONFLICT DO NOTHING RETURNING *)
  INSERT INTO mutations (actor, reason, at, action, subject, after)
  SELECT ${BY}, 'tariff.put', concat_ws(':', 'tariff', scope, site_code, account_id), to_jsonb(made) FROM made`,
  refuseWhen(
    "refused",
    `'a payment of ' || ${iso("d.at")} || ' is priced already: begin after it'`,
    `FROM (SELECT max(e.occurred_at) AS at FROM ${PRICED}) AS d WHERE d.at IS NOT NULL`,
  ),
  beginRun(`SELECT 'tariff:' || t.id AS unit, t.site_code AS site, r.account FROM ${STANDING}
    WHERE t.facts_version = ${VERSION}`),
];

const CANCELLED = `jsonb_to_record($1::jsonb) AS r("tariffId" bigint, "aheadMs" jsonb)`;

/** Only what has not begun, and is not about to: its accounts have to be told before. The same again is no change. */
export const CANCEL_TARIFF: string[] = [
  refuseWhen(
    "unknown",
    `'tariff ' || r."tariffId"`,
    `FROM ${CANCELLED} WHERE NOT EXISTS (SELECT FROM tariffs t WHERE t.id = r."tariffId")`,
  ),
  // Names all four, as a statement with the instant must.
  refuseWhen(
    "refused",
    `'tariff ' || t.id || ' begins at ' || ${iso("t.valid_from")} || ': too late to cancel it, set another rate'`,
    `FROM ${CANCELLED} JOIN tariffs t ON t.id = r."tariffId" CROSS JOIN (SELECT ${BY}) AS b(actor, reason, at)
    WHERE t.cancelled_at IS NULL
      AND t.valid_from < b.at + (r."aheadMs" ->> t.scope)::bigint * interval '1 millisecond'`,
  ),
  refuseWhen(
    "refused",
    `'a payment dated ' || ${iso("d.at")} || ' has tariff ' || d.id || ' already'`,
    `FROM (SELECT t.id, max(e.occurred_at) AS at FROM ${CANCELLED} JOIN tariffs t ON t.id = r."tariffId"
      JOIN ledger_entries e ON e.tariff_id = t.id AND e.book = 'customer_energy' AND e.occurred_at >= t.valid_from
      WHERE t.cancelled_at IS NULL GROUP BY t.id) AS d`,
  ),
  `WITH was AS (SELECT t.* FROM ${CANCELLED} JOIN tariffs t ON t.id = r."tariffId" WHERE t.cancelled_at IS NULL FOR UPDATE OF t
  ), made AS (
    UPDATE tariffs t SET cancelled_at = b.at, cancelled_by = b.actor, cancel_reason = b.reason, facts_version = ${VERSION}
    FROM was CROSS JOIN (SELECT ${BY}) AS b(actor, reason, at) WHERE t.id = was.id RETURNING t.*)
  INSERT INTO mutations (actor, reason, at, action, subject, before, after)
  SELECT ${BY}, 'tariff.cancel', concat_ws(':', 'tariff', made.scope, made.site_code, made.account_id), to_jsonb(was),
    to_jsonb(made) FROM made JOIN was ON was.id = made.id`,
  beginRun(`SELECT 'tariff:' || t.id || ':cancel' AS unit, t.site_code AS site, a.account_number AS account
    FROM ${CANCELLED} JOIN tariffs t ON t.id = r."tariffId" LEFT JOIN accounts a ON a.id = t.account_id
    WHERE t.facts_version = ${VERSION}`),
];
