import type { InferResponseType } from "hono/client";
import type { api } from "../../api.ts";

export type Described = InferResponseType<ReturnType<typeof api>["tables"]["$get"], 200>["tables"][number];
export type Column = Described["columns"][number];
export type Row = Record<string, unknown>;

export const OPERATORS = ["=", ">=", "<"] as const;
export type Operator = (typeof OPERATORS)[number];

/** Columns that a page shows before somebody chooses: the first ones, as wide as a screen is. */
const COLUMNS_FIRST = 7;
/** Between the filters of one address. */
const SEPARATOR = " ; ";

export const filtersIn = (where: string): string[] => where.split(SEPARATOR).filter((each) => each !== "");
export const whereOf = (filters: readonly string[]): string => filters.join(SEPARATOR);

/** An instant is typed as a day and a time of the country's clock; the server wants it whole. */
export function filterOf(column: Column, operator: Operator, typed: string, utcOffsetMinutes: number): string | null {
  const text = typed.trim();
  if (text === "") return null;
  if (column.type !== "at") return `${column.name}${operator}${text}`;
  const local = /^(\d{4}-\d\d-\d\d)(?:[T ](\d\d:\d\d))?$/.exec(text);
  if (local === null) return `${column.name}${operator}${text}`;
  const at = Date.parse(`${local[1]}T${local[2] ?? "00:00"}:00Z`);
  if (Number.isNaN(at)) return null;
  return `${column.name}${operator}${new Date(at - utcOffsetMinutes * 60_000).toISOString()}`;
}

/** The chosen columns in the table's own order; the key always, so that a row can be opened. */
export function columnsShown(table: Described, chosen: string): Column[] {
  const names = chosen.split(",").filter((each) => each !== "");
  const shown = table.columns.filter(({ name }) => names.includes(name));
  return shown.length > 0 ? shown : table.columns.slice(0, COLUMNS_FIRST);
}

/** A row's name in an address. */
export const keyOf = (table: Pick<Described, "key">, row: Row): string =>
  table.key.map((name) => String(row[name] ?? "")).join("~");

/** How a value is written: by its column's type and unit, not by what it looks like. */
export type Shown = { as: "money" | "energy" | "at"; value: number } | { as: "text" | "none"; text: string };

export function shownOf({ type, unit }: Pick<Column, "type" | "unit">, value: unknown): Shown {
  if (value === null || value === undefined) return { as: "none", text: "–" };
  if (type === "int" && typeof value === "number") {
    if (unit === "minor units of the currency") return { as: "money", value };
    if (unit === "Wh") return { as: "energy", value };
  }
  if (type === "at" && typeof value === "string" && !Number.isNaN(Date.parse(value)))
    return { as: "at", value: Date.parse(value) };
  if (type === "texts" && Array.isArray(value) && value.length === 0) return { as: "none", text: "–" };
  if (type === "texts" && Array.isArray(value)) return { as: "text", text: value.join(", ") };
  if (typeof value === "object") return { as: "text", text: JSON.stringify(value) };
  return { as: "text", text: String(value) };
}

/** What people may write of a plain table; the rest of a row follows from it. */
export type Editable = { name: string; type: "text" | "int" };
const EDITABLE: Record<string, { naming: string; fields: Editable[] }> = {
  sites: {
    naming: "code",
    fields: [
      { name: "name", type: "text" },
      { name: "district", type: "text" },
    ],
  },
  meters: {
    naming: "meter_number",
    fields: [
      { name: "thing", type: "text" },
      { name: "rated_w", type: "int" },
    ],
  },
};
export const editable = (table: string) => EDITABLE[table] ?? null;

export const typedOf = (fields: readonly Editable[], row: Row): Record<string, string> =>
  Object.fromEntries(
    fields.map(({ name }) => [name, row[name] === null || row[name] === undefined ? "" : String(row[name])]),
  );

const fieldValue = ({ type }: Editable, typed: string): string | number | null => {
  const text = typed.trim();
  if (text === "") return null;
  return type === "int" && /^\d+$/.test(text) ? Number(text) : text;
};

/** What of a form is another than the row: only that is sent, beside what was seen of it. */
export function changed(fields: readonly Editable[], row: Row, typed: Record<string, string>) {
  const different = fields
    .map((field) => ({
      name: field.name,
      before: row[field.name] ?? null,
      after: fieldValue(field, typed[field.name] ?? ""),
    }))
    .filter(({ before, after }) => before !== after);
  return {
    different,
    set: Object.fromEntries(different.map(({ name, after }) => [name, after])),
    seen: Object.fromEntries(fields.map(({ name }) => [name, row[name] ?? null])),
  };
}

export const fieldsOf = (fields: readonly Editable[], typed: Record<string, string>) =>
  Object.fromEntries(fields.map((field) => [field.name, fieldValue(field, typed[field.name] ?? "")]));
