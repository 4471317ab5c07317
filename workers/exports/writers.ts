import type { Country } from "../../src/domain/country.ts";
import { BYTE_ORDER_MARK, csvLine, endLine, harmless } from "../../src/domain/export/csv.ts";
import {
  type Cell,
  headerXml,
  rowXml,
  SHEET_ENDS,
  SHEET_ROWS_MAX,
  sheetBegins,
  sheetPath,
} from "../../src/domain/export/xlsx.ts";
import type { Row } from "../../src/queries/tables/read.ts";
import type { BrowsedTable, Column } from "../../src/queries/tables/shape.ts";
import { bookParts } from "./book.ts";

/** Turns rows into bytes, a page at a time; keeps nothing but the page. */
export type ExportWriter = {
  begin(): Uint8Array;
  rows(rows: readonly Row[]): Uint8Array;
  end(count: number): Uint8Array;
};
export type ExportFormat = "csv" | "xlsx";

export const CONTENT_TYPE = {
  csv: "text/csv; charset=utf-8",
  xlsx: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
} as const satisfies Record<ExportFormat, string>;

const utf8 = new TextEncoder();
/** Postgres writes an instant in the session's zone, which is UTC. */
const utc = (value: string) => value.replace(/\+00:00$/, "Z");
const textOf = (value: unknown) => (typeof value === "string" ? value : JSON.stringify(value));

export const writerOf = (format: ExportFormat, table: BrowsedTable, country: Country): ExportWriter =>
  format === "csv" ? csvWriter(table) : xlsxWriter(table, country);

/** Instants in UTC: a file for other programs. */
export function csvWriter({ columns }: BrowsedTable): ExportWriter {
  const cell = ({ name, type }: Column, row: Row): string | null => {
    const value = row[name];
    if (value === null || value === undefined) return null;
    if (type === "texts") return harmless((value as string[]).join("; "));
    if (type === "text" || type === "json") return harmless(textOf(value));
    return type === "at" ? utc(String(value)) : String(value);
  };
  return {
    begin: () => utf8.encode(BYTE_ORDER_MARK + csvLine(columns.map(({ name }) => name))),
    rows: (rows) => utf8.encode(rows.map((row) => csvLine(columns.map((column) => cell(column, row)))).join("")),
    end: (count) => utf8.encode(csvLine([endLine(count)])),
  };
}

/** Instants as the clock on the wall there, with the zone in the header: a file for people. */
export function xlsxWriter(
  table: BrowsedTable,
  { timeZone, utcOffsetMinutes }: Country,
  sheetRowsMax = SHEET_ROWS_MAX,
): ExportWriter {
  const parts = bookParts();
  const header = headerXml(table.columns.map(({ name, type }) => (type === "at" ? `${name} (${timeZone})` : name)));
  let sheets = 0;
  let onSheet = 0;
  let sheet: ReturnType<typeof parts.part> | null = null;
  const next = () => {
    sheet?.push(SHEET_ENDS, true);
    sheet = parts.part(sheetPath(++sheets));
    onSheet = 0;
    sheet.push(sheetBegins() + header);
    return sheet;
  };
  const cell = ({ name, type }: Column, row: Row): Cell => {
    const value = row[name];
    if (value === null || value === undefined) return null;
    switch (type) {
      case "int":
      case "num":
        return { type: "number", value: String(value) };
      case "bool":
        return { type: "bool", value: value === true };
      case "at":
        return { type: "instant", at: Date.parse(String(value)), utcOffsetMinutes };
      case "day":
        return { type: "day", value: String(value) };
      case "texts":
        return { type: "text", value: (value as string[]).join("; ") };
      case "text":
      case "json":
        return { type: "text", value: textOf(value) };
    }
  };
  return {
    begin() {
      next();
      return parts.taken();
    },
    rows(rows) {
      for (let from = 0; from < rows.length; ) {
        const into = onSheet >= sheetRowsMax ? next() : (sheet ?? next());
        const some = rows.slice(from, from + sheetRowsMax - onSheet);
        into.push(some.map((row) => rowXml(table.columns.map((column) => cell(column, row)))).join(""));
        onSheet += some.length;
        from += some.length;
      }
      return parts.taken();
    },
    end(count) {
      (sheet ?? next()).push(rowXml([{ type: "text", value: endLine(count) }]) + SHEET_ENDS, true);
      const title = table.name.slice(0, 25);
      parts.end(sheets === 1 ? [title] : Array.from({ length: sheets }, (_, nth) => `${title} ${nth + 1}`));
      return parts.taken();
    },
  };
}
