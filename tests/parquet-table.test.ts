import { parquetMetadata, parquetReadObjects } from "hyparquet";
import { expect, it } from "vitest";
import { writeParquet } from "../src/adapters/parquet-table.ts";
import { type Column, machineName, type Value } from "../src/domain/export/table.ts";

const COLUMNS: Column[] = [
  { name: "group", as: "text" },
  { name: "day", as: "day" },
  { name: "mean", as: "power" },
  { name: "highest hour", as: "energy" },
  { name: "known", as: "percent" },
  { name: "running", as: "bool" },
  { name: "since", as: "instant" },
];
const ROWS: Value[][] = [
  ["HH", "2026-10-31", 12_345, 9_007_199_254_740_991, 97.5, false, Date.UTC(2026, 9, 31, 22, 30)],
  ["Église", "1969-12-31", 0, 0, 0, true, 0],
  [null, null, null, null, null, null, null],
];
const made = (rows = ROWS) => writeParquet(COLUMNS, rows, { definition: "means_load_8760", site: "MAK" });
const file = (bytes: Uint8Array<ArrayBuffer>) => bytes.buffer;

it("holds whole units with their digits, days and instants with their types, and null for what nobody knows; 0 stays 0", async () => {
  expect(await parquetReadObjects({ file: file(made()) })).toEqual([
    {
      ...{ group: "HH", day: new Date("2026-10-31"), mean_milliwatt: 12_345n, highest_hour_wh: 9_007_199_254_740_991n },
      ...{ known_pct: 97.5, running: false, since_utc: new Date("2026-10-31T22:30:00Z") },
    },
    {
      ...{ group: "Église", day: new Date("1969-12-31"), mean_milliwatt: 0n, highest_hour_wh: 0n },
      ...{ known_pct: 0, running: true, since_utc: new Date(0) },
    },
    Object.fromEntries(COLUMNS.map((column) => [machineName(column), null])),
  ]);
});

it("says what it is in its metadata, and has its columns where there is no row", async () => {
  const { key_value_metadata: about, num_rows: count, schema } = parquetMetadata(file(made([])));
  expect([about, Number(count), schema.length]).toEqual([
    [
      { key: "definition", value: "means_load_8760" },
      { key: "site", value: "MAK" },
    ],
    0,
    8,
  ]);
  expect(await parquetReadObjects({ file: file(made([])) })).toEqual([]);
});

it("is read whole where it has more rows than one group, and the same rows are the same bytes", async () => {
  const many = Array.from({ length: 8_760 }, (_, n): Value[] => [
    null,
    null,
    n % 7 === 0 ? null : n,
    n,
    null,
    null,
    null,
  ]);
  const bytes = made(many);
  const read = (await parquetReadObjects({ file: file(bytes) })) as {
    mean_milliwatt: bigint | null;
    highest_hour_wh: bigint;
  }[];
  expect(read.map((row) => Number(row.highest_hour_wh))).toEqual(many.map((_, n) => n));
  expect(read.filter((row) => row.mean_milliwatt === null)).toHaveLength(Math.ceil(8_760 / 7));
  expect(Buffer.from(made(many)).equals(Buffer.from(bytes))).toBe(true);
});
