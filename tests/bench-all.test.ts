import { existsSync, readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { BENCHES, planOf } from "../dev/bench/all/list.ts";
import { cellOf, isWorkerLog, machineIn, pagesOf, quantitiesOf, tablesIn, timesFloor } from "../dev/bench/all/read.ts";

const at = (path: string) => new URL(`../${path}`, import.meta.url);
const PRINTED = `a line
| floor | rate |
| --- | --- |
| single INSERTs, 1 connection | 3,120/s |

| old endpoint | acknowledged | end to end |
| --- | --- | --- |
| fast | 1,240/s | 233/s (41.2 s) |
`;

describe("what bench:all reads out of a bench", () => {
  it("finds a cell by its row and column, and says null where there is none", () => {
    const tables = tablesIn(PRINTED);
    expect(tables).toHaveLength(2);
    expect(cellOf(tables, /^fast$/, "end to end")).toBe("233/s (41.2 s)");
    expect(cellOf(tables, /^fast$/, 1)).toBe("1,240/s");
    expect(cellOf(tables, /^slow$/, 1)).toBeNull();
    expect(cellOf(tables, /^fast$/, "no such column")).toBeNull();
  });

  it("reads rates and durations, seconds as milliseconds", () => {
    expect(quantitiesOf("233/s (41.2 s)")).toEqual([
      { value: 233, unit: "/s" },
      { value: 41_200, unit: "ms" },
    ]);
    expect(quantitiesOf("3.1 ms / 1,250 ms")).toEqual([
      { value: 3.1, unit: "ms" },
      { value: 1_250, unit: "ms" },
    ]);
    expect(quantitiesOf("–")).toEqual([]);
    expect(pagesOf("11,892")).toEqual({ value: 11_892, unit: "pages" });
    expect([pagesOf("–"), pagesOf("12 ms"), pagesOf(null)]).toEqual([null, null, null]);
    expect(quantitiesOf(null)).toEqual([]);
  });

  it("says how many times its floor a figure costs, of a rate and of a duration alike", () => {
    expect(timesFloor({ value: 100, unit: "/s" }, { value: 500, unit: "/s" })).toBe(5);
    expect(timesFloor({ value: 50, unit: "ms" }, { value: 10, unit: "ms" })).toBe(5);
    expect(timesFloor({ value: 50, unit: "ms" }, { value: 10, unit: "/s" })).toBeNull();
    expect(timesFloor({ value: 50, unit: "ms" }, null)).toBeNull();
    expect(timesFloor({ value: 50, unit: "pages" }, { value: 10, unit: "pages" })).toBe(5);
  });

  it("reads the machine wherever a bench says it, and nothing behind it", () => {
    const line = "A processor, 2 cores · node v24.21.0 · workerd 1.2 · PostgreSQL 18.4 · 2026-11-30, commit 0fca96d";
    expect(machineIn(`first\n${line}\n| a |`)).toBe(line);
    expect(machineIn(`**Machine:** ${line}. Each question 5 times.`)).toBe(line);
    expect(machineIn("no machine")).toBeNull();
  });

  it("measures the floors first where a bench is compared with them, and once", () => {
    const namesOf = (wanted: string[]) => {
      const plan = planOf(wanted);
      return plan.ok ? plan.benches.map(({ name }) => name) : plan.unknown;
    };
    expect(namesOf(["overload", "hours"])).toEqual(["floors", "hours", "overload"]);
    expect(namesOf(["hours", "sms"])).toEqual(["sms", "hours"]);
    expect(namesOf(["growth"])).toEqual(["growth"]);
    expect(planOf(["sms", "smss"])).toEqual({ ok: false, unknown: ["smss"] });
  });

  it("leaves out what the Workers log, and nothing that a bench says", () => {
    expect(isWorkerLog('{"at":"sms","requestId":"r-1","outcome":"credited"}')).toBe(true);
    expect(isWorkerLog("NOSENTRY SQLite alarm handler canceled")).toBe(true);
    for (const line of ["| fast | 1,240/s |", "12:00:01  floors", "FAULT  load: a cent is missing", '{"machine":"a"}'])
      expect(isWorkerLog(line)).toBe(false);
  });

  it("reads of growth the pages at the smallest and the largest size, which stand in columns of one name", () => {
    const tables = tablesIn(`| question | 1,000 accounts | pages | rows | 10,000 accounts | pages | rows | it is |
| --- | --- | --- | --- | --- | --- | --- | --- |
| account page | 11 ms | 408 | 926 | 17 ms | 417 | 905 | flat |
`);
    const growth = BENCHES.find(({ name }) => name === "growth");
    expect(growth?.figures({ tables, floors: [], isWhole: false })[0]).toEqual({
      ...{ name: "account page, of 10,000 accounts", floorName: "of 1,000 accounts" },
      ...{ figure: { value: 417, unit: "pages" }, floor: { value: 408, unit: "pages" } },
    });
  });

  it("says null of a figure that a bench did not print, so that the run is red", () => {
    for (const { figures } of BENCHES) {
      const found = figures({ tables: [], floors: [], isWhole: false });
      expect(found.length).toBeGreaterThan(0);
      expect(found.every((each) => each === null)).toBe(true);
    }
  });

  it("runs every bench that package.json has", () => {
    const { scripts } = JSON.parse(readFileSync(at("package.json"), "utf8")) as { scripts: Record<string, string> };
    const known = Object.values(scripts).flatMap((line) => /^node (dev\/bench\/(?!all)\S+)/.exec(line)?.[1] ?? []);
    expect(BENCHES.map(({ script }) => script).toSorted()).toEqual(known.toSorted());
    expect(BENCHES.filter(({ script }) => !existsSync(at(script)))).toEqual([]);
  });
});
