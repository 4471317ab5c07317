import type { Added, LegacyHistory } from "../../ports/legacy-history.ts";
import type { Database, Statement } from "./database.ts";
import { BY } from "./registry-write.ts";

/** The years from here have their part of the table anyway. */
const YEARS_MADE_FROM = 2018;

export const neonLegacyHistory = (db: Database): LegacyHistory => ({
  async addMeters(meters, by) {
    if (meters.length === 0) return { made: 0 };
    const params = [JSON.stringify(meters), by.actor, by.reason ?? "", String(by.at)];
    const [answer] = await db.transaction([{ query: ADD_METERS, params }]);
    return answer?.[0] as { made: number };
  },

  async addReadings(readings, source, by) {
    const years = new Set(readings.map(({ readAt }) => new Date(readAt).getUTCFullYear()));
    const old = [...years].filter((year) => year < YEARS_MADE_FROM).sort((a, b) => a - b);
    const made = old.map((year) => ({
      query: "SELECT json_build_object('made', cc_make_old_year($1::int))::text AS row",
      params: [String(year)],
    }));
    const params = [JSON.stringify(readings), by.actor, by.reason ?? "", String(by.at), source];
    return added(db, readings.length, [...made, { query: ADD_READINGS, params }], {
      query: REFUSED_READINGS,
      params: params.slice(0, 1),
    });
  },

  async addTotals(totals, origin, by) {
    const params = [JSON.stringify(totals), by.actor, by.reason ?? "", String(by.at), origin];
    return added(db, totals.length, [{ query: ADD_TOTALS, params }], {
      query: REFUSED_TOTALS,
      params: params.slice(0, 1),
    });
  },
});

/** What is refused is looked up after the rows are in, in the same transaction: whatever does not stand there as it came. */
async function added<Because>(
  db: Database,
  rows: number,
  write: Statement[],
  look: Statement,
): Promise<Added<Because>> {
  if (rows === 0) return { taken: 0, refused: [] };
  const answers = await db.transaction([...write, look]);
  const [count] = (answers.at(-2) ?? []) as { taken: number }[];
  return { taken: count?.taken ?? 0, refused: (answers.at(-1) ?? []) as Added<Because>["refused"] };
}

/** One audit row a page, and none for a page that brought nothing. */
const audited = (action: string, subject: string, made: string) => `audited AS (
    INSERT INTO mutations (actor, reason, at, action, subject, after)
    SELECT ${BY}, '${action}', ${subject}, jsonb_build_object('rows', count(*)) FROM ${made} HAVING count(*) > 0)`;

const ADD_METERS = `WITH made AS (
    INSERT INTO meters (meter_number) SELECT DISTINCT n FROM jsonb_array_elements_text($1::jsonb) AS n ORDER BY 1
    ON CONFLICT (meter_number) DO NOTHING RETURNING meter_number),
  audited AS (
    INSERT INTO mutations (actor, reason, at, action, subject, after)
    SELECT ${BY}, 'meter.make', 'meter:' || meter_number, '{}'::jsonb FROM made ORDER BY meter_number)
  SELECT json_build_object('made', count(*))::text AS row FROM made`;

const READINGS = `(SELECT r.*, m.id AS meter_id, cc_at(r."readAt") AS at
  FROM jsonb_to_recordset($1::jsonb) AS r(index int, meter text, "readAt" bigint, "registerWh" bigint, "powerW" int)
    LEFT JOIN meters m ON m.meter_number = r.meter) AS r`;

const CUTOVER = `(SELECT cc_at((s.value #>> '{}')::bigint) FROM country_settings s WHERE s.key = 'cutover_at')`;

/** Each by its own index: one holds what meters sent, the other the old rows. */
function registerOf(account: "IS NOT NULL" | "IS NULL") {
  return `(SELECT q.register_wh FROM meter_readings q WHERE q.meter_id = r.meter_id AND q.read_at = r.at
    AND q.account_id ${account})`;
}

/** The register of this meter and instant that stands there: what the meter sent before what the old books say. */
const STANDS = `coalesce(${registerOf("IS NOT NULL")}, ${registerOf("IS NULL")})`;

const ADD_READINGS = `WITH made AS (
    INSERT INTO meter_readings (meter_id, read_at, register_wh, power_w, source, received_at)
    SELECT r.meter_id, r.at, r."registerWh", r."powerW", $5::text, cc_at($4::bigint) FROM ${READINGS}
    WHERE r.meter_id IS NOT NULL AND r.at < coalesce(${CUTOVER}, 'infinity') AND ${STANDS} IS NULL
    ORDER BY r.meter_id, r.at, r.index
    ON CONFLICT (meter_id, read_at) WHERE account_id IS NULL DO NOTHING RETURNING meter_id),
  ${audited("meter_readings.add", "'readings:' || $5::text", "made")}
  SELECT json_build_object('taken', count(*))::text AS row FROM made`;

const REFUSED_READINGS = `SELECT json_build_object('index', index, 'because', because)::text AS row FROM (
    SELECT r.index, CASE WHEN r.meter_id IS NULL THEN 'meter_unknown'
      WHEN r.at >= ${CUTOVER} THEN 'after_cut_over'
      WHEN ${STANDS} IS DISTINCT FROM r."registerWh" THEN 'differs' END AS because
    FROM ${READINGS}) AS judged
  WHERE because IS NOT NULL ORDER BY index`;

const TOTALS = `jsonb_to_recordset($1::jsonb) AS r(index int, kind text, period text, "startsAt" bigint, account text,
  meter text, source text, "energyWh" bigint, "amountMinor" bigint, currency text, transactions int, "originId" text)`;

const ADD_TOTALS = `WITH made AS (
    INSERT INTO legacy_totals (kind, period, starts_at, account_number, meter_number, source, energy_wh, amount_minor,
      currency, transactions, origin, origin_id, recorded_at)
    SELECT r.kind, r.period, cc_at(r."startsAt"), r.account, r.meter, r.source, r."energyWh", r."amountMinor", r.currency,
      r.transactions, $5::text, r."originId", cc_at($4::bigint)
    FROM ${TOTALS} ORDER BY r.account, r."startsAt", r.index
    ON CONFLICT ON CONSTRAINT legacy_totals_key DO NOTHING RETURNING id),
  ${audited("legacy_totals.add", "'totals:' || $5::text", "made")}
  SELECT json_build_object('taken', count(*))::text AS row FROM made`;

/** The row that stands where this one would. Of an account and of none apart: with OR the index is walked account by account. */
const STANDING = (whose: string) => `SELECT l.energy_wh, l.amount_minor, l.currency, l.transactions FROM legacy_totals l
    WHERE ${whose} AND l.kind = r.kind AND l.period = r.period AND l.starts_at = cc_at(r."startsAt") AND l.source = r.source
      AND l.meter_number IS NOT DISTINCT FROM r.meter`;

const REFUSED_TOTALS = `SELECT json_build_object('index', r.index, 'because', 'differs')::text AS row
  FROM ${TOTALS} CROSS JOIN LATERAL (${STANDING("l.account_number = r.account")}
    UNION ALL ${STANDING("l.account_number IS NULL AND r.account IS NULL")} LIMIT 1) AS s
  WHERE (s.energy_wh, s.amount_minor, s.currency, s.transactions)
    IS DISTINCT FROM (r."energyWh", r."amountMinor", r.currency, r.transactions) ORDER BY r.index`;
