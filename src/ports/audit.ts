import type { Json } from "../domain/audit/diff.ts";
import type { RevertTable } from "../domain/audit/revertible.ts";
import type { Result } from "../domain/result.ts";
import type { Change, RegistryRefusal } from "./registry.ts";

/** reverted: by that act, already. changed: the row is not as the act left it; nobody's later change is overwritten. */
export type RevertRefusal =
  | RegistryRefusal
  | { kind: "reverted"; by: number }
  | { kind: "changed" }
  | { kind: "in_use" };

/** What a person does that changes no row of its own. */
export type OrderedAct = { action: string; subject: string; after: unknown };

export interface Audit {
  record(act: OrderedAct, by: Change): Promise<void>;
  /** The row that act `id` was about, as it is now; null: it is gone. */
  rowOf(id: number, table: RevertTable): Promise<Json | null>;
  /** Accounts whose objects know something of that row. */
  touched(id: number, table: RevertTable): Promise<string[]>;
  /** Puts the row back as it was before act `id`, as an act of its own. */
  revert(id: number, table: RevertTable, by: Change): Promise<Result<{ version: number }, RevertRefusal>>;
}
