import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { entryKeyOf, type HoldBecause, type Holder, type Move, type ReceiptState } from "../../src/domain/claim.ts";
import {
  decideMove,
  holdAfterRefusal,
  leavingEntries,
  planGeneration,
  SHARES_MAX,
} from "../../src/domain/move-rules.ts";
import type { ShareEntry, StoredReceipt, StoredShare } from "../../src/domain/receipt-state.ts";
import { stateOf, wholeHolder } from "../../src/domain/receipt-state.ts";

const account = (name: string): Holder => ({ kind: "account", account: name });
const suspense = (because: HoldBecause): Holder => ({ kind: "suspense", because, hints: { accounts: [], note: "" } });
const treasury: Holder = { kind: "treasury", note: "" };
const returned: Holder = { kind: "returned", note: "" };
const legacy: Holder = { kind: "legacy" };

type Part = { holder: Holder; amountMinor: number };
const part = (holder: Holder, amountMinor: number): Part => ({ holder, amountMinor });
const AMOUNT = 10_001;

const receipt = (over: Partial<StoredReceipt> = {}): StoredReceipt => ({
  receipt: "QK7",
  provider: "mpesa",
  amountMinor: AMOUNT,
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

const sharesOf = (parts: Part[], generation = 1): StoredShare[] =>
  parts.map(({ holder, amountMinor }, index) => ({
    share: index + 1,
    holder,
    amountMinor,
    generation,
    entryKey: entryKeyOf("QK7", generation, index + 1),
    openedAt: 2,
    words: { actor: null, reason: null, at: 2 },
  }));

const entriesOf = (shares: StoredShare[], state: ShareEntry["state"] = "posted"): ShareEntry[] =>
  shares.flatMap(({ holder, entryKey, amountMinor }) =>
    holder.kind !== "account"
      ? []
      : [
          {
            entryKey,
            receipt: "QK7",
            account: holder.account,
            amountMinor,
            contra: "clearing" as const,
            twinAllowed: false,
            actor: null,
            state,
            entry: null,
            retired: null,
          },
        ],
  );

const state = (parts: Part[], over: Partial<ReceiptState> = {}): ReceiptState => ({
  ...stateOf(receipt(), sharesOf(parts), []),
  ...over,
});

const move = (newShares: Part[], over: Partial<Move> = {}): Move => ({
  receipt: "QK7",
  expectedGeneration: 1,
  newShares,
  actor: "Mpho",
  reason: "",
  at: 9,
  ...over,
});

const whole = [part(account("0045MAK"), AMOUNT)];
const held = [part(suspense("cap"), AMOUNT)];
const twin = [part(suspense("second_person"), AMOUNT)];

describe("decideMove", () => {
  it.each`
    why                                        | from                                                                       | over                                | to                                                                                     | said
    ${"assigned"}                              | ${held}                                                                    | ${{}}                               | ${whole}                                                                               | ${"move"}
    ${"while its first posting is on its way"} | ${whole}                                                                   | ${{ phase: "posting" }}             | ${held}                                                                                | ${"move"}
    ${"another generation"}                    | ${held}                                                                    | ${{ generation: 2 }}                | ${whole}                                                                               | ${"stale"}
    ${"another generation, and wrong besides"} | ${held}                                                                    | ${{ generation: 2 }}                | ${[part(treasury, 1)]}                                                                 | ${"stale"}
    ${"an earlier move has not ended"}         | ${held}                                                                    | ${{ phase: "settling" }}            | ${whole}                                                                               | ${"moving"}
    ${"the old system's"}                      | ${[part(legacy, AMOUNT)]}                                                  | ${{}}                               | ${whole}                                                                               | ${"held_by_legacy"}
    ${"the old system's, stale besides"}       | ${[part(legacy, AMOUNT)]}                                                  | ${{ generation: 2 }}                | ${whole}                                                                               | ${"held_by_legacy"}
    ${"given to the old system"}               | ${held}                                                                    | ${{}}                               | ${[part(legacy, AMOUNT)]}                                                              | ${"held_by_legacy"}
    ${"reversed by the operator"}              | ${held}                                                                    | ${{ blocked: true }}                | ${whole}                                                                               | ${"blocked_by_reversal"}
    ${"reversed, out of the account to wait"}  | ${whole}                                                                   | ${{ blocked: true }}                | ${held}                                                                                | ${"move"}
    ${"reversed, to wait in two parts"}        | ${whole}                                                                   | ${{ blocked: true }}                | ${[part(suspense("moved"), 1), part(suspense("cap"), AMOUNT - 1)]}                     | ${"move"}
    ${"reversed, in part to an account"}       | ${whole}                                                                   | ${{ blocked: true }}                | ${[part(suspense("moved"), 1), part(account("0045MAK"), AMOUNT - 1)]}                  | ${"blocked_by_reversal"}
    ${"reversed, to our own money"}            | ${whole}                                                                   | ${{ blocked: true }}                | ${[part(treasury, AMOUNT)]}                                                            | ${"blocked_by_reversal"}
    ${"reversed, and back to its payer"}       | ${whole}                                                                   | ${{ blocked: true }}                | ${[part(returned, AMOUNT)]}                                                            | ${"move"}
    ${"reversed, a part back to its payer"}    | ${whole}                                                                   | ${{ blocked: true }}                | ${[part(returned, 1), part(account("0045MAK"), AMOUNT - 1)]}                           | ${"blocked_by_reversal"}
    ${"reversed, to wait, stale"}              | ${whole}                                                                   | ${{ blocked: true, generation: 2 }} | ${held}                                                                                | ${"stale"}
    ${"reversed, to wait, one unit missing"}   | ${whole}                                                                   | ${{ blocked: true }}                | ${[part(suspense("moved"), AMOUNT - 1)]}                                               | ${"shares_do_not_add_up"}
    ${"reversed, and nowhere"}                 | ${whole}                                                                   | ${{ blocked: true }}                | ${[]}                                                                                  | ${"shares_do_not_add_up"}
    ${"one minor unit missing"}                | ${held}                                                                    | ${{}}                               | ${[part(account("0045MAK"), AMOUNT - 1)]}                                              | ${"shares_do_not_add_up"}
    ${"no shares"}                             | ${held}                                                                    | ${{}}                               | ${[]}                                                                                  | ${"shares_do_not_add_up"}
    ${"a share of nothing"}                    | ${held}                                                                    | ${{}}                               | ${[part(account("0045MAK"), AMOUNT), part(treasury, 0)]}                               | ${"share_not_positive"}
    ${"a negative share"}                      | ${held}                                                                    | ${{}}                               | ${[part(account("0045MAK"), AMOUNT + 1), part(treasury, -1)]}                          | ${"share_not_positive"}
    ${"half a minor unit"}                     | ${held}                                                                    | ${{}}                               | ${[part(account("0045MAK"), AMOUNT - 0.5), part(treasury, 0.5)]}                       | ${"share_not_positive"}
    ${"not a number"}                          | ${held}                                                                    | ${{}}                               | ${[part(treasury, Number.NaN)]}                                                        | ${"share_not_positive"}
    ${"too many shares"}                       | ${held}                                                                    | ${{}}                               | ${[...Array(SHARES_MAX).fill(part(treasury, 1)), part(treasury, AMOUNT - SHARES_MAX)]} | ${"too_many_shares"}
    ${"a twin, assigned by who recorded it"}   | ${twin}                                                                    | ${{}}                               | ${whole}                                                                               | ${"same_person"}
    ${"a twin, by a detour through a hold"}    | ${twin}                                                                    | ${{}}                               | ${[part(suspense("moved"), AMOUNT)]}                                                   | ${"same_person"}
    ${"a twin's neighbour only"}               | ${[part(suspense("second_person"), 1), part(suspense("cap"), AMOUNT - 1)]} | ${{}}                               | ${[part(suspense("second_person"), 1), part(treasury, AMOUNT - 1)]}                    | ${"move"}
  `("$why: $said", ({ from, over, to, said }) => {
    const decided = decideMove(state(from, over), "Mpho", move(to));
    expect(decided.kind === "refused" ? decided.because : decided.kind).toBe(said);
  });

  it("knows no receipt that nobody claimed", () => {
    expect(decideMove(null, null, move(whole))).toEqual({ kind: "refused", because: "unknown_receipt" });
  });

  it.each`
    recordedBy | actor       | said
    ${"Mpho"}  | ${"Lerato"} | ${{ kind: "move", twinAllowed: true }}
    ${null}    | ${"Mpho"}   | ${{ kind: "move", twinAllowed: true }}
    ${"Mpho"}  | ${"Mpho"}   | ${{ kind: "refused", because: "same_person" }}
    ${"Mpho"}  | ${" mPHO "} | ${{ kind: "refused", because: "same_person" }}
  `("of a twin recorded by $recordedBy and decided by $actor says $said", ({ recordedBy, actor, said }) => {
    expect(decideMove(state(twin), recordedBy, move(whole, { actor }))).toEqual(said);
  });

  it("allows no twin in an ordinary move", () => {
    expect(decideMove(state(held), null, move(whole))).toEqual({ kind: "move", twinAllowed: false });
  });
});

describe("what a move takes from its accounts", () => {
  const [one, two] = [account("0045MAK"), account("0046MAK")];
  it.each([
    {
      why: "nothing, where a share keeps its account and its amount",
      to: [part(one, 6_000), part(two, 4_001)],
      gone: [],
    },
    { why: "the share that another gets", to: [part(one, 6_000), part(treasury, 4_001)], gone: ["0046MAK QK7#1.2"] },
    {
      why: "a share whose amount changes",
      to: [part(one, 4_001), part(two, 6_000)],
      gone: ["0045MAK QK7#1.1", "0046MAK QK7#1.2"],
    },
    {
      why: "all, where all of it waits",
      to: [part(suspense("moved"), AMOUNT)],
      gone: ["0045MAK QK7#1.1", "0046MAK QK7#1.2"],
    },
  ])("is $why", ({ to, gone }) => {
    const present = sharesOf([part(one, 6_000), part(two, 4_001)]);
    expect(
      leavingEntries(present, to).map((each) => `${each.account} ${each.entryKey.replace("receipt:", "")}`),
    ).toEqual(gone);
  });

  it("is nothing of what no account has", () => {
    expect(leavingEntries(sharesOf([part(suspense("moved"), AMOUNT)]), [part(one, AMOUNT)])).toEqual([]);
  });
});

describe("planGeneration", () => {
  const plan = (from: Part[], to: Part[], entryState: ShareEntry["state"] = "posted") => {
    const present = sharesOf(from);
    return planGeneration(
      receipt(),
      present,
      entriesOf(present, entryState),
      to,
      { actor: "Mpho", reason: "", at: 9 },
      false,
    );
  };

  it("takes an account's share away and wants the new one out of suspense", () => {
    const next = plan(whole, [part(account("0046MAK"), AMOUNT)]);
    expect(next.retiring).toEqual(["receipt:QK7#1.1"]);
    expect(next.wanted).toMatchObject([{ entryKey: "receipt:QK7#2.1", account: "0046MAK", contra: "suspense" }]);
  });

  it("leaves a share alone that keeps its account and its amount", () => {
    const next = plan(
      [part(account("0045MAK"), 1), part(suspense("cap"), AMOUNT - 1)],
      [part(account("0046MAK"), AMOUNT - 1), part(account("0045MAK"), 1)],
    );
    expect(next.retiring).toEqual([]);
    expect(next.wanted).toMatchObject([{ account: "0046MAK" }]);
    expect(next.shares.map(({ entryKey }) => entryKey)).toEqual(["receipt:QK7#2.1", "receipt:QK7#1.1"]);
  });

  it("does not settle an entry that was refused", () => {
    expect(plan(whole, held, "refused").retiring).toEqual([]);
  });

  it("keeps the age of money that goes on waiting", () => {
    expect(plan(held, held).shares).toMatchObject([{ openedAt: 2, entryKey: "receipt:QK7#2.1" }]);
    expect(plan(held, [part(suspense("moved"), AMOUNT)]).shares).toMatchObject([{ openedAt: 9 }]);
  });

  it("lets treasury keep what it keeps, and gives back the rest", () => {
    const from = [part(treasury, 1), part(treasury, AMOUNT - 1)];
    const next = plan(from, [part(treasury, 1), part(account("0045MAK"), AMOUNT - 1)]);
    expect(next.leavingOwn).toMatchObject([{ entryKey: "receipt:QK7#1.2" }]);
  });

  it("never loses or doubles a share, whatever the move", () => {
    const holders = fc.constantFrom(
      account("0045MAK"),
      account("0046MAK"),
      treasury,
      suspense("cap"),
      suspense("moved"),
    );
    const parts = fc.array(fc.record({ holder: holders, amountMinor: fc.integer({ min: 1, max: 4 }) }), {
      maxLength: 8,
    });
    fc.assert(
      fc.property(parts, parts, (from, to) => {
        const next = plan(from, to);
        const accounts = (list: Part[]) => list.filter(({ holder }) => holder.kind === "account").length;
        const kept = next.shares.filter(
          ({ holder, entryKey }) => holder.kind === "account" && entryKey.includes("#1."),
        );
        expect(next.shares.map(({ amountMinor }) => amountMinor)).toEqual(to.map(({ amountMinor }) => amountMinor));
        expect(next.retiring.length + kept.length).toBe(accounts(from));
        expect(next.wanted.length + kept.length).toBe(accounts(to));
        expect(new Set(next.shares.map(({ entryKey }) => entryKey)).size).toBe(to.length);
      }),
    );
  });
});

describe("holdAfterRefusal", () => {
  it.each`
    refused                 | blocked  | because
    ${"unknown_account"}    | ${false} | ${"unknown_account"}
    ${"terminated_account"} | ${false} | ${"terminated_account"}
    ${"tariff_unset"}       | ${false} | ${"tariff_unset"}
    ${"twin"}               | ${false} | ${"second_person"}
    ${"currency"}           | ${false} | ${"currency"}
    ${"moved"}              | ${false} | ${"moved"}
    ${"moved"}              | ${true}  | ${"reversal"}
    ${"twin"}               | ${true}  | ${"second_person"}
  `("holds what is refused for $refused as $because (blocked: $blocked)", ({ refused, blocked, because }) => {
    const holder = holdAfterRefusal({ receipt: "QK7", blocked }, "0045MAK", refused, refused === "twin" ? "QK6" : null);
    expect(holder).toMatchObject({ kind: "suspense", because, hints: { accounts: ["0045MAK"] } });
  });
});

describe("wholeHolder", () => {
  it.each`
    parts                                                         | holderKind    | account
    ${whole}                                                      | ${"account"}  | ${"0045MAK"}
    ${held}                                                       | ${"suspense"} | ${null}
    ${[part(suspense("cap"), 1), part(suspense("moved"), 1)]}     | ${"suspense"} | ${null}
    ${[part(account("0045MAK"), 1), part(treasury, 1)]}           | ${"split"}    | ${null}
    ${[part(account("0045MAK"), 1), part(account("0046MAK"), 1)]} | ${"split"}    | ${null}
    ${[part(account("0045MAK"), 1), part(account("0045MAK"), 1)]} | ${"account"}  | ${"0045MAK"}
  `("of $parts is $holderKind $account", ({ parts, holderKind, account: name }) => {
    expect(wholeHolder(parts)).toEqual({ holderKind, account: name });
  });
});
