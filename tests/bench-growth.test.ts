import { describe, expect, it } from "vitest";
import { costOf } from "../dev/bench/growth/cost.ts";
import { sitesFor } from "../dev/bench/growth/load.ts";
import { grownBy } from "../dev/bench/growth/verdict.ts";

describe("how what a question costs grew from 1,000 accounts to 100,000", () => {
  it.each([
    ["a page that costs as much", "flat", [1_000, 5_000], [1_200, 5_000], "flat"],
    ["a page that costs four times as much", "flat", [1_000, 5_000], [4_000, 20_000], "flat"],
    ["a page that looks at five times the pages", "flat", [1_000, 5_000], [5_000, 5_000], "GROWS"],
    ["a page that goes through five times the rows", "flat", [1_000, 5_000], [1_000, 25_000], "GROWS"],
    ["a page that looked at five times the pages, and at few all the same", "flat", [40, 400], [200, 500], "flat"],
    ["a page that looks at few, and at ten times as many", "flat", [20, 400], [200, 500], "GROWS"],
    ["a page that goes through few rows, and through ten times as many", "flat", [20, 50], [20, 500], "GROWS"],
    ["a page that looks at more than few, five times as many", "flat", [41, 400], [205, 500], "GROWS"],
    ["a page that began with nothing", "flat", [0, 0], [9, 9], "flat"],
    ["a page that began with nothing and goes through hundreds", "flat", [0, 0], [9, 400], "GROWS"],
    ["a country's sum that grows as its accounts", "country", [1_000, 5_000], [100_000, 500_000], "as the accounts"],
    ["a country's sum that goes through each pair", "country", [1_000, 5_000], [1_000, 1_600_000], "GROWS"],
    ["a country's sum that costs no more", "country", [1_000, 5_000], [2_000, 10_000], "flat"],
  ] as const)("%s", (_, grows, [firstPages, firstRows], [lastPages, lastRows], verdict) => {
    const first = { pages: firstPages, rows: firstRows, answered: 50 };
    const last = { pages: lastPages, rows: lastRows, answered: 50 };
    expect(grownBy(grows, { first, last, accountsTimes: 100 }).verdict).toBe(verdict);
  });

  it.each([
    ["a page that fills, and costs as much a row", "flat", 1, 50, [20, 20], [1_100, 1_000], 1.1, "flat"],
    ["a page that fills, and costs five times as much a row", "flat", 10, 50, [100, 100], [2_500, 500], 5, "GROWS"],
    ["a list that shows all of a country", "flat", 1_000, 100_000, [100, 100], [10_000, 10_000], 100, "GROWS"],
    ["a page that shows less", "flat", 50, 5, [1_000, 1_000], [2_000, 1_000], 2, "flat"],
    ["a sum of more sites", "country", 17, 500, [100, 100], [25_000, 100], 250, "GROWS"],
  ] as const)(
    "is told by row of a page: %s",
    (_, grows, few, many, [firstPages, firstRows], [lastPages, lastRows], times, verdict) => {
      const first = { pages: firstPages, rows: firstRows, answered: few };
      const last = { pages: lastPages, rows: lastRows, answered: many };
      expect(grownBy(grows, { first, last, accountsTimes: 100 })).toEqual({ verdict, times });
    },
  );

  it("is growing where the largest country is not answered at all", () => {
    const first = { pages: 10, rows: 10, answered: 1 };
    expect(grownBy("country", { first, last: null, accountsTimes: 100 }).verdict).toBe("GROWS");
  });
});

describe("the sites of a country that grows", () => {
  it.each([1_000, 10_000, 100_000])("are each a village, and no two have one code: %i accounts", (accounts) => {
    const sites = sitesFor(accounts);
    expect(new Set(sites).size).toBe(sites.length);
    expect(sites.every((code) => /^[A-Z]{3}$/.test(code))).toBe(true);
    expect(accounts / sites.length).toBeLessThanOrEqual(200);
  });
});

describe("what a plan cost", () => {
  it("is the pages of its root, and the rows of every step as often as it ran, those too that were left out", () => {
    expect(
      costOf({
        ...{
          "Actual Rows": 2,
          "Actual Loops": 1,
          "Shared Hit Blocks": 30,
          "Shared Read Blocks": 4,
          "Temp Written Blocks": 6,
        },
        Plans: [
          {
            ...{ "Actual Rows": 5, "Actual Loops": 10, "Rows Removed by Filter": 1.5, "Shared Hit Blocks": 30 },
          },
        ],
      }),
    ).toEqual({ pages: 40, rows: 67, answered: 2 });
  });
});
