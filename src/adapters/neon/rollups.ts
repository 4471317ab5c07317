import type { Rollups, Touched, TouchedMonth } from "../../ports/rollups.ts";
import type { Database, Statement } from "./database.ts";
import { MONTH_HOURS, ROLLUPS, type Rollup, SLICE_ACCOUNTS } from "./rollup-sql.ts";

/** One at a time: two at once would wait for each other's rows in another order. */
const ALONE = { query: "SELECT 'null' AS row FROM pg_advisory_xact_lock(hashtext('rollups'))", params: [] };
/** A day of few rows after one of many: what was planned for one is wrong for the other. */
const PLAIN = { query: "SET LOCAL jit = off", params: [] };
/** So that what names a month's rows fits into a hash, however many the planner takes them for. */
const ROOM = { query: "SET LOCAL work_mem = '64MB'", params: [] };

/** Rollups of one country's Postgres. */
export const neonRollups = (db: Database, timeZone: string): Rollups => {
  // Months are added up from local days, and need no zone.
  const paramsOf = ({ computed }: Rollup, days: readonly string[]) =>
    computed.includes("$2") ? [JSON.stringify(days), timeZone] : [JSON.stringify(days)];
  const run = async (statements: Statement[]) => {
    const answers = await db.transaction([ALONE, PLAIN, ROOM, ...statements]);
    return answers.flat() as ({ changed?: number; last?: number | null } | null)[];
  };
  const changedIn = (rows: Awaited<ReturnType<typeof run>>) => rows.reduce((sum, row) => sum + (row?.changed ?? 0), 0);
  const sliceAfter = async (after: number): Promise<{ last: number | null; isWhole: boolean }> => {
    const [slice] = await db.read<{ last: number | null; accounts: number }>(SLICE, [String(after)]);
    return { last: slice?.last ?? null, isWhole: slice?.accounts === SLICE_ACCOUNTS };
  };
  return {
    touched: (max) => db.read<Touched>(TOUCHED, [String(max)]),
    touchedMonths: (max) => db.read<TouchedMonth>(TOUCHED_MONTHS, [String(max)]),

    async refresh(days, done) {
      const statements = ROLLUPS.flatMap((rollup) => {
        const asked = days[rollup.of];
        return asked.length === 0 ? [] : [{ query: written(rollup), params: paramsOf(rollup, asked) }];
      });
      const touching = days.energy.length === 0 ? [] : [{ query: TOUCH_MONTHS, params: [JSON.stringify(days.energy)] }];
      return changedIn(await run([...statements, ...touching, forgetting(done)]));
    },

    async refreshMonth(month, after) {
      const params = [JSON.stringify([month]), timeZone, String(after)];
      const { last, isWhole } = await sliceAfter(after);
      if (last === null) return { changed: 0, last };
      const changed = changedIn(await run([{ query: written(MONTH_HOURS), params }]));
      return { changed, last: isWhole ? last : null };
    },

    async forget(ids) {
      await db.transaction([forgetting(ids)]);
    },

    async verify(days) {
      const asked = ROLLUPS.map(async (rollup) => {
        const [row] = await db.read<{ differ: number }>(compared(rollup), paramsOf(rollup, days));
        return { table: rollup.table, differ: row?.differ ?? 0 };
      });
      const months = [...new Set(days.map((day) => `${day.slice(0, 7)}-01`))];
      let differ = 0;
      for (let after: number | null = 0; after !== null; ) {
        const params = [JSON.stringify(months), timeZone, String(after)];
        const { last, isWhole } = await sliceAfter(after);
        const [row] = await db.read<{ differ: number }>(compared(MONTH_HOURS), params);
        differ += row?.differ ?? 0;
        after = isWhole ? last : null;
      }
      return [...(await Promise.all(asked)), { table: MONTH_HOURS.table, differ }];
    },
  };
};

const TOUCHED = `SELECT id, what, (extract(epoch FROM at) * 1000)::bigint AS at FROM rollup_touched
  WHERE what IN ('money', 'energy') ORDER BY rollup_touched.at DESC, id LIMIT $1::int`;
const TOUCHED_MONTHS = `SELECT (at AT TIME ZONE 'UTC')::date::text AS month, json_agg(id) AS ids FROM rollup_touched
  WHERE what = 'hours' GROUP BY at ORDER BY at DESC LIMIT $1::int`;
const TOUCH_MONTHS = `INSERT INTO rollup_touched (what, at)
  SELECT DISTINCT 'hours', date_trunc('month', value::timestamp) AT TIME ZONE 'UTC' FROM jsonb_array_elements_text($1::jsonb)`;
const SLICE = `SELECT max(id) AS last, count(*)::int AS accounts
  FROM (SELECT id FROM accounts WHERE id > $1::bigint ORDER BY id LIMIT ${SLICE_ACCOUNTS}) s`;

/** Exactly the rows that were read: one with a lower number may still be on its way. */
const forgetting = (ids: readonly number[]): Statement => ({
  query: "DELETE FROM rollup_touched WHERE id IN (SELECT value::bigint FROM jsonb_array_elements_text($1::jsonb))",
  params: [JSON.stringify(ids)],
});

const columns = ({ key, values }: Rollup) => [...key, ...values];
const listed = (names: readonly string[], alias: string) => names.map((name) => `${alias}.${name}`).join(", ");
const bounded = ({ bound, key }: Rollup) =>
  bound === "slice"
    ? "t.month IN (SELECT month FROM months) AND t.account_id IN (SELECT id FROM slice)"
    : `t.${key[0]} IN (SELECT ${bound === "days" ? "day FROM days" : "month FROM months"})`;
/** What names a row; of two nulls, which only an account's number can be, both stand for nobody. */
const named = ({ key }: Rollup, alias: string) =>
  key.map((name) => (name === "account_number" ? `coalesce(${alias}.${name}, '')` : `${alias}.${name}`)).join(", ");

/** Only what differs is written, so that a second time changes nothing. */
export function written(rollup: Rollup): string {
  const { table, key, values, computed } = rollup;
  return `WITH ${computed}, gone AS (
      -- Hashed whatever the planner takes the sizes for: row by row a month would run into the statement's time limit.
      DELETE FROM ${table} t WHERE ${bounded(rollup)} AND (${named(rollup, "t")}) NOT IN (SELECT ${named(rollup, "c")} FROM computed c) RETURNING 1
    ), put AS (
      INSERT INTO ${table} AS t (${columns(rollup).join(", ")}) SELECT ${listed(columns(rollup), "c")} FROM computed c
      ON CONFLICT (${key.join(", ")}) DO UPDATE SET ${values.map((name) => `${name} = excluded.${name}`).join(", ")}
        WHERE (${listed(values, "t")}) IS DISTINCT FROM (${listed(values, "excluded")}) RETURNING 1
    ) SELECT json_build_object('changed', (SELECT count(*) FROM gone) + (SELECT count(*) FROM put))::text AS row`;
}

function compared(rollup: Rollup): string {
  const names = columns(rollup).join(", ");
  return `WITH ${rollup.computed}, stored AS (SELECT ${listed(columns(rollup), "t")} FROM ${rollup.table} t WHERE ${bounded(rollup)})
    SELECT (SELECT count(*) FROM (SELECT ${names} FROM computed EXCEPT SELECT ${names} FROM stored) a)
      + (SELECT count(*) FROM (SELECT ${names} FROM stored EXCEPT SELECT ${names} FROM computed) b) AS differ`;
}
