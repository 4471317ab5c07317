import type { CustomerFields, FieldFault } from "../domain/customer.ts";
import type { SheetFormat } from "../domain/registration/cell.ts";
import type { FoundColumn } from "../domain/registration/columns.ts";
import type { Result } from "../domain/result.ts";
import type { Change, Registered, RegistryRefusal } from "./registry.ts";

/** Rows that one call brings. */
export const ROWS_PAGE_MAX = 1_000;
/** Rows that one call undoes. */
export const UNDO_PAGE_MAX = 100;

export type BatchState = "reading" | "checked" | "committing" | "committed" | "undoing" | "undone";
/** all: or nothing. good: the rows that nothing speaks against. */
export type BatchMode = "all" | "good";

/** A file as it was read. */
export type NewBatch = {
  /** Names the act. */
  key: string;
  contentHash: string;
  fileName: string | null;
  format: SheetFormat;
  sheet: string | null;
  site: string | null;
  columns: FoundColumn[];
  rowCount: number;
  emptyRows: number;
};

export type NewRow = {
  row: number;
  typed: Record<string, string>;
  faults: FieldFault[];
  /** Null: it has faults. */
  customer: CustomerFields | null;
  site: string | null;
  openedAt: number | null;
  /** Whether one goes into the house, whose fee is owed as soon as the row is registered. */
  readyboard: boolean;
};

/** A row that was taken, with the account it got. */
export type MadeRow = { row: number; account: string; customerId: number };

/** Files of new customers. What people decide leaves its audit rows in the same transaction. Throws when nobody knows. */
export interface Registrations {
  /** The same act, or the same file while it is not undone, is the batch that is there. `exists`: the act brought another file. */
  begin(batch: NewBatch, by: Change): Promise<Result<{ batchId: number }, RegistryRefusal>>;
  /** While the batch is being read; a row that is there stays. */
  addRows(batchId: number, rows: NewRow[]): Promise<void>;
  /** Whose likely twin each waiting row is, as of now; then the batch is checked. */
  check(batchId: number): Promise<void>;
  /** `refused`: of this state it cannot be taken. The same again is no change. */
  commit(batchId: number, how: { mode: BatchMode; takesTwins: boolean }, by: Change): Promise<Registered>;
  /**
   * Registers rows of a batch that was decided on: all at once, or where good rows do, `limit` after a row. `next`: after
   * which row it goes on; null: no row is left.
   */
  registerRows(
    batchId: number,
    after: number,
    limit: number,
    at: number,
  ): Promise<Result<{ next: number | null }, RegistryRefusal>>;
  /** Why a batch that could not be taken whole is looked at again. */
  giveBack(batchId: number, because: string, at: number): Promise<void>;
  rowsIn(batchId: number, state: "registered" | "ended", limit: number): Promise<MadeRow[]>;
  /** Rows that an undo has not looked at yet, after a row. */
  rowsToUndo(batchId: number, afterRow: number, limit: number): Promise<MadeRow[]>;
  /** The accounts' objects know. `used`: rows whose account got something meanwhile. */
  told(batchId: number, rows: number[], used: number[], at: number): Promise<void>;
  undo(batchId: number, by: Change): Promise<Registered>;
  /** Ends what was not used since; the rest is kept and says why. `used`: rows whose object knows of entries. */
  undoRows(batchId: number, rows: number[], used: number[], at: number): Promise<Registered>;
  /** Nothing is left to do: the batch is what it was becoming. */
  finish(batchId: number, at: number): Promise<void>;
}
