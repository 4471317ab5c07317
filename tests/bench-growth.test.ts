import { describe, expect, it } from "vitest";
import { grownBy } from "../dev/bench/growth/verdict.ts";

describe("how a figure grew from 1,000 accounts to 100,000", () => {
  it.each([
    ["a page that takes as long", "flat", 10, 12, "flat"],
    ["a page that takes four times as long", "flat", 10, 40, "flat"],
    ["a page that takes five times as long", "flat", 10, 50, "GROWS"],
    ["a page that grew, and is quick all the same", "flat", 0.5, 5, "flat"],
    ["a country's sum that grows as its accounts", "country", 10, 1_000, "as the accounts"],
    ["a country's sum that grows faster", "country", 10, 1_600, "GROWS"],
    ["a sum that is not answered any more", "country", 10, Number.POSITIVE_INFINITY, "GROWS"],
    ["a country's sum that is no slower", "country", 10, 20, "flat"],
  ] as const)("%s", (_, grows, firstMs, lastMs, verdict) => {
    expect(grownBy(grows, { firstMs, lastMs, accountsTimes: 100 }).verdict).toBe(verdict);
  });
});
