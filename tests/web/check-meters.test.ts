import { describe, expect, it } from "vitest";
import { addedUp, hourly, percent, spanOf, tally, toneOf } from "../../web/pages/check-meters/model.ts";

const HOUR = 3_600_000;

describe("a deviation", () => {
  it.each([
    [0, "good"],
    [4.9999, "good"],
    [-4.9999, "good"],
    [5, "warn"],
    [-14.9999, "warn"],
    [15, "bad"],
    [-80, "bad"],
    [null, "quiet"],
  ])("of %s %% is %s", (value, tone) => expect(toneOf(value)).toBe(tone));
  it.each([
    [4.25, "+4.3 %"],
    [-0.4, "−0.4 %"],
    [0.01, "0.0 %"],
    [null, "–"],
  ])("of %s is written %j", (value, text) => expect(percent(value)).toBe(text));
  it("is counted by colour", () => {
    const pairs = [1, -6, 20, null].map((totalDeviationPct) => ({ totalDeviationPct }));
    expect(tally(pairs)).toEqual({ good: 1, warn: 1, bad: 1, quiet: 1 });
  });
});

describe("the hours of a pair", () => {
  const lines = hourly([
    { hour: 0, checkWh: 10, primaryWh: 11 },
    { hour: 2 * HOUR, checkWh: 5, primaryWh: null },
    { hour: 3 * HOUR, checkWh: 7, primaryWh: 6 },
  ]);
  it("keep a gap a gap", () =>
    expect(lines).toEqual({
      at: [0, HOUR, 2 * HOUR, 3 * HOUR],
      check: [10, null, 5, 7],
      primary: [11, null, null, 6],
    }));
  it("are added up where both know them", () =>
    expect(addedUp(lines)).toEqual({ at: lines.at, check: [10, null, null, 17], primary: [11, null, null, 17] }));
  it("are none where none is known", () => expect(hourly([])).toEqual({ at: [], check: [], primary: [] }));
});

it.each([
  ["14", 14],
  ["5", 7],
  ["", 7],
])("a span of %j days is %s", (text, days) => expect(spanOf(text)).toBe(days));
