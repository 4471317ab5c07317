import { describe, expect, it } from "vitest";
import { ago, clock, energy, money } from "../web/format.ts";

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

  it("of an hour is the local one, also over midnight", () => {
    expect(clock(Date.UTC(2026, 10, 3, 12), 120)).toBe("14:00");
    expect(clock(Date.UTC(2026, 10, 3, 22, 30), 120)).toBe("00:30");
  });

  it("of an age is in the largest whole unit, and never below 0", () => {
    expect([ago(null, 0), ago(5_000, 0), ago(0, 59_000), ago(0, 3_599_000), ago(0, 172_800_000)]).toEqual([
      "never",
      "0 s ago",
      "59 s ago",
      "59 min ago",
      "2 d ago",
    ]);
  });
});
