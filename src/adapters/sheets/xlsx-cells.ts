import {
  CELL_CHARS_MAX,
  type Cell,
  COLUMNS_MAX,
  SHEET_ROWS_MAX,
  type SheetRow,
} from "../../domain/registration/cell.ts";
import { readXml } from "./xml.ts";

/** What the rest of the workbook says of a sheet's cells. */
export type Workbook = { strings: readonly string[]; isDateStyle: (style: number) => boolean; from1904: boolean };

/** A cell that is on the way: what was read of it so far. */
type Open = { column: number; type: string; style: number; value: string; isFormula: boolean };

export class TooMuch extends Error {
  override readonly name = "TooMuch";
}

const MERGES_MAX = 2_000;

/** The rows of a sheet that say anything. */
export function readCells(bytes: Uint8Array, workbook: Workbook): SheetRow[] {
  const rows: SheetRow[] = [];
  const merges: string[] = [];
  let row: SheetRow = { row: 0, cells: [] };
  let cell: Open | null = null;
  let reads = false;
  let last = -1;
  readXml(bytes, {
    open(name, attributes) {
      if (name === "row") {
        row = { row: Number(attributes().r ?? row.row + 1), cells: [] };
        last = -1;
      } else if (name === "c") {
        const { r, t = "n", s = "0" } = attributes();
        last = r === undefined ? last + 1 : columnOf(r);
        cell = { column: last, type: t, style: Number(s), value: "", isFormula: false };
      } else if (name === "f" && cell !== null) cell.isFormula = true;
      else if (name === "v" || name === "t") reads = true;
      // How a word is spoken is no part of it.
      else if (name === "rPh") reads = false;
      else if (name === "mergeCell" && merges.length < MERGES_MAX) merges.push(attributes().ref ?? "");
    },
    text(text) {
      if (cell === null || !reads) return;
      cell.value += text;
      if (cell.value.length > CELL_CHARS_MAX)
        throw new TooMuch(`row ${row.row}: at most ${CELL_CHARS_MAX} characters in a cell`);
    },
    close(name) {
      if (name === "v" || name === "t") reads = false;
      else if (name === "c" && cell !== null) {
        const read = cellOf(cell, workbook);
        if (read !== null && cell.column >= COLUMNS_MAX)
          throw new TooMuch(`row ${row.row}: at most ${COLUMNS_MAX} columns`);
        if (read !== null) row.cells[cell.column] = read;
        cell = null;
      } else if (name === "row" && row.cells.length > 0) {
        rows.push({ row: row.row, cells: Array.from(row.cells, (each) => each ?? null) });
        if (rows.length > SHEET_ROWS_MAX) throw new TooMuch(`at most ${SHEET_ROWS_MAX} rows`);
      }
    },
  });
  coverMerged(rows, merges);
  return rows;
}

function cellOf({ type, style, value, isFormula }: Open, { strings, isDateStyle, from1904 }: Workbook): Cell | null {
  const text = type === "s" ? (strings[Number(value)] ?? "") : plain(value);
  if (isFormula) return { kind: "formula", text };
  if (text.trim() === "") return null;
  if (type === "e") return { kind: "error", text };
  if (type === "b") return { kind: "boolean", text: text === "1" ? "TRUE" : "FALSE" };
  if (type === "d") return { kind: "date", text: text.slice(0, 10) };
  if (type === "s" || type === "str" || type === "inlineStr") return { kind: "text", text };
  const number = Number(text);
  if (!Number.isFinite(number)) return { kind: "text", text };
  return isDateStyle(style)
    ? { kind: "date", text: dayOf(number, from1904) }
    : { kind: "number", text: decimal(number) };
}

/** Whole numbers with all their digits; where a double does not hold them, with the exponent that shows it. */
const decimal = (number: number) =>
  Number.isInteger(number) && !Number.isSafeInteger(number) ? number.toExponential() : String(number);

const DAY_MS = 86_400_000;
const DAYS_TO_1904 = 1_462;
/** Excel believes that 1900 had a 29 February: days before are one off. */
const FALSE_DAY = 60;

function dayOf(serial: number, from1904: boolean): string {
  const days = Math.floor(serial) + (from1904 ? DAYS_TO_1904 : 0);
  if (days < 1 || days > 2_958_465) return String(serial);
  return new Date(Date.UTC(1899, 11, days < FALSE_DAY ? 31 : 30) + days * DAY_MS).toISOString().slice(0, 10);
}

/** "AB12": 27. */
function columnOf(reference: string): number {
  const letters = /^[A-Z]{1,3}/.exec(reference)?.[0] ?? "A";
  return [...letters].reduce((column, letter) => column * 26 + letter.charCodeAt(0) - 64, 0) - 1;
}

/** Cells under a merged one have no value of their own: where a row lies under one, it shows. */
function coverMerged(rows: readonly SheetRow[], merges: readonly string[]) {
  const byRow = new Map(rows.map((row) => [row.row, row]));
  for (const range of merges) {
    const [, from = "", top = "", to = "", bottom = ""] = /^([A-Z]+)(\d+):([A-Z]+)(\d+)$/.exec(range) ?? [];
    for (let at = Number(top); at <= Math.min(Number(bottom), Number(top) + SHEET_ROWS_MAX); at++) {
      const cells = byRow.get(at)?.cells;
      if (cells === undefined) continue;
      for (let column = columnOf(from); column <= Math.min(columnOf(to), COLUMNS_MAX - 1); column++)
        if (at !== Number(top) || column !== columnOf(from)) {
          while (cells.length < column) cells.push(null);
          cells[column] ??= { kind: "merged", text: range };
        }
    }
  }
}

/** Signs that XML cannot hold stand as _x000D_. */
export const plain = (text: string) =>
  text.replace(/_x([0-9A-Fa-f]{4})_/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));
