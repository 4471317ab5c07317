import type pg from "pg";
import type { Reader } from "../../../src/ports/reader.ts";

type Node = {
  "Node Type": string;
  "Relation Name"?: string;
  "Index Name"?: string;
  "Plan Rows": number;
  Plans?: Node[];
};
export type Asked = { query: string; params: string[] };

/** A reader that remembers what it was asked. */
export function remembering(db: Reader): { reader: Reader; asked: Asked[] } {
  const asked: Asked[] = [];
  const reader: Reader = {
    read: (query, params = []) => {
      asked.push({ query, params });
      return db.read(query, params);
    },
  };
  return { reader, asked };
}

/** Tables of a few rows, which every plan reads whole. */
const SMALL = /^(accounts|customers|customer_types|sites|account_stages|commissioning_events|meter_placements)$/;

/** How the large tables of some questions are read: "metered_days by metered_days_key", or "whole". */
export async function readsOf(client: pg.Client, asked: readonly Asked[]): Promise<string> {
  const reads = new Set<string>();
  const walk = (node: Node) => {
    const table = node["Relation Name"]?.replace(/_y\d{4}$/, "");
    // One of one row is an empty table, as a year before the first.
    if (table !== undefined && !SMALL.test(table) && (node["Node Type"] !== "Seq Scan" || node["Plan Rows"] > 1)) {
      const index = node["Index Name"];
      const way = index === undefined ? (node["Node Type"] === "Seq Scan" ? "whole" : node["Node Type"]) : index;
      if (node["Node Type"] !== "Bitmap Heap Scan") reads.add(`${table}: ${way}`);
    }
    if (node["Node Type"] === "Bitmap Index Scan" && node["Index Name"] !== undefined)
      reads.add(`bitmap of ${node["Index Name"]}`);
    for (const each of node.Plans ?? []) walk(each);
  };
  for (const { query, params } of asked) {
    const told = await client.query(`EXPLAIN (FORMAT JSON) ${query}`, params);
    walk(told.rows[0]["QUERY PLAN"][0].Plan as Node);
  }
  return [...reads].join("; ");
}
