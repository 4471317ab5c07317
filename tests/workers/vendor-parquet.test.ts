import { parquetWriteBuffer } from "hyparquet-writer";
import { expect, it } from "vitest";
import { readParquet, serialsOf } from "../../src/adapters/thundercloud/parquet.ts";

const DAY = "2026-11-02";
const METERS = 206;
const ROWS = 20_000;

it("a base station's day of 20,000 rows is read in the Worker, to the watt-hour, in well under 5 s", async () => {
  const begin = Date.parse(`${DAY}T00:00:00Z`);
  const serials = Array.from({ length: METERS }, (_, n) => `SMRSD-03-0002${(0xa000 + n).toString(16).toUpperCase()}`);
  const rows = Array.from({ length: ROWS }, (_, n) => n);
  const wh = (n: number) => (n * 7) % 900;
  const file = parquetWriteBuffer({
    codec: "SNAPPY",
    columnData: [
      { name: "meter", data: rows.map((n) => 0xa000 + (n % METERS)), type: "INT32" },
      {
        name: "timestamp",
        data: rows.map((n) => new Date(begin + Math.floor(n / METERS) * 900_000)),
        type: "TIMESTAMP",
      },
      // As a double that is a little beside the decimal it stands for.
      { name: "kilowatt_hours", data: rows.map((n) => wh(n) / 1_000), type: "DOUBLE" },
      {
        name: "snapshot_customer_code",
        data: rows.map((n) => `${String(n % METERS).padStart(4, "0")}MAK`),
        type: "STRING",
      },
    ],
  });
  const started = performance.now();
  const read = await readParquet(new Uint8Array(file), DAY, begin + 2 * 86_400_000, serialsOf(serials));
  const tookMs = performance.now() - started;
  if (typeof read === "string") throw new Error(read);
  // 97 intervals of 206 meters are more than a day has: the last 18 rows are of the next.
  const inDay = rows.filter((n) => Math.floor(n / METERS) < 96);
  expect([read.intervals.length, read.leftOut]).toEqual([inDay.length, { other_day: ROWS - inDay.length }]);
  expect(read.intervals.reduce((sum, { energyWh }) => sum + energyWh, 0)).toBe(
    inDay.reduce((sum, n) => sum + wh(n), 0),
  );
  expect(new Set(read.intervals.map(({ serial }) => serial)).size).toBe(METERS);
  expect(tookMs).toBeLessThan(5_000);
});
