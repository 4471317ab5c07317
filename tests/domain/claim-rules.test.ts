import { describe, expect, it } from "vitest";
import type { Claim, HoldBecause, Holder, ReceiptState, Share } from "../../src/domain/claim.ts";
import { decideClaim, HINTS_MAX, heldByAnother, type Seen, withHints } from "../../src/domain/claim-rules.ts";

const account = (name: string): Holder => ({ kind: "account", account: name });
const suspense = (because: HoldBecause, accounts: string[] = []): Holder => ({
  kind: "suspense",
  because,
  hints: { accounts, note: "" },
});
const legacy: Holder = { kind: "legacy" };
const treasury: Holder = { kind: "treasury", note: "" };

const claim = (over: Partial<Claim> = {}): Claim => ({
  receipt: "QK7",
  provider: "mpesa",
  amountMinor: 5_000,
  currency: "LSL",
  paidAt: 1,
  payerPhone: null,
  till: null,
  road: "sms",
  sightingKey: "sms:1",
  seenAt: 2,
  holder: account("0045MAK"),
  actor: null,
  fromProvider: false,
  ...over,
});

const state = (holders: Holder[], over: Partial<ReceiptState> = {}): ReceiptState => ({
  receipt: "QK7",
  provider: "mpesa",
  amountMinor: 5_000,
  currency: "LSL",
  paidAt: 1,
  generation: 1,
  phase: "closed",
  blocked: false,
  shares: holders.map((holder, index): Share & { entryKey: string; posting: "none"; entry: null } => ({
    share: index + 1,
    holder,
    amountMinor: 5_000 / holders.length,
    entryKey: `receipt:QK7#1.${index + 1}`,
    posting: "none",
    entry: null,
  })),
  ...over,
});

const first = { sightingKey: "sms:phone-1:cut", account: null, verdict: "first" } as const;
/** Heard once before, by a phone of the same till. */
const seen = (over: Partial<Seen> = {}) => ({ road: "sms", till: null, sightings: [first], ...over }) satisfies Seen;
const decide = (held: ReceiptState | null, claimed: Claim, reversalWaits = false, known: Seen = seen()) =>
  decideClaim(held, claimed, reversalWaits, () => known);

const webhook = { road: "webhook", fromProvider: true } as const;

describe("decideClaim", () => {
  it.each`
    why                                                | held                                                  | over                      | claimed                                            | kind          | verdict
    ${"never seen"}                                    | ${null}                                               | ${{}}                     | ${{}}                                              | ${"create"}   | ${undefined}
    ${"seen again"}                                    | ${[account("0045MAK")]}                               | ${{}}                     | ${{}}                                              | ${"sighting"} | ${"same"}
    ${"another provider's name"}                       | ${[account("0045MAK")]}                               | ${{}}                     | ${{ provider: "ecocash" }}                         | ${"sighting"} | ${"same"}
    ${"another date and payer"}                        | ${[account("0045MAK")]}                               | ${{}}                     | ${{ paidAt: 9, payerPhone: "26650000102" }}        | ${"sighting"} | ${"same"}
    ${"another account"}                               | ${[account("0045MAK")]}                               | ${{}}                     | ${{ holder: account("0046MAK") }}                  | ${"sighting"} | ${"same"}
    ${"one minor unit more"}                           | ${[account("0045MAK")]}                               | ${{}}                     | ${{ amountMinor: 5_001 }}                          | ${"conflict"} | ${undefined}
    ${"another currency"}                              | ${[account("0045MAK")]}                               | ${{}}                     | ${{ currency: "ZMW" }}                             | ${"conflict"} | ${undefined}
    ${"in suspense, other amount, provider's own key"} | ${[suspense("no_account_token")]}                     | ${{}}                     | ${{ ...webhook, amountMinor: 4_999 }}              | ${"conflict"} | ${undefined}
    ${"held by the old system"}                        | ${[legacy]}                                           | ${{}}                     | ${{ ...webhook }}                                  | ${"sighting"} | ${"same"}
    ${"held by the old system, other amount"}          | ${[legacy]}                                           | ${{}}                     | ${{ amountMinor: 1 }}                              | ${"conflict"} | ${undefined}
    ${"a provider names the account that was missing"} | ${[suspense("no_account_token")]}                     | ${{}}                     | ${{ ...webhook }}                                  | ${"move"}     | ${undefined}
    ${"the same while rows are on their way"}          | ${[suspense("no_account_token")]}                     | ${{ phase: "recording" }} | ${{ ...webhook }}                                  | ${"move"}     | ${undefined}
    ${"the old PHP's key"}                             | ${[suspense("no_account_token")]}                     | ${{}}                     | ${{ road: "webhook" }}                             | ${"sighting"} | ${"held"}
    ${"an SMS that names it"}                          | ${[suspense("no_account_token")]}                     | ${{}}                     | ${{ road: "sms" }}                                 | ${"move"}     | ${undefined}
    ${"a provider that names nobody"}                  | ${[suspense("no_account_token")]}                     | ${{}}                     | ${{ ...webhook, holder: suspense("wrong_token") }} | ${"sighting"} | ${"held"}
    ${"held for its sender"}                           | ${[suspense("sender")]}                               | ${{}}                     | ${{ ...webhook }}                                  | ${"sighting"} | ${"held"}
    ${"held for a second person"}                      | ${[suspense("second_person")]}                        | ${{}}                     | ${{ ...webhook }}                                  | ${"sighting"} | ${"held"}
    ${"two reasons"}                                   | ${[suspense("no_account_token"), suspense("cap")]}    | ${{}}                     | ${{ ...webhook }}                                  | ${"sighting"} | ${"held"}
    ${"half assigned"}                                 | ${[account("0045MAK"), suspense("no_account_token")]} | ${{}}                     | ${{ ...webhook }}                                  | ${"sighting"} | ${"held"}
    ${"blocked by a reversal"}                         | ${[suspense("no_account_token")]}                     | ${{ blocked: true }}      | ${{ ...webhook }}                                  | ${"sighting"} | ${"held"}
    ${"credited and blocked"}                          | ${[account("0045MAK")]}                               | ${{ blocked: true }}      | ${{ ...webhook }}                                  | ${"sighting"} | ${"held"}
    ${"an earlier move has not ended"}                 | ${[suspense("no_account_token")]}                     | ${{ phase: "settling" }}  | ${{ ...webhook }}                                  | ${"sighting"} | ${"held"}
    ${"in treasury"}                                   | ${[treasury]}                                         | ${{}}                     | ${{ ...webhook }}                                  | ${"sighting"} | ${"same"}
  `("$why: $kind $verdict", ({ held, over, claimed, kind, verdict }) => {
    const decided = decide(held === null ? null : state(held, over), claim(claimed));
    expect(decided.kind).toBe(kind);
    expect(decided.kind === "sighting" ? decided.verdict : undefined).toBe(verdict);
  });

  it.each`
    holder                                              | accounts
    ${account("0045MAK")}                               | ${["0045MAK"]}
    ${suspense("two_accounts", ["0045MAK", "0046MAK"])} | ${["0045MAK", "0046MAK"]}
    ${treasury}                                         | ${[]}
  `("holds a payment whose reversal came first, with hints $accounts", ({ holder, accounts }) => {
    expect(decide(null, claim({ holder }), true)).toMatchObject({
      kind: "create",
      blocked: true,
      holder: { kind: "suspense", because: "reversal", hints: { accounts } },
    });
  });

  it("leaves what the old system holds with the old system, reversed or not", () => {
    expect(decide(null, claim({ holder: legacy }), true)).toEqual({
      kind: "create",
      holder: legacy,
      blocked: true,
    });
  });

  it("remembers whom a sighting names for money that waits", () => {
    const decided = decide(state([suspense("cap")]), claim({ holder: account("0046MAK") }));
    expect(decided).toEqual({ kind: "sighting", verdict: "held", hints: ["0046MAK"] });
    const doubtful = claim({ holder: suspense("two_accounts", ["0045MAK", "0046MAK"]) });
    expect(decide(state([suspense("cap")]), doubtful)).toMatchObject({ hints: ["0045MAK", "0046MAK"] });
  });
});

describe("the whole of a text that came cut", () => {
  const waits = [suspense("no_account_token")];
  const named = (name: string | null, verdict: "held" | "same" | "conflict" = "held") => ({
    sightingKey: `sms:phone-2:${name}:${verdict}`,
    account: name,
    verdict,
  });
  it.each`
    why                                                 | held                                           | over                      | claimed                                     | known                                                   | moves
    ${"names the account"}                              | ${waits}                                       | ${{}}                     | ${{}}                                       | ${{}}                                                   | ${true}
    ${"while rows are on their way"}                    | ${waits}                                       | ${{ phase: "recording" }} | ${{}}                                       | ${{}}                                                   | ${true}
    ${"to the number of the contract, both"}            | ${waits}                                       | ${{}}                     | ${{ road: "contract_sms" }}                 | ${{ road: "contract_sms" }}                             | ${true}
    ${"after another phone heard it cut, too"}          | ${waits}                                       | ${{}}                     | ${{}}                                       | ${{ sightings: [first, named(null)] }}                  | ${true}
    ${"after a webhook of the old system named it"}     | ${[suspense("no_account_token", ["0045MAK"])]} | ${{}}                     | ${{}}                                       | ${{ sightings: [first, named("0045MAK")] }}             | ${true}
    ${"names nobody"}                                   | ${waits}                                       | ${{}}                     | ${{ holder: suspense("no_account_token") }} | ${{}}                                                   | ${false}
    ${"is itself held"}                                 | ${waits}                                       | ${{}}                     | ${{ holder: suspense("cap", ["0045MAK"]) }} | ${{}}                                                   | ${false}
    ${"was seen before"}                                | ${waits}                                       | ${{}}                     | ${{ sightingKey: first.sightingKey }}       | ${{}}                                                   | ${false}
    ${"after a sighting that named another"}            | ${waits}                                       | ${{}}                     | ${{}}                                       | ${{ sightings: [first, named("0046MAK")] }}             | ${false}
    ${"after a text that was held and hinted another"}  | ${[suspense("no_account_token", ["0046MAK"])]} | ${{}}                     | ${{}}                                       | ${{ sightings: [first, named(null)] }}                  | ${false}
    ${"after one with another amount"}                  | ${waits}                                       | ${{}}                     | ${{}}                                       | ${{ sightings: [first, named("0045MAK", "conflict")] }} | ${false}
    ${"at another till"}                                | ${waits}                                       | ${{}}                     | ${{ till: "till-2" }}                       | ${{ till: "till-1" }}                                   | ${false}
    ${"to the number of the contract, the cut to ours"} | ${waits}                                       | ${{}}                     | ${{ road: "contract_sms" }}                 | ${{}}                                                   | ${false}
    ${"of what a statement brought"}                    | ${waits}                                       | ${{}}                     | ${{}}                                       | ${{ road: "statement" }}                                | ${false}
    ${"after somebody decided"}                         | ${waits}                                       | ${{ generation: 2 }}      | ${{}}                                       | ${{}}                                                   | ${false}
    ${"held for another reason"}                        | ${[suspense("cap")]}                           | ${{}}                     | ${{}}                                       | ${{}}                                                   | ${false}
    ${"taken out of an account by a person"}            | ${[suspense("moved")]}                         | ${{ generation: 3 }}      | ${{}}                                       | ${{}}                                                   | ${false}
    ${"taken back by the operator"}                     | ${waits}                                       | ${{ blocked: true }}      | ${{}}                                       | ${{}}                                                   | ${false}
    ${"already assigned"}                               | ${[account("0046MAK")]}                        | ${{ generation: 2 }}      | ${{}}                                       | ${{}}                                                   | ${false}
    ${"in treasury"}                                    | ${[treasury]}                                  | ${{ generation: 2 }}      | ${{}}                                       | ${{}}                                                   | ${false}
  `("$why: moves $moves", ({ held, over, claimed, known, moves }) => {
    const decided = decide(state(held, over), claim(claimed), false, seen(known));
    expect(decided).toMatchObject(moves ? { kind: "move", holder: account("0045MAK") } : { kind: "sighting" });
  });

  it.each`
    why                                            | held                               | over                 | claimed                               | known                                       | moves
    ${"is the operator's"}                         | ${suspense("sender", ["0045MAK"])} | ${{}}                | ${{}}                                 | ${{}}                                       | ${true}
    ${"is the same, and its sender is listed now"} | ${suspense("sender", ["0045MAK"])} | ${{}}                | ${{ sightingKey: first.sightingKey }} | ${{}}                                       | ${true}
    ${"names another than the stranger"}           | ${suspense("sender", ["0046MAK"])} | ${{}}                | ${{}}                                 | ${{}}                                       | ${false}
    ${"comes after another that named another"}    | ${suspense("sender")}              | ${{}}                | ${{}}                                 | ${{ sightings: [first, named("0046MAK")] }} | ${false}
    ${"is at another till"}                        | ${suspense("sender")}              | ${{}}                | ${{ till: "till-2" }}                 | ${{ till: "till-1" }}                       | ${false}
    ${"comes after somebody decided"}              | ${suspense("sender")}              | ${{ generation: 2 }} | ${{}}                                 | ${{}}                                       | ${false}
    ${"is a webhook"}                              | ${suspense("sender", ["0045MAK"])} | ${{}}                | ${{ ...webhook }}                     | ${{}}                                       | ${false}
  `(
    "takes what an earlier release held for its sender where it $why: $moves",
    ({ held, over, claimed, known, moves }) => {
      const decided = decide(state([held], over), claim(claimed), false, seen(known));
      expect(decided).toMatchObject(moves ? { kind: "move", holder: account("0045MAK") } : { kind: "sighting" });
    },
  );

  it("with another amount or currency is a conflict", () => {
    expect(decide(state(waits), claim({ amountMinor: 50_000 }))).toEqual({ kind: "conflict" });
    expect(decide(state(waits), claim({ currency: "ZMW" }))).toEqual({ kind: "conflict" });
  });
});

describe("withHints", () => {
  it("adds each account once, up to a limit, and only to money that waits", () => {
    const held = suspense("cap", ["0045MAK"]);
    expect(withHints(held, ["0045MAK"])).toBe(held);
    expect(withHints(held, [])).toBe(held);
    expect(withHints(held, ["0046MAK", "0045MAK"])).toEqual(suspense("cap", ["0045MAK", "0046MAK"]));
    const names = Array.from({ length: HINTS_MAX }, (_, index) => `${index}`);
    const full = suspense("cap", names);
    expect(withHints(full, ["0046MAK"])).toBe(full);
    expect(withHints(suspense("cap", names.slice(1)), ["0046MAK", "0047MAK"])).toEqual(
      suspense("cap", [...names.slice(1), "0046MAK"]),
    );
    const owned = account("0045MAK");
    expect(withHints(owned, ["0046MAK"])).toBe(owned);
  });
});

describe("heldByAnother", () => {
  it.each`
    held                                        | another
    ${[account("0045MAK")]}                     | ${false}
    ${[account("0046MAK")]}                     | ${true}
    ${[account("0045MAK"), account("0046MAK")]} | ${false}
    ${[suspense("cap")]}                        | ${false}
    ${[legacy]}                                 | ${false}
  `("of $held for 0045MAK is $another", ({ held, another }) => {
    expect(heldByAnother(state(held), "0045MAK")).toBe(another);
  });
});
