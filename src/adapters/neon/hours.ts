/**
 * Metered energy by hour, computed from stored readings; the one place that says how. The copy asks for the hours that
 * new readings touch, a rebuild for whole days, and both get the same numbers.
 */

/** Readings further apart than this make the hours between them estimates. */
export const ESTIMATED_AFTER_HOURS = 2;
/** A rise over a longer gap is spread over its last days only: nobody learns anything from years of even hours. */
export const SPREAD_DAYS_MAX = 92;

/**
 * Closes a LATERAL to the planner: each of its rows is then looked up along the key. Left open it may choose to read
 * years of everybody's readings once instead, which it takes for cheaper than it is.
 */
export const ONE_BY_ONE = "OFFSET 0";

/** The register at an instant between two readings, in whole Wh: exact, for numeric has no overflow. Half a Wh goes up. */
const registerRiseAt = (at: string) =>
  `div(2 * rise * extract(epoch FROM ${at} - t0) + extract(epoch FROM t1 - t0), 2 * extract(epoch FROM t1 - t0))`;

/**
 * CTEs that turn `spans(meter_id, account_id, span, zone, from_hour, to_hour)` into
 * `hours(meter_id, account_id, zone, hour, energy_wh, estimated, source)`: every hour of the spans that anything covers,
 * whole hours, one row each. A span is read from the last point before it to the first one after it, so that its first
 * and last hours are complete.
 */
export const HOURS_OF_SPANS = `framed AS (
    SELECT s.*,
      greatest(
        (SELECT q.read_at FROM meter_readings q WHERE q.meter_id = s.meter_id AND q.account_id = s.account_id
          AND q.read_at <= s.from_hour ORDER BY q.read_at DESC LIMIT 1),
        (SELECT p.valid_from FROM meter_placements p WHERE p.meter_id = s.meter_id AND p.account_id = s.account_id
          AND p.valid_from <= s.from_hour ORDER BY p.valid_from DESC LIMIT 1),
        '-infinity') AS first_at,
      coalesce(
        (SELECT q.read_at FROM meter_readings q WHERE q.meter_id = s.meter_id AND q.account_id = s.account_id
          AND q.read_at >= s.to_hour ORDER BY q.read_at LIMIT 1),
        s.to_hour) AS last_at
    FROM spans s
  ), points AS (
    SELECT f.meter_id, f.account_id, f.span, q.read_at AS at, q.register_wh AS wh, q.begins, q.source
    FROM framed f CROSS JOIN LATERAL (SELECT r.read_at, r.register_wh, r.begins, r.source FROM meter_readings r
      WHERE r.meter_id = f.meter_id AND r.account_id = f.account_id
        AND r.read_at >= f.first_at AND r.read_at <= f.last_at ${ONE_BY_ONE}) q
    UNION ALL
    SELECT f.meter_id, f.account_id, f.span, p.valid_from, p.base_register_wh, true, NULL
    FROM framed f CROSS JOIN LATERAL (SELECT s.valid_from, s.base_register_wh FROM meter_placements s
      WHERE s.meter_id = f.meter_id AND s.account_id = f.account_id
        AND s.valid_from >= f.first_at AND s.valid_from <= f.last_at ${ONE_BY_ONE}) p
  ), paired AS (
    SELECT meter_id, account_id, span, at AS t1, wh, begins, source, lag(at) OVER inorder AS t0, lag(wh) OVER inorder AS wh0
    FROM points WINDOW inorder AS (PARTITION BY meter_id, account_id, span ORDER BY at, begins DESC)
  ), segments AS (
    SELECT p.meter_id, p.account_id, p.span, s.zone, s.from_hour, s.to_hour, p.source, p.t1,
      greatest(p.t0, p.t1 - interval '${SPREAD_DAYS_MAX} days') AS t0, greatest(p.wh - p.wh0, 0)::numeric AS rise,
      p.t1 - p.t0 > interval '${ESTIMATED_AFTER_HOURS} hours' AS estimated
    FROM paired p JOIN spans s USING (meter_id, account_id, span)
    WHERE NOT p.begins AND p.wh0 IS NOT NULL AND p.t1 > p.t0
  ), pieces AS (
    SELECT meter_id, account_id, span, zone, hour, estimated, source, t1,
      ${registerRiseAt("least(hour + interval '1 hour', t1)")} - ${registerRiseAt("greatest(hour, t0)")} AS energy
    FROM segments CROSS JOIN LATERAL generate_series(greatest(date_trunc('hour', t0, 'UTC'), from_hour),
      least(t1 - interval '1 microsecond', to_hour - interval '1 hour'), interval '1 hour') AS hour
  ), summed AS (
    SELECT meter_id, account_id, span, hour, min(zone) AS zone, sum(energy)::bigint AS energy_wh,
      bool_or(estimated) AS estimated, (array_agg(source ORDER BY t1 DESC))[1] AS source
    FROM pieces GROUP BY meter_id, account_id, span, hour
  ), hours AS MATERIALIZED (
    SELECT DISTINCT ON (meter_id, account_id, hour) meter_id, account_id, zone, hour, energy_wh, estimated, source,
      (hour AT TIME ZONE zone)::date AS day
    FROM summed ORDER BY meter_id, account_id, hour
  )`;

/** Writes `hours`, and the local days that they belong to; rows that stay as they are are not touched. */
export const PUT_HOURS_AND_DAYS = `put AS (
    INSERT INTO consumption_hourly AS c (meter_id, account_id, hour, energy_wh, estimated, source)
    SELECT meter_id, account_id, hour, energy_wh, estimated, source FROM hours
    ON CONFLICT (meter_id, account_id, hour) DO UPDATE SET energy_wh = excluded.energy_wh,
      estimated = excluded.estimated, source = excluded.source
    WHERE (c.energy_wh, c.estimated, c.source) IS DISTINCT FROM (excluded.energy_wh, excluded.estimated, excluded.source)
  ), days AS (
    SELECT meter_id, account_id, zone, day, min(hour) AS from_hour, max(hour) AS to_hour FROM hours
    GROUP BY meter_id, account_id, zone, day
  ), known AS (
    SELECT meter_id, account_id, day, hour, energy_wh, estimated, true AS fresh FROM hours
    UNION ALL
    -- What is stored of these days, as it was before this statement; the hours computed just now replace theirs.
    SELECT d.meter_id, d.account_id, d.day, c.hour, c.energy_wh, c.estimated, false
    FROM days d CROSS JOIN LATERAL (SELECT h.hour, h.energy_wh, h.estimated FROM consumption_hourly h
      WHERE h.meter_id = d.meter_id AND h.account_id = d.account_id AND h.hour >= d.day::timestamp AT TIME ZONE d.zone
        AND h.hour < (d.day + 1)::timestamp AT TIME ZONE d.zone ${ONE_BY_ONE}) c
  ), kept AS (
    SELECT DISTINCT ON (meter_id, account_id, day, hour) * FROM known ORDER BY meter_id, account_id, day, hour, fresh DESC
  )
  INSERT INTO consumption_daily AS c (meter_id, account_id, day, energy_wh, hours, estimated_hours, peak_wh)
  SELECT meter_id, account_id, day, sum(energy_wh)::bigint, count(*)::int, (count(*) FILTER (WHERE estimated))::int, max(energy_wh)
  FROM kept GROUP BY meter_id, account_id, day ORDER BY 1, 2, 3
  ON CONFLICT (meter_id, account_id, day) DO UPDATE SET energy_wh = excluded.energy_wh, hours = excluded.hours,
    estimated_hours = excluded.estimated_hours, peak_wh = excluded.peak_wh
  WHERE (c.energy_wh, c.hours, c.estimated_hours, c.peak_wh)
    IS DISTINCT FROM (excluded.energy_wh, excluded.hours, excluded.estimated_hours, excluded.peak_wh)`;
