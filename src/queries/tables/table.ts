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

/** More than some ten thousand rows, in time. */
export const LARGE = true;
