import { describe, expect, it } from "vitest";
import { barRect, lanesOf } from "../../web/charts/bars.ts";
import { columnsOf, lonely } from "../../web/charts/columns.ts";
import { counted, type Figure, KWH } from "../../web/charts/figure.ts";
import { optionsOf, rangeY } from "../../web/charts/options.ts";
import { paler, type Theme } from "../../web/charts/theme.ts";
import { placeTicks, timeTicks } from "../../web/charts/ticks.ts";
import { ENGLISH } from "../../web/charts/words.ts";

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const MIDNIGHT = Date.UTC(2026, 10, 2, 22);

const figure = (over: Partial<Figure> = {}): Figure => ({
  title: "Energy",
  kind: "bar",
  unit: KWH,
  series: [
    { name: "meter 1", values: [100, null, 0] },
    { name: "meter 2", values: [50, 60, null] },
  ],
  at: [MIDNIGHT, MIDNIGHT + HOUR, MIDNIGHT + 2 * HOUR],
  bucket: "hour",
  utcOffsetMinutes: 120,
  source: "meters",
  asOf: null,
  ...over,
});

describe("the columns of a figure", () => {
  it("keep a gap a gap, and 0 a 0", () => {
    expect(columnsOf(figure())).toEqual([
      [0, 1, 2],
      [100, null, 0],
      [50, 60, null],
    ]);
  });

  it("of lines stand at their instants", () => {
    expect(columnsOf(figure({ kind: "line" }))[0]).toEqual([MIDNIGHT, MIDNIGHT + HOUR, MIDNIGHT + 2 * HOUR]);
  });

  it("fill with gaps where a series is shorter than the axis", () => {
    expect(columnsOf(figure({ series: [{ name: "short", values: [1] }] }))[1]).toEqual([1, null, null]);
  });

  it("of a stack add up, and a gap lifts nothing", () => {
    expect(columnsOf(figure({ stacked: true })).slice(1)).toEqual([
      [100, null, 0],
      [150, 60, null],
    ]);
  });

  it("of a stack leave a line beside it as it is", () => {
    const line = { name: "customers", values: [3, 4, 5], kind: "line" as const, unit: counted("customers") };
    expect(columnsOf(figure({ stacked: true, series: [...figure().series, line] }))[3]).toEqual([3, 4, 5]);
  });
});

it("points without a neighbour are drawn as dots", () => {
  expect(lonely([1, null, 2, 3, null, null, 4])).toEqual([0, 6]);
  expect(lonely([null, 5, null])).toEqual([1]);
});

describe("a bar", () => {
  const place = { center: 100, placeWidth: 50, top: 20, bottom: 80 };
  it("stands beside its neighbours in the place they share, and does not touch the next place", () => {
    const [first, second] = [barRect({ ...place, nth: 0, of: 2 }), barRect({ ...place, nth: 1, of: 2 })];
    expect(first.x + first.width).toBeCloseTo(second.x);
    expect(second.x + second.width - first.x).toBeLessThan(50);
    expect((first.x + second.x + second.width) / 2).toBeCloseTo(100);
    expect(first).toMatchObject({ y: 20, height: 60 });
  });

  it("of 0 is a line, so that nobody takes it for a gap", () => {
    expect(barRect({ ...place, top: 80, nth: 0, of: 1 })).toMatchObject({ y: 78.5, height: 1.5 });
  });

  it("below zero hangs down", () => {
    expect(barRect({ ...place, top: 110, nth: 0, of: 1 })).toMatchObject({ y: 80, height: 30 });
  });

  it("is never thinner than a pixel, nor a wall", () => {
    expect(barRect({ ...place, placeWidth: 1, nth: 0, of: 4 }).width).toBe(1);
    expect(barRect({ ...place, placeWidth: 900, nth: 0, of: 1 }).width).toBe(64);
  });

  it("has a lane of its own, all one when they are stacked, and lines have none", () => {
    const mixed = figure({ series: [...figure().series, { name: "line", values: [], kind: "line" }] });
    expect([...lanesOf(mixed)]).toEqual([
      [0, { nth: 0, of: 2 }],
      [1, { nth: 1, of: 2 }],
    ]);
    expect(lanesOf({ ...mixed, stacked: true }).get(1)).toEqual({ nth: 0, of: 1 });
  });
});

describe("the axis of values", () => {
  it.each`
    kind      | min     | max      | low     | high
    ${"bar"}  | ${500}  | ${1_000} | ${0}    | ${1_080}
    ${"area"} | ${500}  | ${1_000} | ${0}    | ${1_080}
    ${"bar"}  | ${0}    | ${0}     | ${0}    | ${80}
    ${"line"} | ${500}  | ${1_000} | ${460}  | ${1_040}
    ${"bar"}  | ${-100} | ${0}     | ${-108} | ${0}
    ${"bar"}  | ${null} | ${null}  | ${0}    | ${1_000}
  `("of $kind from $min to $max reaches from $low to $high", ({ kind, min, max, low, high }) => {
    expect(rangeY(figure({ kind }), false, min, max)).toEqual([low, high]);
  });
});

describe("ticks of time", () => {
  const local = (at: number) => new Date(at + 2 * HOUR).toISOString().slice(5, 16);
  it.each`
    span         | most | first            | second           | bucket
    ${DAY}       | ${8} | ${"11-03T00:00"} | ${"11-03T03:00"} | ${"hour"}
    ${DAY}       | ${3} | ${"11-03T00:00"} | ${"11-03T12:00"} | ${"hour"}
    ${7 * DAY}   | ${8} | ${"11-03T00:00"} | ${"11-04T00:00"} | ${"day"}
    ${30 * DAY}  | ${6} | ${"11-09T00:00"} | ${"11-16T00:00"} | ${"day"}
    ${365 * DAY} | ${6} | ${"01-01T00:00"} | ${"03-01T00:00"} | ${"month"}
  `("over $span ms, at most $most, begin at local $first and $second", ({ span, most, first, second, bucket }) => {
    const { at, bucket: named } = timeTicks(MIDNIGHT, MIDNIGHT + span, most, 120);
    expect([local(at[0] ?? 0), local(at[1] ?? 0), named]).toEqual([first, second, bucket]);
    expect(at.length).toBeLessThanOrEqual(most + 1);
    for (const tick of at) expect(tick >= MIDNIGHT && tick <= MIDNIGHT + span).toBe(true);
  });

  it("of one instant are few and end", () => expect(timeTicks(5, 5, 6, 120).at.length).toBeLessThan(3));

  it("of places count back from the newest, and are never more than there is room for", () => {
    expect(placeTicks(-0.5, 6.5, 10)).toEqual([0, 1, 2, 3, 4, 5, 6]);
    expect(placeTicks(-0.5, 29.5, 6)).toEqual([5, 11, 17, 23, 29]);
    expect(placeTicks(-0.5, 23.5, 6, 9)).toEqual([1, 5, 9, 13, 17, 21]);
    expect(placeTicks(3.2, 3.8, 6)).toEqual([]);
  });
});

describe("how a figure is drawn", () => {
  const theme: Theme = {
    ink: "#000000",
    quiet: "#555555",
    line: "#dddddd",
    panel: "#ffffff",
    gap: "#eeeeee",
    font: "sans",
    series: ["#111111", "#222222"],
  };
  const drawn = (of: Figure, look = { theme, words: ENGLISH }) =>
    optionsOf(
      of,
      { width: 300, height: 200 },
      () => of,
      () => look,
    );

  it("leads no line over a gap", () => {
    for (const series of drawn(figure({ kind: "line" })).series.slice(1)) expect(series.spanGaps).toBe(false);
  });

  it("gives a series with a unit of its own the axis on the right, and no other", () => {
    const line = { name: "customers", values: [3], kind: "line" as const, unit: counted("customers") };
    const two = drawn(figure({ series: [...figure().series, line] }));
    expect(two.series.slice(1).map(({ scale }) => scale)).toEqual(["y", "y", "right"]);
    expect(two.axes?.map(({ scale, label }) => [scale, label])).toEqual([
      ["x", undefined],
      ["y", "kWh"],
      ["right", "customers"],
    ]);
    expect(drawn(figure()).axes).toHaveLength(2);
  });

  it("asks for its colours when it draws, so that dark and light need no new drawing", () => {
    const look = { theme, words: ENGLISH };
    const stroke = drawn(figure(), look).series[2]?.stroke as () => string;
    expect(stroke()).toBe("#222222");
    look.theme = { ...theme, series: ["#333333", "#444444"] };
    expect(stroke()).toBe("#444444");
  });

  it("begins with the first colour again after the last", () => {
    const many = figure({ series: Array.from({ length: 3 }, (_, nth) => ({ name: String(nth), values: [] })) });
    const stroke = drawn(many).series[3]?.stroke as () => string;
    expect(stroke()).toBe("#111111");
  });
});

it("a paler colour is the same colour", () => {
  expect(paler("#0a6648")).toBe("#0a664873");
  expect(paler("rgb(1 2 3)")).toContain("rgb(1 2 3)");
});
