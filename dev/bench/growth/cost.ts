/** What a question makes the database do, by its own count: unlike time, it is the same however busy the machine is. */
import type pg from "pg";
import type { Database } from "../../../src/adapters/neon/database.ts";

export type Cost = {
  /** Pages of 8 kB that it looked at, in memory or on disk, and that it wrote to sort. A page is counted as often as it is looked at. */
  pages: number;
  /** Rows that any step of its plans went through, those too that a filter left out. */
  rows: number;
  /** Rows that it answered. */
  answered: number;
};

export type Node = {
  "Actual Rows"?: number;
  "Actual Loops"?: number;
  Plans?: Node[];
  [count: string]: unknown;
};

const GONE = ["Rows Removed by Filter", "Rows Removed by Index Recheck", "Rows Removed by Join Filter"];
const PAGES = ["Shared Hit Blocks", "Shared Read Blocks", "Temp Read Blocks", "Temp Written Blocks"];

const sumOf = (node: Node, names: readonly string[]) => names.reduce((sum, name) => sum + Number(node[name] ?? 0), 0);
const rowsOf = (node: Node): number =>
  Math.round((Number(node["Actual Rows"] ?? 0) + sumOf(node, GONE)) * Number(node["Actual Loops"] ?? 0)) +
  (node.Plans ?? []).reduce((sum, each) => sum + rowsOf(each), 0);

/** Of one `EXPLAIN (ANALYZE, BUFFERS, FORMAT JSON)`: its root counts the pages of all below it, each node its own rows. */
export const costOf = (plan: Node): Cost => ({
  ...{ pages: sumOf(plan, PAGES), rows: rowsOf(plan) },
  answered: Number(plan["Actual Rows"] ?? 0),
});

/** A plan as lines: each step with its rows as often as it ran, and its pages. */
export function summary(query: string, plan: Node): string {
  const lines = (node: Node, depth: number): string[] => [
    `${"  ".repeat(depth)}${node["Node Type"]} ${node["Relation Name"] ?? node["CTE Name"] ?? ""} ${node["Index Name"] ?? ""}: ${node["Actual Rows"]} rows x ${node["Actual Loops"]}, ${sumOf(node, GONE)} left out, ${sumOf(node, PAGES)} pages`,
    ...(node.Plans ?? []).flatMap((below) => lines(below, depth + 1)),
  ];
  return `${query.replaceAll(/\s+/g, " ").slice(0, 200)}\n${lines(plan, 0).join("\n")}`;
}

const EXPLAIN = "EXPLAIN (ANALYZE, BUFFERS, TIMING OFF, FORMAT JSON)";
const CAN_BE_EXPLAINED = /^\s*(WITH|SELECT|INSERT|UPDATE|DELETE)\b/i;

/** A database that does all that it is asked and counts what it costs; `onPlan` hears of each plan. What is written answers no rows. */
export function counting(
  client: pg.Client,
  onPlan: (query: string, plan: Node) => void = () => undefined,
): { db: Database; cost: Cost } {
  const cost: Cost = { pages: 0, rows: 0, answered: 0 };
  let before: Promise<unknown> = Promise.resolve();
  /** One after the other, also where a page asks for several at once. */
  const inTurn = <T>(work: () => Promise<T>): Promise<T> => {
    const turn = before.then(work);
    before = turn.catch(() => undefined);
    return turn;
  };
  const explain = async (query: string, params: readonly string[]) => {
    const { rows } = await client.query(`${EXPLAIN} ${query}`, [...params]);
    const { Plan: plan } = rows[0]["QUERY PLAN"][0];
    const found = costOf(plan);
    for (const what of ["pages", "rows", "answered"] as const) cost[what] += found[what];
    onPlan(query, plan);
  };
  const db: Database = {
    read: <T>(query: string, params: string[] = []) =>
      inTurn(async () => {
        await explain(query, params);
        return (await client.query(`SELECT row_to_json(q) AS row FROM (${query}) AS q`, params)).rows.map(
          ({ row }) => row as T,
        );
      }),
    transaction: (statements) =>
      inTurn(async () => {
        await client.query("BEGIN");
        for (const { query, params } of statements) {
          if (CAN_BE_EXPLAINED.test(query)) await explain(query, params);
          else await client.query(query, params);
        }
        await client.query("COMMIT");
        return statements.map(() => []);
      }),
  };
  return { db, cost };
}
