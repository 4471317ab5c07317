import type { LossDay } from "../../domain/metrics/losses.ts";
import type { Reader } from "../../ports/reader.ts";

export type LossOrder = {
  site: string;
  /** Local days, both included; hours from `now` on are none yet. */
  from: string;
  to: string;
  timeZone: string;
  now: number;
  /** Of a hundred accounts with a billing meter, so many have to have told an hour for it to be compared. */
  knownPct: number;
};

/** Sites of which a meter counts the whole supply, at any time. */
export async function suppliedSites(db: Reader): Promise<string[]> {
  const rows = await db.read<{ site: string }>(
    `SELECT DISTINCT a.site_code AS site FROM meter_placements p JOIN accounts a ON a.id = p.account_id
      WHERE p.role = 'supply' ORDER BY 1`,
  );
  return rows.map(({ site }) => site);
}

const placed = (
  role: "supply" | "primary",
) => `SELECT p.meter_id, p.account_id, range_agg(tstzrange(p.valid_from, p.valid_to)) AS times
    FROM meter_placements p JOIN accounts a ON a.id = p.account_id WHERE p.role = '${role}' AND a.site_code = $3::text
    GROUP BY p.meter_id, p.account_id`;
/** Along each meter's key. What was spread over a gap is not known of an hour. */
const told = (who: string) => `${who} w CROSS JOIN LATERAL (SELECT q.hour, q.energy_wh FROM consumption_hourly q
      WHERE q.meter_id = w.meter_id AND q.account_id = w.account_id AND q.hour >= $1::timestamp AT TIME ZONE $4::text
        AND q.hour < ($2::date + 1)::timestamp AT TIME ZONE $4::text AND NOT q.estimated OFFSET 0) c
    WHERE w.times && tstzrange(c.hour, c.hour + interval '1 hour') GROUP BY c.hour`;

/**
 * Hour by hour: what was fed, where every meter of the supply told it, beside what billing meters counted, where enough of the accounts
 * that have one told it. An hour that lacks either is in neither sum.
 */
const DAYS = `WITH supply AS MATERIALIZED (${placed("supply")}), billing AS MATERIALIZED (${placed("primary")}),
  hours AS MATERIALIZED (
    SELECT h AS hour FROM generate_series($1::timestamp AT TIME ZONE $4::text, ($2::date + 1)::timestamp AT TIME ZONE $4::text - interval '1 hour',
      interval '1 hour') h WHERE h + interval '1 hour' <= cc_at($5::bigint)
  ), fed AS MATERIALIZED (SELECT c.hour, sum(c.energy_wh)::bigint AS wh, count(DISTINCT w.meter_id) AS n FROM ${told("supply")}),
  used AS MATERIALIZED (SELECT c.hour, sum(c.energy_wh)::bigint AS wh, count(DISTINCT w.account_id) AS n FROM ${told("billing")}),
  all_hours AS (
    SELECT h.hour, f.wh AS fed, u.wh AS used, coalesce(u.n, 0) AS known,
      (SELECT count(DISTINCT b.account_id) FROM billing b WHERE b.times && tstzrange(h.hour, h.hour + interval '1 hour')) AS expected,
      f.n = (SELECT count(DISTINCT s.meter_id) FROM supply s WHERE s.times && tstzrange(h.hour, h.hour + interval '1 hour')) AS is_fed
    FROM hours h LEFT JOIN fed f ON f.hour = h.hour LEFT JOIN used u ON u.hour = h.hour
  ), judged AS (
    SELECT *, (hour AT TIME ZONE $4::text)::date AS day, coalesce(is_fed, false) AND known > 0 AND known * 100 >= expected * $6::int AS compared
    FROM all_hours
  )
  SELECT day::text AS day, count(*)::int AS hours, count(*) FILTER (WHERE is_fed)::int AS "supplyHours",
    count(*) FILTER (WHERE compared)::int AS "comparedHours", coalesce(sum(fed) FILTER (WHERE compared), 0)::bigint AS "suppliedWh",
    coalesce(sum(used) FILTER (WHERE compared), 0)::bigint AS "usedWh", coalesce(sum(fed) FILTER (WHERE is_fed), 0)::bigint AS "supplyWh",
    sum(expected)::int AS "expectedHours", sum(known)::int AS "knownHours"
  FROM judged GROUP BY day ORDER BY day`;

export const lossDays = (db: Reader, { site, from, to, timeZone, now, knownPct }: LossOrder): Promise<LossDay[]> =>
  db.read<LossDay>(DAYS, [from, to, site, timeZone, String(now), String(knownPct)]);
