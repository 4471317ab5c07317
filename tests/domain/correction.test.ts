import { describe, expect, it } from "vitest";
import { correctionOf, worthMinor } from "../../src/domain/correction.ts";
import { buildPosting, correctionLines, GENESIS, siblingsOf } from "../../src/domain/posting.ts";

const money = (amountMinor: number) => ({ energyWh: null, amountMinor });
const energy = (energyWh: number) => ({ energyWh, amountMinor: null });

describe("a correction", () => {
  it.each([
    {
      why: "money, at the rate",
      of: money(2_000),
      rate: 50_000,
      energyWh: 4_000,
      amountMinor: 2_000,
      walletMinor: 2_000,
    },
    {
      why: "money taken away",
      of: money(-2_000),
      rate: 50_000,
      energyWh: -4_000,
      amountMinor: -2_000,
      walletMinor: -2_000,
    },
    {
      why: "energy: no money moved, and the wallet gets its worth",
      of: energy(4_000),
      rate: 50_000,
      energyWh: 4_000,
      amountMinor: 0,
      walletMinor: 2_000,
    },
    { why: "energy taken away", of: energy(-1), rate: 50_000, energyWh: -1, amountMinor: 0, walletMinor: 0 },
    { why: "energy without a tariff", of: energy(4_000), rate: null, energyWh: 4_000, amountMinor: 0, walletMinor: 0 },
  ])("of $why", ({ of, rate, why: _why, ...expected }) => {
    expect(correctionOf(of, "LSL", rate)).toEqual(expected);
  });

  it("of money without a tariff cannot be posted", () => {
    expect(correctionOf(money(2_000), "LSL", null)).toBeNull();
  });

  it("of francs has no decimals", () => {
    expect(correctionOf(money(160), "XOF", 1_600_000)).toEqual({ energyWh: 1_000, amountMinor: 160, walletMinor: 160 });
  });

  it("is worth the same whichever way it goes; without a tariff nobody can say what energy is", () => {
    expect([money(-2_000), energy(-4_000)].map((each) => worthMinor(each, "LSL", 50_000))).toEqual([2_000, 2_000]);
    expect([worthMinor(money(7), "LSL", null), worthMinor(energy(7), "LSL", null)]).toEqual([7, null]);
  });

  it("adds up to zero in both units, and its other line follows from the account's", () => {
    const frame = { accountId: 45, postingId: "correction:ab", currency: "LSL" as const, provider: null, tariffId: 7 };
    const rest = {
      rateE4PerKwh: 50_000,
      receipt: null,
      actor: "Mpho",
      reason: "goodwill: x (y)",
      occurredAt: 1,
      acceptedAt: 2,
    };
    const { posting, head } = buildPosting(
      GENESIS,
      { ...frame, ...rest },
      correctionLines("correction:ab", -4_000, -2_000),
    );
    expect(head).toMatchObject({ seq: 1, balanceWh: -4_000 });
    const [own, ours] = posting.rows;
    if (own === undefined) throw new Error("no line");
    expect(siblingsOf(own)).toEqual([ours]);
  });
});
