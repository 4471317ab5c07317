import type { SheetRow } from "../registration/cell.ts";

/** Rows that are looked at for the header: files begin with who, which account and when. */
export const HEADER_ROWS_MAX = 50;

/** A column's names, as files write them; case, spaces, dots and underscores say nothing. */
export type Aliases<K extends string> = Record<K, readonly string[]>;

/** Where each column stands, and the row of the header. */
export type Header<K extends string> = { index: number; row: number; at: Partial<Record<K, number>> };

const plain = (name: string) => name.toLowerCase().replace(/[\s._]+/g, "");

/** The first row that names all the columns that are needed; null: this file is of another kind. */
export function findHeader<K extends string>(
  rows: readonly SheetRow[],
  aliases: Aliases<K>,
  needs: readonly K[],
): Header<K> | null {
  for (const [index, { row, cells }] of rows.slice(0, HEADER_ROWS_MAX).entries()) {
    const names = cells.map((cell) => plain(cell?.text ?? ""));
    const at: Partial<Record<K, number>> = {};
    for (const [column, known] of Object.entries(aliases) as [K, readonly string[]][]) {
      const found = names.findIndex((name) => isOneOf(known, name));
      if (found >= 0) at[column] = found;
    }
    if (needs.every((column) => at[column] !== undefined)) return { index, row, at };
  }
  return null;
}

/** A row's text in a column, without spaces at its ends; empty where there is none. */
export const textIn = <K extends string>({ cells }: SheetRow, { at }: Header<K>, column: K): string => {
  const index = at[column];
  return (index === undefined ? "" : (cells[index]?.text ?? "")).trim();
};

const isOneOf = (aliases: readonly string[], name: string) => aliases.some((alias) => plain(alias) === name);
