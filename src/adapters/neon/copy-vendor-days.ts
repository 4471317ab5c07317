import type { VendorDayRow } from "../../domain/outbox.ts";
import { type CopyStep, ownRecordset, STRANGERS } from "./copy-step.ts";
import { ONE_BY_ONE } from "./hours.ts";

const DAYS = ownRecordset(`"accountId" bigint, "meterNumber" text, day date, "timeZone" text, "energyWh" bigint[],
  sources text[], billed int, hours int, "sumWh" bigint, version bigint`);

/** The days of the batch as they are stored now, each once; a meter that Postgres does not know has made its row refused before. */
const STORED = `given AS MATERIALIZED (
    SELECT DISTINCT m.id AS meter_id, r."accountId" AS account_id, r.day, r."timeZone" AS zone
    FROM ${DAYS} JOIN meters m ON m.meter_number = r."meterNumber"
  ), told AS MATERIALIZED (
    SELECT g.meter_id, g.account_id, g.day, g.zone, (g.day + (u.nth - 1) * interval '1 hour') AT TIME ZONE 'UTC' AS hour,
      u.energy_wh, u.source
    FROM given g JOIN vendor_days d USING (meter_id, account_id, day)
      CROSS JOIN LATERAL unnest(d.energy_wh, d.sources) WITH ORDINALITY AS u(energy_wh, source, nth)
  )`;

/**
 * Days of vendor meters, the hours that they are made of, and the local days that those belong to. The day's row is taken
 * first: a lower version changes nothing, and of two writers the second waits. All that follows is computed from the row as
 * it is stored, never from the batch, so that a batch that comes late or twice writes the same.
 */
export const vendorDayStep: CopyStep<"vendor_day"> = {
  rows: (row) => [columnsOf(row)],
  statements: [
    STRANGERS,
    `INSERT INTO vendor_days AS c (meter_id, account_id, day, energy_wh, sources, billed, hours, sum_wh, version)
    SELECT DISTINCT ON (1, 2, 3) m.id, r."accountId", r.day, r."energyWh", r.sources, r.billed, r.hours, r."sumWh", r.version
    FROM ${DAYS} LEFT JOIN meters m ON m.meter_number = r."meterNumber"
    ORDER BY 1, 2, 3, r.version DESC
    ON CONFLICT (meter_id, account_id, day) DO UPDATE SET energy_wh = excluded.energy_wh, sources = excluded.sources,
      billed = excluded.billed, hours = excluded.hours, sum_wh = excluded.sum_wh, version = excluded.version
    WHERE c.version < excluded.version`,

    `WITH ${STORED}
    INSERT INTO consumption_hourly AS c (meter_id, account_id, hour, energy_wh, estimated, source)
    SELECT meter_id, account_id, hour, energy_wh, false, source FROM told WHERE energy_wh IS NOT NULL ORDER BY 1, 2, 3
    ON CONFLICT (meter_id, account_id, hour) DO UPDATE SET energy_wh = excluded.energy_wh,
      estimated = excluded.estimated, source = excluded.source
    WHERE (c.energy_wh, c.estimated, c.source) IS DISTINCT FROM (excluded.energy_wh, excluded.estimated, excluded.source)`,

    `WITH ${STORED}
    DELETE FROM consumption_hourly c USING told t WHERE t.energy_wh IS NULL
      AND (c.meter_id, c.account_id, c.hour) = (t.meter_id, t.account_id, t.hour)`,

    `WITH ${STORED}, days AS (
      SELECT DISTINCT meter_id, account_id, zone, (hour AT TIME ZONE zone)::date AS day FROM told
    ), summed AS MATERIALIZED (
      SELECT d.meter_id, d.account_id, d.day, h.energy_wh, h.hours, h.estimated, h.peak_wh
      FROM days d CROSS JOIN LATERAL (
        SELECT sum(c.energy_wh)::bigint AS energy_wh, count(*)::int AS hours,
          (count(*) FILTER (WHERE c.estimated))::int AS estimated, max(c.energy_wh) AS peak_wh FROM consumption_hourly c
        WHERE c.meter_id = d.meter_id AND c.account_id = d.account_id AND c.hour >= d.day::timestamp AT TIME ZONE d.zone
          AND c.hour < (d.day + 1)::timestamp AT TIME ZONE d.zone ${ONE_BY_ONE}) h
    ), gone AS (
      DELETE FROM consumption_daily c USING summed s WHERE s.hours = 0
        AND (c.meter_id, c.account_id, c.day) = (s.meter_id, s.account_id, s.day)
    )
    INSERT INTO consumption_daily AS c (meter_id, account_id, day, energy_wh, hours, estimated_hours, peak_wh)
    SELECT meter_id, account_id, day, energy_wh, hours, estimated, peak_wh FROM summed WHERE hours > 0 ORDER BY 1, 2, 3
    ON CONFLICT (meter_id, account_id, day) DO UPDATE SET energy_wh = excluded.energy_wh, hours = excluded.hours,
      estimated_hours = excluded.estimated_hours, peak_wh = excluded.peak_wh
    WHERE (c.energy_wh, c.hours, c.estimated_hours, c.peak_wh)
      IS DISTINCT FROM (excluded.energy_wh, excluded.hours, excluded.estimated_hours, excluded.peak_wh)`,
  ],
};

function columnsOf({
  accountId,
  meterNumber,
  day,
  timeZone,
  energyWh,
  sources,
  billed,
  version,
}: VendorDayRow): object {
  const hours = energyWh.filter((wh) => wh !== null).length;
  const sumWh = energyWh.reduce<number>((sum, wh) => sum + (wh ?? 0), 0);
  return { accountId, meterNumber, day, timeZone, energyWh, sources, billed, hours, sumWh, version };
}
