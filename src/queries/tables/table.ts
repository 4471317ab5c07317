import type { Permission } from "../../domain/permission.ts";
import { type BrowsedTable, columnsOf } from "./shape.ts";

/** Who writes what objects owe. */
export const COPY = "the copy of what objects owe";

/** A table as people may read it: `key` and `columns` as words. */
export function table(
  name: string,
  permission: Permission,
  [says, writer]: [string, string],
  key: string,
  columns: string,
  isLarge = false,
  part: { from: string; where: string } | null = null,
): BrowsedTable {
  return {
    name,
    says,
    writer,
    permission,
    key: key.split(" "),
    columns: columnsOf(columns),
    isLarge,
    from: part?.from ?? name,
    where: part?.where ?? null,
  };
}

/** With a column that is computed from each row, `t`, and is in no table; it is never sorted or filtered by. */
export function withComputed(of: BrowsedTable, column: string, sql: string): BrowsedTable {
  return { ...of, columns: [...of.columns, ...columnsOf(column).map((each) => ({ ...each, computed: sql }))] };
}

/** More than some ten thousand rows, in time. */
export const LARGE = true;
