import type { Result } from "../domain/result.ts";
import type { Change, RegistryRefusal } from "./registry.ts";

/** Tables that people write row by row: nothing else decides what is in them, and no object has their truth. */
export type PlainTable = "sites" | "meters";

/** changed: the row is not as it was seen. in_use: others name it. */
export type RecordRefusal = RegistryRefusal | { kind: "changed" } | { kind: "in_use" };
type Written = Promise<Result<{ version: number }, RecordRefusal>>;

/** Plain rows, by the name that people know them by. Each call leaves its audit row in the same transaction. */
export interface Records {
  create(table: PlainTable, name: string, fields: object, by: Change): Written;
  /** Only where `seen` is what is there now. What is as it was already is no change. */
  update(table: PlainTable, name: string, fields: object, seen: object, by: Change): Written;
  erase(table: PlainTable, name: string, seen: object, by: Change): Written;
  /** Accounts whose objects know something of this row. */
  touched(table: PlainTable, name: string): Promise<string[]>;
}
