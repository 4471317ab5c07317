import { describe, expect, it } from "vitest";
import type { MetricRow } from "../../src/domain/metrics/answer.ts";
import { cumulated, linesOf, periodName, readAs, SERIES_MAX } from "../../src/domain/metrics/lines.ts";
import { metricOf } from "../../src/domain/metrics/registry.ts";
import { FIGURES, REPORTS } from "../../src/domain/metrics/reports.ts";

const row = (period: string, group: string | null, value: number | null): MetricRow => ({
  ...{ period, group, value, n: null, isPartial: false, prorated: null },
});
const named = (group: string | null) => group ?? "none";

describe("rows of a figure as lines", () => {
  it("are one a group, and a period that a group lacks is a gap", () => {
    const rows = [row("2026-07-01", "MAK", 1), row("2026-10-01", "MAK", 2), row("2026-10-01", null, 0)];
    expect(linesOf(rows, true, named, "others")).toEqual({
      periods: ["2026-07-01", "2026-10-01"],
      series: [
        { name: "MAK", values: [1, 2] },
        { name: "none", values: [null, 0] },
      ],
      isCut: false,
    });
  });

  const many = Array.from({ length: 9 }, (_, n) => row("2026-10-01", `S${n}`, n));
  it("are no more than can be told apart, and what adds up keeps its whole", () => {
    const { series, isCut } = linesOf(many, true, named, "others");
    expect(isCut).toBe(true);
    expect(series).toHaveLength(SERIES_MAX);
    expect(series.at(-1)).toEqual({ name: "others", values: [0 + 1 + 2 + 3] });
    expect(series.flatMap(({ values }) => values).reduce((sum: number, value) => sum + (value ?? 0), 0)).toBe(36);
  });

  it("of what does not add up are the largest alone: an average has no others", () => {
    const { series } = linesOf(many, false, named, "others");
    expect(series.map(({ name }) => name)).toEqual(["S8", "S7", "S6", "S5", "S4", "S3"]);
  });
});

it("a sum over time never takes a gap for nothing, and goes down where a quarter took back more than was paid", () => {
  const rows = [row("a", "MAK", 5), row("b", "MAK", null), row("c", "MAK", -2), row("c", "KET", 1)];
  expect(cumulated(rows).map(({ value }) => value)).toEqual([5, null, 3, 1]);
});

it.each([
  ["2026-11-03", "day", "2026-11-03"],
  ["2026-11-01", "month", "2026-11"],
  ["2026-10-01", "quarter", "2026 Q4"],
  ["2026-01-01", "quarter", "2026 Q1"],
  ["2026-01-01", "year", "2026"],
] as const)("the period %s of a %s is called %s", (period, grain, name) => {
  expect(periodName(period, grain)).toBe(name);
});

it("much energy is read in MWh, and money in the country's own unit", () => {
  expect(readAs("energy", null, 2, [row("a", null, 9_999_999)]).name).toBe("kWh");
  expect(readAs("energy", null, 2, [row("a", null, 10_000_000)]).name).toBe("MWh");
  expect(readAs("money", "XOF", 0)).toEqual({ name: "XOF", divisor: 1, digits: 0 });
});

describe.each(REPORTS)("the report %s", (report) => {
  it.each(FIGURES[report].map((figure) => [figure.title, figure] as const))(
    "has a figure %s that can be asked",
    (_title, figure) => {
      expect(new Set(figure.ids.map((id) => metricOf(id).unit)).size).toBe(1);
      for (const id of figure.ids) expect(metricOf(id).groupings).toContain(figure.by);
      if (figure.ids.length > 1) expect(figure.by).toBe("none");
      if (figure.stacked) for (const id of figure.ids) expect(metricOf(id).addsUp).toBe(true);
      if (figure.cumulative) for (const id of figure.ids) expect(metricOf(id).addsUp).toBe(true);
    },
  );
});
