import { err, ok, type Result } from "../../domain/result.ts";
import { type Filter, orderOf, searched, type TableQuestion } from "./read.ts";
import type { BrowsedTable, Column } from "./shape.ts";

/** A question as it is typed: `paid_at>=2026-11-01T00:00:00Z`, `state=open`. */
export type Asked = { filters: readonly string[]; search: string | null; sort: string | null; order: "asc" | "desc" };
export type AskFault = { field: string; value: string | null; expected: string };

export const FILTERS_MAX = 10;
const FILTER = /^([a-z][a-z0-9_]{0,62})(>=|<|=)(.*)$/s;
const VALUE_CHARS_MAX = 300;

const VALUES: Partial<Record<Column["type"], [RegExp, string]>> = {
  int: [/^-?\d{1,18}$/, "a whole number"],
  num: [/^-?\d{1,18}(\.\d{1,18})?$/, "a number"],
  bool: [/^(true|false)$/, "true or false"],
  at: [
    /^\d{4}-(0[1-9]|1[0-2])-([0-2]\d|3[01])T[0-2]\d:[0-5]\d:[0-5]\d(\.\d{1,6})?(Z|[+-](0\d|1[0-5]):[0-5]\d)$/,
    "an instant, as 2026-11-03T12:00:00Z",
  ],
  day: [/^\d{4}-(0[1-9]|1[0-2])-([0-2]\d|3[01])$/, "a day, as 2026-11-03"],
};

/** What a large table is sorted and filtered by; a small one by whatever is in it. */
const isUsable = (table: BrowsedTable, column: Column) =>
  !table.isLarge || column.isFast || table.key[0] === column.name;
const usable = (table: BrowsedTable, more: (column: Column) => boolean) =>
  table.columns
    .filter((column) => isUsable(table, column) && more(column))
    .map(({ name }) => name)
    .join(", ");
const isSortable = ({ type }: Column) => type !== "json" && type !== "texts";

/** Only columns of the list are understood; each fault says what is. */
export function readQuestion(table: BrowsedTable, asked: Asked): Result<TableQuestion, AskFault[]> {
  const faults: AskFault[] = [];
  const columnNamed = (name: string) => table.columns.find((column) => column.name === name && isUsable(table, column));
  const filters = asked.filters.flatMap((text): Filter[] => {
    const [, name = "", operator, value = ""] = FILTER.exec(text) ?? [];
    const column = columnNamed(name);
    const fault = (expected: string): Filter[] => {
      faults.push({ field: "filter", value: text.slice(0, 100), expected });
      return [];
    };
    if (column === undefined || column.type === "json")
      return fault(`column=value, of ${usable(table, ({ type }) => type !== "json")}`);
    if (column.type === "texts" && operator !== "=") return fault("= for a list of words");
    const [form, expected] = VALUES[column.type] ?? [];
    if (form !== undefined && !isValue(form, column, value)) return fault(`${name}: ${expected}`);
    if (value.length > VALUE_CHARS_MAX || value.includes("\u0000") || !value.isWellFormed())
      return fault(`at most ${VALUE_CHARS_MAX} characters of text`);
    return [{ column, operator: operator as Filter["operator"], value }];
  });
  const sort = asked.sort === null ? null : (columnNamed(asked.sort) ?? null);
  if (asked.sort !== null && (sort === null || !isSortable(sort)))
    faults.push({ field: "sort", value: asked.sort.slice(0, 100), expected: `one of ${usable(table, isSortable)}` });
  if (asked.search !== null && searched(table).length === 0)
    faults.push({ field: "q", value: null, expected: "no search: this table has no words to look into" });
  return faults.length > 0 ? err(faults) : ok({ filters, search: asked.search, sort, order: asked.order });
}

const isValue = (form: RegExp, { type }: Column, value: string) =>
  form.test(value) && ((type !== "at" && type !== "day") || isOfCalendar(value));

/** A day, or an instant, that Postgres knows too: JavaScript takes 31 February for 3 March, and has a year 0. */
export function isOfCalendar(value: string): boolean {
  if (Number.isNaN(Date.parse(value))) return false;
  const day = value.slice(0, 10);
  const at = Date.parse(`${day}T00:00:00Z`);
  return day >= "0001-01-01" && !Number.isNaN(at) && new Date(at).toISOString().startsWith(day);
}

/** The order and the place after which the next page begins, as one word. */
export const cursorOf = (
  table: BrowsedTable,
  { sort, order }: TableQuestion,
  place: readonly (string | null)[],
): string =>
  btoa(
    String.fromCharCode(...new TextEncoder().encode(JSON.stringify([table.name, sort?.name ?? null, order, ...place]))),
  )
    .replace(/\+/g, "-")
    .replace(/\//g, "_")
    .replace(/=+$/, "");

/** Null: not the cursor of this question. */
export function placeIn(table: BrowsedTable, { sort, order }: TableQuestion, cursor: string): (string | null)[] | null {
  try {
    const bytes = Uint8Array.from(atob(cursor.replace(/-/g, "+").replace(/_/g, "/")), (char) => char.charCodeAt(0));
    const told: unknown = JSON.parse(new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes));
    if (!Array.isArray(told)) return null;
    const [name, sorted, way, ...place] = told as unknown[];
    const columns = orderOf(table, sort);
    if (name !== table.name || sorted !== (sort?.name ?? null) || way !== order || place.length !== columns.length)
      return null;
    const isPlace = columns.every((column, i) => {
      const value = place[i];
      if (value === null) return column.nullable;
      const [form] = VALUES[column.type] ?? [];
      return (
        typeof value === "string" && (form === undefined || isValue(form, column, value)) && !value.includes("\u0000")
      );
    });
    return isPlace ? (place as (string | null)[]) : null;
  } catch {
    return null;
  }
}
