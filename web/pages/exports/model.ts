import type { InferResponseType } from "hono/client";
import type { api } from "../../api.ts";

export type Described = InferResponseType<ReturnType<typeof api>["tables"]["$get"], 200>["tables"][number];

/** What one file can hold (docs/exports.md): 750 calls of 2,000 rows, and a Worker may make a thousand. */
export const FILE_ROWS_MAX = 1_500_000;

/** Whether a file of it all would break off; null: nobody knows how many rows there are. */
export const isTooMuch = (rows: number | null, hasFilter: boolean): boolean =>
  !hasFilter && rows !== null && rows > FILE_ROWS_MAX;

/** How far a download has come, in bytes as people read them. */
export function bytes(n: number): string {
  if (n < 1_000) return `${n} B`;
  return n < 1_000_000 ? `${Math.round(n / 1_000)} kB` : `${(n / 1_000_000).toFixed(1)} MB`;
}
