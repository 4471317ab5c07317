import { type EnergyWindow, fillWindow, type MeteredRow, planWindow, type Window } from "../domain/energy-window.ts";
import type { Reader } from "../ports/reader.ts";
import { ms } from "./sql.ts";

/** What an account used in a window of its country's local time, in all and by meter. Null: there is no such account. */
export async function energyWindow(
  db: Reader,
  order: { account: string; window: Window; now: number; timeZone: string; utcOffsetMinutes: number },
): Promise<EnergyWindow | null> {
  const { account, window, now, timeZone, utcOffsetMinutes } = order;
  const plan = planWindow(window, now, utcOffsetMinutes);
  const span = [account, String(plan.starts[0]), String(plan.to)];
  const zoned = [...span, timeZone];
  const [known, rows] = await Promise.all([
    db.read<{ id: number }>("SELECT id FROM accounts WHERE account_number = $1::text", [account]),
    plan.bucket === "hour"
      ? db.read<MeteredRow>(HOURS, span)
      : db.read<MeteredRow>(plan.bucket === "day" ? DAYS : MONTHS, zoned),
  ]);
  return known.length === 0 ? null : fillWindow(window, plan, rows);
}

/** Meters of the account and when they were its; of one that left and came back each time. */
const PLACED = `accounts a JOIN meter_placements p ON p.account_id = a.id JOIN meters m ON m.id = p.meter_id`;
const WHOLE = `m.meter_number AS "meterNumber", bool_or(p.role = 'primary') AS "isPrimary"`;

const HOURS = `SELECT ${ms("c.hour", "at")}, ${WHOLE}, max(c.energy_wh)::bigint AS "energyWh", 1 AS hours,
    bool_or(c.estimated)::int AS "estimatedHours"
  FROM ${PLACED} JOIN LATERAL (SELECT h.hour, h.energy_wh, h.estimated FROM consumption_hourly h
      WHERE h.meter_id = p.meter_id AND h.account_id = a.id AND h.hour >= cc_at($2::bigint) AND h.hour < cc_at($3::bigint)
      OFFSET 0) c
    ON tstzrange(p.valid_from, p.valid_to) && tstzrange(c.hour, c.hour + interval '1 hour')
  WHERE a.account_number = $1::text GROUP BY c.hour, m.id, m.meter_number`;

/** By day first: whether a meter bills may change from day to day, and within a month. */
const BY_DAY = `SELECT c.day, ${WHOLE}, max(c.energy_wh)::bigint AS energy_wh, max(c.hours) AS hours,
    max(c.estimated_hours) AS estimated_hours
  FROM ${PLACED} JOIN consumption_daily c ON c.meter_id = p.meter_id AND c.account_id = a.id
    AND c.day >= (cc_at($2::bigint) AT TIME ZONE $4::text)::date AND c.day < (cc_at($3::bigint) AT TIME ZONE $4::text)::date
    AND tstzrange(p.valid_from, p.valid_to)
      && tstzrange(c.day::timestamp AT TIME ZONE $4::text, (c.day + 1)::timestamp AT TIME ZONE $4::text)
  WHERE a.account_number = $1::text GROUP BY c.day, m.id, m.meter_number`;

const DAYS = `SELECT ${ms("d.day::timestamp AT TIME ZONE $4::text", "at")}, d."meterNumber", d."isPrimary",
    d.energy_wh AS "energyWh", d.hours, d.estimated_hours AS "estimatedHours" FROM (${BY_DAY}) d`;

const MONTHS = `SELECT ${ms("date_trunc('month', d.day::timestamp) AT TIME ZONE $4::text", "at")}, d."meterNumber", d."isPrimary",
    sum(d.energy_wh)::bigint AS "energyWh", sum(d.hours)::int AS hours, sum(d.estimated_hours)::int AS "estimatedHours"
  FROM (${BY_DAY}) d GROUP BY 1, 2, 3`;
