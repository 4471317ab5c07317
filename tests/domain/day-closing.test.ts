import { describe, expect, it } from "vitest";
import {
  type Closing,
  changesSince,
  type DayFacts,
  isOfOutbox,
  type JudgedDay,
  judgeDay,
  type SiteSales,
  stepOf,
} from "../../src/domain/metrics/day-closing.ts";

const facts = (over: Partial<DayFacts> = {}): DayFacts => ({
  ...{ channel: "mpesa", isOver: true, onTheirWay: 0, isTouched: false, suspenseMinor: 0 },
  ...{ tills: 2, tillsFinal: 2, tillsDiffer: 0, unlisted: 0 },
  ...over,
});
const sold = (site: string | null, grossMinor: number, over: Partial<SiteSales> = {}): SiteSales => ({
  ...{ site, payments: 1, grossMinor, reversedMinor: 0, electricityMinor: grossMinor, feesMinor: 0 },
  ...{ suspenseMinor: 0, treasuryMinor: 0, vendedWh: grossMinor * 2 },
  ...over,
});
const SALES = [sold("MAK", 2_000), sold("KET", 5_000)];
const closing = (over: Partial<Closing> = {}): Closing => ({
  nth: 1,
  closedAt: 1_000,
  reopenedAt: null,
  sales: SALES,
  ...over,
});

it.each([
  ["today", "2026-11-29", true],
  ["of a week ago", "2026-11-22", true],
  ["of longer ago", "2026-11-21", false],
  ["of last year", "2025-11-29", false],
])("a day %s is kept open by what is on its way: %s, %s", (_, day, isKept) => {
  expect(isOfOutbox(day, "2026-11-29")).toBe(isKept);
});

describe("the state of a day's sales", () => {
  it.each<[string, Partial<DayFacts>, JudgedDay["waits"]]>([
    ["waits for nothing when all of it agrees", {}, []],
    ["waits for its own end", { isOver: false }, ["day"]],
    ["waits for a text that nobody has read yet", { onTheirWay: 1 }, ["outbox"]],
    ["waits for its sums", { isTouched: true }, ["sums"]],
    ["waits for money in suspense", { suspenseMinor: 2_000 }, ["suspense"]],
    ["waits for the statement of one of two tills", { tillsFinal: 1 }, ["statement"]],
    [
      "waits for a statement to agree, and not for the statement itself",
      { tillsFinal: 1, tillsDiffer: 1 },
      ["difference"],
    ],
    [
      "waits for both, where one till's statement differs and the other has none",
      { tillsFinal: 0, tillsDiffer: 1 },
      ["difference", "statement"],
    ],
    ["waits for a receipt that no statement lists", { unlisted: 1 }, ["statement"]],
    ["of cash waits for no statement", { channel: "cash", tills: 2, tillsFinal: 0, unlisted: 3 }, []],
    ["of cash waits for suspense all the same", { channel: "cash", suspenseMinor: 100 }, ["suspense"]],
    [
      "says all that it waits for, in its order",
      { isOver: false, suspenseMinor: 1, tillsFinal: 0 },
      ["day", "suspense", "statement"],
    ],
  ])("%s", (_, over, waits) => {
    expect(judgeDay(facts(over), SALES, null)).toEqual({ state: "open", waits, changes: [] });
  });

  it("is open until somebody has closed it, and closed as long as it is what it was", () => {
    expect(judgeDay(facts(), SALES, null).state).toBe("open");
    expect(judgeDay(facts(), SALES, closing()).state).toBe("closed");
    expect(judgeDay(facts(), SALES.toReversed(), closing()).state).toBe("closed");
  });

  it("reopens when a late row touches it, and says what changed", () => {
    const late = [sold("MAK", 3_500, { payments: 2 }), sold("KET", 5_000)];
    expect(judgeDay(facts({ tillsFinal: 1, tillsDiffer: 1 }), late, closing())).toEqual({
      state: "reopened",
      waits: ["difference"],
      changes: [
        { site: "MAK", amount: "payments", was: 1, is: 2 },
        { site: "MAK", amount: "grossMinor", was: 2_000, is: 3_500 },
        { site: "MAK", amount: "electricityMinor", was: 2_000, is: 3_500 },
        { site: "MAK", amount: "vendedWh", was: 4_000, is: 7_000 },
      ],
    });
  });

  it("reopens when money moves from one site to another, though the day's sum stays", () => {
    const moved = [sold("MAK", 0, { payments: 0 }), sold("KET", 7_000, { payments: 2 })];
    const { state, changes } = judgeDay(facts(), moved, closing());
    expect([state, changes.filter(({ amount }) => amount === "grossMinor")]).toEqual([
      "reopened",
      [
        { site: "KET", amount: "grossMinor", was: 5_000, is: 7_000 },
        { site: "MAK", amount: "grossMinor", was: 2_000, is: 0 },
      ],
    ]);
  });

  it("reopens when its statement no longer agrees, though nothing was sold otherwise", () => {
    expect(judgeDay(facts({ tillsFinal: 1 }), SALES, closing())).toMatchObject({
      state: "reopened",
      waits: ["statement"],
    });
  });

  it("does not reopen for what is merely on its way, which may be another day's", () => {
    expect(judgeDay(facts({ onTheirWay: 3, isTouched: true }), SALES, closing()).state).toBe("closed");
  });

  it("judges no day of the old books", () => {
    const old = facts({ channel: "legacy", isOver: false, suspenseMinor: 5 });
    expect(judgeDay(old, SALES, null)).toEqual({ state: "old", waits: [], changes: [] });
  });
});

describe("what is written down of a day", () => {
  const judged = (state: JudgedDay["state"], waits: JudgedDay["waits"] = []): JudgedDay => ({
    state,
    waits,
    changes: [],
  });
  it.each<[string, JudgedDay, Closing | null, { close: boolean; reopen: boolean }]>([
    ["a day that waits stays open", judged("open", ["suspense"]), null, { close: false, reopen: false }],
    ["a day that waits for nothing is closed", judged("open"), null, { close: true, reopen: false }],
    [
      "a closed day stays closed, however often one looks",
      judged("closed"),
      closing(),
      { close: false, reopen: false },
    ],
    [
      "a closed day that waits again is reopened",
      judged("reopened", ["suspense"]),
      closing(),
      { close: false, reopen: true },
    ],
    [
      "one that changed and waits for nothing is closed anew",
      judged("reopened"),
      closing(),
      { close: true, reopen: true },
    ],
    [
      "a reopened day is reopened once",
      judged("reopened", ["suspense"]),
      closing({ reopenedAt: 2_000 }),
      { close: false, reopen: false },
    ],
    [
      "a reopened day is closed when nothing waits",
      judged("reopened"),
      closing({ reopenedAt: 2_000 }),
      { close: true, reopen: false },
    ],
    [
      "one that is what it was again is closed again",
      judged("closed"),
      closing({ reopenedAt: 2_000 }),
      { close: true, reopen: false },
    ],
    ["the old books are not written of", judged("old"), null, { close: false, reopen: false }],
  ])("%s", (_, day, last, step) => {
    expect(stepOf(day, last)).toEqual(step);
  });
});

it("a site that is new had nothing before, and one that is gone has nothing now", () => {
  const changes = changesSince([sold("MAK", 100)], [sold(null, 100)]);
  expect(changes.filter(({ amount }) => amount === "grossMinor")).toEqual([
    { site: null, amount: "grossMinor", was: 0, is: 100 },
    { site: "MAK", amount: "grossMinor", was: 100, is: 0 },
  ]);
});
