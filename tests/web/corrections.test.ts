import { describe, expect, it } from "vitest";
import { blank, correctedOf, isSecond, named, previewOf } from "../../web/pages/corrections/model.ts";
import { handsOf, subjectOf, toneOf, waitingOf } from "../../web/pages/vendor-credits/model.ts";
import { rankedCauses, unexplainedWh } from "../../web/pages/wallets/model.ts";

describe("the amount of an order", () => {
  it.each([
    [{ way: "give", unit: "money", amount: "25.00" }, 2, { energyWh: null, amountMinor: 2_500 }],
    [{ way: "take", unit: "money", amount: "25" }, 2, { energyWh: null, amountMinor: -2_500 }],
    [{ way: "give", unit: "money", amount: "1 500" }, 0, { energyWh: null, amountMinor: 1_500 }],
    [{ way: "give", unit: "energy", amount: "1.25" }, 2, { energyWh: 1_250, amountMinor: null }],
    [{ way: "take", unit: "energy", amount: "0.001" }, 2, { energyWh: -1, amountMinor: null }],
    [{ way: "give", unit: "money", amount: "" }, 2, null],
    [{ way: "give", unit: "money", amount: "-5" }, 2, null],
    [{ way: "give", unit: "money", amount: "0" }, 2, null],
    [{ way: "give", unit: "money", amount: "10000000.01" }, 2, null],
    [{ way: "give", unit: "energy", amount: "0.0001" }, 2, null],
    [{ way: "give", unit: "energy", amount: "1e3" }, 2, null],
    [{ way: "give", unit: "energy", amount: "100000.001" }, 2, null],
  ] as const)("%j with %i decimals", (draft, digits, expected) => {
    expect(correctedOf(draft, digits)).toEqual(expected);
  });

  it("shows the balance after it, and that money buys nothing where nothing is vended", () => {
    const seen = { balanceWh: 910, rateE4PerKwh: 50_000, currency: "LSL" as const };
    expect(previewOf({ energyWh: null, amountMinor: -2_500 }, seen)).toEqual({
      energyWh: -5_000,
      beforeWh: 910,
      afterWh: -4_090,
    });
    expect(previewOf({ energyWh: null, amountMinor: 100 }, { ...seen, rateE4PerKwh: null })).toBeNull();
    expect(previewOf({ energyWh: 7, amountMinor: null }, { ...seen, rateE4PerKwh: null })).toMatchObject({
      afterWh: 917,
    });
  });

  it("keeps its name while it is sent again", () => {
    const first = named(blank("0045MAK"));
    expect(first.key.length).toBeGreaterThan(8);
    expect(named(first)).toEqual(first);
  });

  it("is approved by another person than the one who ordered it", () => {
    expect(isSecond("staff:12 mpho@example.org", { staffId: 12 })).toBe(false);
    expect(isSecond("staff:12 mpho@example.org", { staffId: 1 })).toBe(true);
    expect(isSecond("Mpho", { staffId: 12 })).toBe(true);
    expect(isSecond("Mpho", null)).toBe(false);
  });
});

describe("a credit for a wallet", () => {
  it.each([
    [{ state: "confirmed", ageSeconds: 9_999 }, "good"],
    [{ state: "queued", ageSeconds: 10 }, "quiet"],
    [{ state: "queued", ageSeconds: 601 }, "warn"],
    [{ state: "blocked", ageSeconds: 1 }, "warn"],
    [{ state: "dead", ageSeconds: 1 }, "bad"],
    [{ state: "withdrawn", ageSeconds: 9_999 }, "quiet"],
  ] as const)("%j is %s", (credit, tone) => {
    expect(toneOf(credit)).toBe(tone);
  });

  it("is taken in hand only while it has not ended", () => {
    expect(handsOf({ state: "confirmed", because: null })).toEqual({ retry: false, settle: false });
    expect(handsOf({ state: "rejected", because: "failed_there" })).toEqual({ retry: true, settle: true });
    expect(handsOf({ state: "rejected", because: "negative" })).toEqual({ retry: false, settle: true });
    expect(handsOf({ state: "rejected", because: "negative" })).toEqual({ retry: false, settle: true });
    expect(handsOf({ state: "queued", because: null })).toEqual({ retry: true, settle: false });
    expect(waitingOf({ confirmed: 9, queued: 2, blocked: 1, taken_back: 4 })).toBe(3);
  });

  it("leads to what it is for", () => {
    expect(subjectOf("receipt:QK7AAA#1.1")).toEqual({ path: "/payments/QK7AAA", name: "QK7AAA" });
    expect(subjectOf("correction:ab12")).toEqual({ path: "/corrections/ab12", name: "ab12" });
    expect(subjectOf("else")).toBeNull();
  });
});

describe("the causes of a difference", () => {
  it("come by size, and what they leave is said", () => {
    const causes = [
      { cause: "tariff_differs", explainsWh: 100 },
      { cause: "credit_not_delivered", explainsWh: -4_000 },
    ];
    expect(rankedCauses(causes).map(({ cause }) => cause)).toEqual(["credit_not_delivered", "tariff_differs"]);
    expect(unexplainedWh(-4_200, causes)).toBe(-300);
    expect(unexplainedWh(null, causes)).toBeNull();
  });
});
