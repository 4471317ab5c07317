import { describe, expect, it } from "vitest";
import type { LedgerRow } from "../../src/domain/ledger.ts";
import type { AccountFacts, ApplyOrder } from "../../src/ports/accounts.ts";
import { copyAll, facts, ledger, live, PAID_AT, payment, posted } from "./account-makers.ts";
import { database } from "./account-postgres.ts";
import { entriesOf, owed, owedLines, said, sums, viewOf } from "./fee-makers.ts";

const ENERGY = "receipt:REST#1.0/energy.9900";
const PAID = "receipt:REST#1.0";

/** An account that owes nothing, and M99 of a payment to the number of the contract; Postgres has it. */
async function withRest(account: string, over: Partial<AccountFacts> = {}) {
  await live(account, over);
  posted(await ledger(account).post(account, payment({ receipt: "REST", road: "contract_sms", amountMinor: 9_900 })));
  await copyAll(account);
  return entriesOf(account);
}
const apply = (account: string, over: Partial<ApplyOrder> = {}) =>
  ledger(account).applyUnallocated(account, {
    ...{ paymentKey: PAID, leftMinor: 9_900, amountMinor: 9_900 },
    ...{ actor: "Lineo", reason: "asks for light", at: PAID_AT + 60_000 },
    ...over,
  });
const reverse = (account: string) =>
  ledger(account).reverse(account, { entryKey: PAID, actor: "Thabo", reason: "wrong account", at: PAID_AT + 90_000 });
const moneyOf = (rows: readonly LedgerRow[], book: string) =>
  rows.filter((row) => row.book === book).reduce((sum, { amountMinor }) => sum + amountMinor, 0);

/** What another account with the same payment did after it: what Postgres has of an account that was set back to before that. */
async function lived(account: string, ...acts: ((account: string) => Promise<unknown>)[]) {
  const first = await withRest(account);
  for (const act of acts) await act(account);
  return (await entriesOf(account)).slice(first.length);
}

describe("energy for what nothing took of a payment, after its account was set back", () => {
  it("goes with the payment that was moved while the account had forgotten the energy", async () => {
    const forgotten = await lived("3421MAK", (other) => apply(other));
    const account = "3422MAK";
    const own = await withRest(account, { siteVendor: "koios" });
    await reverse(account);
    const postgres = await database(account, {
      facts: facts({ account, siteVendor: "koios" }),
      entries: [...own, ...forgotten],
    });
    expect(await ledger(account).reconcile(account)).toMatchObject({ status: "agree", adopted: 2, refiled: 1 });
    expect((await entriesOf(account)).map(({ entryKey }) => entryKey).slice(2)).toEqual([
      ENERGY,
      `${ENERGY}/fee.unallocated`,
      `${PAID}:reversal`,
      `${PAID}/fee.unallocated:reversal`,
      `${ENERGY}:reversal`,
      `${ENERGY}/fee.unallocated:reversal`,
    ]);
    expect(await viewOf(account)).toMatchObject({ balanceWh: 0, unallocated: [] });
    expect(await owed(account)).toEqual({ unallocated: 0 });
    const lines = await owedLines(account);
    expect([sums(lines), moneyOf(lines, "suspense")]).toEqual([[0, 0], 9_900]);
    await copyAll(account);
    postgres.entries = await entriesOf(account);
    expect(await ledger(account).reconcile(account)).toMatchObject({ adopted: 0, refiled: 0, resent: 0 });
  });

  it("goes with the payment whose move the account had forgotten when the energy was sold, from the wallet too", async () => {
    const forgotten = await lived("3423MAK", reverse);
    const account = "3424MAK";
    const own = await withRest(account, { siteVendor: "koios" });
    await apply(account);
    await database(account, { facts: facts({ account, siteVendor: "koios" }), entries: [...own, ...forgotten] });
    expect(await ledger(account).reconcile(account)).toMatchObject({ status: "agree", adopted: 2, refiled: 1 });
    expect(await viewOf(account)).toMatchObject({ balanceWh: 0, unallocated: [], credits: [{ state: "withdrawn" }] });
    expect(await owed(account)).toEqual({ unallocated: 0 });
    expect(sums(await owedLines(account))).toEqual([0, 0]);
    expect((await entriesOf(account)).at(-2)).toMatchObject({ actor: "Thabo", occurredAt: PAID_AT + 90_000 });
  });

  it("is Postgres's where it was sold again, by another and later; the copy goes on, and what came since is filed after it", async () => {
    const forgotten = await lived("3425MAK", (other) => apply(other, { amountMinor: 4_000 }));
    const account = "3426MAK";
    const own = await withRest(account);
    await apply(account, { amountMinor: 4_000, actor: "Thabo", at: PAID_AT + 70_000 });
    await apply(account, { leftMinor: 5_900, amountMinor: 5_900, actor: "Thabo" });
    await database(account, { facts: facts({ account }), entries: [...own, ...forgotten] });
    expect(await ledger(account).reconcile(account)).toMatchObject({ status: "agree", adopted: 2, refiled: 1 });
    const rows = await entriesOf(account);
    expect(rows.slice(2, 4)).toEqual(forgotten);
    expect(said(rows.slice(2))).toEqual([
      `${ENERGY} customer_energy 8000 4000`,
      `${ENERGY}/fee.unallocated customer_fees 0 -4000`,
      "receipt:REST#1.0/energy.5900 customer_energy 11800 5900",
      "receipt:REST#1.0/energy.5900/fee.unallocated customer_fees 0 -5900",
    ]);
    expect(await viewOf(account)).toMatchObject({ balanceWh: 19_800 });
    expect(await owed(account)).toEqual({ unallocated: 0 });
    expect(await ledger(account).refusals()).toMatchObject({ stopped: null });
    expect(await apply(account, { amountMinor: 4_000 })).toMatchObject({ entry: { seq: 3, energyWh: 8_000 } });
  });

  it("waits for a person where it was sold again for another amount", async () => {
    const forgotten = await lived("3427MAK", (other) => apply(other, { amountMinor: 4_000 }));
    const account = "3428MAK";
    const own = await withRest(account);
    await apply(account, { amountMinor: 3_000 });
    await database(account, { facts: facts({ account }), entries: [...own, ...forgotten] });
    expect(await ledger(account).reconcile(account)).toMatchObject({ status: "conflict" });
    expect(await viewOf(account)).toMatchObject({ balanceWh: 6_000 });
  });

  it("is taken back by an account that lost its memory between its payment's copy and its own, as the same entry", async () => {
    await withRest("3429MAK");
    await apply("3429MAK");
    await reverse("3429MAK");
    const all = await entriesOf("3429MAK");
    const account = "3430MAK";
    await database(account, { facts: facts({ account, version: 1_001 }), entries: all.slice(0, 6) });
    expect(await viewOf(account)).toMatchObject({ balanceWh: 0, unallocated: [] });
    expect(await entriesOf(account)).toEqual(all);
    const lines = await owedLines(account);
    expect(lines.filter(({ seq }) => seq !== null)).toEqual(all.slice(6));
    expect(sums(lines)).toEqual([0, 0]);
  });
});
