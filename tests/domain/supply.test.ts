import { describe, expect, it } from "vitest";
import { isLastHour, minutesLeft, weightedRateMw } from "../../src/domain/supply.ts";

const HOUR = 3_600_000;

describe("the usual rate", () => {
  it("is 0.6 of the last 48 h and 0.4 of the last 168 h", () => {
    const use = { recentWh: 4_800, recentMs: 48 * HOUR, longWh: 8_400, longMs: 168 * HOUR };
    expect(weightedRateMw(use)).toBe(0.6 * 100_000 + 0.4 * 50_000);
  });

  it("is taken over the time that readings cover", () => {
    expect(weightedRateMw({ recentWh: 300, recentMs: 3 * HOUR, longWh: 300, longMs: 3 * HOUR })).toBe(100_000);
  });

  it("is not known before an hour is covered", () => {
    expect(weightedRateMw({ recentWh: 300, recentMs: HOUR - 1, longWh: 300, longMs: HOUR - 1 })).toBeNull();
  });

  it("knows the week when the last two days have no reading", () => {
    expect(weightedRateMw({ recentWh: 0, recentMs: 0, longWh: 5_000, longMs: 100 * HOUR })).toBe(50_000);
  });
});

describe("minutesLeft", () => {
  it.each([
    [500, 100_000, 300],
    [0, 100_000, 0],
    [-20, null, 0],
    [500, null, null],
    [500, 0, null],
  ])("of %s Wh at %s mW is %s", (availableWh, rateMw, minutes) => {
    expect(minutesLeft(availableWh, rateMw)).toBe(minutes);
  });
});

describe("the last hour of supply", () => {
  it.each([
    ["by the usual rate", 100, 100_000, null, true],
    ["by what is drawn now", 2_000, 100_000, 2_000, true],
    ["just run out", -100, 100_000, null, true],
    ["long run out", -101, 100_000, 50, false],
    ["plenty", 101, 100_000, 50, false],
    ["nothing known", 1, null, null, false],
  ])("%s", (_what, availableWh, rateMw, powerW, is) => {
    expect(isLastHour(availableWh, rateMw, powerW)).toBe(is);
  });
});
