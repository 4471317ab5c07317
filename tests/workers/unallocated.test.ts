import { evictDurableObject } from "cloudflare:test";
import { afterEach, describe, expect, it, vi } from "vitest";
import { chainHash } from "../../src/domain/posting.ts";
import type { AccountFacts, ApplyOrder } from "../../src/ports/accounts.ts";
import { copyAll, facts, ledger, live, PAID_AT, payment, placed, posted } from "./account-makers.ts";
import { database } from "./account-postgres.ts";
import { entriesOf, order, owed, owedLines, said, sums, viewOf } from "./fee-makers.ts";

/** An account with light that owes nothing, and M99 of a payment to the number of the contract. */
async function withRest(account: string, receipt: string, over: Partial<AccountFacts> = {}) {
  await live(account, over);
  const paid = payment({ receipt, road: "contract_sms", amountMinor: 9_900 });
  posted(await ledger(account).post(account, paid));
  await copyAll(account);
  return paid;
}
const wanted = (receipt: string, over: Partial<ApplyOrder> = {}): ApplyOrder => ({
  ...{ paymentKey: `receipt:${receipt}#1.0`, leftMinor: 9_900, amountMinor: 9_900 },
  ...{ actor: "Lineo", reason: "asks for light", at: PAID_AT + 60_000 },
  ...over,
});
const apply = (account: string, receipt: string, over: Partial<ApplyOrder> = {}) =>
  ledger(account).applyUnallocated(account, wanted(receipt, over));
const refund = (account: string, amountMinor: number, id = "back") =>
  ledger(account).fee(account, order({ act: "refund", part: "unallocated", id, amountMinor }));
const back = (entryKey: string) => ({ entryKey, actor: "Thabo", reason: "wrong account", at: PAID_AT + 90_000 });

afterEach(() => {
  vi.useRealTimers();
});

describe("energy for what nothing took of a payment", () => {
  it("is sold as for any payment, in one posting that adds up, and the light is told to come on", async () => {
    const meters = [placed({ meterNumber: "23021900301" })];
    await withRest("3401MAK", "UNA1", { meters });
    expect((await viewOf("3401MAK")).commands).toEqual([]);
    expect(posted(await apply("3401MAK", "UNA1"))).toMatchObject({
      ...{ energyWh: 19_800, balanceAfterWh: 19_800, rateE4PerKwh: 50_000 },
    });
    const lines = await owedLines("3401MAK");
    expect(said(lines)).toEqual([
      "receipt:UNA1#1.0/energy.9900 customer_energy 19800 9900",
      "receipt:UNA1#1.0/energy.9900/suspense suspense 0 -9900",
      "receipt:UNA1#1.0/energy.9900/sold energy_sold -19800 0",
      "receipt:UNA1#1.0/energy.9900/fee.unallocated customer_fees 0 -9900",
      "receipt:UNA1#1.0/energy.9900/fee.unallocated/suspense suspense 0 9900",
    ]);
    expect(sums(lines)).toEqual([0, 0]);
    // Of the receipt's claim nothing changes: no entry names it.
    expect(lines.map(({ receipt }) => receipt)).toEqual(lines.map(() => null));
    expect(lines[0]).toMatchObject({ actor: "Lineo", reason: "asks for light", provider: "mpesa", tariffId: 7 });
    expect(await owed("3401MAK")).toEqual({ unallocated: 0 });
    expect((await viewOf("3401MAK")).commands).toMatchObject([{ action: "connect" }]);
    let previous = "";
    for (const { hash, ...row } of await entriesOf("3401MAK")) {
      expect(hash).toBe(chainHash(previous, row));
      previous = hash ?? "";
    }
  });

  it("comes once of one picture: sent again, by two people at once, and after the account was evicted", async () => {
    await withRest("3402MAK", "UNA2");
    const half = { amountMinor: 4_000 };
    const both = await Promise.all(["Lineo", "Thabo"].map((actor) => apply("3402MAK", "UNA2", { ...half, actor })));
    await evictDurableObject(ledger("3402MAK"));
    both.push(await apply("3402MAK", "UNA2", half));
    expect(both.map((answer) => posted(answer).energyWh)).toEqual([8_000, 8_000, 8_000]);
    expect(await apply("3402MAK", "UNA2", { amountMinor: 5_000 })).toEqual({ status: "refused", because: "stale" });
    expect(await viewOf("3402MAK")).toMatchObject({
      balanceWh: 8_000,
      unallocated: [{ receipt: "UNA2", amountMinor: 9_900, leftMinor: 5_900, availableMinor: 5_900 }],
    });
    expect(posted(await apply("3402MAK", "UNA2", { leftMinor: 5_900, amountMinor: 5_900 }))).toMatchObject({
      ...{ energyWh: 11_800, balanceAfterWh: 19_800 },
    });
    expect(await owed("3402MAK")).toEqual({ unallocated: 0 });
  });

  it("is refused beyond what is left, and for what was paid back; what is refused may come later", async () => {
    await withRest("3403MAK", "UNA3");
    expect(await apply("3403MAK", "UNA3", { amountMinor: 9_901 })).toMatchObject({ because: "more_than_left" });
    expect(await refund("3403MAK", 9_000)).toMatchObject({ status: "posted" });
    expect(await apply("3403MAK", "UNA3")).toMatchObject({ because: "more_than_left" });
    expect(posted(await apply("3403MAK", "UNA3", { amountMinor: 900 }))).toMatchObject({ energyWh: 1_800 });
    expect(await refund("3403MAK", 1, "more")).toMatchObject({ because: "more_than_paid" });
    expect(await apply("3403MAK", "NONE")).toMatchObject({ because: "nothing_unallocated" });
    expect(await ledger("3499MAK").applyUnallocated("3499MAK", wanted("UNA3"))).toMatchObject({ status: "not_ready" });
  });

  it("has the tariff of the act, also on the day on which that changes, and none where there is none", async () => {
    const rates = [
      { tariffId: 7, scope: "global" as const, rateE4PerKwh: 50_000, validFrom: PAID_AT - 1_000 },
      { tariffId: 8, scope: "global" as const, rateE4PerKwh: 100_000, validFrom: PAID_AT + 60_000 },
      { tariffId: 9, scope: "global" as const, rateE4PerKwh: null, validFrom: PAID_AT + 120_000 },
    ];
    await withRest("3404MAK", "UNA4", { rates });
    expect(await apply("3404MAK", "UNA4", { at: PAID_AT - 2_000 })).toMatchObject({ because: "tariff_unset" });
    const before = { amountMinor: 1_000, at: PAID_AT + 59_999 };
    expect(posted(await apply("3404MAK", "UNA4", before))).toMatchObject({ energyWh: 2_000 });
    const after = { leftMinor: 8_900, amountMinor: 1_000, at: PAID_AT + 60_000 };
    expect(posted(await apply("3404MAK", "UNA4", after))).toMatchObject({ energyWh: 1_000 });
    const unset = { leftMinor: 7_900, amountMinor: 1_000, at: PAID_AT + 120_000 };
    expect(await apply("3404MAK", "UNA4", unset)).toMatchObject({ because: "tariff_unset" });
    const lines = (await owedLines("3404MAK")).filter(({ book }) => book === "customer_energy");
    expect(lines.map(({ tariffId, occurredAt }) => [tariffId, occurredAt - PAID_AT])).toEqual([
      [7, 59_999],
      [8, 60_000],
    ]);
  });

  it("is not sold at an account that has ended", async () => {
    await withRest("3405MAK", "UNA5");
    await ledger("3405MAK").configure(facts({ account: "3405MAK", status: "terminated", version: 2 }));
    expect(await apply("3405MAK", "UNA5")).toMatchObject({ because: "terminated_account" });
    expect(await viewOf("3405MAK")).toMatchObject({ balanceWh: 0 });
  });

  it("is owed to a vendor's wallet once, under its own entry", async () => {
    await withRest("3406MAK", "UNA6", { siteVendor: "koios" });
    for (let twice = 0; twice < 2; twice++) await apply("3406MAK", "UNA6");
    expect((await viewOf("3406MAK")).credits).toMatchObject([
      { externalId: "receipt:UNA6#1.0/energy.9900", amountMinor: 9_900 },
    ]);
  });

  it("goes with its payment when that is taken back, once, from the wallet too; and is not sold after it", async () => {
    const paid = await withRest("3407MAK", "UNA7", { siteVendor: "koios" });
    await apply("3407MAK", "UNA7", { amountMinor: 4_000 });
    await apply("3407MAK", "UNA7", { leftMinor: 5_900, amountMinor: 900 });
    await copyAll("3407MAK");
    const once = await ledger("3407MAK").reverse("3407MAK", back(paid.entryKey));
    expect(await ledger("3407MAK").reverse("3407MAK", back(paid.entryKey))).toEqual(once);
    const lines = await owedLines("3407MAK");
    expect(said(lines.filter(({ seq }) => seq !== null))).toEqual([
      "receipt:UNA7#1.0:reversal customer_energy 0 0",
      "receipt:UNA7#1.0/fee.unallocated:reversal customer_fees 0 -9900",
      "receipt:UNA7#1.0/energy.9900:reversal customer_energy -8000 -4000",
      "receipt:UNA7#1.0/energy.9900/fee.unallocated:reversal customer_fees 0 4000",
      "receipt:UNA7#1.0/energy.5900:reversal customer_energy -1800 -900",
      "receipt:UNA7#1.0/energy.5900/fee.unallocated:reversal customer_fees 0 900",
    ]);
    expect(sums(lines)).toEqual([0, 0]);
    expect(lines.filter(({ book }) => book === "suspense").reduce((sum, row) => sum + row.amountMinor, 0)).toBe(9_900);
    expect(await owed("3407MAK")).toEqual({ unallocated: 0 });
    const view = await viewOf("3407MAK");
    expect([view.balanceWh, view.unallocated]).toEqual([0, []]);
    expect(view.credits.map(({ state }) => state)).toEqual(["withdrawn", "withdrawn"]);
    for (const leftMinor of [9_900, 5_900, 5_000])
      expect(await apply("3407MAK", "UNA7", { leftMinor, amountMinor: 900 })).toMatchObject({
        because: "nothing_unallocated",
      });
  });

  it("holds a disconnection back for minutes, as any payment does; taken back it holds nothing", async () => {
    const [meterNumber, minute] = ["23021901201", 60_000];
    const now = Date.now();
    const order = {
      meterNumber,
      action: "disconnect",
      ttlSeconds: 60,
      force: false,
      actor: "Mpho",
      reason: "a line",
    } as const;
    const stands = async (minutes: number) => {
      vi.setSystemTime(now + minutes * minute);
      const answer = await ledger("3412MAK").command("3412MAK", order);
      return "because" in answer && (answer.because as string[]).includes("payment_recent");
    };
    vi.useFakeTimers({ now, toFake: ["Date"] });
    const paid = await withRest("3412MAK", "UNA12", { meters: [placed({ meterNumber, thing: "MAK-GW-0012" })] });
    expect([await stands(4), await stands(6)]).toEqual([true, false]);
    posted(await apply("3412MAK", "UNA12"));
    expect([await stands(10), await stands(11.5)]).toEqual([true, false]);
    await ledger("3412MAK").reverse("3412MAK", back(paid.entryKey));
    expect(await stands(7)).toBe(false);
  });

  it("comes back with an account that lost its memory, which sells it no second time and takes it back whole", async () => {
    const paid = await withRest("3408MAK", "UNA8");
    const first = await apply("3408MAK", "UNA8", { amountMinor: 4_000 });
    const account = "3409MAK";
    await database(account, { facts: facts({ account, version: 1_001 }), entries: await entriesOf("3408MAK") });
    expect(await apply(account, "UNA8", { amountMinor: 4_000 })).toMatchObject({ entry: { energyWh: 8_000, seq: 3 } });
    expect(first).toMatchObject({ entry: { energyWh: 8_000, seq: 3 } });
    expect(await viewOf(account)).toMatchObject({ balanceWh: 8_000, unallocated: [{ leftMinor: 5_900 }] });
    // Only what was paid is a payment: an equal one by another road is no twin of the light.
    const other = payment({ receipt: "UNA9", road: "statement", amountMinor: 4_000 });
    expect(posted(await ledger(account).post(account, other))).toMatchObject({ energyWh: 8_000 });
    await ledger(account).reverse(account, back(paid.entryKey));
    expect(await owed(account)).toEqual({ unallocated: 0 });
    expect(await viewOf(account)).toMatchObject({ balanceWh: 8_000 });
    expect(sums(await owedLines(account))).toEqual([0, 0]);
  });

  it("loses sight of no rest beyond the newest hundred: each is sold by its name, once, and comes up as newer ones go", async () => {
    const account = "3413MAK";
    await live(account);
    for (let nth = 0; nth < 102; nth++) {
      const paid = payment({ receipt: `MANY${nth}`, road: "contract_sms", amountMinor: 200 + nth });
      posted(await ledger(account).post(account, { ...paid, twinAllowed: true }));
    }
    const shown = async (...names: string[]) => {
      const view = await ledger(account).view(account, names);
      if (view === null || view === "not_ready") throw new Error("no view");
      return { first: view.unallocated[0]?.receipt, count: view.unallocated.length, more: view.unallocatedMore };
    };
    expect(await shown()).toEqual({ first: "MANY2", count: 100, more: 2 });
    expect(await shown("receipt:MANY0#1.0", "receipt:NONE#1.0")).toEqual({ first: "MANY0", count: 101, more: 1 });
    const sell = (receipt: string, minor: number) => apply(account, receipt, { leftMinor: minor, amountMinor: minor });
    for (let twice = 0; twice < 2; twice++) expect(posted(await sell("MANY0", 200))).toMatchObject({ energyWh: 400 });
    expect(await sell("MANY0", 1)).toMatchObject({ status: "refused" });
    expect(await shown()).toEqual({ first: "MANY2", count: 100, more: 1 });
    posted(await sell("MANY101", 301));
    expect(await shown()).toEqual({ first: "MANY1", count: 100, more: 0 });
    expect(await owed(account)).toEqual({ unallocated: -(102 * 200 + (101 * 102) / 2 - 200 - 301) });
  });

  it("is not sold for what buys less than half a watt-hour, and no more shown once nothing is left", async () => {
    const rates = [{ tariffId: 7, scope: "global" as const, rateE4PerKwh: 50_000_000, validFrom: 0 }];
    await withRest("3410MAK", "UNA10", { rates });
    expect(await apply("3410MAK", "UNA10", { amountMinor: 1 })).toEqual({ status: "refused", because: "too_little" });
    expect(await viewOf("3410MAK")).toMatchObject({ balanceWh: 0, unallocated: [{ leftMinor: 9_900 }] });
    expect(posted(await apply("3410MAK", "UNA10"))).toMatchObject({ energyWh: 20 });
    expect((await viewOf("3410MAK")).unallocated).toEqual([]);
  });
});
