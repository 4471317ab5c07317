/**
 * What a cell of the old database holds. A date is a wall time without a zone; here it stands in a Date as if the wall
 * were in Greenwich, and `wall-time.ts` alone makes an instant of it.
 */
export type Cell = string | number | boolean | Date | null;

/** A row by the names of its columns, in lower case. A column that the file does not have is absent, and reads as null. */
export type OldRow = Readonly<Record<string, Cell | undefined>>;

/** Where a row stood: its table and, in it, its number, or what names it where the table numbers nothing. */
export type RowRef = { table: string; row: string };

/** Text as it stands; null and blank are both missing. Throws on a cell that is no text: then the column is another one. */
export function textOf(row: OldRow, column: string): string | null {
  const cell = row[column] ?? null;
  if (cell === null) return null;
  if (typeof cell !== "string") throw new TypeError(`[${column}] should be text and is ${kindOf(cell)}`);
  return cell.trim() === "" ? null : cell;
}

/** A number, or the text of one (the reader gives currency as text, so that no double rounds it). */
export function numberOf(row: OldRow, column: string): number | string | null {
  const cell = row[column] ?? null;
  if (cell === null || typeof cell === "number") return cell;
  if (typeof cell !== "string") throw new TypeError(`[${column}] should be a number and is ${kindOf(cell)}`);
  return cell.trim() === "" ? null : cell;
}

/** A whole number such as a row's ID. Throws on anything else but null. */
export function idOf(row: OldRow, column: string): number | null {
  const cell = row[column] ?? null;
  if (cell === null) return null;
  if (typeof cell !== "number" || !Number.isSafeInteger(cell))
    throw new TypeError(`[${column}] should be a whole number and is ${kindOf(cell)}`);
  return cell;
}

export function flagOf(row: OldRow, column: string): boolean {
  const cell = row[column] ?? null;
  if (typeof cell !== "boolean") throw new TypeError(`[${column}] should be yes or no and is ${kindOf(cell)}`);
  return cell;
}

/** Milliseconds of the wall time, to the whole second: a date of the old database is a double of days. */
export function wallOf(row: OldRow, column: string): number | null {
  const cell = row[column] ?? null;
  if (cell === null) return null;
  if (!(cell instanceof Date)) throw new TypeError(`[${column}] should be a date and is ${kindOf(cell)}`);
  const second = Math.round(cell.getTime() / 1_000);
  return Number.isSafeInteger(second) ? second * 1_000 : null;
}

/** A text that stands in a cell of a number or of text: phones do. */
export function writtenOf(row: OldRow, column: string): string | null {
  const cell = row[column] ?? null;
  if (typeof cell === "number") return Number.isSafeInteger(cell) ? String(cell) : null;
  return textOf(row, column);
}

const kindOf = (cell: Cell): string => (cell === null ? "empty" : cell instanceof Date ? "a date" : typeof cell);
