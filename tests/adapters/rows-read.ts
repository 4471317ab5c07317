import { withClient } from "../../dev/database-server.ts";
import type { Reader } from "../../src/ports/reader.ts";

type Node = {
  "Relation Name"?: string;
  "Actual Rows": number;
  "Actual Loops": number;
  "Rows Removed by Filter"?: number;
  "Rows Removed by Index Recheck"?: number;
  Plans?: Node[];
};

/** How many rows of each table a question goes through, by the database's own count. */
export async function rowsRead(
  url: string,
  ask: (reader: Reader) => Promise<unknown>,
): Promise<Record<string, number>> {
  const read: Record<string, number> = {};
  const walk = (node: Node) => {
    const table = node["Relation Name"];
    const gone = (node["Rows Removed by Filter"] ?? 0) + (node["Rows Removed by Index Recheck"] ?? 0);
    if (table !== undefined)
      read[table] = (read[table] ?? 0) + Math.round((node["Actual Rows"] + gone) * node["Actual Loops"]);
    for (const below of node.Plans ?? []) walk(below);
  };
  await withClient(url, async (client) => {
    // One after the other, also where a page asks for several at once.
    let one: Promise<unknown> = Promise.resolve();
    await ask({
      async read<T>(query: string, params: readonly string[] = []) {
        const told = one.then(async () => {
          const { rows } = await client.query(`EXPLAIN (ANALYZE, FORMAT JSON) ${query}`, [...params]);
          walk(rows[0]["QUERY PLAN"][0].Plan);
          return (await client.query(query, [...params])).rows as T[];
        });
        one = told;
        return told;
      },
    });
  });
  return read;
}
