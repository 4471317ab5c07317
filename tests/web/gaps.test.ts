import { describe, expect, it } from "vitest";
import { daysOf, linesOf, monthBeside, stateOf, type Unit } from "../../web/pages/gaps/model.ts";
import { heldBack, raised } from "../../web/pages/imports/model.ts";

const unit = (over: Partial<Unit> = {}): Unit => ({
  site: "MAT",
  day: "2026-11-03",
  source: "koios",
  expectedHours: 240,
  receivedHours: 240,
  complete: true,
  attempts: 1,
  nextAt: null,
  lastError: null,
  freshAt: null,
  inWork: false,
  pages: 1,
  details: null,
  updatedAt: 0,
  ...over,
});

describe("a site's day", () => {
  it.each([
    ["nobody asked for it", [], "unasked"],
    ["all hours are in", [unit()], "all"],
    [
      "one of two sources has all",
      [unit({ complete: false, receivedHours: 3 }), unit({ source: "koios_report" })],
      "all",
    ],
    ["some hours are in", [unit({ complete: false, receivedHours: 3 })], "part"],
    ["it was closed with hours lacking", [unit({ receivedHours: 239 })], "part"],
    ["nothing came and it failed", [unit({ complete: false, receivedHours: 0, lastError: "503" })], "failed"],
    ["nothing came yet", [unit({ complete: false, receivedHours: 0 })], "nothing"],
    ["somebody is at it", [unit({ complete: false, receivedHours: 0, inWork: true })], "work"],
    ["nobody has counted the meters, and it is closed", [unit({ expectedHours: null })], "all"],
  ])("where %s", (_, units, state) => expect(stateOf(units)).toBe(state));
});

describe("the gap map", () => {
  it("has a line a site in order, a cell for each day, by one source or by the best", () => {
    const units = [
      unit({ site: "TOS" }),
      unit(),
      unit({ source: "koios_report", complete: false, receivedHours: 120 }),
    ];
    const days = ["2026-11-02", "2026-11-03"];
    const lines = linesOf(units, days, "");
    expect(lines.map(({ site }) => site)).toEqual(["MAT", "TOS"]);
    expect(lines[0]?.cells.map(({ state, percent }) => [state, percent])).toEqual([
      ["unasked", null],
      ["all", 100],
    ]);
    expect(linesOf(units, days, "koios_report")).toMatchObject([
      { site: "MAT", cells: [{ state: "unasked" }, { state: "part", percent: 50 }] },
    ]);
  });
});

describe("the months", () => {
  it.each([
    ["2026-11", -1, "2026-10"],
    ["2026-01", -1, "2025-12"],
    ["2026-12", 1, "2027-01"],
  ] as const)("beside %s by %s: %s", (month, by, beside) => expect(monthBeside(month, by)).toBe(beside));
  it("end today, and have all their days before", () => {
    expect(daysOf("2026-11", "2026-11-03")).toEqual(["2026-11-01", "2026-11-02", "2026-11-03"]);
    expect(daysOf("2024-02", "2026-11-03")).toHaveLength(29);
    expect(daysOf("2026-12", "2026-11-03")).toEqual([]);
  });
});

describe("the order of sources", () => {
  it("lets one rise by a place, and the first stay", () => {
    expect(raised(["a", "b", "c"], "c")).toEqual(["a", "c", "b"]);
    expect(raised(["a", "b", "c"], "a")).toEqual(["a", "b", "c"]);
    expect(raised(["a", "b"], "x")).toEqual(["a", "b"]);
  });
});

describe("a vendor's calls that are held back", () => {
  it("are named with their end, or as being tried", () => {
    const closed = { state: "closed", openUntil: null } as const;
    const breakers = {
      ...{ credit: closed, balance: closed, metadata: closed },
      data: { state: "open", openUntil: 7 } as const,
      web: { state: "half_open", openUntil: 3 } as const,
    };
    expect(heldBack({ breakers } as unknown as Parameters<typeof heldBack>[0])).toEqual([
      { kind: "data", until: 7 },
      { kind: "web", until: null },
    ]);
  });
});
