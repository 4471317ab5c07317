/// <reference path="./untyped.d.ts" />
import Papa from "papaparse";
import {
  CELL_CHARS_MAX,
  COLUMNS_MAX,
  fileFault,
  type ReadSheet,
  SHEET_ROWS_MAX,
} from "../../domain/registration/cell.ts";
import { err, ok } from "../../domain/result.ts";

const DELIMITERS = [",", ";", "\t", "|"];

/** A text file with separators, as spreadsheets of any country and year write it. */
export const readCsv: ReadSheet = (bytes) => readCsvUpTo(bytes, SHEET_ROWS_MAX);

/** The same with another end: lists of machines are longer than what people type. */
export function readCsvUpTo(bytes: Uint8Array, rowsMax: number): ReturnType<ReadSheet> {
  const decoded = decode(bytes);
  if (decoded === null || decoded.includes("\u0000"))
    return err(fileFault("no text", "an XLSX file, or a text file with commas or semicolons"));
  // "sep=;" is a spreadsheet's own way of saying it, in a line of its own.
  const told = /^sep=(.)\r?\n/i.exec(decoded);
  const text = decoded.slice(told?.[0].length ?? 0);
  const { data, errors } = Papa.parse(text, {
    delimiter: told?.[1] ?? guess(text),
    delimitersToGuess: DELIMITERS,
    preview: rowsMax + 1,
    skipEmptyLines: false,
  });
  if (data.length > rowsMax) return err(fileFault(`more than ${rowsMax} rows`, `at most ${rowsMax} rows`));
  const broken = errors.find(({ type }) => type === "Quotes");
  const before = told === null ? 0 : 1;
  if (broken !== undefined)
    return err(fileFault(`row ${(broken.row ?? 0) + 1 + before}`, "a closing quote for each one that opens"));
  const rows = [];
  for (const [index, values] of data.entries()) {
    const row = index + 1 + before;
    if (values.length > COLUMNS_MAX)
      return err(fileFault(`row ${row}: ${values.length} columns`, `at most ${COLUMNS_MAX} columns`));
    if (values.some((value) => value.length > CELL_CHARS_MAX))
      return err(fileFault(`row ${row}`, `at most ${CELL_CHARS_MAX} characters in a cell`));
    rows.push({
      row,
      cells: values.map((value) => (value.trim() === "" ? null : { kind: "text" as const, text: value })),
    });
  }
  return ok({ format: "csv", name: null, rows });
}

/** By the first line that is no remark: names of columns have none of these signs in them. */
function guess(text: string): string {
  const line = text.split(/\r\n|\r|\n/, 200).find((each) => each.trim() !== "" && !/^["\s]*#/.test(each)) ?? "";
  const count = (sign: string) => line.split(sign).length;
  return DELIMITERS.reduce((best, sign) => (count(sign) > count(best) ? sign : best));
}

/** UTF-8 or UTF-16 with a mark, UTF-8 without; what is none of these was written by an old Excel in Windows-1252. */
function decode(bytes: Uint8Array): string | null {
  const [first, second] = bytes;
  if (first === 0xff && second === 0xfe) return new TextDecoder("utf-16le").decode(bytes);
  if (first === 0xfe && second === 0xff) return new TextDecoder("utf-16be").decode(bytes);
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: false }).decode(bytes);
  } catch {
    return new TextDecoder("windows-1252").decode(bytes);
  }
}
