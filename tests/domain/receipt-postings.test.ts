import { describe, expect, it } from "vitest";
import type { Holder } from "../../src/domain/claim.ts";
import type { LedgerRow } from "../../src/domain/ledger.ts";
import { postingsOf } from "../../src/domain/receipt-postings.ts";
import { recoverReceipt } from "../../src/domain/receipt-restore.ts";
import { allocationRow, paymentRow } from "../../src/domain/receipt-rows.ts";
import type { ShareEntry, StoredReceipt, StoredShare } from "../../src/domain/receipt-state.ts";

const suspense: Holder = { kind: "suspense", because: "cap", hints: { accounts: [], note: "" } };
const treasury: Holder = { kind: "treasury", note: "" };
const returned: Holder = { kind: "returned", note: "" };
const legacy: Holder = { kind: "legacy" };
const account: Holder = { kind: "account", account: "0045MAK" };

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
  phase: "recording",
  blocked: false,
  claimedAt: 2,
  changedAt: 2,
  ...over,
});

const share = (generation: number, holder: Holder, over: Partial<StoredShare> = {}): StoredShare => ({
  share: 1,
  holder,
  amountMinor: 100,
  generation,
  entryKey: `receipt:QK7#${generation}.1`,
  openedAt: generation * 10,
  words: { actor: generation === 1 ? null : "Mpho", reason: null, at: generation * 10 },
  ...over,
});

const refused = (state: ShareEntry["state"]): ShareEntry => ({
  entryKey: "receipt:QK7#1.1",
  receipt: "QK7",
  account: "0045MAK",
  amountMinor: 100,
  contra: "clearing",
  twinAllowed: false,
  actor: null,
  state,
  entry: null,
  retired: { actor: "Mpho", reason: "wrong", at: 20 },
});

const lines = (rows: LedgerRow[]) => rows.map(({ entryKey, amountMinor }) => `${entryKey} ${amountMinor}`);

describe("postings of our own books", () => {
  it.each`
    why                                   | generation | shares                                                                       | entries                  | made
    ${"suspense"}                         | ${1}       | ${[share(1, suspense)]}                                                      | ${[]}                    | ${["receipt:QK7#1.1/clearing -100", "receipt:QK7#1.1/suspense 100"]}
    ${"treasury at once"}                 | ${1}       | ${[share(1, treasury)]}                                                      | ${[]}                    | ${["receipt:QK7#1.1/clearing -100", "receipt:QK7#1.1/treasury 100"]}
    ${"the old system's"}                 | ${1}       | ${[share(1, legacy)]}                                                        | ${[]}                    | ${[]}
    ${"an account writes its own"}        | ${1}       | ${[share(1, account)]}                                                       | ${[refused("posted")]}   | ${[]}
    ${"refused by the account"}           | ${2}       | ${[share(1, account), share(2, suspense)]}                                   | ${[refused("refused")]}  | ${["receipt:QK7#1.1/clearing -100", "receipt:QK7#1.1/suspense 100"]}
    ${"asked by a move before it posted"} | ${2}       | ${[share(1, account), share(2, suspense)]}                                   | ${[refused("settled")]}  | ${["receipt:QK7#1.1/clearing -100", "receipt:QK7#1.1/suspense 100"]}
    ${"posted and taken back"}            | ${2}       | ${[share(1, account), share(2, suspense)]}                                   | ${[refused("reversed")]} | ${[]}
    ${"to treasury and back"}             | ${3}       | ${[share(1, suspense), share(2, treasury), share(3, suspense)]}              | ${[]}                    | ${["receipt:QK7#1.1/clearing -100", "receipt:QK7#1.1/suspense 100", "receipt:QK7#2.1/suspense -100", "receipt:QK7#2.1/treasury 100", "receipt:QK7#2.1:reversal/treasury -100", "receipt:QK7#2.1:reversal/suspense 100"]}
    ${"returned, and back"}               | ${3}       | ${[share(1, suspense), share(2, returned), share(3, suspense)]}              | ${[]}                    | ${["receipt:QK7#1.1/clearing -100", "receipt:QK7#1.1/suspense 100", "receipt:QK7#2.1/suspense -100", "receipt:QK7#2.1/clearing 100", "receipt:QK7#2.1:reversal/clearing -100", "receipt:QK7#2.1:reversal/suspense 100"]}
    ${"out of treasury, returned"}        | ${2}       | ${[share(1, treasury), share(2, returned)]}                                  | ${[]}                    | ${["receipt:QK7#1.1/clearing -100", "receipt:QK7#1.1/treasury 100", "receipt:QK7#1.1:reversal/treasury -100", "receipt:QK7#1.1:reversal/suspense 100", "receipt:QK7#2.1/suspense -100", "receipt:QK7#2.1/clearing 100"]}
    ${"left in treasury by a move"}       | ${2}       | ${[share(1, treasury), share(2, treasury, { entryKey: "receipt:QK7#1.1" })]} | ${[]}                    | ${["receipt:QK7#1.1/clearing -100", "receipt:QK7#1.1/treasury 100"]}
  `("$why: $made", ({ generation, shares, entries, made }) => {
    const postings = postingsOf(receipt({ generation }), shares, entries);
    expect(postings.flatMap(({ rows }) => lines(rows))).toEqual(made);
    for (const { rows } of postings) expect(rows.reduce((sum, { amountMinor }) => sum + amountMinor, 0)).toBe(0);
  });

  it("is of the moment when a person said so, not of the payment", () => {
    const postings = postingsOf(
      receipt({ generation: 3 }),
      [share(1, suspense), share(2, returned), share(3, suspense)],
      [],
    );
    expect(postings.map(({ rows }) => rows[0]?.occurredAt)).toEqual([1, 20, 30]);
  });

  it("waits with the treasury until the old holders have answered", () => {
    const shares = [share(1, account), share(2, treasury)];
    expect(postingsOf(receipt({ generation: 2, phase: "settling" }), shares, [refused("settling")])).toEqual([]);
  });
});

describe("recoverReceipt", () => {
  const recorded = (stored: StoredReceipt, shares: StoredShare[], keys: string[]) => ({
    payment: paymentRow(stored, shares.slice(-1), 3),
    shares: shares.map((one) => ({ ...allocationRow(stored, one), hints: null, openedAt: null })),
    lines: keys.map((entryKey) => ({
      entryKey,
      entry: entryKey.includes("/")
        ? null
        : { account: "0045MAK", seq: 1, energyWh: 20, balanceAfterWh: 20, rateE4PerKwh: 50_000 },
    })),
  });

  it.each`
    why                                      | generation | shares                                     | keys                                                        | phase          | state
    ${"posted and recorded"}                 | ${1}       | ${[share(1, account)]}                     | ${["receipt:QK7#1.1"]}                                      | ${"recording"} | ${"posted"}
    ${"not recorded: the account is asked"}  | ${1}       | ${[share(1, account)]}                     | ${[]}                                                       | ${"posting"}   | ${"wanted"}
    ${"moved, its reversal recorded"}        | ${2}       | ${[share(1, account), share(2, suspense)]} | ${["receipt:QK7#1.1", "receipt:QK7#1.1:reversal"]}          | ${"recording"} | ${"reversed"}
    ${"moved, its reversal not recorded"}    | ${2}       | ${[share(1, account), share(2, suspense)]} | ${["receipt:QK7#1.1"]}                                      | ${"settling"}  | ${"settling"}
    ${"refused, its money is in suspense"}   | ${2}       | ${[share(1, account), share(2, suspense)]} | ${["receipt:QK7#1.1/clearing", "receipt:QK7#1.1/suspense"]} | ${"recording"} | ${"settled"}
    ${"refused, and nothing of it recorded"} | ${2}       | ${[share(1, account), share(2, suspense)]} | ${[]}                                                       | ${"settling"}  | ${"settling"}
  `("$why: $phase, $state", ({ generation, shares, keys, phase, state }) => {
    const found = recoverReceipt(recorded(receipt({ generation }), shares, keys));
    expect(found.receipt.phase).toBe(phase);
    expect(found.entries.map((entry) => entry.state)).toEqual([state]);
    expect(found.missing).toEqual([]);
  });

  it("makes again what was lost of our own books", () => {
    const found = recoverReceipt(recorded(receipt(), [share(1, suspense)], []));
    expect(found.missing).toMatchObject([{ kind: "posting", postingId: "receipt:QK7#1.1" }]);
  });
});
