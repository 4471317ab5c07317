import type { Column, Place, Value } from "./table.ts";

/** A line of the sheet that says what a workbook is: its name, and what it is, with its type. */
export type AboutLine = { name: string; value: Value; as?: Column["as"] };
export type BookTable = { title: string; columns: readonly Column[]; rows: Iterable<readonly Value[]> };

/** A workbook as plain data: whoever writes it decides nothing. */
export type Book = {
  title: string;
  about: { heading: string; lines: readonly AboutLine[]; terms: readonly { name: string; says: string }[] };
  tables: readonly BookTable[];
  place: Place;
};
