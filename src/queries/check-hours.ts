import type { Reader } from "../ports/reader.ts";
import { ms } from "./sql.ts";

export const CHECK_HOURS_DAYS_MAX = 31;

/** Whole watt-hours of one hour by both meters; null: that meter does not know the hour. */
export type CheckHour = { hour: number; checkWh: number | null; primaryWh: number | null };

type Pair = { account: string; checkMeter: string; primaryMeter: string };

/** The hours of a pair on its account over the last `days` of 24 whole hours before `now`, oldest first. */
export const checkHours = (db: Reader, pair: Pair, order: { now: number; days: number }): Promise<CheckHour[]> =>
  db.read(
    `WITH told AS (
      SELECT h.hour, m.meter_number, h.energy_wh FROM accounts a JOIN meters m ON m.meter_number IN ($2::text, $3::text)
        JOIN consumption_hourly h ON h.meter_id = m.id AND h.account_id = a.id
      WHERE a.account_number = $1::text AND h.hour < cc_at($4::bigint)
        AND h.hour >= date_trunc('hour', cc_at($4::bigint) - make_interval(hours => 24 * $5::int), 'UTC')
    )
    SELECT ${ms("hour", "hour")}, sum(energy_wh) FILTER (WHERE meter_number = $2::text)::bigint AS "checkWh",
      sum(energy_wh) FILTER (WHERE meter_number = $3::text)::bigint AS "primaryWh"
    FROM told GROUP BY hour ORDER BY hour`,
    [pair.account, pair.checkMeter, pair.primaryMeter, String(order.now), String(order.days)],
  );
