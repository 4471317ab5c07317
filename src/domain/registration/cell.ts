import type { FieldFault } from "../customer.ts";
import type { Result } from "../result.ts";

/** What stands in one cell of a spreadsheet, and what the spreadsheet made of it. */
export type Cell = {
  kind: "text" | "number" | "date" | "boolean" | "formula" | "error" | "merged";
  /**
   * A number in plain decimals, or with an exponent where digits are lost; a date as 2026-11-03; of a formula what it
   * came to last; of a cell under a merged one the range.
   */
  text: string;
};

/** `row` is the number that people see beside it, from 1. */
export type SheetRow = { row: number; cells: (Cell | null)[] };

export type SheetFormat = "xlsx" | "csv";
/** The rows in their order; rows with nothing in them may be left out. `name`: of the sheet that was read; null: a text file. */
export type Sheet = { format: SheetFormat; name: string | null; rows: SheetRow[] };

/** Reads a file. Faults name the field `file`: what is wrong with all of it. */
export type ReadSheet = (bytes: Uint8Array) => Result<Sheet, FieldFault[]>;

export const FILE_BYTES_MAX = 5 * 1024 * 1024;
/** Rows with somebody in them. */
export const ROWS_MAX = 5_000;
/** Rows of a sheet that are looked at, empty ones and remarks among them. */
export const SHEET_ROWS_MAX = 2 * ROWS_MAX;
export const COLUMNS_MAX = 100;
export const CELL_CHARS_MAX = 2_000;

export const fileFault = (value: unknown, expected: string): FieldFault[] => [{ field: "file", value, expected }];
