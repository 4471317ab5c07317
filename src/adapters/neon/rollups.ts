import type { Rollups, Touched } from "../../ports/rollups.ts";
import type { Database, Statement } from "./database.ts";
import { ROLLUPS, type Rollup } from "./rollup-sql.ts";

/** One at a time: two at once would wait for each other's rows in another order. */
const ALONE = "SELECT 'null' AS row FROM pg_advisory_xact_lock(hashtext('rollups'))";
/** A day of few rows after one of many: what was planned for one is wrong for the other. */
const PLAIN = "SET LOCAL jit = off";

/** Rollups of one country's Postgres. */
export const neonRollups = (db: Database, timeZone: string): Rollups => {
  // Months are added up from local days, and need no zone.
  const paramsOf = ({ computed }: Rollup, days: readonly string[]) =>
    computed.includes("$2") ? [JSON.stringify(days), timeZone] : [JSON.stringify(days)];
  return {
    touched: (max) => db.read<Touched>(TOUCHED, [String(max)]),

    async refresh(days, done) {
      const statements = ROLLUPS.flatMap((rollup) => {
        const asked = days[rollup.of];
        return asked.length === 0 ? [] : [{ query: written(rollup), params: paramsOf(rollup, asked) }];
      });
      const forgotten: Statement = { query: FORGET, params: [JSON.stringify(done)] };
      const answers = await db.transaction([
        { query: ALONE, params: [] },
        { query: PLAIN, params: [] },
        ...statements,
        forgotten,
      ]);
      return answers.flat().reduce<number>((sum, row) => sum + ((row as { changed?: number } | null)?.changed ?? 0), 0);
    },

    async verify(days) {
      const asked = ROLLUPS.map(async (rollup) => {
        const [row] = await db.read<{ differ: number }>(compared(rollup), paramsOf(rollup, days));
        return { table: rollup.table, differ: row?.differ ?? 0 };
      });
      return Promise.all(asked);
    },
  };
};

const TOUCHED = `SELECT id, what, (extract(epoch FROM at) * 1000)::bigint AS at FROM rollup_touched ORDER BY rollup_touched.at DESC, id LIMIT $1::int`;

/** Exactly the rows that were read: one with a lower number may still be on its way. */
const FORGET = `DELETE FROM rollup_touched WHERE id IN (SELECT value::bigint FROM jsonb_array_elements_text($1::jsonb))`;

const columns = ({ key, values }: Rollup) => [...key, ...values];
const listed = (names: readonly string[], alias: string) => names.map((name) => `${alias}.${name}`).join(", ");
const bounded = ({ bound, key }: Rollup) =>
  `t.${key[0]} IN (SELECT ${bound === "days" ? "day FROM days" : "month FROM months"})`;
const same = ({ key }: Rollup) => key.map((name) => `t.${name} IS NOT DISTINCT FROM c.${name}`).join(" AND ");

/** Only what differs is written, so that a second time changes nothing. */
function written(rollup: Rollup): string {
  const { table, key, values, computed } = rollup;
  return `WITH ${computed}, gone AS (
      DELETE FROM ${table} t WHERE ${bounded(rollup)} AND NOT EXISTS (SELECT FROM computed c WHERE ${same(rollup)}) RETURNING 1
    ), put AS (
      INSERT INTO ${table} AS t (${columns(rollup).join(", ")}) SELECT ${listed(columns(rollup), "c")} FROM computed c
      ON CONFLICT (${key.join(", ")}) DO UPDATE SET ${values.map((name) => `${name} = excluded.${name}`).join(", ")}
        WHERE (${listed(values, "t")}) IS DISTINCT FROM (${listed(values, "excluded")}) RETURNING 1
    ) SELECT json_build_object('changed', (SELECT count(*) FROM gone) + (SELECT count(*) FROM put))::text AS row`;
}

function compared(rollup: Rollup): string {
  const names = columns(rollup);
  return `WITH ${rollup.computed}, stored AS (SELECT ${listed(names, "t")} FROM ${rollup.table} t WHERE ${bounded(rollup)})
    SELECT (SELECT count(*) FROM (SELECT ${names.join(", ")} FROM computed EXCEPT SELECT ${names.join(", ")} FROM stored) a)
      + (SELECT count(*) FROM (SELECT ${names.join(", ")} FROM stored EXCEPT SELECT ${names.join(", ")} FROM computed) b) AS differ`;
}
