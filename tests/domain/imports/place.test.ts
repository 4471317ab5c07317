import { describe, expect, it } from "vitest";
import { type DayPlacement, hoursByAccount } from "../../../src/domain/imports/place.ts";

const HOUR_MS = 3_600_000;
const DAY = Date.UTC(2026, 10, 20);
const SERIAL = "SM16R-01-00000001";
const placement = (over: Partial<DayPlacement> = {}): DayPlacement => ({
  role: "primary",
  serial: SERIAL,
  account: "0045MAK",
  from: 0,
  to: null,
  isExpected: true,
  ratedW: null,
  priority: ["koios", "koios_report"],
  version: 1,
  ...over,
});
const meters = new Map([
  [
    `0045MAK|${SERIAL}`,
    [
      { hour: DAY, energyWh: 40, isWhole: true },
      { hour: DAY + HOUR_MS, energyWh: 31, isWhole: false },
    ],
  ],
]);

describe("what an account is handed of a day", () => {
  it("is whole hours while another source may still bring the rest, and all there is once the day is closed", () => {
    const energies = (isClosed: boolean) =>
      hoursByAccount(meters, [placement()], isClosed).flatMap(({ meters }) =>
        meters.flatMap(({ hours }) => hours.map(({ energyWh }) => energyWh)),
      );
    expect(energies(false)).toEqual([40]);
    expect(energies(true)).toEqual([40, 31]);
  });

  it("is nothing for a meter that has no whole hour yet", () => {
    const partial = new Map([[`0045MAK|${SERIAL}`, [{ hour: DAY, energyWh: 31, isWhole: false }]]]);
    expect(hoursByAccount(partial, [placement()], false)).toEqual([]);
  });
});
