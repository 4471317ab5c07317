import { describe, expect, it } from "vitest";
import { day, energy, instant, money } from "../web/format.ts";

describe("a figure on the screen", () => {
  it.each([
    [null, "–"],
    [0, "0 Wh"],
    [21, "21 Wh"],
    [-21, "−21 Wh"],
    [999, "999 Wh"],
    [1_000, "1.0 kWh"],
    [-4_000, "−4.0 kWh"],
    [1_049, "1.0 kWh"],
    [1_050, "1.1 kWh"],
    [9_999, "10.0 kWh"],
    [1_234_567_000, "1\u202f234\u202f567.0 kWh"],
    [Number.MAX_SAFE_INTEGER, "9\u202f007\u202f199\u202f254\u202f741.0 kWh"],
  ])("of %s watt-hours is %s", (energyWh, text) => expect(energy(energyWh)).toBe(text));

  it.each([
    [null, 2, "–"],
    [5, 2, "0.05 LSL"],
    [-123_456, 2, "−1\u202f234.56 LSL"],
    [5_000, 0, "5\u202f000 LSL"],
  ] as const)("of %s minor units with %i decimals is %s", (amountMinor, minorDigits, text) =>
    expect(money(amountMinor, "LSL", minorDigits)).toBe(text),
  );

  it("of an instant and a day is the local one, also over midnight", () => {
    expect(instant(Date.UTC(2026, 10, 3, 12), 120)).toBe("2026-11-03 14:00");
    expect(instant(Date.UTC(2026, 10, 3, 22, 30), 120)).toBe("2026-11-04 00:30");
    expect(day(Date.UTC(2026, 10, 3, 22, 30), 120)).toBe("2026-11-04");
  });
});
