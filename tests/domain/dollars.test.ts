import { describe, expect, it } from "vitest";
import { rateOn, scaledRate, usdCents } from "../../src/domain/dollars.ts";
import { addCountries, type CountryMonth } from "../../src/domain/metrics/countries.ts";

describe("a rate in dollars", () => {
  it.each([
    ["0.0571", 571_000_000n],
    [" 1 ", 10_000_000_000n],
    ["0.0000000001", 1n],
    ["100", 1_000_000_000_000n],
    ["0", null],
    ["0.00000000001", null],
    ["101", null],
    ["17,5", null],
    ["-0.05", null],
    ["5e-2", null],
    ["", null],
  ])("is read without a float: %s", (text, scaled) => {
    expect(scaledRate(text)).toBe(scaled);
  });

  it.each<[number, 0 | 2, string, number]>([
    [100_000, 2, "0.0571", 5_710],
    [100, 2, "0.055", 6],
    [100, 2, "0.045", 4],
    [-100, 2, "0.055", -6],
    [0, 2, "0.0571", 0],
    [1_000, 0, "0.0016", 160],
    [9_000_000_000_000, 2, "0.0571428571", 514_285_713_900],
  ])(
    "turns %i minor units with %i decimals at %s into %i cents, a half to the even one",
    (minor, digits, rate, cents) => {
      expect(usdCents(minor, digits, rate)).toBe(cents);
    },
  );

  it("that is valid on a day is the newest that had begun", () => {
    const rates = ["2026-01-01", "2026-03-01", "2026-02-01"].map((validFrom) => ({
      validFrom,
      usdPerUnit: "1",
      source: "x",
    }));
    expect(
      ["2025-12-31", "2026-01-31", "2026-02-01", "2026-05-05"].map((day) => rateOn(rates, day)?.validFrom),
    ).toEqual([undefined, "2026-01-01", "2026-02-01", "2026-03-01"]);
  });
});

describe("countries together", () => {
  const month = (over: Partial<CountryMonth> = {}): CountryMonth => ({
    ...{ month: "2026-10-01", isPartial: false, revenueMinor: 100_000, revenueCents: 5_710 },
    ...{ payingAccounts: 10, connectedAccounts: 20, vendedWh: 200_000 },
    ...over,
  });
  const ls = { country: "LS", months: [month()] };

  it("are added up, each in dollars by its own rate", () => {
    const bj = {
      country: "BJ",
      months: [month({ revenueCents: 290, payingAccounts: 5, connectedAccounts: null, vendedWh: 1 })],
    };
    expect(addCountries([ls, bj], [])).toEqual([
      {
        ...{ month: "2026-10-01", isPartial: false, revenueCents: 6_000, payingAccounts: 15, connectedAccounts: 20 },
        ...{ vendedWh: 200_001, arpuCents: 400, leftOut: [] },
      },
    ]);
  });

  it("say whose money is left out: no rate, or no answer; and an account's dollars are of those that are in", () => {
    const bj = { country: "BJ", months: [month({ revenueCents: null, payingAccounts: 90 })] };
    expect(addCountries([ls, bj], ["ZM"])).toMatchObject([
      { revenueCents: 5_710, payingAccounts: 100, arpuCents: 571, leftOut: ["BJ", "ZM"] },
    ]);
  });

  it("know nothing where nobody does, and that is not nought", () => {
    const dark = { country: "LS", months: [month({ revenueMinor: null, revenueCents: null, payingAccounts: null })] };
    expect(addCountries([dark], [])).toMatchObject([
      { revenueCents: null, payingAccounts: null, arpuCents: null, leftOut: ["LS"] },
    ]);
  });

  it("mark a month that runs in one of them, and name one that does not have it", () => {
    const bj = { country: "BJ", months: [month({ month: "2026-11-01", isPartial: true })] };
    expect(addCountries([ls, bj], []).map(({ month: of, isPartial, leftOut }) => [of, isPartial, leftOut])).toEqual([
      ["2026-10-01", false, ["BJ"]],
      ["2026-11-01", true, ["LS"]],
    ]);
  });
});
