import { ByteWriter, parquetWrite, type SchemaElement } from "hyparquet-writer";
import { type Column, type ColumnKind, machineName, type Value } from "../domain/export/table.ts";

const DAY_MS = 86_400_000;
const TYPES = {
  text: { type: "BYTE_ARRAY", converted_type: "UTF8" },
  bool: { type: "BOOLEAN" },
  day: { type: "INT32", converted_type: "DATE" },
  instant: { type: "INT64", converted_type: "TIMESTAMP_MILLIS" },
  percent: { type: "DOUBLE" },
  ...{ count: whole(), money: whole(), rate: whole(), energy: whole(), power: whole(), basis: whole() },
  dollars: whole(),
} as const satisfies Record<ColumnKind, Partial<SchemaElement>>;
function whole() {
  return { type: "INT64" } as const;
}

/** A value as the column's type has it; what is not known is null, in every column. */
function stored(value: Value, as: ColumnKind): unknown {
  if (value === null) return null;
  if (as === "day") return new Date(Math.floor(Date.parse(String(value)) / DAY_MS) * DAY_MS);
  if (as === "instant") return new Date(Number(value));
  if (as === "text") return String(value);
  return TYPES[as].type === "INT64" ? BigInt(Number(value)) : value;
}

/** Rows as a Parquet file, whole units as they are computed with; `about` goes into its metadata. The same rows are the same bytes. */
export function writeParquet(
  columns: readonly Column[],
  rows: readonly (readonly Value[])[],
  about: Record<string, string>,
): Uint8Array<ArrayBuffer> {
  const writer = new ByteWriter();
  parquetWrite({
    writer,
    schema: [
      { name: "root", num_children: columns.length },
      ...columns.map((column) => ({
        name: machineName(column),
        repetition_type: "OPTIONAL" as const,
        ...TYPES[column.as],
      })),
    ],
    columnData: columns.map((column, n) => ({
      name: machineName(column),
      data: rows.map((row) => stored(row[n] ?? null, column.as)),
    })),
    kvMetadata: Object.entries(about).map(([key, value]) => ({ key, value })),
    createdBy: "1PWR Customer Care",
  });
  return new Uint8Array(writer.getBuffer());
}
