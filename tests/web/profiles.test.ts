import { describe, expect, it } from "vitest";
import { dailySeries, percentText, roundUp } from "../../web/pages/load/model.ts";
import { bandOf, type Group, meansOf, monthsOf, type Point, shownOf } from "../../web/pages/tenure/model.ts";

const point = (tenure: number, over: Partial<Point> = {}): Point => ({
  ...{ tenure, meanWh: 1_000, deviationWh: 100, upperWh: 1_100, lowerWh: 900, minWh: 1, maxWh: 2, n: 9, nd: 6, nf: 1 },
  ...over,
});
const group = (name: string | null, accounts: number, points: Point[]): Group => ({
  ...{ group: name, accounts, energyWh: 0, points },
});

describe("the page of tenure", () => {
  const groups = [group("HH", 5, [point(0), point(1)]), group("SME", 9, [point(0)]), group(null, 1, [])];

  it("draws the group that is asked for, else the one of most accounts", () => {
    expect(shownOf(groups, "HH")?.group).toBe("HH");
    expect(shownOf(groups, "-")?.group).toBeNull();
    expect(shownOf(groups, "CHU")?.group).toBe("SME");
    expect(shownOf([], "HH")).toBeNull();
  });

  it("has as many months as the longest group", () => {
    expect(monthsOf(groups)).toEqual(["0", "1"]);
    expect(monthsOf([])).toEqual([]);
  });

  it("says over how many accounts each mean is, and leaves a gap where there is none", () => {
    const gap = point(1, { meanWh: null, upperWh: null, lowerWh: null, nd: 2, nf: 0 });
    const names = { mean: "mean", upper: "upper", lower: "lower", n: "n" };
    const { series, band } = bandOf(group("HH", 5, [point(0), gap]), names);
    expect(series.map(({ values }) => values)).toEqual([
      [1_000, null],
      [1_100, null],
      [900, null],
      [5, 2],
    ]);
    expect(band.map((nth) => series[nth]?.name)).toEqual(["upper", "lower"]);
  });

  it("draws the means of all groups under their names", () => {
    expect(meansOf(groups, (each) => each.group ?? "no type")).toEqual([
      { name: "HH", values: [1_000, 1_000] },
      { name: "SME", values: [1_000] },
      { name: "no type", values: [] },
    ]);
  });
});

describe("the page of load profiles", () => {
  const names = { p10: "p10", p50: "p50", p90: "p90", mean: "mean", n: "n" };
  const of = (group: string | null, day: string, n: number) => ({
    ...{ group, day, p10Wh: 1, p50Wh: 5, p90Wh: 9, meanWh: 5, n },
  });

  it("has each day of the window once, and a gap where a day is not known", () => {
    const days = [of("HH", "2026-02-28", 3), of("SME", "2026-03-01", 7), of("HH", "2026-03-02", 4)];
    const drawn = dailySeries({ days, from: "2026-02-28", to: "2026-03-02" }, "HH", names);
    expect(drawn.days).toEqual(["2026-02-28", "2026-03-01", "2026-03-02"]);
    expect(drawn.series.map(({ name, values }) => [name, values])).toEqual([
      ["p50", [5, null, 5]],
      ["p90", [9, null, 9]],
      ["p10", [1, null, 1]],
      ["mean", [5, null, 5]],
      ["n", [3, null, 4]],
    ]);
  });

  it.each`
    value     | round
    ${0}      | ${1}
    ${1}      | ${1}
    ${1_001}  | ${2_000}
    ${4_999}  | ${5_000}
    ${5_001}  | ${10_000}
    ${87_654} | ${100_000}
  `("has an axis up to $round for $value", ({ value, round }) => expect(roundUp(value)).toBe(round));

  it("reads a share, and a dash where nobody knows", () => {
    expect([percentText(1_234), percentText(0), percentText(null)]).toEqual(["12.3 %", "0.0 %", "–"]);
  });
});
