import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { rowsOfCsv, rowsOfJson } from "../dev/legacy-file.ts";
import { claimLegacyFile, creditWriterLines } from "../dev/move-in.ts";

const folder = mkdtempSync(join(tmpdir(), "cc-move-in-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe("a file of old transactions", () => {
  it("is read as comma-separated text: quotes, commas and new lines in a cell, either line end, a byte order mark apart", () => {
    const text = 'Id,Account_Number,note\r\n1,0045MAK,"a ""b"", c\nd"\r\n\n2,,x';
    expect(rowsOfCsv(text)).toEqual([
      { id: "1", account_number: "0045MAK", note: 'a "b", c\nd' },
      { id: "2", account_number: "", note: "x" },
    ]);
    expect(rowsOfCsv("")).toEqual([]);
    expect(() => rowsOfCsv("a,b\n1")).toThrow("row 1 has 1 cells");
    expect(() => rowsOfCsv('a\n"1')).toThrow("inside a quoted cell");
  });

  it("is read as JSON", () => {
    expect(rowsOfJson('[{"ID": 1, "is_payment": true, "receipt": null, "amount": 20.5}]')).toEqual([
      { id: "1", is_payment: "true", receipt: null, amount: "20.5" },
    ]);
    expect(() => rowsOfJson("{}")).toThrow("list of rows");
  });
});

const file = (rows: number, name = "old.csv") => {
  const path = join(folder, name);
  const lines = Array.from({ length: rows }, (_, n) => `${n + 1},QK7${n % (rows - 1)},2000`);
  writeFileSync(path, `id,receipt,amount\n${lines.join("\n")}\n`);
  return path;
};

type Sent = { job: string; from: number; total: number; write: boolean; rows: { id: string; receipt: string }[] };

/** A door that claims what it has not seen, and remembers how far it got; the `dies`th page is never answered. */
function door(dies: number | null = null) {
  let dyingPage = dies;
  const pages: Sent[] = [];
  const claimed = new Set<string>();
  let rows = 0;
  const call = async <T>(method: string, _path: string, body?: unknown): Promise<T> => {
    if (method === "GET") return { rows, total: 0, done: rows > 0 && rows === pages.at(-1)?.total } as T;
    const page = body as Sent;
    if (pages.length + 1 === dyingPage) throw new Error("here answered 400: stop");
    pages.push(page);
    const reports = page.rows.map(({ id, receipt }, index) => {
      const outcome = claimed.has(receipt) ? "known" : "claimed";
      if (page.write) claimed.add(receipt);
      return { index, sourceId: id, receipt, amountMinor: 200_000, outcome, dateDoubted: false };
    });
    if (page.write) rows = Math.max(rows, page.from + page.rows.length);
    return { added: page.write ? page.rows.length : 0, rows: reports } as T;
  };
  const lines: string[] = [];
  const run = (flags: Record<string, string>) => claimLegacyFile(call, flags, (line) => lines.push(line));
  const live = () => {
    dyingPage = null;
  };
  return { run, pages, lines, live };
}

describe("npm run legacy:claim", () => {
  it("sends pages of at most 500 rows under the file's own name, and counts what became of them", async () => {
    const { run, pages, lines } = door();
    await run({ file: file(1_201), source: "transactions" });
    expect(pages.map(({ from, rows, total, write }) => [from, rows.length, total, write])).toEqual([
      [0, 500, 1_201, true],
      [500, 500, 1_201, true],
      [1_000, 201, 1_201, true],
    ]);
    expect(new Set(pages.map(({ job }) => job)).size).toBe(1);
    expect(lines).toEqual(['{"added":1201,"claimed":1200,"known":1}']);
  });

  it("goes on where it was when the first run died, and goes through a finished file again", async () => {
    const { run, pages, lines, live } = door(3);
    const path = file(1_201, "dies.csv");
    await expect(run({ file: path })).rejects.toThrow("answered 400");
    live();
    await run({ file: path });
    expect(pages.map(({ from }) => from)).toEqual([0, 500, 1_000]);
    expect(lines).toEqual(["goes on at row 1001", '{"added":201,"claimed":200,"known":1}']);
    await run({ file: path });
    expect(pages.map(({ from }) => from)).toEqual([0, 500, 1_000, 0, 500, 1_000]);
    expect(lines.at(-1)).toBe('{"added":1201,"known":1201}');
  });

  it("says in a dry run what each row would do, a receipt of an earlier page included, and writes nothing", async () => {
    const { run, pages, lines } = door();
    await run({ file: file(601, "dry.csv"), "dry-run": "true" });
    expect(pages.every(({ write }) => !write)).toBe(true);
    expect(lines).toHaveLength(602);
    expect(lines[0]).toBe("row 1 (1) QK70: claimed");
    expect(lines[600]).toBe("row 601 (601) QK70: known");
    expect(lines.at(-1)).toContain('"claimed":600,"known":1');
  });
});

it("npm run credit-writer says who credits, since when, and until when nobody does", () => {
  const since = Date.UTC(2026, 11, 1, 6);
  const named = { changedBy: "Mpho", reason: "the old writer is off" };
  expect(
    creditWriterLines([
      { site: "MAK", writer: "ours", now: "neither", since, silentUntil: since + 1_800_000, ...named },
      { site: "SHG", writer: "legacy", now: "legacy", since: null, silentUntil: null, changedBy: null, reason: null },
    ]),
  ).toEqual([
    "MAK  ours  since 2026-12-01 06:00 UTC by Mpho: the old writer is off  neither sends before 2026-12-01 06:30 UTC",
    "SHG  legacy  never switched",
  ]);
});
