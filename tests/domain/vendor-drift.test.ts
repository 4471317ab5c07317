import { describe, expect, it } from "vitest";
import { type DriftFacts, driftOf, isInTime, TOLERANCE_WH } from "../../src/domain/vendor-drift.ts";

const AT = Date.parse("2026-11-28T01:00:00Z");
/** M5 a kWh, 20 kWh in our books, M100.00 in the wallet. */
const facts = (over: Partial<DriftFacts> = {}): DriftFacts => ({
  oursWh: 20_000,
  wallet: { amountMinor: 10_000, readAt: AT },
  minorDigits: 2,
  rateE4PerKwh: 50_000,
  theirRateE4PerKwh: 50_000,
  usedWh: 0,
  undelivered: [],
  unreturned: [],
  foreign: [],
  missing: [],
  usualWhPerHour: 40,
  ratedWhPerHour: 2_000,
  ...over,
});
const wallet = (amountMinor: number) => ({ wallet: { amountMinor, readAt: AT } });
const paid = (amountMinor: number, over = {}) => ({
  vendorId: "pay-1",
  amountMinor,
  at: AT,
  kind: "payment" as const,
  isTwin: false,
  ...over,
});
const causesOf = (over: Partial<DriftFacts>) => {
  const found = driftOf(facts(over));
  if (found.verdict === "unknown") throw new Error(found.because);
  return found.causes.map(({ cause, explainsWh, exact }) => [cause, explainsWh, exact]);
};

describe("the two balances of an account", () => {
  it("agree when the wallet, divided by the account's rate, is what our books say", () => {
    expect(driftOf(facts())).toEqual({ verdict: "agree", oursWh: 20_000, theirsWh: 20_000, deltaWh: 0, causes: [] });
  });

  it("are compared in energy by the rate, never as if the wallet were kWh: M100.00 is 20 kWh, XOF 3,200 at 160 also", () => {
    const francs = facts({ minorDigits: 0, rateE4PerKwh: 1_600_000, theirRateE4PerKwh: 1_600_000, ...wallet(3_200) });
    expect(driftOf(francs)).toMatchObject({ verdict: "agree", theirsWh: 20_000 });
  });

  it("agree within what rounding and a quarter of an hour can do, and no further", () => {
    expect(driftOf(facts({ oursWh: 20_000 + TOLERANCE_WH }))).toMatchObject({ verdict: "agree" });
    expect(driftOf(facts({ oursWh: 20_001 + TOLERANCE_WH }))).toMatchObject({ verdict: "differ", deltaWh: -251 });
  });

  it.each([
    ["nobody has seen the wallet", { wallet: null }, "no_wallet"],
    ["nothing is vended here", { rateE4PerKwh: null }, "tariff_unset"],
    ["the rate is zero", { rateE4PerKwh: 0 }, "tariff_unset"],
  ])("say nothing when %s", (_, over, because) => {
    expect(driftOf(facts(over))).toEqual({ verdict: "unknown", because });
  });
});

describe("a difference", () => {
  it("is a credit that did not arrive, to the watt-hour", () => {
    const undelivered = [{ externalId: "receipt:QK7#1.1", energyWh: 4_000, state: "dead" }];
    expect(causesOf({ undelivered, oursWh: 24_000 })).toEqual([["credit_not_delivered", -4_000, true]]);
  });

  it("is a credit whose payment was reversed here, and which is still there", () => {
    const unreturned = [{ externalId: "receipt:QK8#1.1", energyWh: 4_000, state: "taking_back" }];
    expect(causesOf({ unreturned, oursWh: 16_000 })).toEqual([["credit_not_returned", 4_000, true]]);
  });

  it("is a payment that stands there twice", () => {
    expect(causesOf({ foreign: [paid(2_000, { isTwin: true })], ...wallet(12_000) })).toEqual([
      ["duplicate_there", 4_000, true],
    ]);
  });

  it("is a payment made there that the mirror has not brought", () => {
    expect(causesOf({ foreign: [paid(2_000)], ...wallet(12_000) })).toEqual([["payment_there", 4_000, true]]);
  });

  it.each([2_000, -2_000])("is a payment taken back there, written as %s", (amountMinor) => {
    expect(causesOf({ foreign: [paid(amountMinor, { kind: "reversal" })], ...wallet(8_000) })).toEqual([
      ["reversal_there", -4_000, true],
    ]);
  });

  it("is another rate there: 10 kWh used at M6 are 12 kWh of the wallet's money at M5", () => {
    expect(causesOf({ theirRateE4PerKwh: 60_000, usedWh: 10_000, ...wallet(9_000) })).toEqual([
      ["tariff_differs", -2_000, true],
    ]);
  });

  it("is energy that we have not read, when hours are missing and the meter can have carried it", () => {
    const missing = [{ day: "2026-11-26", hours: 5 }];
    expect(causesOf({ missing, oursWh: 21_000, usualWhPerHour: null })).toEqual([["missing_interval", -1_000, false]]);
  });

  it("is never a missing hour where the wallet has more than our books", () => {
    expect(causesOf({ missing: [{ day: "2026-11-26", hours: 5 }], oursWh: 19_000 })).toEqual([
      ["platform_edit", 1_000, false],
    ]);
  });

  it("is an edit on the platform as far as the missing hours cannot explain it", () => {
    expect(causesOf({ missing: [{ day: "2026-11-26", hours: 1 }], oursWh: 25_000, usualWhPerHour: null })).toEqual([
      ["platform_edit", -3_000, false],
      ["missing_interval", -2_000, false],
    ]);
  });

  it("is late readings up to three times the usual use, and above that an edit: a money-sized hole is no missing hour", () => {
    expect(causesOf({ missing: [{ day: "2026-11-27", hours: 10 }], oursWh: 28_000 })).toEqual([
      ["platform_edit", -6_800, false],
      ["missing_interval", -1_200, false],
    ]);
  });

  it("is several at once, the largest first, and they add up to it", () => {
    const found = driftOf(
      facts({
        oursWh: 30_000,
        ...wallet(12_000),
        undelivered: [{ externalId: "receipt:A#1.1", energyWh: 9_000, state: "blocked" }],
        foreign: [paid(1_500)],
        missing: [{ day: "2026-11-27", hours: 3 }],
      }),
    );
    if (found.verdict === "unknown") throw new Error(found.because);
    expect(found.causes.map(({ cause }) => cause)).toEqual(["credit_not_delivered", "payment_there"]);
    expect(found.causes.reduce((sum, { explainsWh }) => sum + explainsWh, 0)).toBe(found.deltaWh);
  });

  it("that two causes cancel is agreement, and both are named all the same", () => {
    const found = driftOf(
      facts({ undelivered: [{ externalId: "receipt:B#1.1", energyWh: 4_000, state: "dead" }], foreign: [paid(2_000)] }),
    );
    expect(found).toMatchObject({
      verdict: "agree",
      deltaWh: 0,
      causes: [{ explainsWh: -4_000 }, { explainsWh: 4_000 }],
    });
  });

  it("names at most twenty of what it is made of, and says how many more", () => {
    const undelivered = Array.from({ length: 23 }, (_, n) => ({ externalId: `e${n}`, energyWh: 1_000, state: "dead" }));
    const found = driftOf(facts({ undelivered, oursWh: 43_000 }));
    expect(found.verdict === "unknown" ? [] : found.causes[0]?.names.slice(-2)).toEqual(["e19 dead", "and 3 more"]);
  });
});

describe("a difference that time puts right", () => {
  const waits = (over: Partial<DriftFacts>) => isInTime(driftOf(facts(over)), facts(over), "2026-11-28");
  const credit = (state: string) => ({ oursWh: 24_000, undelivered: [{ externalId: "e", energyWh: 4_000, state }] });

  it.each([
    ["a credit that is queued", credit("queued"), true],
    ["a credit that is sent and not read back yet", credit("sent"), true],
    ["a credit that is dead", credit("dead"), false],
    ["a credit that is blocked", credit("blocked"), false],
    ["yesterday's hours, as much as is usual", { missing: [{ day: "2026-11-27", hours: 24 }], oursWh: 21_000 }, true],
    ["yesterday's hours, ten times the usual", { missing: [{ day: "2026-11-27", hours: 5 }], oursWh: 22_000 }, false],
    ["hours of nine days ago", { missing: [{ day: "2026-11-19", hours: 24 }], oursWh: 21_000 }, false],
    ["hours of eight days ago", { missing: [{ day: "2026-11-20", hours: 24 }], oursWh: 21_000 }, true],
    ["an edit on the platform", wallet(12_000), false],
    ["agreement", {}, true],
    ["a wallet that nobody has seen", { wallet: null }, false],
  ])("%s: %#", (_, over, expected) => {
    expect(waits(over)).toBe(expected);
  });
});
