import type { Reader } from "../ports/reader.ts";
import { ms } from "./sql.ts";

export const CHECK_DAYS_MAX = 366;
export const PAIRS_PAGE_MAX = 50;
/** A meter heard of within the first is online, within the second late, after it offline. */
const LATE_AFTER_HOURS = 2;
const OFFLINE_AFTER_HOURS = 6;

export type MeterHealth = "online" | "late" | "offline";

/** Percent of the reference, 4 decimals. */
type Percent = number;

/**
 * A check meter beside the primary meter of its account. The primary is the reference, since it is the one that bills:
 * deviation = (check − primary) / primary. Energy and deviations are of the matched hours alone, null when there are none.
 */
export type CheckPair = {
  account: string;
  checkMeter: string;
  primaryMeter: string;
  checkHealth: MeterHealth;
  primaryHealth: MeterHealth;
  checkSeenAt: number | null;
  primarySeenAt: number | null;
  /** Both meters have the hour, and the reference is above 0. */
  matchedHours: number;
  /** Either meter's hour is estimated, its register fell in it or was begun anew, or one of them was placed within it. */
  excludedHours: number;
  /** One of them alone has the hour, or the reference is 0. */
  unmatchedHours: number;
  checkWh: number | null;
  primaryWh: number | null;
  /** Of the sums. Prefer it: hours with little energy dominate the mean. */
  totalDeviationPct: Percent | null;
  meanDeviationPct: Percent | null;
  /** Standard deviation over all matched hours, as a population. */
  populationDeviationPct: Percent | null;
};

/**
 * Pairs of today, over the last `days` of 24 whole hours before `now`, in order of account and check meter, a page after
 * the one named. Hours that a meter has only begun to cover, or not yet covered to their end, are not looked at.
 */
export const checkPairs = (
  db: Reader,
  order: { now: number; days: number; after: { account: string; checkMeter: string } | null },
): Promise<CheckPair[]> =>
  db.read<CheckPair>(PAIRS, [
    String(order.now),
    String(order.days),
    order.after?.account ?? "",
    order.after?.checkMeter ?? "",
    String(PAIRS_PAGE_MAX),
  ]);

const present = (placement: string) =>
  `${placement}.valid_from <= cc_at($1::bigint) AND (${placement}.valid_to IS NULL OR ${placement}.valid_to > cc_at($1::bigint))`;

const health = (seenAt: string) => `CASE
    WHEN ${seenAt} > cc_at($1::bigint) - interval '${LATE_AFTER_HOURS} hours' THEN 'online'
    WHEN ${seenAt} > cc_at($1::bigint) - interval '${OFFLINE_AFTER_HOURS} hours' THEN 'late' ELSE 'offline' END`;

/** The first whole hour that lies after an instant. */
const hourFrom = (at: string) => `date_trunc('hour', ${at} + interval '59 minutes 59.999999 seconds', 'UTC')`;

const firstReading = (meter: string) => `(SELECT q.read_at FROM meter_readings q
    WHERE q.meter_id = ${meter} AND q.account_id = a.id ORDER BY q.read_at LIMIT 1)`;

const hoursOf = (meter: string) => `(SELECT h.hour, h.energy_wh, h.estimated FROM consumption_hourly h
    WHERE h.meter_id = p.${meter} AND h.account_id = p.account_id AND h.hour >= p.from_hour AND h.hour < p.to_hour)`;

/** Whether a register fell, or was begun anew, between two readings that reach into an hour. */
const fellIn = (meter: string) => `EXISTS (SELECT FROM falls f
    WHERE f.pair = p.pair AND f.meter_id = p.${meter} AND f.t0 < o.hour + interval '1 hour' AND f.t1 > o.hour)`;

const PAIRS = `WITH pairs AS MATERIALIZED (
    SELECT row_number() OVER (ORDER BY a.account_number, cm.meter_number) AS pair, a.account_number AS account,
      a.id AS account_id, c.meter_id AS check_id, cm.meter_number AS check_meter, p.meter_id AS primary_id,
      pm.meter_number AS primary_meter, c.valid_from AS check_from, p.valid_from AS primary_from,
      cg.seen_at AS check_seen, pg.seen_at AS primary_seen,
      ${hourFrom(`greatest(cc_at($1::bigint) - make_interval(hours => 24 * $2::int), ${firstReading("c.meter_id")},
        ${firstReading("p.meter_id")})`)} AS from_hour,
      date_trunc('hour', least(cc_at($1::bigint), cg.read_at, pg.read_at), 'UTC') AS to_hour
    FROM accounts a JOIN meter_placements c ON c.account_id = a.id AND c.role = 'check' AND ${present("c")}
      JOIN meters cm ON cm.id = c.meter_id
      CROSS JOIN LATERAL (SELECT o.* FROM meter_placements o WHERE o.account_id = a.id AND o.role = 'primary'
        AND ${present("o")} ORDER BY o.valid_from DESC, o.id DESC LIMIT 1) p
      JOIN meters pm ON pm.id = p.meter_id
      LEFT JOIN meter_registers cg ON cg.meter_id = c.meter_id AND cg.account_id = a.id
      LEFT JOIN meter_registers pg ON pg.meter_id = p.meter_id AND pg.account_id = a.id
    WHERE (a.account_number, cm.meter_number) > ($3::text, $4::text)
    ORDER BY a.account_number, cm.meter_number LIMIT $5::int
  ), read AS (
    SELECT p.pair, m.meter_id, q.read_at AS t1, q.register_wh, q.begins, lag(q.read_at) OVER inorder AS t0,
      lag(q.register_wh) OVER inorder AS before_wh
    FROM pairs p CROSS JOIN LATERAL (VALUES (p.check_id), (p.primary_id)) AS m(meter_id)
      CROSS JOIN LATERAL (SELECT r.read_at, r.register_wh, r.begins FROM meter_readings r WHERE r.meter_id = m.meter_id
        AND r.account_id = p.account_id AND r.read_at >= p.from_hour - interval '${LATE_AFTER_HOURS} hours'
        AND r.read_at <= p.to_hour + interval '${LATE_AFTER_HOURS} hours' OFFSET 0) q
    WINDOW inorder AS (PARTITION BY p.pair, m.meter_id ORDER BY q.read_at)
  ), falls AS MATERIALIZED (
    SELECT pair, meter_id, t0, t1 FROM read WHERE register_wh < before_wh OR begins
  ), judged AS (
    SELECT p.pair, o.check_wh, o.primary_wh,
      CASE
        WHEN o.check_estimated OR o.primary_estimated OR ${fellIn("check_id")} OR ${fellIn("primary_id")}
          OR o.hour < p.check_from OR o.hour < p.primary_from THEN 'excluded'
        WHEN o.check_wh IS NOT NULL AND o.primary_wh > 0 THEN 'matched' ELSE 'unmatched' END AS verdict
    FROM pairs p CROSS JOIN LATERAL (
      SELECT hour, c.energy_wh AS check_wh, c.estimated AS check_estimated, r.energy_wh AS primary_wh,
        r.estimated AS primary_estimated
      FROM ${hoursOf("check_id")} c FULL JOIN ${hoursOf("primary_id")} r USING (hour)
    ) o
    -- Hours before both were placed compare nothing; the one in which the later of them was placed is excluded.
    WHERE o.hour > greatest(p.check_from, p.primary_from) - interval '1 hour'
  ), stats AS (
    SELECT pair, count(*) FILTER (WHERE verdict = 'matched') AS matched,
      count(*) FILTER (WHERE verdict = 'excluded') AS excluded, count(*) FILTER (WHERE verdict = 'unmatched') AS unmatched,
      sum(check_wh) FILTER (WHERE verdict = 'matched') AS check_wh,
      sum(primary_wh) FILTER (WHERE verdict = 'matched') AS primary_wh,
      avg(100.0 * (check_wh - primary_wh) / nullif(primary_wh, 0)) FILTER (WHERE verdict = 'matched') AS mean,
      stddev_pop(100.0 * (check_wh - primary_wh) / nullif(primary_wh, 0)) FILTER (WHERE verdict = 'matched') AS deviation
    FROM judged GROUP BY pair
  )
  SELECT p.account, p.check_meter AS "checkMeter", p.primary_meter AS "primaryMeter",
    ${health("p.check_seen")} AS "checkHealth", ${health("p.primary_seen")} AS "primaryHealth",
    ${ms("p.check_seen", '"checkSeenAt"')}, ${ms("p.primary_seen", '"primarySeenAt"')},
    coalesce(s.matched, 0) AS "matchedHours", coalesce(s.excluded, 0) AS "excludedHours",
    coalesce(s.unmatched, 0) AS "unmatchedHours", s.check_wh AS "checkWh", s.primary_wh AS "primaryWh",
    round(100 * (s.check_wh - s.primary_wh) / s.primary_wh, 4) AS "totalDeviationPct",
    round(s.mean, 4) AS "meanDeviationPct", round(s.deviation, 4) AS "populationDeviationPct"
  FROM pairs p LEFT JOIN stats s USING (pair) ORDER BY p.pair`;
