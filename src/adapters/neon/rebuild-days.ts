import type { Database } from "./database.ts";
import { HOURS_OF_SPANS, ONE_BY_ONE } from "./hours.ts";

/** Meters and local days of one call: some 35,000 hours, which Postgres computes in a second or two. */
export const REBUILD_METERS_MAX = 200;
export const REBUILD_DAYS_MAX = 7;

export type RebuildOrder = {
  /** Local days, both included, `2026-11-03`; at most REBUILD_DAYS_MAX of them. */
  from: string;
  to: string;
  timeZone: string;
  /** Null: every meter that ever read, in order of number, after `after`; at most REBUILD_METERS_MAX a call. */
  meterNumbers: string[] | null;
  after: string;
  /** False: only counts what differs. */
  write: boolean;
};

/** Rows that were (or, unwritten, are) not what the readings say: not there, other, or there for no reading. */
export type Differences = { missing: number; other: number; extra: number };

/** `last` is the last meter looked at; null: there was none. */
export type Rebuilt = { meters: number; last: string | null; hours: Differences; days: Differences };

/**
 * Hours and days of some meters, computed anew from their readings. The meters' registers are locked meanwhile, so that
 * readings on their way wait; done twice, the second time finds nothing.
 */
export async function rebuildDays(db: Database, order: RebuildOrder): Promise<Rebuilt> {
  const params = [
    order.meterNumbers === null ? "" : JSON.stringify(order.meterNumbers),
    order.after,
    String(REBUILD_METERS_MAX),
    order.from,
    order.to,
    order.timeZone,
  ];
  const answers = await db.transaction([
    { query: "SET LOCAL jit = off", params: [] },
    ...(order.write ? [{ query: LOCK, params: params.slice(0, 3) }] : []),
    { query: order.write ? `${COMPARED}, ${WRITTEN} ${COUNTS}` : `${COMPARED} ${COUNTS}`, params },
  ]);
  const [row] = answers.at(-1) ?? [];
  // COUNTS builds exactly this, field by field.
  return row as Rebuilt;
}

const PICKED = `picked AS MATERIALIZED (
    SELECT m.id, m.meter_number FROM meters m
    WHERE m.meter_number > $2::text AND EXISTS (SELECT FROM meter_registers g WHERE g.meter_id = m.id)
      AND ($1::text = '' OR m.meter_number IN (SELECT jsonb_array_elements_text(nullif($1::text, '')::jsonb)))
    ORDER BY m.meter_number LIMIT $3::int
  )`;

/** In the order in which the copy takes them. */
const LOCK = `WITH ${PICKED} SELECT json_build_object('locked', count(*))::text AS row FROM (
    SELECT FROM meter_registers g JOIN picked p ON p.id = g.meter_id ORDER BY g.meter_id, g.account_id FOR UPDATE OF g) l`;

const FROM_HOUR = "$4::date::timestamp AT TIME ZONE $6::text";
const TO_HOUR = "($5::date + 1)::timestamp AT TIME ZONE $6::text";

const HOUR = "meter_id, account_id, hour";
const DAY = "meter_id, account_id, day";

const COMPARED = `WITH ${PICKED}, spans AS MATERIALIZED (
    SELECT g.meter_id, g.account_id, 0 AS span, $6::text AS zone, ${FROM_HOUR} AS from_hour, ${TO_HOUR} AS to_hour
    FROM picked p JOIN meter_registers g ON g.meter_id = p.id
  ), ${HOURS_OF_SPANS}, days AS MATERIALIZED (
    SELECT ${DAY}, sum(energy_wh)::bigint AS energy_wh, count(*)::int AS hours,
      (count(*) FILTER (WHERE estimated))::int AS estimated_hours, max(energy_wh) AS peak_wh FROM hours GROUP BY ${DAY}
  ), stored_hours AS MATERIALIZED (
    SELECT c.* FROM spans s CROSS JOIN LATERAL (SELECT * FROM consumption_hourly h WHERE h.meter_id = s.meter_id
      AND h.account_id = s.account_id AND h.hour >= s.from_hour AND h.hour < s.to_hour ${ONE_BY_ONE}) c
  ), stored_days AS MATERIALIZED (
    SELECT c.* FROM spans s CROSS JOIN LATERAL (SELECT * FROM consumption_daily d WHERE d.meter_id = s.meter_id
      AND d.account_id = s.account_id AND d.day BETWEEN $4::date AND $5::date ${ONE_BY_ONE}) c
  ), wrong_hours AS MATERIALIZED (
    SELECT ${HOUR}, n.energy_wh, n.estimated, n.source, s.source IS NULL AS missing, n.source IS NULL AS extra
    FROM hours n FULL JOIN stored_hours s USING (${HOUR})
    WHERE (n.energy_wh, n.estimated, n.source) IS DISTINCT FROM (s.energy_wh, s.estimated, s.source)
  ), wrong_days AS MATERIALIZED (
    SELECT ${DAY}, n.energy_wh, n.hours, n.estimated_hours, n.peak_wh, s.hours IS NULL AS missing, n.hours IS NULL AS extra
    FROM days n FULL JOIN stored_days s USING (${DAY})
    WHERE (n.energy_wh, n.hours, n.estimated_hours, n.peak_wh) IS DISTINCT FROM (s.energy_wh, s.hours, s.estimated_hours, s.peak_wh)
  )`;

const WRITTEN = `gone_hours AS (
    DELETE FROM consumption_hourly c USING wrong_hours w WHERE w.extra
      AND (c.meter_id, c.account_id, c.hour) = (w.meter_id, w.account_id, w.hour)
      AND c.hour >= ${FROM_HOUR} AND c.hour < ${TO_HOUR}
  ), put_hours AS (
    INSERT INTO consumption_hourly (${HOUR}, energy_wh, estimated, source)
    SELECT ${HOUR}, energy_wh, estimated, source FROM wrong_hours WHERE NOT extra ORDER BY ${HOUR}
    ON CONFLICT (${HOUR}) DO UPDATE SET energy_wh = excluded.energy_wh, estimated = excluded.estimated,
      source = excluded.source
  ), gone_days AS (
    DELETE FROM consumption_daily c USING wrong_days w WHERE w.extra
      AND (c.meter_id, c.account_id, c.day) = (w.meter_id, w.account_id, w.day)
  ), put_days AS (
    INSERT INTO consumption_daily (${DAY}, energy_wh, hours, estimated_hours, peak_wh)
    SELECT ${DAY}, energy_wh, hours, estimated_hours, peak_wh FROM wrong_days WHERE NOT extra ORDER BY ${DAY}
    ON CONFLICT (${DAY}) DO UPDATE SET energy_wh = excluded.energy_wh, hours = excluded.hours,
      estimated_hours = excluded.estimated_hours, peak_wh = excluded.peak_wh
  )`;

const differences = (wrong: string) => `(SELECT json_build_object('missing', count(*) FILTER (WHERE missing),
    'other', count(*) FILTER (WHERE NOT missing AND NOT extra), 'extra', count(*) FILTER (WHERE extra)) FROM ${wrong})`;

const COUNTS = `SELECT json_build_object('meters', (SELECT count(*) FROM picked),
    'last', (SELECT max(meter_number) FROM picked), 'hours', ${differences("wrong_hours")},
    'days', ${differences("wrong_days")})::text AS row`;
