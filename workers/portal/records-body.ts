import { z } from "zod";
import type { Country } from "../../src/domain/country.ts";
import type { PlainTable } from "../../src/ports/records.ts";
import { line, meterField, reason } from "./fields.ts";

/** What people may write of a plain table: the name of a row, and its fields. Strict: a field that is none is refused. */
const SHAPES = {
  sites: {
    name: "code",
    naming: z.string().regex(/^[A-Z]{3}$/, "three capital letters"),
    fields: { name: line(100), district: line(100).nullable() },
  },
  meters: {
    name: "meter_number",
    naming: meterField,
    fields: { thing: line(64).nullable(), rated_w: z.number().int().positive().max(10_000_000).nullable() },
  },
} as const satisfies Record<PlainTable, { name: string; naming: z.ZodType<string>; fields: z.ZodRawShape }>;

export const isPlain = (table: string): table is PlainTable => Object.hasOwn(SHAPES, table);

type Fault = { field: string; value: null; expected: string };
type Read<T> = { ok: true; value: T } | { ok: false; faults: Fault[] };

function read<T>(shape: z.ZodType<T>, body: unknown): Read<T> {
  const done = shape.safeParse(body);
  return done.success
    ? { ok: true, value: done.data }
    : {
        ok: false,
        faults: done.error.issues.map(({ path, message }) => ({
          field: path.join("."),
          value: null,
          expected: message,
        })),
      };
}

/** A new row: its name and all of its fields; those that may be null may be missing. */
export function readNew(table: PlainTable, body: unknown, country: Country): Read<{ name: string; fields: object }> {
  const { name, naming, fields } = SHAPES[table];
  const optional = Object.fromEntries(
    Object.entries(fields).map(([field, type]) => [field, type instanceof z.ZodNullable ? type.default(null) : type]),
  );
  const done = read(z.strictObject({ [name]: naming, ...optional }), body);
  if (!done.ok) return done;
  const given = String(Reflect.get(done.value, name));
  if (table === "sites" && !country.siteCodes.includes(given))
    return { ok: false, faults: [{ field: name, value: null, expected: `a site of ${country.name}` }] };
  return { ok: true, value: { name: given, fields: done.value } };
}

const json = z.union([z.string().max(300), z.number(), z.boolean(), z.null()]);

type Why = { reason?: string | undefined };

/** What is to change, beside what was seen of the row: at least one field each. */
export function readChange(table: PlainTable, body: unknown): Read<{ set: object; seen: object } & Why> {
  const { fields } = SHAPES[table];
  const some = z
    .strictObject(fields)
    .partial()
    .refine((set) => Object.keys(set).length > 0, "at least one field");
  return read(z.strictObject({ set: some, seen: seenOf(table), reason: reason.optional() }), body);
}

export const readErase = (table: PlainTable, body: unknown): Read<{ seen: object } & Why> =>
  read(z.strictObject({ seen: seenOf(table), reason: reason.optional() }), body);

/** The fields as they were read: whoever changed one of them since is not overwritten. */
function seenOf(table: PlainTable) {
  const { fields } = SHAPES[table];
  return z
    .strictObject(Object.fromEntries(Object.keys(fields).map((field) => [field, json])))
    .partial()
    .refine((seen) => Object.keys(seen).length > 0, "the fields as they were read");
}
