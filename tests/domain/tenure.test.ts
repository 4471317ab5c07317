import { describe, expect, it } from "vitest";
import {
  type AccountHistory,
  coverageOf,
  firstMonth,
  monthIndex,
  type TenureRule,
  tenureOf,
  withoutOutliers,
} from "../../src/domain/metrics/tenure.ts";

const FEBRUARY = monthIndex("2026-02-01");
const JANUARY = monthIndex("2026-01-01");
const RUNNING = monthIndex("2026-05-01");
/** Hours of whole months: January 744, February 672, March 744, April 720; of each day 23 would do. */
const WHOLE = [744, 672, 744, 720];

type Month = [energyWh: number, hours?: number] | null;
/** From January on; null: nobody knows the month. */
const account = (months: Month[], over: Partial<AccountHistory> = {}): AccountHistory => ({
  group: "HH",
  until: null,
  months: months.flatMap((month, nth) =>
    month === null ? [] : [{ month: JANUARY + nth, energyWh: month[0], hours: month[1] ?? WHOLE[nth] ?? 200 }],
  ),
  ...over,
});

/**
 * On paper, in kWh; May is running. Accounts begin in mid-January (A, B, C, E: 300 hours are known) and D with a whole January.
 *
 *            Jan        Feb   Mar   Apr   May (runs)
 *   A         4 (part)   10    11    12     3
 *   B         5 (part)   12     0    14     2
 *   C         3 (part)   11    13    13     4
 *   D         9          13    14    15     5
 *   E        40 (part)  100   110   120    30
 */
const WORLD: AccountHistory[] = [
  account([[4_000, 300], [10_000], [11_000], [12_000], [3_000]]),
  account([[5_000, 300], [12_000], [0], [14_000], [2_000]]),
  account([[3_000, 300], [11_000], [13_000], [13_000], [4_000]]),
  account([[9_000], [13_000], [14_000], [15_000], [5_000]]),
  account([[40_000, 300], [100_000], [110_000], [120_000], [30_000]]),
];
const points = (rule: TenureRule, world = WORLD) =>
  (tenureOf(world, rule, RUNNING)[0]?.points ?? []).map((p) => [
    ...[p.tenure, p.meanWh, p.deviationWh, p.upperWh, p.lowerWh, p.minWh, p.maxWh, p.n, p.nd, p.nf],
  ]);

describe("tenure of five accounts of which one is an outlier", () => {
  it("golden f: is by the old rule what the old report shows", () => {
    /*
     * Month 0 is January for all. Places n/4 = 1 and 3n/4 = 3 of five sorted values.
     * t 0: 3 4 5 9 40; q1 4, q3 9, reach 7.5: -3.5 to 16.5, 40 goes. Mean of 3 4 5 9 = 5.25; squares 131/4 - 27.5625 = 5.1875, root 2.278.
     * t 1: 10 11 12 13 100; q1 11, q3 13, reach 3: 8 to 16. Mean 11.5; squares 534/4 - 132.25 = 1.25, root 1.118.
     * t 2: the 0 of B is left out: 11 13 14 110; n = 4, q1 = v[1] 13, q3 = v[3] 110, reach 145.5: all stay. Mean 37;
     *      squares (26² + 24² + 23² + 73²)/4 = 7110/4 = 1777.5, root 42.160: the lower end is cut at 0.
     * t 3: 12 13 14 15 120; as t 1 and 2 more: 13.5.
     * t 4, the running May: 2 3 4 5 30; q1 3, q3 5, reach 3: 0 to 8. Mean 3.5.
     */
    expect(points("legacy")).toEqual([
      [0, 5_250, 2_278, 7_528, 2_972, 3_000, 9_000, 5, 5, 1],
      [1, 11_500, 1_118, 12_618, 10_382, 10_000, 13_000, 5, 5, 1],
      [2, 37_000, 42_160, 79_160, 0, 11_000, 110_000, 5, 4, 0],
      [3, 13_500, 1_118, 14_618, 12_382, 12_000, 15_000, 5, 5, 1],
      [4, 3_500, 1_118, 4_618, 2_382, 2_000, 5_000, 5, 5, 1],
    ]);
  });

  it("golden f: begins by the corrected rule with the first complete month, has the zeros and not the running month", () => {
    /*
     * Month 0 is February of A, B, C, E, and January of D.
     * t 0: A 10, B 12, C 11, D 9, E 100 -> 9 10 11 12 100; q1 10, q3 12, reach 3: 7 to 15, 100 goes. Mean 10.5, root of 1.25.
     * t 1: A 11, B 0, C 13, D 13, E 110 -> 0 11 13 13 110; q1 11, q3 13, reach 3: 8 to 16: 0 and 110 go. Mean of 11 13 13 = 12.333;
     *      squares 459/3 - 152.111 = 0.8889, root 0.943. The zero was asked for: nd has it.
     * t 2: A 12, B 14, C 13, D 14, E 120 -> 12 13 14 14 120; q1 13, q3 14, reach 1.5: 11.5 to 15.5. Mean 13.25; root of 0.6875 = 0.829.
     * t 3: only D is as old: 15. One value is no mean, and so the last that is shown is t 2.
     */
    expect(points("corrected")).toEqual([
      [0, 10_500, 1_118, 11_618, 9_382, 9_000, 12_000, 5, 5, 1],
      [1, 12_333, 943, 13_276, 11_390, 11_000, 13_000, 5, 5, 2],
      [2, 13_250, 829, 14_079, 12_421, 12_000, 14_000, 5, 5, 1],
    ]);
  });
});

describe("bug of old, tenure", () => {
  const three = (months: Month[]) => [account(months), account(months), account(months)];

  it("zero months are dropped: with them a month in which nobody used anything has the mean 0", () => {
    const world = three([[1_000], [0], [1_000]]);
    expect(points("legacy", world).map(([tenure, mean]) => [tenure, mean])).toEqual([
      [0, 1_000],
      [1, null],
      [2, 1_000],
    ]);
    expect(points("corrected", world).map(([tenure, mean]) => [tenure, mean])).toEqual([
      [0, 1_000],
      [1, 0],
      [2, 1_000],
    ]);
  });

  it("the first month is a part month and is kept: it is no month of the corrected rule", () => {
    const world = three([[100, 40], [1_000]]);
    expect(points("legacy", world)[0]?.[1]).toBe(100);
    expect(points("corrected", world).map(([, mean]) => mean)).toEqual([1_000]);
  });

  it("the running month is included as if it were complete: it is none, though all its hours so far are known", () => {
    const world = three([[1_000], [1_000], [1_000], [1_000], [10, 744]]);
    expect(points("legacy", world).map(([, mean]) => mean)).toEqual([1_000, 1_000, 1_000, 1_000, 10]);
    expect(points("corrected", world).map(([, mean]) => mean)).toEqual([1_000, 1_000, 1_000, 1_000]);
  });

  it("the sd of the tooltip is half the band, wrong when the lower end is cut: it is told by itself", () => {
    const [first] =
      tenureOf([account([[0]]), account([[0]]), account([[9_000]])], "corrected", RUNNING)[0]?.points ?? [];
    // Mean 3, squares 81/3 - 9 = 18, root 4.243; below 0 there is no energy.
    expect(first).toMatchObject({ meanWh: 3_000, deviationWh: 4_243, upperWh: 7_243, lowerWh: 0 });
  });

  it("an import gap shows as a dip at one tenure: a month of which hours lack is out of the mean, and nd says so", () => {
    const world = [...three([[1_000], [1_000], [1_000]]), account([[1_000], [200, 100], [1_000]])];
    expect(points("legacy", world)[1]).toEqual([1, 1_000, 0, 1_000, 1_000, 1_000, 1_000, 4, 4, 1]);
    expect(points("corrected", world)[1]).toEqual([1, 1_000, 0, 1_000, 1_000, 1_000, 1_000, 4, 3, 0]);
  });

  it("accounts without a type are dropped in silence: they are a group of their own, the last", () => {
    const world = [...three([[1_000]]), ...three([[2_000]]).map((each) => ({ ...each, group: null }))];
    expect(tenureOf(world, "legacy", RUNNING).map(({ group }) => group)).toEqual(["HH"]);
    expect(tenureOf(world, "corrected", RUNNING).map(({ group, accounts }) => [group, accounts])).toEqual([
      ["HH", 3],
      [null, 3],
    ]);
  });
});

describe("a tenure", () => {
  it("counts an account as old as it was when it was terminated", () => {
    const gone = account([[1_000], [1_000], [300]], { until: JANUARY + 2 });
    const [, second, third] =
      tenureOf(
        [account([[1], [1], [1]]), account([[1], [1], [1]]), account([[1], [1], [1]]), gone],
        "corrected",
        RUNNING,
      )[0]?.points ?? [];
    expect([second?.n, second?.nd, third?.n, third?.nd]).toEqual([4, 4, 3, 3]);
  });

  it("has a gap in the middle, and ends after the last month of any group", () => {
    const gap = (group: string) => [0, 1, 2].map(() => account([[1_000], null, [1_000], null], { group }));
    const made = tenureOf([...gap("HH"), account([[1], [1], [1], [1]], { group: "SME" })], "corrected", RUNNING);
    expect(made.map(({ group, points: own }) => [group, own.map(({ meanWh }) => meanWh)])).toEqual([
      ["HH", [1_000, null, 1_000]],
      ["SME", [null, null, null]],
    ]);
  });

  it("of nobody, or of nobody who has a complete month, is empty", () => {
    expect(tenureOf([], "corrected", RUNNING)).toEqual([]);
    expect(tenureOf([account([[1_000, 10]])], "corrected", RUNNING)[0]).toMatchObject({ accounts: 0, points: [] });
  });

  it("takes 23 hours of each day for a complete month, and not an hour less", () => {
    const of = (hours: number) =>
      tenureOf([{ group: null, until: null, months: [{ month: FEBRUARY, energyWh: 1, hours }] }], "corrected", RUNNING);
    expect([of(28 * 23)[0]?.accounts, of(28 * 23 - 1)[0]?.accounts]).toEqual([1, 0]);
  });

  it("says how much of all the time is known, the running month apart", () => {
    // January 744 of 744, February unknown (672), March 744, April 720; May is not over.
    expect(coverageOf([account([[1], null, [1], [1], [1]])], RUNNING)).toBe(76.67);
    expect(coverageOf([], RUNNING)).toBeNull();
  });
});

it.each`
  values                  | kept                    | because
  ${[1, 2, 1_000]}        | ${[1, 2, 1_000]}        | ${"three have no outliers"}
  ${[1, 2, 3, 1_000]}     | ${[1, 2, 3, 1_000]}     | ${"of four the upper quarter is the last itself"}
  ${[10, 11, 12, 13, 16]} | ${[10, 11, 12, 13, 16]} | ${"the fence belongs to what is kept"}
  ${[10, 11, 12, 13, 17]} | ${[10, 11, 12, 13]}     | ${"beyond it is out"}
  ${[7, 11, 12, 13, 13]}  | ${[11, 12, 13, 13]}     | ${"below it too"}
  ${[5, 5, 5, 5, 6]}      | ${[5, 5, 5, 5]}         | ${"without a width everything else is out"}
`("outliers of $values: $because", ({ values, kept }) => expect(withoutOutliers(values)).toEqual(kept));

it("begins with the first month of which anything is known, whoever's it is", () => {
  const of = (...months: number[]) => ({
    ...{ group: null, until: null },
    months: months.map((month) => ({ month, energyWh: 1, hours: 1 })),
  });
  expect(firstMonth([of(24_311, 24_312), of(), of(24_300)])).toBe("2025-01-01");
  expect(firstMonth([of(24_311)])).toBe("2025-12-01");
  expect(firstMonth([of()])).toBeNull();
});
