import { type Column, type ColumnKind, DASH, type Place, type Value } from "../export/table.ts";
import { readable } from "./document.ts";
import type { ReadAs } from "./lines.ts";
import type { SheetAnswer } from "./sheet-answer.ts";
import type { SheetWords } from "./sheet-words/keys.ts";
import { type SheetColumn, sheetOf } from "./sheets.ts";

/** How a number of a kind is read; null: its text is its own. */
function readingOf(as: ColumnKind, { currency, minorDigits }: Place): ReadAs | null {
  switch (as) {
    case "count":
      return { name: "", divisor: 1, digits: 0 };
    case "money":
      return { name: currency, divisor: minorDigits === 2 ? 100 : 1, digits: minorDigits };
    case "dollars":
      return { name: "USD", divisor: 100, digits: 2 };
    case "rate":
      return { name: `${currency}/kWh`, divisor: 10_000, digits: 4 };
    case "energy":
      return { name: "kWh", divisor: 1_000, digits: 3 };
    case "power":
      return { name: "W", divisor: 1_000, digits: 3 };
    case "basis":
      return { name: "%", divisor: 100, digits: 2 };
    case "percent":
      return { name: "%", divisor: 1, digits: 0 };
    case "text":
    case "day":
    case "instant":
    case "bool":
      return null;
  }
}

/** What a cell says to people, without its unit. What nobody knows is a dash, never 0. */
export function cellText(value: Value, { as }: Pick<Column, "as">, place: Place, words: SheetWords): string {
  if (value === null) return DASH;
  if (typeof value === "boolean") return value ? words.code_yes : words.code_no;
  if (typeof value === "string") return value;
  if (as === "instant") return localMinute(value, place);
  const reading = readingOf(as, place);
  // A share of a per cent is as it was rounded, once.
  return reading === null || as === "percent" ? String(value) : readable(value, reading);
}

/** "2026-11-03 14:05" on the clock of the place. */
const localMinute = (at: number, { utcOffsetMinutes }: Place) =>
  new Date(at + utcOffsetMinutes * 60_000).toISOString().slice(0, 16).replace("T", " ");

/** What a column is called to people, with its unit; whose clock it is stands once, over all of it. */
export function columnText({ name, as }: Column, place: Place, words: SheetWords): string {
  const unit = readingOf(as, place)?.name ?? "";
  const said = columnName(name, words);
  return unit === "" ? said : `${said} (${unit})`;
}

/** A column of another time has no word any more, and says its own name. */
export const columnName = (name: string, words: SheetWords): string => words[`col_${name as SheetColumn}`] ?? name;

/** A code as words, or several of them; what is no code is itself. */
export const codeText = (text: string, words: SheetWords): string =>
  text === ""
    ? ""
    : text
        .split(" ")
        .map((code) => words[`code_${code}` as keyof SheetWords] ?? code)
        .join(", ");

/** Rows as people read them: codes are words. */
export function spokenRows({ report, columns, rows }: SheetAnswer, words: SheetWords): Value[][] {
  const codes = sheetOf(report).codes ?? [];
  const isCode = columns.map(({ name }) => codes.includes(name));
  return rows.map((row) =>
    row.map((value, n) => (isCode[n] === true && typeof value === "string" ? codeText(value, words) : value)),
  );
}
