import { describe, expect, it } from "vitest";
import { judgeMonths, median, type SiteMonth } from "../../src/domain/metrics/deficit.ts";

const months = (hours: readonly number[], elapsedBp = 10_000): SiteMonth[] =>
  hours.map((each, nth) => ({
    ...{ site: "MAK", month: `2026-0${nth + 1}-01`, hours: each },
    elapsedBp: nth === hours.length - 1 ? elapsedBp : 10_000,
  }));
const judged = (those: readonly SiteMonth[]) => judgeMonths(those).map(({ isDeficit }) => isDeficit);

describe("a deficit", () => {
  it("is a month of less than half of the median of the site's other months", () => {
    expect(judged(months([1_000, 1_000, 499, 1_000]))).toEqual([false, false, true, false]);
    expect(judged(months([1_000, 1_000, 500, 1_000]))).toEqual([false, false, false, false]);
  });

  it("is a month without any hour, too", () => {
    expect(judged(months([1_000, 0, 1_000, 1_000]))).toEqual([false, true, false, false]);
  });

  it("is called so only from four months on", () => {
    expect(judgeMonths(months([1_000, 0, 1_000])).map(({ medianHours }) => medianHours)).toEqual([null, null, null]);
  });

  it("of the running month is measured by as much of it as is over", () => {
    expect(judged(months([1_000, 1_000, 1_000, 1_000, 120], 2_500))).toEqual([false, false, false, false, true]);
    expect(judged(months([1_000, 1_000, 1_000, 1_000, 125], 2_500))).toEqual([false, false, false, false, false]);
    // It makes no other month look bad or good.
    expect(judgeMonths(months([800, 1_000, 1_200, 1_000, 1], 2_500))[0]?.medianHours).toBe(1_000);
  });

  it("of one site is not measured by another", () => {
    const other = months([9_000, 9_000, 9_000, 9_000]).map((month) => ({ ...month, site: "KET" }));
    expect(judged([...months([1_000, 1_000, 900, 1_000]), ...other])).toEqual(Array(8).fill(false));
  });
});

it("the median of an even number lies between the two in the middle; of none it is not known", () => {
  expect([median([3, 1, 2]), median([4, 1, 2, 3]), median([])]).toEqual([2, 2, null]);
});
