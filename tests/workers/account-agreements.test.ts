import { evictDurableObject, runInDurableObject } from "cloudflare:test";
import { describe, expect, it } from "vitest";
import type { DebtTerms } from "../../src/domain/fees/debt.ts";
import type { AccountFacts } from "../../src/ports/accounts.ts";
import { copyAll, facts, ledger, live, PAID_AT, payment, posted } from "./account-makers.ts";
import { database } from "./account-postgres.ts";
import { entriesOf, indebted, order, owed, owedLines, said, sums, viewOf } from "./fee-makers.ts";

const none = { monthlyFeeE4: 0, penaltyE4: 0, graceDays: 0, intervalDays: 0 };
const ADVANCE: DebtTerms = { ...none, part: "advance.connection", fractionE4: 5_000, monthlyFeeE4: 200 };
const PLAN: DebtTerms = {
  ...{ part: "financing.plan1", fractionE4: 2_000, monthlyFeeE4: 0, penaltyE4: 500, graceDays: 30, intervalDays: 30 },
};
const grant = (account: string, { part }: DebtTerms, amountMinor: number, id = account) =>
  ledger(account).fee(account, order({ part, amountMinor, id, actor: "Palesa", reason: "signed" }));

/** An account with light, and what it owes by agreements. */
async function owing(account: string, debts: [DebtTerms, number][], over: Partial<AccountFacts> = {}) {
  await live(account, { terms: debts.map(([terms]) => terms), ...over });
  for (const [terms, amountMinor] of debts) posted(await grant(account, terms, amountMinor));
  return account;
}

/** Sets the account's clock to an instant: what comes then is filed then. */
const at = (account: string, now: number) =>
  runInDurableObject(ledger(account), (object) => {
    Object.defineProperty(Reflect.get(object, "clock"), "now", { value: () => now, configurable: true });
  });
const OCTOBER = Date.parse("2026-10-15T10:00:00+02:00");

describe("an advance", () => {
  it("is granted once, one of a kind, and to nobody who owes a fee", async () => {
    const account = await indebted("3301MAK", { terms: [ADVANCE] });
    const refused = { status: "refused", because: "fee_owed" };
    expect(await grant(account, ADVANCE, 50_000, "first")).toEqual(refused);
    await ledger(account).fee(account, order({ act: "writeoff", id: "w", amountMinor: 50_100 }));
    // An order is answered once; whoever wants it now gives another.
    expect(await grant(account, ADVANCE, 50_000, "first")).toEqual(refused);
    for (let twice = 0; twice < 2; twice++)
      expect(await grant(account, ADVANCE, 50_000)).toMatchObject({ status: "posted" });
    expect(await grant(account, ADVANCE, 50_000, "another")).toEqual({ status: "refused", because: "already_charged" });
    expect(await grant(account, { ...ADVANCE, part: "advance.readyboard" }, 100)).toMatchObject({ status: "posted" });
    expect(await owed(account)).toEqual({ connection: 0, "advance.connection": 50_000, "advance.readyboard": 100 });
  });

  it("takes its fraction of what the fees left, and the parts are the payment", async () => {
    const account = await owing("3302MAK", [[ADVANCE, 50_000]], { siteVendor: "koios" });
    await ledger(account).fee(account, order({ amountMinor: 2_000, id: "late-fee" }));
    await copyAll(account);
    posted(await ledger(account).post(account, payment({ receipt: "ADV1", amountMinor: 10_003 })));
    const lines = (await owedLines(account)).filter(({ receipt }) => receipt === "ADV1");
    expect(said(lines)).toEqual([
      "receipt:ADV1#1.0 customer_energy 8002 4001",
      "receipt:ADV1#1.0/clearing clearing 0 -4001",
      "receipt:ADV1#1.0/sold energy_sold -8002 0",
      "receipt:ADV1#1.0/fee.connection customer_fees 0 2000",
      "receipt:ADV1#1.0/fee.connection/clearing clearing 0 -2000",
      "receipt:ADV1#1.0/fee.advance.connection customer_fees 0 4002",
      "receipt:ADV1#1.0/fee.advance.connection/clearing clearing 0 -4002",
    ]);
    expect(sums(lines)).toEqual([0, 0]);
    expect((await viewOf(account)).credits).toMatchObject([{ amountMinor: 4_001 }]);
    const [effect] = await ledger(account).messages(account);
    expect(effect?.sms).toMatchObject({ amountMinor: 10_003, feeMinor: 6_002 });
  });

  it("gets what the fees leave of a payment to the number of the contract, and the rest nobody", async () => {
    const account = await owing("3303MAK", [[ADVANCE, 1_000]]);
    await ledger(account).post(account, payment({ receipt: "ADV2", road: "contract_sms", amountMinor: 10_000 }));
    expect(await owed(account)).toEqual({ "advance.connection": 0, unallocated: -9_000 });
  });

  it("is owed again by what is taken back, and may be granted anew once it is repaid", async () => {
    const account = await owing("3304MAK", [[ADVANCE, 3_000]]);
    const paid = payment({ receipt: "ADV3", amountMinor: 6_000 });
    await ledger(account).post(account, paid);
    expect(await owed(account)).toEqual({ "advance.connection": 0 });
    expect(await grant(account, ADVANCE, 2_000, "second")).toMatchObject({ status: "posted" });
    const back = { entryKey: paid.entryKey, actor: "Thabo", reason: "wrong account", at: PAID_AT };
    for (let twice = 0; twice < 2; twice++) await ledger(account).reverse(account, back);
    expect(await owed(account)).toEqual({ "advance.connection": 5_000 });
  });

  it("is owed and takes nothing of a payment where its terms are not known yet", async () => {
    const account = await owing("3305MAK", [[ADVANCE, 3_000]]);
    const { terms: _, ...older } = facts({ account, version: 2 });
    await ledger(account).configure(older as AccountFacts);
    await ledger(account).post(account, payment({ receipt: "ADV4", amountMinor: 2_000 }));
    expect(await owed(account)).toEqual({ "advance.connection": 3_000 });
    expect(await viewOf(account)).toMatchObject({ balanceWh: 4_000, terms: [] });
    expect(await ledger(account).accrue(account, "advance.connection")).toEqual({ status: "unknown" });
  });

  it("gets its fee once a month, however often and late it is asked, and none after the account has ended", async () => {
    const account = "3306MAK";
    await live(account, { terms: [ADVANCE] });
    await at(account, OCTOBER);
    await grant(account, ADVANCE, 50_000);
    await at(account, Date.parse("2026-11-30T23:00:00+02:00"));
    const both = await Promise.all([1, 2].map(() => ledger(account).accrue(account, "advance.connection")));
    expect(both).toEqual([
      { status: "done", count: 1 },
      { status: "done", count: 0 },
    ]);
    await evictDurableObject(ledger(account));
    await at(account, Date.parse("2027-01-02T08:00:00+02:00"));
    expect(await ledger(account).accrue(account, "advance.connection")).toEqual({ status: "done", count: 2 });
    const lines = (await owedLines(account)).filter(({ seq, actor }) => seq !== null && actor === "machine");
    expect(said(lines)).toEqual([
      "fee:monthly:advance.connection:3306MAK@2026-11 customer_fees 0 -1000",
      "fee:monthly:advance.connection:3306MAK@2026-12 customer_fees 0 -1020",
      "fee:monthly:advance.connection:3306MAK@2027-01 customer_fees 0 -1040",
    ]);
    expect(sums(await owedLines(account))).toEqual([0, 0]);
    expect(await viewOf(account)).toMatchObject({ balanceWh: 0, debts: [{ chargedMinor: 53_060 }] });
    await ledger(account).configure(facts({ account, terms: [ADVANCE], status: "terminated", version: 9 }));
    await at(account, Date.parse("2027-02-02T08:00:00+02:00"));
    expect(await ledger(account).accrue(account, "advance.connection")).toEqual({ status: "done", count: 0 });
  });
});

describe("the plan of an appliance", () => {
  it("takes its fraction after the advance, and all of an amount that is meant for it", async () => {
    const debts: [DebtTerms, number][] = [
      [ADVANCE, 50_000],
      [PLAN, 30_000],
    ];
    const account = await owing("3320MAK", debts);
    await ledger(account).post(account, payment({ receipt: "PLAN1", amountMinor: 10_000 }));
    expect(await owed(account)).toEqual({ "advance.connection": 45_000, "financing.plan1": 29_000 });
    await ledger(account).post(account, payment({ receipt: "PLAN2", amountMinor: 10_150 }));
    expect(await owed(account)).toEqual({ "advance.connection": 39_925, "financing.plan1": 23_925 });
    expect((await viewOf(account)).balanceWh).toBe(8_000);
  });

  it("gets its penalty once for each time that nobody paid", async () => {
    const account = "3321MAK";
    await live(account, { terms: [PLAN] });
    await at(account, OCTOBER);
    await grant(account, PLAN, 100_000);
    await at(account, Date.parse("2026-11-15T09:00:00+02:00"));
    for (const count of [1, 0])
      expect(await ledger(account).accrue(account, PLAN.part)).toEqual({ status: "done", count });
    expect(await owed(account)).toEqual({ "financing.plan1": 105_000 });
    expect((await entriesOf(account)).at(-1)?.entryKey).toBe("fee:penalty:financing.plan1:3321MAK@2026-11-14");
  });
});

describe("an account with agreements that lost its memory", () => {
  it("comes back with its debts, splits as before, and adds no month twice", async () => {
    const was = "3330MAK";
    await live(was, { terms: [ADVANCE] });
    await at(was, OCTOBER);
    await grant(was, ADVANCE, 50_000);
    await at(was, Date.parse("2026-11-05T09:00:00+02:00"));
    await ledger(was).accrue(was, "advance.connection");
    await ledger(was).post(was, payment({ receipt: "LOSTA", amountMinor: 10_000 }));
    const filed = said(await owedLines(was));
    const account = "3331MAK";
    const postgres = await database(account, {
      facts: facts({ account, version: 1_001, terms: [ADVANCE] }),
      entries: await entriesOf(was),
    });
    await at(account, Date.parse("2026-11-06T09:00:00+02:00"));
    expect(await ledger(account).accrue(account, "advance.connection")).toEqual({ status: "done", count: 0 });
    expect((await viewOf(account)).debts).toEqual((await viewOf(was)).debts);
    postgres.entries = [];
    expect(await ledger(account).reconcile(account)).toMatchObject({ status: "agree" });
    expect(said(await owedLines(account))).toEqual(filed);
  });
});
