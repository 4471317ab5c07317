import { describe, expect, it } from "vitest";
import { curvesOf, factorsOf, hourOfYear, yearOf } from "../../src/domain/metrics/load.ts";
import { percentilesOf, rankOf, spreadOf } from "../../src/domain/metrics/statistics.ts";

const MASERU = 120;
const PORTO_NOVO = 60;

describe("a distribution", () => {
  it("golden g: of 100 known values has each at its own percentile", () => {
    const values = Array.from({ length: 100 }, (_, nth) => (nth + 1) * 10).toReversed();
    const found = percentilesOf(values);
    expect(found).toHaveLength(101);
    expect(found?.[0]).toBe(10);
    expect(found?.slice(1)).toEqual(values.toReversed());
  });

  it("golden g, bug of old: a month without data was a flat line of ones; it is null, and so it is of 29 values", () => {
    expect(percentilesOf([])).toBeNull();
    expect(percentilesOf(Array.from({ length: 29 }, () => 1))).toBeNull();
    expect(percentilesOf(Array.from({ length: 30 }, () => 1))).toEqual(Array.from({ length: 101 }, () => 1));
  });

  it("never falls", () => {
    const values = Array.from({ length: 57 }, (_, nth) => (nth * 7_919) % 101);
    const found = percentilesOf(values) ?? [];
    expect(found).toEqual(found.toSorted((a, b) => a - b));
    expect([found[0], found[100]]).toEqual([Math.min(...values), Math.max(...values)]);
  });

  it("takes 7 per cent of 100 for 7, though 0.07 times 100 is more", () => {
    expect([rankOf(7, 100), rankOf(0, 100), rankOf(100, 30), rankOf(1, 30)]).toEqual([7, 1, 30, 1]);
  });
});

it("the spread of whole numbers is exact where floats are not", () => {
  const large = 9_007_199_254_740_000;
  expect(spreadOf([large, large, large])).toEqual({ mean: large, deviation: 0 });
  expect(spreadOf([1, 2])).toEqual({ mean: 2, deviation: 1 });
  expect(spreadOf([])).toBeNull();
});

describe("a load curve", () => {
  it("has 24 hours, n beside each, null where nobody is known and 0 where nobody used anything", () => {
    const [curve] = curvesOf([
      { group: "HH", hour: 0, milliwatts: 0, n: 2 },
      { group: "HH", hour: 19, milliwatts: 301_000, n: 2 },
    ]);
    expect(curve?.hours).toHaveLength(24);
    expect([curve?.hours[0], curve?.hours[1], curve?.hours[19]]).toEqual([
      { hour: 0, meanMilliwatt: 0, n: 2 },
      { hour: 1, meanMilliwatt: null, n: 0 },
      { hour: 19, meanMilliwatt: 150_500, n: 2 },
    ]);
    expect([curve?.peakHour, curve?.peakMilliwatt]).toEqual([19, 150_500]);
  });

  it("of nothing has no peak", () => {
    expect(curvesOf([{ group: null, hour: 3, milliwatts: 0, n: 0 }])[0]).toMatchObject({
      peakHour: null,
      peakMilliwatt: null,
    });
  });
});

describe("the hours of a year", () => {
  it.each`
    at                        | year    | offset        | hour     | because
    ${"2025-12-31T22:00:00Z"} | ${2026} | ${MASERU}     | ${0}     | ${"midnight in Maseru"}
    ${"2025-12-31T22:00:00Z"} | ${2026} | ${PORTO_NOVO} | ${null}  | ${"it is 23:00 in Porto-Novo yet"}
    ${"2025-12-31T23:00:00Z"} | ${2026} | ${PORTO_NOVO} | ${0}     | ${"and now midnight"}
    ${"2026-12-31T21:00:00Z"} | ${2026} | ${MASERU}     | ${8_759} | ${"the last"}
    ${"2026-12-31T22:00:00Z"} | ${2026} | ${MASERU}     | ${null}  | ${"the next year"}
    ${"2024-02-28T21:00:00Z"} | ${2024} | ${MASERU}     | ${1_415} | ${"the last of 28 February"}
    ${"2024-02-28T22:00:00Z"} | ${2024} | ${MASERU}     | ${null}  | ${"29 February"}
    ${"2024-02-29T22:00:00Z"} | ${2024} | ${MASERU}     | ${1_416} | ${"1 March"}
    ${"2024-12-31T21:00:00Z"} | ${2024} | ${MASERU}     | ${8_759} | ${"the last of a leap year"}
  `("$at is $hour of $year: $because", ({ at, year, offset, hour }) => {
    expect(hourOfYear(Date.parse(at), year, offset)).toBe(hour);
  });

  it("are 8,760, null where fewer are known than asked for, with n beside", () => {
    const at = Date.parse("2026-01-01T00:00:00Z");
    const year = yearOf(
      [
        { at, energyWh: 100, n: 4 },
        { at: at + 3_600_000, energyWh: 0, n: 5 },
      ],
      2026,
      0,
      5,
    );
    expect(year).toHaveLength(8_760);
    expect(year.slice(0, 3)).toEqual([
      { hour: 0, meanMilliwatt: null, n: 4 },
      { hour: 1, meanMilliwatt: 0, n: 5 },
      { hour: 2, meanMilliwatt: null, n: 0 },
    ]);
  });
});

it("load factor and coincidence, worked by hand", () => {
  // Two accounts of four hours: 1 3 0 0 and 1 1 2 0. Together 2 4 2 0: mean 2, peak 4. Own peaks 3 + 2 = 5.
  expect(factorsOf({ energyWh: 8, hours: 4, peakWh: 4, peaksWh: 5, n: 2 })).toEqual({
    loadFactorBp: 5_000,
    coincidenceBp: 8_000,
  });
  expect(factorsOf({ energyWh: 0, hours: 4, peakWh: 0, peaksWh: 0, n: 2 })).toEqual({
    loadFactorBp: null,
    coincidenceBp: null,
  });
});
