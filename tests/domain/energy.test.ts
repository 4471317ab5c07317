import { describe, expect, it } from "vitest";
import { energyForMoney, formatKwh } from "../../src/domain/energy.ts";

describe("energyForMoney", () => {
  it.each([
    ["M20.00 at 5.0000 a kWh", 2000, 2, 50_000, 4000],
    ["M1.00 at 5.0000 a kWh", 100, 2, 50_000, 200],
    ["5 000 FCFA at 160 a kWh", 5000, 0, 1_600_000, 31_250],
    ["M0.01 at 20.0000 a kWh, a half, to the even side", 1, 2, 200_000, 0],
    ["M0.03 at 20.0000 a kWh, one and a half, to the even side", 3, 2, 200_000, 2],
    ["M1.00 at 3.0000 a kWh, a third", 100, 2, 30_000, 333],
    ["money taken back", -2000, 2, 50_000, -4000],
    ["nothing", 0, 2, 50_000, 0],
  ] as const)("it turns %s into whole watt-hours", (_, amountMinor, minorDigits, rateE4PerKwh, energyWh) => {
    expect(energyForMoney(amountMinor, minorDigits, rateE4PerKwh)).toBe(energyWh);
  });

  it.each([
    [2000.5, 50_000],
    [Number.NaN, 50_000],
    [2000, 0],
    [2000, -1],
    [2000, 0.5],
    [9_000_000_000_000, 1],
  ])("it throws on %d at rate %d", (amountMinor, rateE4PerKwh) => {
    expect(() => energyForMoney(amountMinor, 2, rateE4PerKwh)).toThrow(RangeError);
  });
});

describe("formatKwh", () => {
  it.each([
    [4000, "4.0"],
    [31_250, "31.2"],
    [31_350, "31.4"],
    [49, "0.0"],
    [-49, "0.0"],
    [-1200, "-1.2"],
  ])("it shows %d Wh as %s", (energyWh, text) => {
    expect(formatKwh(energyWh)).toBe(text);
  });
});
