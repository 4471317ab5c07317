import { receiptOfEntry } from "../domain/fees/sold-later.ts";
import type { Reader } from "../ports/reader.ts";

export const ENERGY_DAYS_MAX = 366;

/**
 * What an account was sold and what it used on a local day. Two measures of two things: they are shown side by side, and
 * neither ever stands in for the other.
 */
export type EnergyDay = {
  day: string;
  /** By the ledger: energy of payments of that day, less what was taken back, with what was sold later for one of them. */
  vendedWh: number;
  /** By the primary meter's readings; null: nothing covers the day. */
  meteredWh: number | null;
  /** Hours of the day that are metered, and how many of them are estimated. */
  meteredHours: number;
  estimatedHours: number;
};

/** Every day from `from` to `to`, both included (`2026-11-03`). Null: there is no such account. */
export async function energyDays(
  db: Reader,
  order: { account: string; from: string; to: string; timeZone: string },
): Promise<EnergyDay[] | null> {
  const rows = await db.read<EnergyDay>(DAYS, [order.account, order.from, order.to, order.timeZone]);
  return rows.length === 0 ? null : rows;
}

const DAYS = `WITH account AS (SELECT id FROM accounts WHERE account_number = $1::text),
  days AS (
    SELECT a.id AS account_id, g.day::date AS day FROM account a
      CROSS JOIN generate_series($2::date::timestamp, $3::date::timestamp, interval '1 day') AS g(day)
  ), vended AS (
    SELECT s.day, sum(s.energy_wh)::bigint AS energy_wh FROM (
      SELECT (coalesce(p.paid_at, e.occurred_at) AT TIME ZONE $4::text)::date AS day, e.energy_wh
      FROM account a JOIN ledger_entries e ON e.account_id = a.id
      LEFT JOIN LATERAL (SELECT q.paid_at FROM payments q WHERE q.receipt = ${receiptOfEntry("e")} OFFSET 0) p ON true
      WHERE e.book = 'customer_energy' AND e.kind IN ('payment', 'reversal')) s
    WHERE s.day BETWEEN $2::date AND $3::date GROUP BY s.day
  ), metered AS (
    SELECT c.day, sum(c.energy_wh)::bigint AS energy_wh, sum(c.hours)::int AS hours,
      sum(c.estimated_hours)::int AS estimated_hours
    FROM account a JOIN consumption_daily c ON c.account_id = a.id AND c.day BETWEEN $2::date AND $3::date
    WHERE EXISTS (SELECT FROM meter_placements p WHERE p.meter_id = c.meter_id AND p.account_id = c.account_id
      AND p.role = 'primary' AND p.valid_from < (c.day + 1)::timestamp AT TIME ZONE $4::text
      AND (p.valid_to IS NULL OR p.valid_to > c.day::timestamp AT TIME ZONE $4::text))
    GROUP BY c.day
  )
  SELECT d.day::text AS day, coalesce(v.energy_wh, 0) AS "vendedWh", m.energy_wh AS "meteredWh",
    coalesce(m.hours, 0) AS "meteredHours", coalesce(m.estimated_hours, 0) AS "estimatedHours"
  FROM days d LEFT JOIN vended v ON v.day = d.day LEFT JOIN metered m ON m.day = d.day ORDER BY d.day`;
