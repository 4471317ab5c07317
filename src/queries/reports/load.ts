import { type CurveSum, DAY_HOURS_MIN, type HourSum, type Peaks, SCATTER_MAX } from "../../domain/metrics/load.ts";
import { DISTRIBUTION_N_MIN } from "../../domain/metrics/statistics.ts";
import type { Reader } from "../../ports/reader.ts";
import { daysWith, HOURS, type ProfileOrder, paramsOf, peopleOf } from "./profile-sql.ts";

const DAYS = daysWith(DAY_HOURS_MIN);

/** Each account's mean of an hour of the day, in whole milliwatts, added up over accounts. Of whole months. */
export const curveSums = (db: Reader, order: ProfileOrder): Promise<CurveSum[]> =>
  db.read<CurveSum>(
    `WITH ${peopleOf(order.by)}, own AS (
      SELECT p.grp, q.account_id, q.hour_of_day, sum(q.energy_wh)::bigint AS wh, sum(q.hours)::bigint AS hours
      FROM metered_month_hours q JOIN people p ON p.id = q.account_id
      WHERE q.month BETWEEN $1::date AND $2::date AND $5::text <> '' GROUP BY 1, 2, 3
    )
    SELECT grp AS "group", hour_of_day AS hour, sum((wh * 2000 + hours) / (hours * 2))::bigint AS milliwatts, count(*)::int AS n
    FROM own GROUP BY 1, 2 ORDER BY 1 NULLS LAST, 2`,
    paramsOf(order),
  );

export type DayRow = {
  group: string | null;
  day: string;
  p10Wh: number;
  p50Wh: number;
  p90Wh: number;
  sumWh: number;
  n: number;
};

/** Accounts' energy of each local day, one day after the other: months of days at once would be sorted on the disk. */
export const dailyEnergy = (db: Reader, order: ProfileOrder): Promise<DayRow[]> =>
  db.read<DayRow>(
    `WITH ${peopleOf(order.by)}
    SELECT l.grp AS "group", d.day::text AS day, l.list[(l.n + 9) / 10] AS "p10Wh", l.list[(l.n + 1) / 2] AS "p50Wh",
      l.list[(9 * l.n + 9) / 10] AS "p90Wh", l."sumWh", l.n
    FROM (SELECT day::date AS day FROM generate_series($1::date, $2::date, interval '1 day') AS day WHERE $5::text <> '') d CROSS JOIN LATERAL (
      SELECT p.grp, array_agg(q.energy_wh ORDER BY q.energy_wh) AS list, sum(q.energy_wh)::bigint AS "sumWh", count(*)::int AS n
      FROM metered_days q JOIN people p ON p.id = q.account_id WHERE q.day = d.day AND q.hours >= ${DAY_HOURS_MIN} GROUP BY p.grp OFFSET 0) l
    ORDER BY d.day, l.grp NULLS LAST`,
    paramsOf(order),
  );

export type CdfRow = { group: string | null; n: number; percentiles: number[] | null };

/** The 101 percentiles of days' energy, or of hours', by group; the same ranks as `percentilesOf`. Equal values are counted once. */
export const distribution = (db: Reader, order: ProfileOrder, of: "day" | "hour"): Promise<CdfRow[]> =>
  db.read<CdfRow>(
    `WITH ${peopleOf(order.by)}, ${of === "day" ? DAYS : HOURS}, counts AS (
      SELECT grp, energy_wh, count(*) AS n FROM ${of === "day" ? "days" : "hours"} WHERE $5::text <> '' GROUP BY 1, 2
    ), ranks AS (
      SELECT grp, energy_wh, n, sum(n) OVER (PARTITION BY grp ORDER BY energy_wh)::bigint AS upto,
        sum(n) OVER (PARTITION BY grp)::bigint AS total FROM counts
    )
    SELECT grp AS "group", total AS n,
      CASE WHEN total >= ${DISTRIBUTION_N_MIN} THEN jsonb_agg(energy_wh ORDER BY energy_wh, percent) FILTER (WHERE percent IS NOT NULL) END AS percentiles
    FROM ranks LEFT JOIN LATERAL generate_series(CASE WHEN upto = n THEN 0 ELSE (upto - n) * 100 / total + 1 END, upto * 100 / total)
      AS percent ON true
    GROUP BY 1, 2 ORDER BY 1 NULLS LAST`,
    paramsOf(order),
  );

/** What all used in each known hour, and how many were known. In order. */
export const hourSums = (db: Reader, order: ProfileOrder): Promise<HourSum[]> =>
  db.read<HourSum>(
    `WITH ${peopleOf(order.by)}, ${HOURS}
    SELECT cc_ms(hour) AS at, sum(energy_wh)::bigint AS "energyWh", count(*)::int AS n FROM hours GROUP BY hour ORDER BY hour`,
    paramsOf(order),
  );

export type PeakRow = Peaks & { group: string | null };

/** Of a window of whole days, the accounts that are known as well as a day has to be: what they used together and each. */
export const peaks = (db: Reader, order: ProfileOrder): Promise<PeakRow[]> =>
  db.read<PeakRow>(
    `WITH ${peopleOf(order.by)}, ${HOURS}, whole AS MATERIALIZED (
      SELECT grp, account_id, max(energy_wh) AS peak FROM hours GROUP BY 1, 2
      HAVING count(*) >= ($2::date - $1::date + 1) * ${DAY_HOURS_MIN}
    ), together AS (
      SELECT w.grp, h.hour, sum(h.energy_wh)::bigint AS wh FROM hours h JOIN whole w ON w.account_id = h.account_id GROUP BY 1, 2
    ), each_one AS (SELECT grp, sum(peak)::bigint AS peaks, count(*)::int AS n FROM whole GROUP BY 1)
    SELECT t.grp AS "group", sum(t.wh)::bigint AS "energyWh", count(*)::int AS hours, max(t.wh) AS "peakWh", e.peaks AS "peaksWh", e.n
    FROM together t JOIN each_one e ON e.grp IS NOT DISTINCT FROM t.grp GROUP BY t.grp, e.peaks, e.n ORDER BY 1 NULLS LAST`,
    paramsOf(order),
  );

export type ScatterPoint = { energyWh: number; peakWh: number };

/** A lot that is cheap to draw: account, day and seed, mixed by two multiplications in a field of 31 bits. */
const PRIME = "2147483647";
const MIXED = `((account_id * 40503 + (day - date '2000-01-01') * 69621 + $6::bigint * 16807) % ${PRIME} * 48271 % ${PRIME})`;
const LOT = `((x # (x >> 15)) * 39373 % ${PRIME})`;

/** Energy of a day and of its highest hour. The lot is drawn by account, day and seed: the same question has the same points. */
export async function scatterPoints(
  db: Reader,
  order: ProfileOrder,
  seed: number,
  max = SCATTER_MAX,
): Promise<{ of: number; points: ScatterPoint[] }> {
  const [row] = await db.read<{ of: number; points: [number, number][] }>(
    `WITH ${peopleOf(order.by)}, ${daysWith(DAY_HOURS_MIN, ", q.peak_wh")}, drawn AS (
      SELECT day, account_id, energy_wh, peak_wh FROM (SELECT *, ${MIXED} AS x FROM days WHERE $5::text <> '' OFFSET 0) m
      ORDER BY ${LOT}, account_id, day LIMIT $7::int
    )
    SELECT (SELECT count(*)::int FROM days) AS of,
      coalesce((SELECT jsonb_agg(jsonb_build_array(energy_wh, peak_wh) ORDER BY day, account_id) FROM drawn WHERE peak_wh IS NOT NULL),
        '[]'::jsonb) AS points`,
    [...paramsOf(order), String(seed), String(max)],
  );
  return {
    of: row?.of ?? 0,
    points: (row?.points ?? []).map(([energyWh, peakWh]) => ({ energyWh, peakWh })),
  };
}
