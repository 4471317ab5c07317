import { type Context, Hono } from "hono";
import { z } from "zod";
import { may } from "../../src/domain/permission.ts";
import {
  type AskFault,
  cursorOf,
  FILTERS_MAX,
  isOfCalendar,
  placeIn,
  readQuestion,
} from "../../src/queries/tables/ask.ts";
import { TABLES, tableNamed } from "../../src/queries/tables/list.ts";
import { orderOf, placeOf, rowEstimates, TABLE_PAGE_MAX, tableRow, tableRows } from "../../src/queries/tables/read.ts";
import type { BrowsedTable } from "../../src/queries/tables/shape.ts";
import { type Acting, allow } from "../allow.ts";
import { query } from "../body.ts";
import type { Env } from "../env.ts";
import { fail } from "../errors.ts";
import { readerOf } from "../ports.ts";
import { queryNumber } from "../query-number.ts";
import { line } from "./fields.ts";
import { isPlain } from "./records-body.ts";

type C = Context<{ Bindings: Env; Variables: Acting }>;

const CURSOR_CHARS_MAX = 2_000;
const filter = z.string().max(400, "at most 400 characters");

/** What is asked of a table: the browser's and the exports' alike. */
export const question = {
  /** column=value, column>=value or column<value; several go together. */
  filter: z
    .union([filter, z.array(filter).max(FILTERS_MAX, `at most ${FILTERS_MAX}`)])
    .optional()
    .transform((given) => (given === undefined ? [] : [given].flat())),
  q: line(100).optional(),
};
const PageQuery = z.object({
  ...question,
  sort: z.string().max(63).optional(),
  order: z.enum(["asc", "desc"]).default("asc"),
  limit: queryNumber(1, TABLE_PAGE_MAX).default(50),
  cursor: z.string().max(CURSOR_CHARS_MAX).optional(),
});

/** Any table, read: what there is, a page, a row. */
export const tables = new Hono<{ Bindings: Env; Variables: Acting }>()
  .get("/", allow("tables.read"), async (c) => {
    const estimates = await rowEstimates(readerOf(c.env));
    const seen = TABLES.filter((table) => mayRead(c, table));
    return c.json({
      tables: seen.map((table) => ({ ...described(table), rowEstimate: estimates.get(table.name) ?? null })),
    });
  })
  .get("/:table", allow("tables.read"), query(PageQuery), async (c) => {
    const table = tableOf(c);
    if (table === null) return noTable(c);
    const { filter: filters, q, sort, order, limit, cursor } = c.req.valid("query");
    const asked = readQuestion(table, { filters, search: q ?? null, sort: sort ?? null, order });
    if (!asked.ok) return badQuestion(c, asked.error);
    const after = cursor === undefined ? null : placeIn(table, asked.value, cursor);
    if (cursor !== undefined && after === null)
      return badQuestion(c, [{ field: "cursor", value: null, expected: "the `next` of the page before" }]);
    const rows = await tableRows(readerOf(c.env), table, asked.value, after, limit);
    const last = rows.length === limit ? rows.at(-1) : undefined;
    const place = last === undefined ? null : placeOf(orderOf(table, asked.value.sort), last);
    return c.json({ table: table.name, rows, next: place === null ? null : cursorOf(table, asked.value, place) });
  })
  .get("/:table/:id", allow("tables.read"), async (c) => {
    const table = tableOf(c);
    if (table === null) return noTable(c);
    const key = keyIn(table, c.req.param("id"));
    const row = key === null ? null : await tableRow(readerOf(c.env), table, key);
    return row === null
      ? fail(c, 404, "unknown", `no such row of ${table.name}: name ${table.key.join("~")}`)
      : c.json({ table: table.name, row });
  });

/** Also by the key that a row of this kind is read by: a person needs the permission of what is in the table. */
export const mayRead = (c: C, { permission }: BrowsedTable) => {
  const person = c.get("person");
  return person === null || may(person.roles, permission);
};

/** Null as well for a table that this person may not read: it is none of theirs. */
const tableOf = (c: C) => {
  const table = tableNamed(c.req.param("table") ?? "");
  return table !== null && mayRead(c, table) ? table : null;
};
export const noTable = (c: C) => fail(c, 404, "unknown_table", "no such table: GET /api/tables names them");
export const badQuestion = (c: C, faults: AskFault[]) =>
  fail(c, 400, "bad_field", `check ${[...new Set(faults.map(({ field }) => field))].join(", ")}`, faults);

const described = (table: BrowsedTable) => ({
  name: table.name,
  says: table.says,
  writer: table.writer,
  key: table.key,
  isLarge: table.isLarge,
  isWritable: isPlain(table.name),
  columns: table.columns.map(({ name, type, unit, nullable, isFast }) => ({
    name,
    type,
    unit,
    nullable,
    sorts: !table.isLarge || isFast || table.key[0] === name,
  })),
});

const KEYS = {
  int: /^\d{1,18}$/,
  at: /^\d{4}-\d\d-\d\dT[\d:.]{8,15}(Z|[+-](0\d|1[0-5]):[0-5]\d)$/,
  day: /^\d{4}-\d\d-\d\d$/,
} as const;

/** `12`, or the parts of a key with ~ between. Null: no key of this table. */
function keyIn(table: BrowsedTable, id: string): string[] | null {
  const parts = id.split("~");
  const surplus = parts.length - table.key.length;
  if (surplus < 0) return null;
  // A first part may itself have the sign in it.
  const key = [parts.slice(0, surplus + 1).join("~"), ...parts.slice(surplus + 1)];
  const isKey = table.key.every((name, i) => {
    const type = table.columns.find((column) => column.name === name)?.type;
    const value = key[i] ?? "";
    if (type === "int" || type === "at" || type === "day")
      return KEYS[type].test(value) && (type === "int" || isOfCalendar(value));
    return value.length <= 300 && !value.includes("\u0000");
  });
  return isKey ? key : null;
}
