import { describe, expect, it } from "vitest";
import {
  change,
  dayPlus,
  lights,
  month,
  needs,
  siteRows,
  sought,
  sums,
  weekday,
} from "../../web/pages/dashboard/model.ts";
import { daysOf, openOf } from "../../web/pages/dashboard/tickets-model.ts";

const row = (site: string, day: string, creditedMinor: number, energyWh: number | null) => ({
  site,
  day,
  creditedMinor,
  payments: creditedMinor === 0 ? 0 : 1,
  energyWh,
  meters: energyWh === null ? 0 : 2,
});
const site = (code: string, over: object = {}) => ({
  site: code,
  name: code,
  accounts: 3,
  placed: 2,
  heard: 1,
  lit: 1,
  dark: 1,
  unknown: 0,
  ...over,
});
const today = "2026-03-02";
const days = [
  row("MAK", today, 2_000, 500),
  row("MAT", today, 1_000, null),
  row("MAK", "2026-03-01", 700, 300),
  row("MAK", "2026-02-01", 90, 20),
  row("MAK", "2026-01-31", 50, 10),
];

describe("the dashboard's sums", () => {
  it("count days of the calendar over the end of a month and of a leap February", () => {
    expect(dayPlus("2026-03-02", -7)).toBe("2026-02-23");
    expect(dayPlus("2028-03-01", -1)).toBe("2028-02-29");
    expect(weekday("2026-03-02")).toBe(1);
  });

  it.each([
    ["", today, today, { creditedMinor: 3_000, payments: 2, energyWh: 500 }],
    ["MAK", today, today, { creditedMinor: 2_000, payments: 1, energyWh: 500 }],
    // a site whose energy nobody counted has none that is known, not none
    ["MAT", today, today, { creditedMinor: 1_000, payments: 1, energyWh: null }],
    ["MAK", "2026-03-01", today, { creditedMinor: 2_700, payments: 2, energyWh: 800 }],
    ["NOW", today, today, { creditedMinor: 0, payments: 0, energyWh: null }],
  ])("of site %j from %s to %s", (at, from, to, expected) => {
    expect(sums(days, at, from, to)).toEqual(expected);
  });

  it("has thirty days a month, the running one last, and gaps where no meter counted", () => {
    const shown = month({ days, today }, "");
    expect(shown).toHaveLength(30);
    expect(shown[0]).toEqual({ day: "2026-02-01", creditedMinor: 90, payments: 1, energyWh: 20 });
    expect(shown[1]).toEqual({ day: "2026-02-02", creditedMinor: 0, payments: 0, energyWh: null });
    expect(shown.at(-1)?.day).toBe(today);
  });

  it("adds up each site's lines to what the tiles of all sites say", () => {
    const rows = siteRows({ asOf: 0, today, days, received: [], sites: [site("MAK"), site("MAT")] });
    const added = rows.reduce((sum, each) => sum + each.month.creditedMinor, 0);
    expect(added).toBe(sums(days, "", dayPlus(today, -29), today).creditedMinor);
    expect(rows[0]?.month.creditedMinor).toBe(2_790);
  });

  it("compares only with what was", () => {
    expect(change(150, 100)).toBe(50);
    expect(change(50, 100)).toBe(-50);
    expect(change(50, 0)).toBeNull();
    expect(change(null, 100)).toBeNull();
  });

  it("counts lights of a site or of all", () => {
    const sites = [site("MAK"), site("MAT", { placed: 5, heard: 5, lit: 4 })];
    expect(lights(sites, "")).toMatchObject({ placed: 7, heard: 6, silent: 1, lit: 5, dark: 2 });
    expect(lights(sites, "MAT")).toMatchObject({ placed: 5, silent: 0, lit: 4 });
  });
});

describe("what needs a person", () => {
  it("puts money first, then what waits longest, and leads to the page where it is done", () => {
    const rows = needs(
      [
        { kind: "case:chain_break", count: 1, oldestAt: 50, amountMinor: null },
        { kind: "merge", count: 2, oldestAt: 10, amountMinor: null },
        { kind: "suspense", count: 3, oldestAt: 90, amountMinor: 4_000 },
      ],
      null,
    );
    expect(rows.map(({ kind, path }) => [kind, path])).toEqual([
      ["suspense", "/suspense"],
      ["merge", "/merges"],
      ["case:chain_break", "/cases?kind=chain_break"],
    ]);
  });
});

describe("the box that finds", () => {
  it.each([
    ["0045MAK", "/accounts/0045MAK"],
    ["mak 45", "/accounts/0045MAK"],
    ["qk7abc1234", "/payments/QK7ABC1234"],
    ["50000101", "/customers?q=50000101"],
    ["Thabo Mokoena", "/customers?q=Thabo%20Mokoena"],
    ["Makhoarane", "/customers?q=Makhoarane"],
  ])("takes %j to %s", (typed, path) => {
    expect(sought(typed)?.path).toBe(path);
  });

  it("asks for more than a letter", () => {
    expect(sought(" k ")).toBeNull();
  });
});

describe("tickets on the dashboard", () => {
  const told = {
    today: "2026-03-02",
    open: [
      { site: "MAK", class: "customer_grievance" as const, open: 2, urgent: 1, oldestAt: 500 },
      { site: "", class: "asset_fault" as const, open: 1, urgent: 0, oldestAt: 300 },
    ],
    days: [
      { site: "MAK", day: "2026-03-02", opened: 2, resolved: 0 },
      { site: "", day: "2026-03-02", opened: 1, resolved: 3 },
      { site: "MAK", day: "2026-01-31", opened: 9, resolved: 9 },
    ],
  };

  it("are counted by class, with the oldest; of one site those of no site are not among them", () => {
    expect(openOf(told, "")).toMatchObject({ open: 3, urgent: 1, oldestAt: 300 });
    expect(openOf(told, "MAK").classes).toEqual([
      { name: "customer_grievance", open: 2 },
      { name: "asset_fault", open: 0 },
    ]);
    expect(openOf(told, "MAT")).toMatchObject({ open: 0, urgent: 0, oldestAt: null });
  });

  it("stand day by day: a day of which nothing is told had none, and what is older is not drawn", () => {
    const rows = daysOf(told, "");
    expect(rows).toHaveLength(30);
    expect(rows.at(-1)).toEqual({ day: "2026-03-02", opened: 3, resolved: 3 });
    expect(rows[0]).toEqual({ day: "2026-02-01", opened: 0, resolved: 0 });
    expect(daysOf(told, "MAK").at(-1)).toEqual({ day: "2026-03-02", opened: 2, resolved: 0 });
  });
});
