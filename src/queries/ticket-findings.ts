import type { PlatformCounts } from "../domain/meter-state.ts";
import {
  type Finding,
  LOW_VOLTAGE,
  RELAY_FAILED_MINUTES,
  RELAY_NEWS_DAYS,
  type RuleFacts,
  SILENT_HOURS,
  SILENT_NEWS_DAYS,
  type SiteMeters,
} from "../domain/ticket-rules.ts";
import type { Reader } from "../ports/reader.ts";
import { COUNTED, KNOWN, paramsOf } from "./meter-list.ts";

/** Findings of one rule that are read: where a country has more, its sites' own tickets say so. */
const FINDINGS_MAX = 5_000;
/** Open tickets of rules that are looked at in one look. */
const OPEN_MAX = 1_000;

/** Meters that bill an account in use. */
const BILLING = `k.role = 'primary' AND EXISTS (SELECT FROM accounts x WHERE x.id = k.account_id AND x.status <> 'terminated')`;
const LIMIT_AT = `cc_at($1::bigint) - CASE k.platform WHEN 'own' THEN interval '${SILENT_HOURS.own} hours'
  ELSE interval '${SILENT_HOURS.platform} hours' END`;
const UTC = `'YYYY-MM-DD HH24:MI" UTC"'`;

/** One walk over all meters: those that bill and are silent, and how many there are of each state. */
const SILENT = `WITH ${KNOWN},
  billing AS (SELECT k.*, coalesce(k.seen_at, k.valid_from) AS since, ${LIMIT_AT} AS limit_at FROM known k WHERE ${BILLING})
  SELECT json_build_object('sites', (SELECT coalesce(json_agg(s), '[]') FROM (SELECT b.site_code AS site, count(*) AS meters,
      count(*) FILTER (WHERE b.since < b.limit_at) AS silent FROM billing b GROUP BY 1) AS s),
    'findings', (SELECT coalesce(json_agg(f), '[]') FROM (SELECT 'no_readings' AS rule, b.site_code AS site,
        b.account_number AS account, b.meter_number AS meter, cc_ms(b.since) AS since, cc_ms(b.since)::text AS seen,
        CASE WHEN b.seen_at IS NULL THEN 'never read since it was hung ' || to_char(b.since AT TIME ZONE 'UTC', ${UTC})
          ELSE 'last read ' || to_char(b.since AT TIME ZONE 'UTC', ${UTC}) END AS says, NULL AS "caseKey"
      FROM billing b WHERE b.since < b.limit_at AND b.since > cc_at($1::bigint) - interval '${SILENT_NEWS_DAYS} days'
      ORDER BY b.since LIMIT ${FINDINGS_MAX}) AS f),
    'meters', (SELECT coalesce(json_agg(c), '[]') FROM (SELECT k.platform, ${COUNTED} FROM known k GROUP BY k.platform) AS c)) AS told`;

/** The newest command of each meter that has one of these days; what came after it is none. */
const RELAY = `SELECT 'relay_failed' AS rule, a.site_code AS site, a.account_number AS account, m.meter_number AS meter,
    cc_ms(q.requested_at) AS since, q.id AS seen, q.action || ' ' || q.state || ' at ' ||
      to_char(q.requested_at AT TIME ZONE 'UTC', ${UTC}) || coalesce(': ' || left(q.error, 100), '') AS says, NULL AS "caseKey"
  FROM (SELECT DISTINCT ON (c.account_id, c.meter_id) c.* FROM relay_commands c
      WHERE c.requested_at > cc_at($1::bigint) - interval '${RELAY_NEWS_DAYS} days' ORDER BY c.account_id, c.meter_id, c.seq DESC) AS q
    JOIN accounts a ON a.id = q.account_id AND a.status <> 'terminated' JOIN meters m ON m.id = q.meter_id
    JOIN meter_placements p ON p.meter_id = q.meter_id AND p.account_id = q.account_id AND p.valid_to IS NULL
  WHERE q.state IN ('failed', 'rejected', 'timed_out')
    AND coalesce(q.ended_at, q.expires_at) < cc_at($1::bigint) - interval '${RELAY_FAILED_MINUTES} minutes'
  ORDER BY q.requested_at LIMIT ${FINDINGS_MAX}`;

const DRIFT = `SELECT 'drift' AS rule, a.site_code AS site, a.account_number AS account, NULL AS meter, cc_ms(c.opened_at) AS since,
    c.case_key || ' ' || cc_ms(c.opened_at) AS seen, c.case_kind || ' since ' || to_char(c.opened_at AT TIME ZONE 'UTC', ${UTC}) AS says,
    c.case_key AS "caseKey"
  FROM reconciliation_cases c JOIN accounts a ON a.account_number = c.subject
  WHERE c.state = 'open' AND c.case_kind IN ('ledger_drift', 'wallet_drift') ORDER BY c.opened_at LIMIT ${FINDINGS_MAX}`;

/** Of meters that were heard just now, the last readings with a voltage, along each meter's own key. */
const VOLTAGE = `SELECT 'low_voltage' AS rule, a.site_code AS site, a.account_number AS account, m.meter_number AS meter,
    cc_ms(v.first_at) AS since, cc_ms(v.first_at)::text AS seen, 'at most ' || v.highest / 1000 || ' V in ' || v.readings
      || ' readings until ' || to_char(v.last_at AT TIME ZONE 'UTC', ${UTC}) AS says, NULL AS "caseKey"
  FROM meter_registers g
    JOIN meter_placements p ON p.meter_id = g.meter_id AND p.account_id = g.account_id AND p.valid_to IS NULL AND p.role = 'primary'
    JOIN accounts a ON a.id = g.account_id AND a.status <> 'terminated' JOIN meters m ON m.id = g.meter_id
    CROSS JOIN LATERAL (SELECT max(r.voltage_mv) AS highest, min(r.voltage_mv) AS lowest, count(*) AS readings, min(r.read_at) AS first_at,
        max(r.read_at) AS last_at FROM meter_readings r WHERE r.meter_id = g.meter_id AND r.account_id = g.account_id
        AND r.voltage_mv IS NOT NULL AND r.read_at > cc_at($1::bigint) - interval '${LOW_VOLTAGE.hours} hours'
        AND r.read_at <= cc_at($1::bigint)) AS v
  WHERE g.seen_at > cc_at($1::bigint) - interval '${LOW_VOLTAGE.hours} hours' AND v.readings >= ${LOW_VOLTAGE.readingsMin}
    AND v.highest < ${LOW_VOLTAGE.belowMv} AND v.lowest >= ${LOW_VOLTAGE.floorMv}
  ORDER BY v.first_at LIMIT ${FINDINGS_MAX}`;

export type Findings = { findings: Finding[]; sites: SiteMeters[] };

/** All that the rules see now, and how many meters of each state the look came past. */
export async function ticketFindings(db: Reader, now: number): Promise<Findings & { meters: PlatformCounts[] }> {
  const everywhere = paramsOf({ now, site: null, platform: null, text: "" });
  const [silent, ...others] = await Promise.all([
    db.read<{ told: Findings & { meters: PlatformCounts[] } }>(SILENT, everywhere),
    db.read<Finding>(RELAY, [String(now)]),
    db.read<Finding>(DRIFT),
    db.read<Finding>(VOLTAGE, [String(now)]),
  ]);
  const told = silent[0]?.told;
  if (told === undefined) throw new Error("a SELECT of one row answered none");
  return { ...told, findings: [...told.findings, ...others.flat()] };
}

/** Billing meters of a ticket's site. */
const AT_SITE = `meter_placements w JOIN accounts x ON x.id = w.account_id AND x.site_code = t.site_code AND x.status <> 'terminated'`;
const BILLS = "w.role = 'primary' AND w.valid_to IS NULL";
/**
 * How a site stands beside its ticket. What is no news any more is wrong still: a command that failed counts until the meter obeys
 * one, and a voltage until there are good readings of the last hours.
 */
const STANDS = `CASE t.rule
    WHEN 'relay_failed' THEN (SELECT json_build_object('heard', 0, 'still', count(*)) FROM ${AT_SITE}
      CROSS JOIN LATERAL (SELECT q.state, q.requested_at FROM relay_commands q WHERE q.account_id = w.account_id
        AND q.meter_id = w.meter_id ORDER BY q.seq DESC LIMIT 1) AS q
      WHERE ${BILLS} AND q.state NOT IN ('completed', 'superseded')
        AND q.requested_at > t.opened_at - interval '${RELAY_NEWS_DAYS} days')
    WHEN 'drift' THEN (SELECT json_build_object('heard', 0, 'still', count(DISTINCT c.subject)) FROM reconciliation_cases c
      JOIN accounts x ON x.account_number = c.subject AND x.site_code = t.site_code
      WHERE c.state = 'open' AND c.case_kind IN ('ledger_drift', 'wallet_drift'))
    WHEN 'low_voltage' THEN (SELECT json_build_object('heard', count(*), 'still', count(*) FILTER (WHERE r.lowest < ${LOW_VOLTAGE.backMv}))
      FROM ${AT_SITE} JOIN meter_registers h ON h.meter_id = w.meter_id AND h.account_id = w.account_id
        AND h.seen_at > cc_at($1::bigint) - interval '${LOW_VOLTAGE.hours} hours'
      CROSS JOIN LATERAL (SELECT min(r.voltage_mv) AS lowest FROM meter_readings r WHERE r.meter_id = w.meter_id
        AND r.account_id = w.account_id AND r.voltage_mv IS NOT NULL
        AND r.read_at > cc_at($1::bigint) - interval '${LOW_VOLTAGE.hours} hours' AND r.read_at <= cc_at($1::bigint)
        HAVING count(*) >= ${LOW_VOLTAGE.readingsMin}) AS r
      WHERE ${BILLS}) END`;

const OPEN = `SELECT t.id AS "ticketId", t.rule, t.site_code AS site, a.account_number AS account, a.status AS "accountStatus",
    cc_ms(t.opened_at) AS "openedAt", cc_ms(coalesce(d.at, g.seen_at)) AS "heardAt", v.vendor IS NULL AS "isOwn",
    (SELECT q.state FROM relay_commands q WHERE q.account_id = t.account_id AND q.meter_id = p.meter_id ORDER BY q.seq DESC LIMIT 1)
      AS "commandState",
    (SELECT c.state FROM reconciliation_cases c WHERE c.case_key = t.case_key) AS "caseState",
    (SELECT json_build_object('lowestMv', min(r.voltage_mv), 'at', cc_ms(max(r.read_at))) FROM meter_readings r
      WHERE t.rule = 'low_voltage' AND r.meter_id = p.meter_id AND r.account_id = t.account_id AND r.voltage_mv IS NOT NULL
        AND r.read_at > cc_at($1::bigint) - interval '${LOW_VOLTAGE.hours} hours' HAVING count(*) >= ${LOW_VOLTAGE.readingsMin}) AS voltage,
    CASE WHEN t.account_id IS NULL THEN ${STANDS} END AS stands
  FROM tickets t LEFT JOIN accounts a ON a.id = t.account_id
    LEFT JOIN LATERAL (SELECT w.meter_id FROM meter_placements w WHERE w.account_id = t.account_id AND w.role = 'primary'
      AND w.valid_to IS NULL LIMIT 1) p ON true
    LEFT JOIN meter_registers g ON g.meter_id = p.meter_id AND g.account_id = t.account_id
    LEFT JOIN LATERAL (SELECT (x.day + (SELECT max(u.nth) FROM unnest(x.energy_wh) WITH ORDINALITY AS u(wh, nth) WHERE u.wh IS NOT NULL)
        * interval '1 hour') AT TIME ZONE 'UTC' AS at FROM vendor_days x WHERE x.meter_id = p.meter_id AND x.account_id = t.account_id
        AND x.hours > 0 ORDER BY x.day DESC LIMIT 1) d ON true
    LEFT JOIN vendor_sites v ON v.site_code = t.site_code AND d.at IS NOT NULL
  WHERE t.state <> 'resolved' AND t.rule IS NOT NULL ORDER BY t.id LIMIT ${OPEN_MAX}`;

type Open = Omit<RuleFacts, "silentBefore" | "now"> & {
  isOwn: boolean;
  stands: { heard: number; still: number } | null;
};

/** The tickets of rules that are open, with what stands there now. */
export const openRuleTickets = (db: Reader, now: number): Promise<Open[]> => db.read<Open>(OPEN, [String(now)]);

const KNOWN_KEYS = `SELECT t.ticket_key AS key FROM tickets t
  WHERE t.ticket_key = ANY (ARRAY(SELECT jsonb_array_elements_text($1::jsonb)))`;

/** Which of these keys name a ticket, open or resolved. */
export const knownTicketKeys = async (db: Reader, keys: readonly string[]): Promise<string[]> =>
  (await db.read<{ key: string }>(KNOWN_KEYS, [JSON.stringify(keys)])).map(({ key }) => key);
