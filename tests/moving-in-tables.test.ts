/** Tables too large to hold, on their way from a file to the door: pages, a stop half way, and the same again. */
import { existsSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { AccessSpools } from "../dev/access/spools.ts";
import type { Call } from "../dev/move-in.ts";
import { postRate } from "../dev/moving-in/rate.ts";
import { RowSpool } from "../dev/moving-in/row-spool.ts";
import {
  type OldTableRows,
  postMeters,
  postTable,
  type RefusedRow,
  type SentReading,
} from "../dev/moving-in/tables.ts";

const folder = mkdtempSync(join(tmpdir(), "cc-tables-"));
afterAll(() => rmSync(folder, { recursive: true }));

const ROWS = 12_345;
const spool = new RowSpool<SentReading>(join(folder, "readings"));
for (let n = 0; n < ROWS; n++)
  spool.put({ id: String(n), meter: "é23099001", readAt: 1_600_000_000_000 + n, registerWh: n, powerW: null });
const table: OldTableRows = {
  name: "tblmeterdata1",
  job: "ab".repeat(16),
  of: "readings",
  source: "access:x",
  rows: spool,
};

type Body = { readings: SentReading[]; from: number; total: number; source: string; meters: string[] };

/** A door that keeps what it gets, remembers how far the job is, and gives up at the `dies`th page. */
function door(dies = Number.POSITIVE_INFINITY) {
  const kept = new Set<string>();
  const pages: [number, number][] = [];
  let progress = { rows: 0, done: false };
  const call: Call = async <T>(method: string, _path: string, body?: unknown): Promise<T> => {
    if (method === "GET") return progress as T;
    const { readings, from, total } = body as Body;
    if (pages.length + 1 === dies) {
      dies = Number.POSITIVE_INFINITY;
      throw new Error("here answered 403: no");
    }
    pages.push([from, readings.length]);
    const refused = readings.flatMap(({ id }, index) =>
      Number(id) % 5_000 === 7 ? [{ index, because: Number(id) === 7 ? "meter_unknown" : "differs" }] : [],
    );
    const taken = readings.filter(({ id }) => Number(id) % 5_000 !== 7 && !kept.has(id));
    for (const { id } of taken) kept.add(id);
    progress = { rows: from + readings.length, done: from + readings.length >= total };
    return { taken: taken.length, known: readings.length - taken.length - refused.length, refused } as T;
  };
  const refused: RefusedRow[] = [];
  const run = () => postTable(call, table, { onRefused: (row) => void refused.push(row), progress: () => undefined });
  return { run, kept, pages, refused };
}

describe("a table of the old database", () => {
  it("goes in pages of 5,000, and each refused row is named as the old table names it", async () => {
    const { run, pages, refused } = door();
    expect(await run()).toEqual({ taken: ROWS - 3, known: 0, refused: { meter_unknown: 1, differs: 2 }, from: 0 });
    expect(pages).toEqual([
      [0, 5_000],
      [5_000, 5_000],
      [10_000, 2_345],
    ]);
    expect(refused).toEqual([
      { table: "tblmeterdata1", row: "7", because: "meter_unknown" },
      { table: "tblmeterdata1", row: "5007", because: "differs" },
      { table: "tblmeterdata1", row: "10007", because: "differs" },
    ]);
  });

  it("goes on where it was, and a finished one is gone through again and changes nothing", async () => {
    const { run, kept, pages } = door(2);
    await expect(run()).rejects.toThrow("answered 403");
    expect(kept.size).toBe(4_999);
    expect(await run()).toMatchObject({ taken: ROWS - 5_000 - 2, from: 5_000 });
    expect(kept.size).toBe(ROWS - 3);
    expect(pages.slice(1).map(([from]) => from)).toEqual([5_000, 10_000]);
    expect(await run()).toMatchObject({ taken: 0, known: ROWS - 3, from: 0 });
  });

  it("comes off the disk as it went on, as often as it is asked for, from any row", async () => {
    const rows: SentReading[] = [];
    for await (const page of spool.pages(12_340, 2)) rows.push(...page);
    expect(rows.map(({ id }) => id)).toEqual(["12340", "12341", "12342", "12343", "12344"]);
    expect(rows[0]).toEqual({
      id: "12340",
      meter: "é23099001",
      readAt: 1_600_000_012_340,
      registerWh: 12_340,
      powerW: null,
    });
    const none: unknown[] = [];
    for await (const page of spool.pages(ROWS, 2)) none.push(page);
    expect(none).toEqual([]);
  });

  it("leaves no file behind", () => {
    const spools = new AccessSpools(join(folder, "report.json"));
    expect(readdirSync(folder).filter((name) => name.startsWith("report.json."))).toHaveLength(6);
    spools.remove();
    expect(readdirSync(folder).filter((name) => name.startsWith("report.json."))).toEqual([]);
    spool.remove();
    expect(existsSync(join(folder, "readings"))).toBe(false);
  });
});

it("meters that no page could hold are named, and the others sent", async () => {
  const sent: string[] = [];
  const call: Call = async <T>(_method: string, _path: string, body?: unknown): Promise<T> => {
    sent.push(...(body as Body).meters);
    return { made: 1, known: 1 } as T;
  };
  expect(await postMeters(call, ["23099001", "a b", "SMRSD-04-1", ""], () => undefined)).toEqual({
    made: 1,
    known: 1,
    unreadable: ["a b", ""],
  });
  expect(sent).toEqual(["23099001", "SMRSD-04-1"]);
});

describe("the rate of the old books", () => {
  const rate = { rateE4PerKwh: 50_000, from: Date.UTC(2023, 2, 31, 22) };
  const answering =
    (message: string | null): Call =>
    async () => {
      if (message !== null) throw new Error(message);
      return { version: 1 } as never;
    };

  it.each([
    ["it is new, or there already", null, { outcome: "set", because: null }],
    [
      "another begins then",
      `here answered 409: ${JSON.stringify({ error: { kind: "exists", message: "another rate" } })}`,
      { outcome: "refused", because: "another rate" },
    ],
    ["payments are priced", "here answered 422: priced already", { outcome: "refused", because: "priced already" }],
  ])("where %s", async (_, message, outcome) => {
    expect(await postRate(answering(message), rate)).toEqual({ ...rate, ...outcome });
  });

  it("is not taken for refused when the door does not let anybody in", async () => {
    await expect(postRate(answering("here answered 403: no"), rate)).rejects.toThrow("403");
  });
});
