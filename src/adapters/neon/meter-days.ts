import type { DayPlacement, StagedMeter } from "../../domain/imports/place.ts";
import { FILE_SOURCE, IMPORT_SOURCES, SOURCES } from "../../domain/imports/source.ts";
import type { UnitName } from "../../domain/imports/unit.ts";
import type { DayOutcome, MeterDays, RunState, TakenUnit } from "../../ports/meter-days.ts";
import type { Database, Statement } from "./database.ts";

/** A page with all its retries takes no longer; then the unit is anybody's again. */
export const LEASE_MS = 5 * 60_000;
/** Units of one call. */
const UNITS_MAX = 2_000;
const SECOND_MS = 1_000;

const unitParams = ({ site, day, source }: UnitName) => [site, day, source];
const OF_UNIT = "site_code = $1::text AND day = $2::date AND source = $3::text";
const HELD = `${OF_UNIT} AND fence = $4::int`;
/** The start of the unit's day: intervals travel as seconds after it. */
const DAY_START = "$2::date::timestamp AT TIME ZONE 'UTC'";

/** Site-days of sources in Postgres. Whoever has taken a unit later fences off all before. */
export const neonMeterDays = (db: Database): MeterDays => ({
  async open(units, at) {
    let opened = 0;
    for (let from = 0; from < units.length; from += UNITS_MAX) {
      const params = [JSON.stringify(units.slice(from, from + UNITS_MAX)), String(at)];
      const [rows] = await db.transaction([{ query: OPEN, params }]);
      opened += rows?.length ?? 0;
    }
    return opened;
  },

  async ask(units, again, at) {
    const found: (UnitName & { complete: boolean })[] = [];
    for (let from = 0; from < units.length; from += UNITS_MAX) {
      const json = JSON.stringify(units.slice(from, from + UNITS_MAX));
      const [, , rows] = await db.transaction([
        { query: OPEN, params: [json, String(at)] },
        { query: again ? AGAIN : SOONER, params: [json, String(at)] },
        { query: ASKED, params: [json] },
      ]);
      found.push(...((rows ?? []) as (UnitName & { complete: boolean })[]));
    }
    return found;
  },

  async reopen(fromDay, at) {
    const [rows] = await db.transaction([{ query: REOPEN, params: [fromDay, String(at)] }]);
    return rows?.length ?? 0;
  },

  due: (at, fromDay, limit) => db.read(DUE, [String(at), fromDay, String(Math.min(limit, UNITS_MAX)), VENDORS_JSON]),

  async take(unit, { freshAt, sentAt }, at) {
    const state: RunState = { phase: "fetch", cursor: null, restarts: 0, leftOut: {}, freshAt };
    const params = [...unitParams(unit), String(at), JSON.stringify(state), VENDORS_JSON, String(sentAt ?? "")];
    const [rows] = await db.transaction([{ query: TAKE, params }]);
    return (rows?.[0] as TakenUnit | undefined) ?? null;
  },

  async storePage(unit, rows, state, goesOn, at) {
    const packed = rows.map(({ serial, intervals }) => ({
      serial,
      s: intervals.map(({ startAt }) => Math.round((startAt - Date.parse(unit.day)) / SECOND_MS)),
      wh: intervals.map(({ energyWh }) => energyWh),
    }));
    const params = [...unitParams(unit), String(unit.fence)];
    return held(db, [
      guard(unit, goesOn ? HOLD_ON : LET_GO, [String(at)]),
      { query: STORE, params: [...params, JSON.stringify(packed)] },
      {
        query: `UPDATE import_runs SET pages = pages + 1, rows_taken = rows_taken + $6::int, cursor = $7::jsonb
          WHERE id = $5::bigint AND state = 'running' AND EXISTS (SELECT FROM meter_days WHERE ${HELD})`,
        params: [...params, String(unit.runId), String(countOf(rows)), JSON.stringify(state)],
      },
    ]);
  },

  beginAgain(unit, state, at) {
    const params = [...unitParams(unit), String(unit.fence)];
    const stillOurs = `EXISTS (SELECT FROM meter_days WHERE ${HELD})`;
    return held(db, [
      guard(unit, LET_GO, [String(at)]),
      { query: `DELETE FROM meter_day_intervals WHERE ${OF_UNIT} AND ${stillOurs}`, params },
      {
        query: `UPDATE import_runs SET cursor = $6::jsonb WHERE id = $5::bigint AND state = 'running' AND ${stillOurs}`,
        params: [...params, String(unit.runId), JSON.stringify(state)],
      },
    ]);
  },

  async staged(unit) {
    const rows = await db.read<{ serial: string; s: number[]; wh: number[] }>(STAGED, unitParams(unit));
    const from = Date.parse(unit.day);
    return rows.map(({ serial, s, wh }) => ({
      serial,
      intervals: s.map((seconds, n) => ({ startAt: from + seconds * SECOND_MS, energyWh: wh[n] ?? 0 })),
    }));
  },

  placements: (unit, names) =>
    db.read<DayPlacement>(PLACEMENTS, [
      unit.site,
      unit.day,
      JSON.stringify(names),
      JSON.stringify(names.flatMap((name) => (name.startsWith("code:") ? [name.slice(5)] : []))),
      JSON.stringify(IMPORT_SOURCES),
    ]),

  postpone: (unit, state, error, nextAt, at) =>
    held(db, [
      guard(
        unit,
        "lease_until = NULL, next_at = cc_at($5::bigint), last_error = $6::text, updated_at = cc_at($7::bigint)",
        [String(nextAt), error, String(at)],
      ),
      {
        query: `UPDATE import_runs SET cursor = $2::jsonb, error = $3::text WHERE id = $1::bigint AND state = 'running'`,
        params: [String(unit.runId), JSON.stringify(state), error],
      },
    ]),

  fail: (unit, error, nextAt, at) =>
    held(db, [
      guard(
        unit,
        "lease_until = NULL, next_at = cc_at($5::bigint), last_error = $6::text, updated_at = cc_at($7::bigint)",
        [String(nextAt), error, String(at)],
      ),
      ...endOf(unit, "failed", error, at, 0),
    ]),

  finish: (unit, outcome, at) => held(db, finishStatements(unit, outcome, at)),

  async defer(unit, nextAt, at) {
    const query = `UPDATE meter_days SET next_at = cc_at($4::bigint) WHERE ${OF_UNIT} AND NOT complete
      AND (lease_until IS NULL OR lease_until <= cc_at($5::bigint))`;
    await db.transaction([{ query, params: [...unitParams(unit), String(nextAt), String(at)] }]);
  },
});

/** Whoever dies now leaves it to the next look after the lease. */
const LET_GO = `lease_until = NULL, next_at = cc_at($5::bigint + ${LEASE_MS}), updated_at = cc_at($5::bigint)`;

const HOLD_ON = `lease_until = cc_at($5::bigint + ${LEASE_MS}), updated_at = cc_at($5::bigint)`;

/** The first statement of a change: it locks the unit, and answers nothing when somebody else has taken it since. */
const guard = (unit: TakenUnit, set: string, params: string[]): Statement => ({
  query: `UPDATE meter_days SET ${set} WHERE ${HELD} RETURNING 'true' AS row`,
  params: [...unitParams(unit), String(unit.fence), ...params],
});

async function held(db: Database, statements: Statement[]): Promise<boolean> {
  const [rows] = await db.transaction(statements);
  return rows?.length === 1;
}

/** Ends the attempt and throws its intervals away, if the unit is still in our hands. */
function endOf(
  unit: TakenUnit,
  state: "done" | "failed",
  error: string | null,
  at: number,
  refused: number,
): Statement[] {
  const params = [...unitParams(unit), String(unit.fence)];
  const stillOurs = `EXISTS (SELECT FROM meter_days WHERE ${HELD})`;
  return [
    {
      query: `UPDATE import_runs SET state = $6::text, error = nullif($7::text, ''), ended_at = cc_at($8::bigint),
          rows_refused = $9::int WHERE id = $5::bigint AND state = 'running' AND ${stillOurs}`,
      params: [...params, String(unit.runId), state, error ?? "", String(at), String(refused)],
    },
    { query: `DELETE FROM meter_day_intervals WHERE ${OF_UNIT} AND ${stillOurs}`, params },
  ];
}

function finishStatements(unit: TakenUnit, outcome: DayOutcome, at: number): Statement[] {
  const set = `lease_until = NULL, next_at = cc_at(nullif($5::text, '')::bigint), last_error = nullif($6::text, ''),
    updated_at = cc_at($7::bigint), expected_hours = coalesce(nullif($8::text, '')::int, expected_hours),
    received_hours = $9::int, complete = $10::boolean, details = $11::jsonb,
    fresh_at = coalesce(cc_at(nullif($12::text, '')::bigint), fresh_at)`;
  const closed = `UPDATE reconciliation_cases SET state = 'closed', closed_at = cc_at($4::bigint), version = greatest(version + 1, $4::bigint)
    WHERE state = 'open' AND case_kind IN ('import_degraded', 'import_refused', 'import_gap')
      AND starts_with(case_key, case_kind || ':' || $1::text || ':' || $2::text || ':')
      AND EXISTS (SELECT FROM meter_days WHERE ${OF_UNIT} AND complete AND received_hours >= expected_hours)`;
  return [
    guard(unit, set, [
      String(outcome.nextAt ?? ""),
      outcome.error ?? "",
      String(at),
      String(outcome.expectedHours ?? ""),
      String(outcome.receivedHours),
      String(outcome.complete),
      JSON.stringify(outcome.details),
      String(unit.state.freshAt ?? ""),
    ]),
    ...endOf(unit, "done", outcome.error, at, outcome.rowsRefused),
    { query: closed, params: [...unitParams(unit), String(at)] },
  ];
}

const countOf = (rows: readonly StagedMeter[]) => rows.reduce((sum, { intervals }) => sum + intervals.length, 0);

/** By which vendor a source is fetched: a site has one vendor, and none but its sources. */
const VENDORS_JSON = JSON.stringify(
  Object.fromEntries(
    Object.entries(SOURCES).flatMap(([source, { vendor }]) => (vendor === null ? [] : [[source, vendor]])),
  ),
);

const OPEN = `INSERT INTO meter_days (site_code, day, source, next_at, updated_at)
  SELECT u.site, u.day, u.source, cc_at($2::bigint), cc_at($2::bigint)
  FROM jsonb_to_recordset($1::jsonb) AS u(site text, day date, source text)
    JOIN vendor_sites v ON v.site_code = u.site
  ORDER BY 1, 2, 3 ON CONFLICT ON CONSTRAINT meter_days_key DO NOTHING RETURNING 'true' AS row`;

const NAMED =
  "(d.site_code, d.day, d.source) IN (SELECT site, day, source FROM jsonb_to_recordset($1::jsonb) AS u(site text, day date, source text))";
const AGAIN = `UPDATE meter_days d SET complete = false, next_at = cc_at($2::bigint), updated_at = cc_at($2::bigint) WHERE ${NAMED}`;
const SOONER = `UPDATE meter_days d SET next_at = cc_at($2::bigint) WHERE ${NAMED} AND NOT complete`;
const ASKED = `SELECT json_build_object('site', d.site_code, 'day', d.day, 'source', d.source, 'complete', d.complete)::text AS row
  FROM meter_days d WHERE ${NAMED} ORDER BY d.day DESC, d.site_code, d.source`;

/**
 * Days that named a meter which nobody had placed, and which has a placement since. Their history may be days alone by now: the
 * report is asked too.
 */
const REOPEN = `WITH again AS (
    UPDATE meter_days d SET complete = false, next_at = cc_at($2::bigint), updated_at = cc_at($2::bigint)
    WHERE d.complete AND d.day >= $1::date AND (d.details ->> 'unmappedCount')::int > 0
      AND EXISTS (SELECT FROM jsonb_array_elements_text(d.details -> 'unmapped') AS u(serial)
        JOIN meters m ON m.meter_number = u.serial JOIN meter_placements p ON p.meter_id = m.id
        WHERE p.facts_version > (d.details ->> 'placements')::bigint
          AND p.valid_from < (d.day + 1)::timestamp AT TIME ZONE 'UTC'
          AND (p.valid_to IS NULL OR p.valid_to > d.day::timestamp AT TIME ZONE 'UTC'))
    RETURNING d.site_code, d.day, d.source
  ), reports AS (
    INSERT INTO meter_days AS c (site_code, day, source, next_at, updated_at)
    SELECT site_code, day, 'koios_report', cc_at($2::bigint), cc_at($2::bigint) FROM again WHERE source IN ('koios', '${FILE_SOURCE}')
    ON CONFLICT ON CONSTRAINT meter_days_key DO NOTHING
  )
  SELECT json_build_object('site', site_code)::text AS row FROM again`;

/**
 * Of each site's day one source at a time, the one that was tried least: where one fails the other has its turn. What came as a
 * file is never fetched, only handed on while its intervals lie here, and ends nobody's asking of the vendor.
 */
const DUE = `SELECT * FROM (
    SELECT DISTINCT ON (d.site_code, d.day) d.site_code AS site, d.day::text AS day, d.source,
      v.vendor_site_id AS "vendorSiteId", cc_ms(d.fresh_at) AS "freshAt"
    FROM meter_days d JOIN vendor_sites v ON v.site_code = d.site_code AND v.vendor = $4::jsonb ->> d.source
    WHERE NOT d.complete AND d.next_at <= cc_at($1::bigint) AND d.day >= $2::date
      AND NOT EXISTS (SELECT FROM meter_days o WHERE o.site_code = d.site_code AND o.day = d.day
        AND (o.complete AND o.source <> '${FILE_SOURCE}' OR o.lease_until > cc_at($1::bigint)))
      AND (d.source <> '${FILE_SOURCE}' OR EXISTS (SELECT FROM import_runs r WHERE r.source = d.source
        AND r.site_code = d.site_code AND r.day = d.day AND r.state = 'running' AND r.cursor ->> 'phase' = 'hand'))
    ORDER BY d.site_code, d.day, d.attempts, d.source) AS u
  ORDER BY day DESC, site LIMIT $3::int`;

const RUNNING = `SELECT r.id, r.pages, r.cursor FROM import_runs r
  WHERE r.source = $3::text AND r.site_code = $1::text AND r.day = $2::date AND r.state = 'running' ORDER BY r.id DESC LIMIT 1`;

const TAKE = `WITH mine AS (
    UPDATE meter_days SET fence = fence + 1, lease_until = cc_at($4::bigint + ${LEASE_MS}), updated_at = cc_at($4::bigint),
      attempts = attempts + CASE WHEN EXISTS (${RUNNING}) THEN 0 ELSE 1 END
    WHERE ${OF_UNIT} AND NOT complete AND (lease_until IS NULL OR lease_until <= cc_at($4::bigint))
      AND EXISTS (SELECT FROM vendor_sites v WHERE v.site_code = $1::text AND v.vendor = $6::jsonb ->> $3::text)
      AND ($7::text = '' OR EXISTS (${RUNNING}) OR NOT EXISTS (SELECT FROM import_runs e WHERE e.source = $3::text
        AND e.site_code = $1::text AND e.day = $2::date AND e.ended_at > cc_at(nullif($7::text, '')::bigint)))
    RETURNING *
  ), known AS (
    SELECT k.* FROM mine CROSS JOIN LATERAL (${RUNNING}) AS k
  ), begun AS (
    INSERT INTO import_runs (source, site_code, day, state, cursor, started_at)
    SELECT m.source, m.site_code, m.day, 'running', $5::jsonb, cc_at($4::bigint) FROM mine m WHERE NOT EXISTS (SELECT FROM known)
    RETURNING id, pages, cursor
  )
  SELECT json_build_object('site', m.site_code, 'day', m.day, 'source', m.source, 'vendorSiteId', v.vendor_site_id,
    'fence', m.fence, 'runId', r.id, 'attempts', m.attempts, 'pages', r.pages, 'state', r.cursor,
    'receivedBefore', CASE WHEN m.details IS NULL THEN NULL ELSE m.received_hours END)::text AS row
  FROM mine m JOIN vendor_sites v ON v.site_code = m.site_code
    CROSS JOIN (SELECT * FROM known UNION ALL SELECT * FROM begun) AS r`;

const STORE = `INSERT INTO meter_day_intervals AS c (site_code, day, source, serial, start_at, energy_wh)
  SELECT $1::text, $2::date, $3::text, r.serial, ${DAY_START} + x.s * interval '1 second', max(x.wh)
  FROM jsonb_to_recordset($5::jsonb) AS r(serial text, s int[], wh bigint[]) CROSS JOIN LATERAL unnest(r.s, r.wh) AS x(s, wh)
  WHERE EXISTS (SELECT FROM meter_days WHERE ${HELD})
  GROUP BY r.serial, x.s ORDER BY r.serial, x.s
  ON CONFLICT ON CONSTRAINT meter_day_intervals_key DO UPDATE SET energy_wh = excluded.energy_wh
  WHERE c.energy_wh < excluded.energy_wh`;

const STAGED = `SELECT serial, array_agg(extract(epoch FROM start_at - (${DAY_START}))::int ORDER BY start_at) AS s,
    array_agg(energy_wh ORDER BY start_at) AS wh
  FROM meter_day_intervals WHERE ${OF_UNIT} GROUP BY serial ORDER BY serial`;

const PLACEMENTS = `SELECT m.meter_number AS serial, a.account_number AS account, p.role, cc_ms(p.valid_from) AS "from",
    cc_ms(p.valid_to) AS "to", m.rated_w AS "ratedW", a.site_code = $1::text AND a.status <> 'terminated' AS "isExpected",
    p.facts_version AS version, coalesce(own.sources, site.sources, country.sources, ARRAY(SELECT jsonb_array_elements_text($5::jsonb))) AS priority
  FROM meter_placements p JOIN meters m ON m.id = p.meter_id JOIN accounts a ON a.id = p.account_id
    LEFT JOIN source_priorities own ON own.scope = a.account_number
    LEFT JOIN source_priorities site ON site.scope = a.site_code
    LEFT JOIN source_priorities country ON country.scope = 'country'
  WHERE p.valid_from < ${DAY_START} + interval '1 day' AND (p.valid_to IS NULL OR p.valid_to > ${DAY_START})
    AND (m.id IN (SELECT k.id FROM meters k WHERE k.meter_number IN (SELECT jsonb_array_elements_text($3::jsonb)))
      OR a.account_number IN (SELECT jsonb_array_elements_text($4::jsonb)) OR a.site_code = $1::text)
  ORDER BY 1, 2, 4`;
