import { expect, it } from "vitest";
import { type LossDay, lossOf, monthsOf } from "../../src/domain/metrics/losses.ts";

const day = (over: Partial<LossDay> = {}): LossDay => ({
  ...{ day: "2026-10-01", hours: 24, supplyHours: 24, comparedHours: 20, suppliedWh: 10_000, usedWh: 9_400 },
  ...{ supplyWh: 12_000, expectedHours: 48, knownHours: 44 },
  ...over,
});

it("is what was fed and not counted, by what was fed, in the compared hours alone", () => {
  expect(lossOf("2026-10-01", [day()])).toEqual({
    ...{ period: "2026-10-01", hours: 24, supplyHours: 24, comparedHours: 20, suppliedWh: 10_000, usedWh: 9_400 },
    ...{ lostWh: 600, lossBp: 600, supplyWh: 12_000, coverageBp: 9_167 },
  });
});

it("is not known where no hour can be compared, and then nothing is nought", () => {
  const silent = day({ supplyHours: 0, comparedHours: 0, suppliedWh: 0, usedWh: 0, supplyWh: 0, knownHours: 0 });
  expect(lossOf("2026-10-01", [silent])).toMatchObject({
    ...{ suppliedWh: null, usedWh: null, lostWh: null, lossBp: null, supplyWh: null, coverageBp: 0 },
  });
  expect(lossOf("2026-10-01", [])).toMatchObject({ hours: 0, lossBp: null, coverageBp: null });
});

it("of a month is the share of its sums, and not the mean of its days", () => {
  const days = [day(), day({ day: "2026-10-02", suppliedWh: 1_000, usedWh: 500 }), day({ day: "2026-11-01" })];
  const [october, november] = monthsOf(days).map(([month, own]) => lossOf(month, own));
  expect([october?.period, october?.lossBp, november?.lossBp]).toEqual(["2026-10-01", 1_000, 600]);
});

it("stays below nought where meters count more than was fed: one of them is wrong", () => {
  expect(lossOf("2026-10-01", [day({ usedWh: 10_500 })])).toMatchObject({ lostWh: -500, lossBp: -500 });
});
