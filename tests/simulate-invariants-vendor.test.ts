import { describe, expect, it } from "vitest";
import { brokenOf, type Seen } from "../dev/simulate/invariants.ts";
import { NEIGHBOUR, sound, THUNDER } from "./simulate-sound.ts";

const sentencesOf = (make: (seen: Seen) => void) => {
  const seen = sound();
  make(seen);
  return brokenOf(seen).map(({ sentence }) => sentence);
};

describe("what must be true of the vendors' wallets of a simulated country", () => {
  it.each([
    ["is lost on the way to a wallet", null],
    ["is less in the wallet", { amountMinor: 449 }],
    ["waits at the vendor for ever", { isProcessed: false }],
    ["is in the wallet of another", { account: NEIGHBOUR }],
    ["was the debt's, and is in the wallet", { amountMinor: 900 }],
  ])("notices money at the vendor that %s", (_, wrong) => {
    const make = (seen: Seen) => {
      seen.wallets = wrong === null ? [] : seen.wallets.map((payment) => ({ ...payment, ...wrong }));
    };
    expect(sentencesOf(make)).toContain(
      "what was sold to those at a vendor is in its wallets once, and what was taken back is not",
    );
  });

  describe("a payment that was given to somebody at a vendor and then to another", () => {
    const [inWallets, inCases, inCredits] = [
      "what was sold to those at a vendor is in its wallets once, and what was taken back is not",
      "what was taken back and stays in a wallet has an open case, and nothing else has",
      "account and database say of each credit what became of it at the vendor",
    ];
    const takenBack = (seen: Seen, state: string, { isThere = true, isReversed = false }) => {
      seen.credits = seen.credits.map((credit) =>
        credit.externalId === "k6" ? { ...credit, state, recorded: state } : credit,
      );
      seen.wallets = seen.wallets.flatMap((payment) =>
        payment.externalId !== "k6" ? payment : isThere ? { ...payment, isReversed } : [],
      );
      if (!isThere || isReversed) seen.cases = [];
    };
    const atKoios = (seen: Seen) => {
      const moved = <T extends { account: string | null }>(each: T): T =>
        each.account === THUNDER ? { ...each, account: NEIGHBOUR } : each;
      seen.entries = seen.entries.map(moved);
      seen.wallets = seen.wallets.map(moved);
      seen.credits = seen.credits.map(moved);
      seen.moves = seen.moves.map(moved);
      seen.cases = [];
    };

    it("is in no wallet where it never arrived, and Koios takes it back where it did", () => {
      expect(sentencesOf((seen) => takenBack(seen, "withdrawn", { isThere: false }))).toEqual([]);
      const there = { isReversed: true };
      expect(sentencesOf((seen) => [atKoios(seen), takenBack(seen, "taken_back", there)])).toEqual([]);
    });

    it.each([
      ["stands in Koios's wallet", (seen: Seen) => atKoios(seen), [inWallets, inCredits, inCases]],
      ["stays at ThunderCloud, and nobody is told", (seen: Seen) => void seen.cases.pop(), [inCases]],
      ["is there, and is said to be taken back", (seen: Seen) => takenBack(seen, "taken_back", {}), [inCredits]],
      ["is there, and is said never to have left", (seen: Seen) => takenBack(seen, "withdrawn", {}), [inCredits]],
      [
        "is given up, though it never arrived",
        (seen: Seen) => takenBack(seen, "rejected", { isThere: false }),
        [inCredits],
      ],
    ])("is noticed where it %s", (_, make, sentences) => {
      expect(sentencesOf(make)).toEqual(sentences);
    });

    it("is asked about alone: a case of what arrived in the end is to be closed", () => {
      expect(sentencesOf((seen) => seen.cases.push("k5"))).toEqual([inCases]);
    });
  });
});
