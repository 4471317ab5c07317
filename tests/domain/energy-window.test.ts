import { describe, expect, it } from "vitest";
import { averageDayWh, fillWindow, type MeteredRow, planWindow, WINDOWS } from "../../src/domain/energy-window.ts";

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
/** 01:30 on 29 November in Lesotho: in UTC it is still the 28th. */
const NOW = Date.UTC(2026, 10, 28, 23, 30);
const local = (at: number) => new Date(at + 2 * HOUR).toISOString().slice(0, 16);

describe("a window of time", () => {
  it.each`
    window   | count | first                 | last                  | to
    ${"24h"} | ${24} | ${"2026-11-28T02:00"} | ${"2026-11-29T01:00"} | ${"2026-11-29T02:00"}
    ${"7d"}  | ${7}  | ${"2026-11-23T00:00"} | ${"2026-11-29T00:00"} | ${"2026-11-30T00:00"}
    ${"30d"} | ${30} | ${"2026-10-31T00:00"} | ${"2026-11-29T00:00"} | ${"2026-11-30T00:00"}
    ${"12m"} | ${12} | ${"2025-12-01T00:00"} | ${"2026-11-01T00:00"} | ${"2026-12-01T00:00"}
  `("of $window has $count local places from $first, the last running", ({ window, count, first, last, to }) => {
    const plan = planWindow(window, NOW, 120);
    expect(plan.starts).toHaveLength(count);
    expect([plan.starts[0], plan.starts.at(-1), plan.to].map((at) => local(at ?? 0))).toEqual([first, last, to]);
  });

  it("of twelve months names each month once, whatever the day", () => {
    for (const day of [31, 30, 1]) {
      const { starts } = planWindow("12m", Date.UTC(2026, 2, day, 10), 120);
      expect(new Set(starts.map((at) => local(at).slice(0, 7))).size).toBe(12);
      for (const at of starts) expect(local(at).slice(8)).toBe("01T00:00");
    }
  });

  it.each(WINDOWS)("of %s begins where the one before ended, without a hole", (window) => {
    const { starts, to } = planWindow(window, NOW, 60);
    expect(starts).toEqual(starts.toSorted((a, b) => a - b));
    expect(new Set([...starts, to]).size).toBe(starts.length + 1);
    expect(starts.at(-1)).toBeLessThanOrEqual(NOW);
    expect(to).toBeGreaterThan(NOW);
  });
});

describe("the rows of a window", () => {
  const plan = planWindow("7d", NOW, 120);
  const [first = 0, second = 0] = plan.starts;
  const row = (over: Partial<MeteredRow>): MeteredRow => ({
    meterNumber: "23099001",
    isPrimary: true,
    at: first,
    energyWh: 100,
    hours: 24,
    estimatedHours: 0,
    ...over,
  });

  it("leave a gap where nothing is known, and keep a 0 that is known", () => {
    const { energyWh } = fillWindow("7d", plan, [row({}), row({ at: second, energyWh: 0 })]);
    expect(energyWh).toEqual([100, 0, null, null, null, null, null]);
  });

  it("add up what two billing meters used on the day of a swap", () => {
    const filled = fillWindow("7d", plan, [
      row({ hours: 10 }),
      row({ meterNumber: "23099002", energyWh: 50, hours: 14 }),
    ]);
    expect([filled.energyWh[0], filled.hours[0]]).toEqual([150, 24]);
  });

  it("never count a meter that only checks, but show it beside the other", () => {
    const filled = fillWindow("7d", plan, [row({ meterNumber: "1", isPrimary: false, energyWh: 90 }), row({})]);
    expect(filled.energyWh[0]).toBe(100);
    expect(filled.meters.map(({ meterNumber, isPrimary, energyWh }) => [meterNumber, isPrimary, energyWh[0]])).toEqual([
      ["23099001", true, 100],
      ["1", false, 90],
    ]);
  });

  it("outside of it are left out", () => {
    expect(fillWindow("7d", plan, [row({ at: first - DAY }), row({ at: plan.to })]).meters).toEqual([]);
  });
});

describe("what is used on a day", () => {
  it("is reckoned by the hours that are known, without the day that is not over", () => {
    expect(averageDayWh({ energyWh: [240, 120, null, 999], hours: [24, 12, 0, 3] })).toBe(240);
  });
  it("is not known while no complete day is", () => {
    expect(averageDayWh({ energyWh: [null, 50], hours: [0, 3] })).toBeNull();
  });
  it("is 0 for somebody who used nothing", () => {
    expect(averageDayWh({ energyWh: [0, 0, 5], hours: [24, 24, 3] })).toBe(0);
  });
});
