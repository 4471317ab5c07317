import { Zip, ZipDeflate } from "fflate";
import type { Book, BookTable } from "../../src/domain/export/book.ts";
import { endLine } from "../../src/domain/export/csv.ts";
import { headOf, numberFormats, type Value, xlsxCell } from "../../src/domain/export/table.ts";
import {
  type Cell,
  headerXml,
  rowXml,
  SHEET_ENDS,
  SHEET_ROWS_MAX,
  sheetBegins,
  sheetNames,
  sheetPath,
  workbookParts,
} from "../../src/domain/export/xlsx.ts";

/** The quickest: the files are read once, and a Worker's seconds are paid for. */
const DEFLATE_LEVEL = 1;
/** The same rows are the same bytes, whenever they are written. */
const NO_TIME = new Date(1980, 0, 1);
/** Rows that are made into text at once. */
const ROWS_A_PIECE = 1_000;
const ABOUT_WIDTHS = [34, 110];
const WIDTH = 18;

const utf8 = new TextEncoder();

/** A workbook that is written part after part, and gives what has come of it so far. */
export function bookParts() {
  let chunks: Uint8Array[] = [];
  const zip = new Zip((error, chunk) => {
    if (error) throw error;
    chunks.push(chunk);
  });
  return {
    part(path: string) {
      const file = new ZipDeflate(path, { level: DEFLATE_LEVEL });
      file.mtime = NO_TIME;
      zip.add(file);
      return { push: (xml: string, isLast = false) => file.push(utf8.encode(xml), isLast) };
    },
    /** Names of the sheets, and the workbook's own number formats. */
    end(names: readonly string[], formats?: readonly string[]) {
      for (const [path, content] of workbookParts(names, formats)) this.part(path).push(content, true);
      zip.end();
    },
    taken(): Uint8Array<ArrayBuffer> {
      const whole = new Uint8Array(chunks.reduce((sum, { length }) => sum + length, 0));
      let at = 0;
      for (const chunk of chunks) {
        whole.set(chunk, at);
        at += chunk.length;
      }
      chunks = [];
      return whole;
    },
  };
}

/** What the workbook is, and then a sheet for each table. */
export function writeBook({ title, about, tables, place }: Book): Uint8Array<ArrayBuffer> {
  const parts = bookParts();
  const first = parts.part(sheetPath(1));
  first.push(sheetBegins({ widths: ABOUT_WIDTHS, heads: false }));
  first.push(rowXml([{ type: "text", value: title, as: "header" }]));
  const named = (name: string, value: Cell) => first.push(rowXml([{ type: "text", value: name, as: "header" }, value]));
  for (const { name, value, as = "text" } of about.lines) {
    const column = { name, as };
    named(as === "instant" ? headOf(column, "xlsx", place) : name, xlsxCell(value, column, place));
  }
  first.push(rowXml([]) + headerXml([about.heading]));
  for (const { name, says } of about.terms) named(name, { type: "text", value: says, as: "wrapped" });
  first.push(SHEET_ENDS, true);
  for (const [nth, table] of tables.entries()) writeTable(parts.part(sheetPath(nth + 2)), table);
  parts.end(sheetNames([about.heading, ...tables.map((table) => table.title)]), numberFormats(place));
  return parts.taken();

  function writeTable(sheet: ReturnType<typeof parts.part>, { columns, rows }: BookTable) {
    const heads = columns.map((column) => headOf(column, "xlsx", place));
    const widths = columns.map(({ width = WIDTH }, n) => Math.max(width, Math.min(40, (heads[n] ?? "").length + 2)));
    sheet.push(sheetBegins({ widths }) + headerXml(heads));
    let count = 0;
    let piece: string[] = [];
    const put = (row: readonly Value[]) => rowXml(columns.map((column, n) => xlsxCell(row[n] ?? null, column, place)));
    for (const row of rows) {
      if (++count > SHEET_ROWS_MAX) throw new RangeError(`more than ${SHEET_ROWS_MAX} rows`);
      piece.push(put(row));
      if (piece.length < ROWS_A_PIECE) continue;
      sheet.push(piece.join(""));
      piece = [];
    }
    sheet.push(piece.join("") + rowXml([{ type: "text", value: endLine(count) }]) + SHEET_ENDS, true);
  }
}
