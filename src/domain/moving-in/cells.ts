/**
 * What a cell of the old database holds. A date is a wall time without a zone; here it stands in a Date as if the wall
 * were in Greenwich, and `wall-time.ts` alone makes an instant of it.
 */
export type Cell = string | number | bigint | boolean | Date | null;

const DIGITS = /^\d{1,15}$/;

/** A row by the names of its columns, in lower case. A column that the file does not have is absent, and reads as null. */
export type OldRow = Readonly<Record<string, Cell | undefined>>;

/** Where a row stood: its table and, in it, its number, or what names it where the table numbers nothing. */
export type RowRef = { table: string; row: string };

/** Text as it stands; null and blank are both missing. A whole number is the text of its digits: meters and phones are. */
export function textOf(row: OldRow, column: string): string | null {
  const cell = row[column] ?? null;
  if (cell === null) return null;
  if (typeof cell === "bigint" || (typeof cell === "number" && Number.isSafeInteger(cell))) return String(cell);
  if (typeof cell !== "string") throw wrong(column, "text", cell);
  return cell.trim() === "" ? null : cell;
}

/** A number, or the text of one (the reader gives currency as text, so that no double rounds it). */
export function numberOf(row: OldRow, column: string): number | string | null {
  const cell = row[column] ?? null;
  if (cell === null || typeof cell === "number") return cell;
  if (typeof cell === "bigint") return String(cell);
  if (typeof cell !== "string") throw wrong(column, "a number", cell);
  return cell.trim() === "" ? null : cell;
}

/** A whole number such as a row's ID, or the text of one. Throws on anything else but null. */
export function idOf(row: OldRow, column: string): number | null {
  const cell = row[column] ?? null;
  if (cell === null || cell === "") return null;
  const id = typeof cell === "bigint" || (typeof cell === "string" && DIGITS.test(cell)) ? Number(cell) : cell;
  if (typeof id !== "number" || !Number.isSafeInteger(id)) throw wrong(column, "a whole number", cell);
  return id;
}

/** Yes or no; where such a column came as numbers, Access has -1 for yes. */
export function flagOf(row: OldRow, column: string): boolean {
  const cell = row[column] ?? null;
  if (typeof cell === "boolean") return cell;
  if (cell === 0 || cell === -1 || cell === 1) return cell !== 0;
  throw wrong(column, "yes or no", cell);
}

/** Milliseconds of the wall time, to the whole second: a date of the old database is a double of days. */
export function wallOf(row: OldRow, column: string): number | null {
  const cell = row[column] ?? null;
  if (cell === null) return null;
  if (!(cell instanceof Date)) throw wrong(column, "a date", cell);
  const second = Math.round(cell.getTime() / 1_000);
  return Number.isSafeInteger(second) ? second * 1_000 : null;
}

/** The column is another one than it should be: nothing is guessed of it. */
const wrong = (column: string, expected: string, cell: Cell) =>
  new TypeError(`[${column}] should be ${expected} and is ${kindOf(cell)}`);

const kindOf = (cell: Cell): string => (cell === null ? "empty" : cell instanceof Date ? "a date" : typeof cell);
