import type { StepsMoved } from "../../src/services/move-in-steps.ts";
import type { OpeningsWritten } from "./openings.ts";
import type { RateWritten } from "./rate.ts";
import type { MetersWritten, RefusedRow, TableWritten } from "./tables.ts";

export type Counts = Record<string, number>;

/** What a writing run came to. */
export type Written = {
  customers: Counts;
  accounts: Counts;
  /** What was written of the accounts' way to light, and every step that was not, with its reason. */
  steps: StepsMoved;
  openings: OpeningsWritten;
  /** Null: the old database was not asked for it, or has none. */
  rate: RateWritten | null;
  meters: MetersWritten | null;
  /** By the table's name in the old database. */
  tables: Record<string, TableWritten>;
  /** Every row of these that the door refused. */
  refusedRows: RefusedRow[];
};
