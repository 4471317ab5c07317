import { MONTH_ACCOUNTS_MAX, type Rollups, type Touched, type TouchedMonth } from "../../ports/rollups.ts";
import type { Database, Statement } from "./database.ts";
import { type Carried, MONTH_HOURS, MONTHS_BY_DAYS, MONTHS_OF_SLICE, ROLLUPS, type Rollup } from "./rollup-sql.ts";

/** One at a time: two at once would wait for each other's rows in another order. */
const ALONE = { query: "SELECT 'null' AS row FROM pg_advisory_xact_lock(hashtext('rollups'))", params: [] };
/** A day of few rows after one of many: what was planned for one is wrong for the other. */
const PLAIN = { query: "SET LOCAL jit = off", params: [] };
/** So that what a step sorts and hashes stays in memory. */
const ROOM = { query: "SET LOCAL work_mem = '64MB'", params: [] };

/** Rollups of one country's Postgres. */
export const neonRollups = (db: Database, timeZone: string): Rollups => {
  // Months are added up from local days, and need no zone.
  const paramsOf = ({ bound, computed }: Rollup, days: readonly string[]) => {
    const asked = arrayOf(bound === "months" ? monthsOf(days) : days);
    return computed.includes("$2") ? [asked, timeZone] : [asked];
  };
  const run = async (statements: Statement[]) => {
    const answers = await db.transaction([ALONE, PLAIN, ROOM, ...statements]);
    return answers.flat() as ({ changed?: number; last?: number | null } | null)[];
  };
  const changedIn = (rows: Awaited<ReturnType<typeof run>>) => rows.reduce((sum, row) => sum + (row?.changed ?? 0), 0);
  const sliceAfter = async (after: number, max: number): Promise<{ last: number | null; isWhole: boolean }> => {
    const [slice] = await db.read<{ last: number | null; accounts: number }>(SLICE, [String(after), String(max)]);
    return { last: slice?.last ?? null, isWhole: slice?.accounts === max };
  };
  return {
    async accounts() {
      const [row] = await db.read<{ accounts: number }>("SELECT count(*)::int AS accounts FROM accounts");
      return row?.accounts ?? 0;
    },

    touched: (max) => db.read<Touched>(TOUCHED, [String(max)]),
    touchedMonths: (max, { running, waitedSince }) =>
      db.read<TouchedMonth>(TOUCHED_MONTHS, [String(max), running, String(waitedSince)]),

    async refresh(days, done) {
      const statements = ROLLUPS.flatMap((rollup) => {
        const asked = days[rollup.of];
        const statement = { query: written(rollup), params: paramsOf(rollup, asked) };
        const emptied =
          rollup.carried === undefined ? [] : [{ query: emptying(rollup.carried), params: [arrayOf(monthsOf(asked))] }];
        return asked.length === 0 ? [] : [statement, ...emptied];
      });
      const touching =
        days.energy.length === 0 ? [] : [{ query: TOUCH_MONTHS, params: [arrayOf(monthsOf(days.energy))] }];
      // Forgotten before it is computed: whoever has relied on a touch until then has committed, and whoever comes now writes another.
      return changedIn(await run([forgetting(done), ...statements, ...touching]));
    },

    async refreshMonth(month, after, accounts) {
      const params = [arrayOf([month]), timeZone, String(after), String(accounts)];
      const { last, isWhole } = await sliceAfter(after, accounts);
      if (last === null) return { changed: 0, last };
      const days = { query: written(MONTHS_OF_SLICE), params: [arrayOf([month]), String(after), String(accounts)] };
      const changed = changedIn(await run([{ query: written(MONTH_HOURS), params }, days]));
      return { changed, last: isWhole ? last : null };
    },

    async forgetMonth({ month, ids }) {
      await db.transaction([forgetting(ids), { query: SINCE_NOW, params: [month] }]);
    },

    async verify(days) {
      const months = monthsOf(days);
      const waiting = () => db.read<{ what: string; day: string }>(WAITING, [arrayOf(months), timeZone]);
      const before = await waiting();
      const found = await Promise.all(
        [...ROLLUPS, MONTHS_BY_DAYS].map(async (rollup) => ({
          ...{ table: rollup.table, of: rollup.of as string, isMonth: rollup.bound === "months" },
          rows: await db.read<DayDiffer>(compared(rollup), paramsOf(rollup, days)),
        })),
      );
      const hours: DayDiffer[] = [];
      for (let after: number | null = 0; after !== null; ) {
        const { last, isWhole } = await sliceAfter(after, MONTH_ACCOUNTS_MAX);
        const params = [arrayOf(months), timeZone, String(after), String(MONTH_ACCOUNTS_MAX)];
        hours.push(...(await db.read<DayDiffer>(compared(MONTH_HOURS), params)));
        after = isWhole ? last : null;
      }
      // Once more: what was touched while it was compared waits too, and what was added up meanwhile waited.
      const waits = [...before, ...(await waiting())];
      return [...found, { table: MONTH_HOURS.table, of: "hours", isMonth: true, rows: hours }].map(
        ({ table, of, isMonth, rows }) => ({
          table,
          days: [...Map.groupBy(rows, ({ day }) => day)].map(([day, each]) => ({
            ...{ day, differ: each.reduce((sum, { differ }) => sum + differ, 0) },
            isWaiting: waits.some(
              (touch) =>
                (touch.what === of || (of === "hours" && touch.what === "energy")) &&
                (isMonth ? monthOf(touch.day) === day : touch.day === day),
            ),
          })),
        }),
      );
    },
  };
};

type DayDiffer = { day: string; differ: number };
const arrayOf = (days: readonly string[]) => `{${days.join(",")}}`;
const monthOf = (day: string) => `${day.slice(0, 7)}-01`;
const monthsOf = (days: readonly string[]) => [...new Set(days.map(monthOf))];

/** Local days of which something is not added up yet, of these months. An hour of money may lie in two days. */
const WAITING = `SELECT DISTINCT what, day::text AS day FROM (
    SELECT what, (at AT TIME ZONE 'UTC')::date AS day FROM rollup_touched WHERE what <> 'money'
    UNION ALL SELECT what, (at AT TIME ZONE $2::text)::date FROM rollup_touched WHERE what = 'money'
    UNION ALL SELECT what, ((at + interval '3599 seconds') AT TIME ZONE $2::text)::date FROM rollup_touched WHERE what = 'money'
  ) t WHERE date_trunc('month', day)::date = ANY ($1::date[])`;
const TOUCHED = `SELECT id, what, (extract(epoch FROM at) * 1000)::bigint AS at FROM rollup_touched
  WHERE what IN ('money', 'energy') ORDER BY rollup_touched.at DESC, id LIMIT $1::int`;
/** A month that runs changes with each hour: once it was added up, it waits its time. */
const TOUCHED_MONTHS = `SELECT (at AT TIME ZONE 'UTC')::date::text AS month, json_agg(id) AS ids FROM rollup_touched t
  WHERE what = 'hours' GROUP BY at
  HAVING (at AT TIME ZONE 'UTC')::date < $2::date OR min(since) <= cc_at($3::bigint)
    OR NOT EXISTS (SELECT FROM metered_month_hours h WHERE h.month = (t.at AT TIME ZONE 'UTC')::date)
  ORDER BY at DESC LIMIT $1::int`;
/** One row a month, with a new number each time: whoever adds a month up forgets the number that it read, and never this one. */
const TOUCH_MONTHS = `WITH old AS (
    DELETE FROM rollup_touched WHERE what = 'hours' AND (at AT TIME ZONE 'UTC')::date = ANY ($1::date[]) RETURNING at, since
  ) INSERT INTO rollup_touched (what, at, since)
  SELECT 'hours', m.at, coalesce(min(o.since), now())
  FROM (SELECT month::timestamp AT TIME ZONE 'UTC' AS at FROM unnest($1::date[]) AS month) m LEFT JOIN old o ON o.at = m.at GROUP BY m.at`;
/** Whatever has changed while the month was added up waits since then, and not since before. */
const SINCE_NOW = `UPDATE rollup_touched SET since = now() WHERE what = 'hours' AND at = $1::timestamp AT TIME ZONE 'UTC'`;
const SLICE = `SELECT max(id) AS last, count(*)::int AS accounts
  FROM (SELECT id FROM accounts WHERE id > $1::bigint ORDER BY id LIMIT $2::int) s`;

/**
 * Of the rows that were read those on which no writer relies just now: such a one is kept for the next time, and waited for by nobody. One
 * with a lower number may still be on its way.
 */
const forgetting = (ids: readonly number[]): Statement => ({
  query: `DELETE FROM rollup_touched WHERE id = ANY (ARRAY(
    SELECT t.id FROM rollup_touched t WHERE t.id = ANY ($1::bigint[]) FOR UPDATE SKIP LOCKED))`,
  params: [`{${ids.join(",")}}`],
});

const columns = ({ key, values }: Rollup) => [...key, ...values];
const listed = (names: readonly string[], alias: string) => names.map((name) => `${alias}.${name}`).join(", ");
const bounded = ({ bound, key }: Rollup) =>
  bound === "slice"
    ? "t.month = ANY($1::date[]) AND t.account_id IN (SELECT id FROM slice)"
    : `t.${key[0]} = ANY($1::date[])`;
/** Of two nulls, which only an account's number can be, both stand for nobody. */
const equal = ({ key }: Rollup, one: string, other: string) =>
  key
    .map((name) =>
      name === "account_number"
        ? `coalesce(${one}.${name}, '') = coalesce(${other}.${name}, '')`
        : `${one}.${name} = ${other}.${name}`,
    )
    .join(" AND ");

/**
 * What differs between what is computed and what is stored, one row each. A full join, for it is made by hashing or merging whatever the
 * planner takes the sizes for; any other join may be made pair by pair, which runs into the statement's time limit.
 */
const differing = (rollup: Rollup) => `${rollup.computed}, stored AS MATERIALIZED (
      SELECT t.ctid AS place, ${listed(columns(rollup), "t")} FROM ${rollup.table} t WHERE ${bounded(rollup)}
    ), differing AS MATERIALIZED (
      SELECT s.place, ${columns(rollup)
        .map((name) => `s.${name} AS was_${name}`)
        .join(", ")}, ${listed(columns(rollup), "c")}
      FROM computed c FULL JOIN stored s ON ${equal(rollup, "c", "s")}
      WHERE (${listed(rollup.values, "c")}) IS DISTINCT FROM (${listed(rollup.values, "s")})
    )`;

/** Only what differs is written, so that a second time changes nothing. Nobody else writes meanwhile, so a row stays in its place. */
export function written(rollup: Rollup): string {
  const { table, key, values, carried } = rollup;
  return `WITH ${differing(rollup)}, gone AS (
      DELETE FROM ${table} t WHERE t.ctid = ANY (ARRAY(SELECT place FROM differing WHERE ${key[0]} IS NULL)) RETURNING 1
    ), put AS (
      INSERT INTO ${table} AS t (${columns(rollup).join(", ")}) SELECT ${listed(columns(rollup), "d")} FROM differing d WHERE d.${key[0]} IS NOT NULL
      ON CONFLICT (${key.join(", ")}) DO UPDATE SET ${values.map((name) => `${name} = excluded.${name}`).join(", ")} RETURNING 1
    )${carried === undefined ? "" : `, ${carrying(carried)}`}
    SELECT json_build_object('changed', (SELECT count(*) FROM gone) + (SELECT count(*) FROM put)${carried === undefined ? "" : " + (SELECT count(*) FROM carried)"})::text AS row`;
}

/** What the days that differ gained or lost, added to their months. Days and months are written by nobody else, so a month stays the sum of its days. */
function carrying({ table, key, keeps, adds }: Carried): string {
  const names = Object.keys(adds);
  const gained = Object.entries(adds).map(([name, of]) => `sum(${of("d.")} - ${of("d.was_")})::bigint AS ${name}`);
  return `moved AS (
      SELECT date_trunc('month', coalesce(d.day, d.was_day)::timestamp)::date AS month, coalesce(d.${key}, d.was_${key}) AS ${key},
        max(coalesce(d.${keeps}, d.was_${keeps})) AS ${keeps}, ${gained.join(", ")}
      FROM differing d GROUP BY 1, 2
    ), carried AS (
      INSERT INTO ${table} AS t (month, ${[key, keeps, ...names].join(", ")}) SELECT month, ${[key, keeps, ...names].join(", ")} FROM moved m
      WHERE (${listed(names, "m")}) <> (${names.map(() => "0").join(", ")})
      ON CONFLICT (month, ${key}) DO UPDATE SET ${[`${keeps} = excluded.${keeps}`, ...names.map((name) => `${name} = t.${name} + excluded.${name}`)].join(", ")}
      RETURNING 1
    )`;
}

/** A month of which no day is left has no row either. */
const emptying = ({
  table,
}: Carried) => `WITH gone AS (DELETE FROM ${table} WHERE month = ANY ($1::date[]) AND days = 0 RETURNING 1)
    SELECT json_build_object('changed', count(*))::text AS row FROM gone`;

/** How many rows of each day or month differ. */
const compared = (rollup: Rollup) => `WITH ${differing(rollup)}
    SELECT coalesce(${rollup.key[0]}, was_${rollup.key[0]})::text AS day, count(*)::int AS differ FROM differing GROUP BY 1 ORDER BY 1`;
