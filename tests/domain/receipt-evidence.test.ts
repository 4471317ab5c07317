import { describe, expect, it } from "vitest";
import { evidenceOf, type Line } from "../../src/domain/receipt-evidence.ts";
import type { EntryState, ShareEntry, StoredReceipt } from "../../src/domain/receipt-state.ts";

const receipt = (over: Partial<StoredReceipt> = {}): StoredReceipt => ({
  receipt: "QK7",
  provider: "mpesa",
  amountMinor: 100,
  currency: "LSL",
  paidAt: 1,
  payerPhone: null,
  till: null,
  road: "sms",
  recordedBy: null,
  generation: 1,
  version: 1,
  phase: "closed",
  blocked: false,
  claimedAt: 2,
  changedAt: 2,
  ...over,
});

const entry = (state: EntryState, recorded = true): ShareEntry & { recorded: boolean } => ({
  entryKey: "receipt:QK7#1.1",
  receipt: "QK7",
  account: "0045MAK",
  amountMinor: 100,
  contra: "clearing",
  twinAllowed: false,
  actor: null,
  state,
  entry: null,
  retired: null,
  recorded,
});

/** "1.1 A 100": posted there; "-1.1 A 100": taken back. */
/** "1.1/fee.connection A 40": what of it paid a fee there. */
const line = (told: string): Line => {
  const [key = "", account = "", amount = ""] = told.split(" ");
  return {
    entryKey: key.startsWith("-") ? `receipt:QK7#${key.slice(1)}:reversal` : `receipt:QK7#${key}`,
    entry: { account, seq: 1, energyWh: 1, balanceAfterWh: 1, rateE4PerKwh: 50_000 },
    amountMinor: Number(amount) * (key.startsWith("-") ? -1 : 1),
  };
};

const FEES_BACK = ["1.1 A 60", "1.1/fee.connection A 40", "-1.1 A 60", "-1.1/fee.connection A 40"];

const holders = (known: (ShareEntry & { recorded: boolean })[], lines: string[], over: Partial<StoredReceipt> = {}) => {
  const evidence = evidenceOf(receipt(over), known, lines.map(line), 50);
  if (evidence === null) return null;
  const shares = evidence.sharesOf(evidence.generation).map(({ holder, amountMinor, entryKey }) => {
    const who = holder.kind === "account" ? holder.account : holder.kind;
    return `${who} ${amountMinor} ${entryKey.split("#")[1]}`;
  });
  return [evidence.generation, ...shares];
};

describe("what accounts' entries say of a receipt whose moves both sides have lost", () => {
  it.each`
    why                                       | known                     | lines                                                                  | holders
    ${"nothing the shard does not know"}      | ${entry("posted")}        | ${["1.1 A 100"]}                                                       | ${null}
    ${"it was moved to another account"}      | ${entry("posted")}        | ${["1.1 A 100", "-1.1 A 100", "2.1 B 100"]}                            | ${[2, "B 100 2.1"]}
    ${"it was split, and a part was waiting"} | ${entry("posted")}        | ${["1.1 A 100", "-1.1 A 100", "2.1 B 60"]}                             | ${[2, "B 60 2.1", "suspense 40 2.2"]}
    ${"it was taken back"}                    | ${entry("posted")}        | ${["1.1 A 100", "-1.1 A 100"]}                                         | ${[2, "suspense 100 2.1"]}
    ${"it was assigned out of suspense"}      | ${null}                   | ${["2.1 B 100"]}                                                       | ${[2, "B 100 2.1"]}
    ${"it was moved often"}                   | ${entry("posted")}        | ${["1.1 A 100", "-1.1 A 100", "2.1 B 100", "-2.1 B 100", "4.2 C 100"]} | ${[4, "C 100 4.2"]}
    ${"the shard's own entry is on its way"}  | ${entry("posted", false)} | ${["2.1 B 100"]}                                                       | ${null}
    ${"the shard is moving it"}               | ${entry("settling")}      | ${["1.1 A 100", "-1.1 A 100", "2.1 B 100"]}                            | ${null}
    ${"a part of it paid a fee, as known"}    | ${entry("posted")}        | ${["1.1 A 60", "1.1/fee.connection A 40"]}                             | ${null}
    ${"moved with what of it paid fees"}      | ${entry("posted")}        | ${[...FEES_BACK, "2.1 B 70", "2.1/fee.advance.readyboard B 30"]}       | ${[2, "B 100 2.1"]}
    ${"taken back with what paid a fee"}      | ${entry("posted")}        | ${FEES_BACK}                                                           | ${[2, "suspense 100 2.1"]}
    ${"more than there is: a person looks"}   | ${entry("posted")}        | ${["1.1 A 100", "2.1 B 100"]}                                          | ${null}
  `("$why", ({ known, lines, holders: wanted }) => {
    expect(holders(known === null ? [] : [known], lines)).toEqual(wanted);
  });
});
