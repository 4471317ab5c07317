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
    ["a page that grew, and is small all the same", "flat", [10, 20], [1_500, 2_000], "flat"],
    ["a country's sum that grows as its accounts", "country", [1_000, 5_000], [100_000, 500_000], "as the accounts"],
    ["a country's sum that goes through each pair", "country", [1_000, 5_000], [1_000, 1_600_000], "GROWS"],
    ["a country's sum that costs no more", "country", [1_000, 5_000], [2_000, 10_000], "flat"],
  ] as const)("%s", (_, grows, [firstPages, firstRows], [lastPages, lastRows], verdict) => {
    const first = { pages: firstPages, rows: firstRows };
    const last = { pages: lastPages, rows: lastRows };
    expect(grownBy(grows, { first, last, accountsTimes: 100 }).verdict).toBe(verdict);
  });

  it("is growing where the largest country is not answered at all", () => {
    const first = { pages: 10, rows: 10 };
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
    ).toEqual({ pages: 40, rows: 67 });
  });
});
