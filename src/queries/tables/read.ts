import type { Reader } from "../../ports/reader.ts";
import { TABLES } from "./list.ts";
import type { BrowsedTable, Column, ColumnType } from "./shape.ts";

/** Rows on one page of the browser. */
export const TABLE_PAGE_MAX = 200;

export type Row = Record<string, unknown>;
export type Filter = { column: Column; operator: "=" | ">=" | "<"; value: string };
export type TableQuestion = {
  filters: readonly Filter[];
  /** Words to look for; null: all rows. */
  search: string | null;
  /** Null: the key. */
  sort: Column | null;
  order: "asc" | "desc";
};

const CAST: Record<ColumnType, string> = {
  text: "text",
  int: "bigint",
  num: "numeric",
  bool: "boolean",
  at: "timestamptz",
  day: "date",
  json: "jsonb",
  texts: "text",
};
const SQL_OPERATOR = { "=": "=", ">=": ">=", "<": "<" } as const;

const quoted = (name: string) => `t."${name}"`;
/** Decimals as text: a number would lose what a rate has behind its sixteenth digit. */
const selected = ({ name, type, computed }: Column) => {
  const value = computed ?? quoted(name);
  if (type === "num") return `(${value})::text AS "${name}"`;
  return computed === null ? value : `(${value}) AS "${name}"`;
};

/** Columns that a search looks into: of a large table those with an index, whole values; of a small one all words, parts too. */
export const searched = ({ columns, isLarge }: BrowsedTable) =>
  columns.filter(({ type, isFast }) => type === "text" && (!isLarge || isFast));

const fixed = ({ where }: BrowsedTable) => (where === null ? [] : [where]);

const keyColumns = ({ key, columns }: BrowsedTable): Column[] =>
  key.map((name) => {
    const column = columns.find((each) => each.name === name);
    if (column === undefined) throw new Error(`the key ${name} is no column`);
    return column;
  });

/** The columns that a page is ordered by: what was asked for, then the key. */
export const orderOf = (table: BrowsedTable, sort: Column | null): Column[] => [
  ...(sort === null || (table.key[0] === sort.name && table.key.length === 1) ? [] : [sort]),
  ...keyColumns(table),
];

/** Where the row stands in an order, to go on after it. */
export const placeOf = (order: readonly Column[], row: Row): (string | null)[] =>
  order.map(({ name }) => {
    const value = row[name];
    return value === null || value === undefined ? null : String(value);
  });

/** One page. Every name in the text comes from the list; what was asked for comes as parameters. */
export function tableRows(
  db: Reader,
  table: BrowsedTable,
  { filters, search, sort, order }: TableQuestion,
  after: readonly (string | null)[] | null,
  limit: number,
): Promise<Row[]> {
  const params: string[] = [];
  const param = (value: string, type: ColumnType) => `$${params.push(value)}::${CAST[type]}`;
  const where = [
    ...fixed(table),
    ...filters.map(({ column, operator, value }) =>
      column.type === "texts"
        ? `${param(value, "text")} = ANY(${quoted(column.name)})`
        : `${quoted(column.name)} ${SQL_OPERATOR[operator]} ${param(value, column.type)}`,
    ),
  ];
  if (search !== null) {
    const word = param(table.isLarge ? search : `%${search.replace(/[\\%_]/g, "\\$&")}%`, "text");
    where.push(
      `(${searched(table)
        .map(({ name }) => `${quoted(name)} ${table.isLarge ? "=" : "ILIKE"} ${word}`)
        .join(" OR ")})`,
    );
  }
  const columns = orderOf(table, sort);
  if (after !== null) where.push(afterIs(columns, after, order, param));
  const by = columns.map(({ name }) => `${quoted(name)} ${order}`).join(", ");
  return db.read<Row>(
    `SELECT ${table.columns.map(selected).join(", ")} FROM ${table.from} t${where.length === 0 ? "" : ` WHERE ${where.join(" AND ")}`}
    ORDER BY ${by} LIMIT ${param(String(limit), "int")}`,
    params,
  );
}

/** After a place. Null stands last going up and first going down, as Postgres has it; only the first column may be null. */
function afterIs(
  columns: readonly Column[],
  place: readonly (string | null)[],
  order: "asc" | "desc",
  param: (value: string, type: ColumnType) => string,
): string {
  const beyond = order === "asc" ? ">" : "<";
  const [first, ...rest] = columns;
  if (first === undefined) return "true";
  const list = (some: readonly Column[]) => `(${some.map(({ name }) => quoted(name)).join(", ")})`;
  const values = (some: readonly Column[], from: number) =>
    `(${some.map(({ type }, i) => param(place[from + i] ?? "", type)).join(", ")})`;
  if (!first.nullable) return `${list(columns)} ${beyond} ${values(columns, 0)}`;
  const name = quoted(first.name);
  if (place[0] === null || place[0] === undefined)
    return `((${name} IS NULL AND ${list(rest)} ${beyond} ${values(rest, 1)})${order === "desc" ? ` OR ${name} IS NOT NULL` : ""})`;
  return `(${list(columns)} ${beyond} ${values(columns, 0)}${order === "asc" ? ` OR ${name} IS NULL` : ""})`;
}

/** One row by its key; null: none. */
export async function tableRow(db: Reader, table: BrowsedTable, key: readonly string[]): Promise<Row | null> {
  const where = keyColumns(table).map(({ name, type }, i) => `${quoted(name)} = $${i + 1}::${CAST[type]}`);
  const [row] = await db.read<Row>(
    `SELECT ${table.columns.map(selected).join(", ")} FROM ${table.from} t WHERE ${[...fixed(table), ...where].join(" AND ")}`,
    [...key],
  );
  return row ?? null;
}

/** How many rows each table has, about: what Postgres knows without counting. Null: it does not know yet. */
export async function rowEstimates(db: Reader): Promise<Map<string, number | null>> {
  const rows = await db.read<{ name: string; estimate: number | null }>(
    `SELECT c.relname AS name, CASE WHEN bool_and(p.reltuples < 0) AND coalesce(sum(s.n_live_tup), 0) = 0 THEN NULL
      ELSE sum(greatest(p.reltuples::bigint, s.n_live_tup, 0)) END AS estimate
    FROM pg_class c LEFT JOIN pg_inherits i ON i.inhparent = c.oid AND c.relkind = 'p'
      JOIN pg_class p ON p.oid = coalesce(i.inhrelid, c.oid) LEFT JOIN pg_stat_user_tables s ON s.relid = p.oid
    WHERE c.relnamespace = 'public'::regnamespace AND c.relname = ANY(SELECT jsonb_array_elements_text($1::jsonb))
    GROUP BY c.relname`,
    [JSON.stringify(TABLES.map(({ name }) => name))],
  );
  return new Map(rows.map(({ name, estimate }) => [name, estimate]));
}
