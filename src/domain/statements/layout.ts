import type { Country, Operator } from "../country.ts";
import type { FieldFault } from "../customer.ts";
import type { SheetRow } from "../registration/cell.ts";
import type { StatementFormat, StatementLine } from "./line.ts";

/**
 * How one row reads. `fault`: this row is not taken. `file`: the whole file is not what it should be, and nothing of it is
 * taken: a date that does not read may stand for an order of day and month that is not ours.
 */
export type RowOutcome = { line: StatementLine } | { fault: FieldFault } | { file: FieldFault };

export type LayoutReader = {
  format: StatementFormat;
  provider: Operator;
  /** Whether its rows stand in the order of their times, forwards or backwards. */
  ordered: boolean;
  /** Found its header: how each row below reads. Null: another layout. */
  open(
    rows: readonly SheetRow[],
    country: Country,
  ): { headerIndex: number; read: (row: SheetRow) => RowOutcome } | null;
};

export const fault = (field: string, value: unknown, expected: string): { fault: FieldFault } => ({
  fault: { field, value, expected },
});
export const fileFault = (row: number, value: unknown, expected: string): { file: FieldFault } => ({
  file: { field: `row ${row}`, value, expected },
});
