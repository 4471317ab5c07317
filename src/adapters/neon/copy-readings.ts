import type { MeterReadingsRow } from "../../domain/outbox.ts";
import { type CopyStep, ownRecordset, STRANGERS } from "./copy-step.ts";
import { HOURS_OF_SPANS, ONE_BY_ONE, PUT_HOURS_AND_DAYS } from "./hours.ts";

/** More than any meter shows, and more than its column takes: such a value is not known, and costs no reading. */
const MEASURED_MAX = 2_147_483_647;
/** Readings of one meter in a batch that lie further apart are spread apart, so that a late one costs its own hours only. */
const APART_HOURS = 24;

/** One row an item, its readings as columns: a statement unpacks them many times faster than as objects. */
const READINGS =
  ownRecordset(`"accountId" bigint, "meterNumber" text, "timeZone" text, register jsonb, "readAt" bigint[],
  "registerWh" bigint[], "powerW" bigint[], "voltageMv" bigint[], "currentMa" bigint[], "frequencyMhz" bigint[],
  connected boolean[], source text[], "receivedAt" bigint[],
  begins boolean[]`);

/** The batch with its meters' ids, looked up one by one: what a batch costs does not grow with the meters of a country. */
const NAMED = `(SELECT r.*, (SELECT m.id FROM meters m WHERE m.meter_number = r."meterNumber") AS meter_id
  FROM ${READINGS} ${ONE_BY_ONE}) AS r`;

const REGISTER = `jsonb_to_record(r.register) AS g("registerWh" bigint, "readAt" bigint, "postedWh" bigint,
  "postedAt" bigint, connected boolean, "seenAt" bigint, "seenWh" bigint, "heldWh" bigint, version bigint)`;

/**
 * Readings, how the register stands after them, and the hours and days that they touch. The register's row is taken
 * first: it is locked even where it stays as it is, so of two batches with readings of one meter the second waits, and
 * sees what the first has written. Hours are computed whole from what is stored, never added to: a batch that comes
 * twice writes the same.
 */
export const meterReadingsStep: CopyStep<"meter_readings"> = {
  rows: (row) => [columnsOf(row)],
  statements: [
    STRANGERS,
    // The planner takes the look for a reading's neighbours for far more than it is; compiling it would take longer.
    "SET LOCAL jit = off",
    // A meter that Postgres does not know makes the row refused.
    `INSERT INTO meter_registers AS c (meter_id, account_id, register_wh, read_at, posted_wh, posted_at, connected,
      seen_at, seen_wh, held_wh, version)
    SELECT DISTINCT ON (1, 2) r.meter_id, r."accountId", g."registerWh", cc_at(g."readAt"), g."postedWh",
      cc_at(g."postedAt"), g.connected, cc_at(g."seenAt"), g."seenWh", g."heldWh", g.version
    FROM ${NAMED} CROSS JOIN LATERAL ${REGISTER}
    ORDER BY 1, 2, g.version DESC
    ON CONFLICT (meter_id, account_id) DO UPDATE SET register_wh = excluded.register_wh, read_at = excluded.read_at,
      posted_wh = excluded.posted_wh, posted_at = excluded.posted_at, connected = excluded.connected,
      seen_at = excluded.seen_at, seen_wh = excluded.seen_wh, held_wh = excluded.held_wh, version = excluded.version
    WHERE c.version < excluded.version`,

    `INSERT INTO meter_readings (meter_id, read_at, register_wh, power_w, voltage_mv, current_ma, frequency_mhz,
      connected, source, account_id, received_at, begins)
    SELECT r.meter_id, cc_at(x.at), x.wh, x.w, x.mv, x.ma, x.mhz, x.connected, x.source, r."accountId", cc_at(x.received),
      x.begins
    FROM ${NAMED} CROSS JOIN LATERAL unnest(r."readAt", r."registerWh", r."powerW", r."voltageMv", r."currentMa",
      r."frequencyMhz", r.connected, r.source, r."receivedAt", r.begins)
      AS x(at, wh, w, mv, ma, mhz, connected, source, received, begins)
    ORDER BY 1, 2, r.i ON CONFLICT (meter_id, read_at) WHERE account_id IS NOT NULL DO NOTHING`,

    `WITH given AS (
      SELECT r.meter_id, r."accountId" AS account_id, r."timeZone" AS zone, cc_at(x.at) AS at
      FROM ${NAMED} CROSS JOIN LATERAL unnest(r."readAt") AS x(at)
    ), parted AS (
      SELECT *, at - lag(at) OVER (PARTITION BY meter_id, account_id ORDER BY at) > interval '${APART_HOURS} hours' AS apart
      FROM given
    ), counted AS (
      SELECT *, count(*) FILTER (WHERE apart) OVER (PARTITION BY meter_id, account_id ORDER BY at) AS span FROM parted
    ), touched AS (
      SELECT meter_id, account_id, span, min(zone) AS zone, min(at) AS lo, max(at) AS hi FROM counted
      GROUP BY meter_id, account_id, span
    ), spans AS MATERIALIZED (
      -- From the point before the first to the point after the last: as far as the lines between points change.
      SELECT t.meter_id, t.account_id, t.span, t.zone,
        date_trunc('hour', coalesce(greatest(
          (SELECT q.read_at FROM meter_readings q WHERE q.meter_id = t.meter_id AND q.account_id = t.account_id
            AND q.read_at < t.lo ORDER BY q.read_at DESC LIMIT 1),
          (SELECT p.valid_from FROM meter_placements p WHERE p.meter_id = t.meter_id AND p.account_id = t.account_id
            AND p.valid_from <= t.lo ORDER BY p.valid_from DESC LIMIT 1)), t.lo), 'UTC') AS from_hour,
        date_trunc('hour', coalesce(
          (SELECT q.read_at FROM meter_readings q WHERE q.meter_id = t.meter_id AND q.account_id = t.account_id
            AND q.read_at > t.hi ORDER BY q.read_at LIMIT 1), t.hi) + interval '59 minutes 59.999999 seconds', 'UTC') AS to_hour
      FROM touched t
    ), ${HOURS_OF_SPANS}, ${PUT_HOURS_AND_DAYS}`,
  ],
};

function columnsOf({ accountId, meterNumber, timeZone, register, readings }: MeterReadingsRow): object {
  const measured = (value: number | null) => (value !== null && Math.abs(value) <= MEASURED_MAX ? value : null);
  return {
    accountId,
    meterNumber,
    timeZone,
    register,
    readAt: readings.map(({ readAt }) => readAt),
    registerWh: readings.map(({ registerWh }) => registerWh),
    powerW: readings.map(({ powerW }) => measured(powerW)),
    voltageMv: readings.map(({ voltageMv }) => measured(voltageMv)),
    currentMa: readings.map(({ currentMa }) => measured(currentMa)),
    frequencyMhz: readings.map(({ frequencyMhz }) => measured(frequencyMhz)),
    connected: readings.map(({ connected }) => connected),
    source: readings.map(({ source }) => source),
    receivedAt: readings.map(({ receivedAt }) => receivedAt),
    begins: readings.map(({ begins }) => begins ?? false),
  };
}
