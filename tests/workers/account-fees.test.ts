import { evictDurableObject } from "cloudflare:test";
import { describe, expect, it } from "vitest";
import { chainHash } from "../../src/domain/posting.ts";
import type { FeeOrder } from "../../src/ports/accounts.ts";
import { copyAll, facts, ledger, live, PAID_AT, payment, posted } from "./account-makers.ts";
import { database } from "./account-postgres.ts";
import { entriesOf, indebted, order, owed, owedLines, said, sums, viewOf } from "./fee-makers.ts";

describe("an account that owes a fee", () => {
  it("is charged once, however often it is told, and never a second time", async () => {
    const account = await live("3001MAK");
    const answers = await Promise.all([1, 2, 3].map(() => ledger(account).fee(account, order())));
    expect(answers.map(({ status }) => status)).toEqual(["posted", "posted", "posted"]);
    expect(await ledger(account).fee(account, order({ id: "order-2" }))).toEqual({
      status: "refused",
      because: "already_charged",
    });
    expect(said(await owedLines(account))).toEqual([
      "fee:charge:connection:order-1 customer_fees 0 -50100",
      "fee:charge:connection:order-1/revenue revenue 0 50100",
    ]);
    expect(await owed(account)).toEqual({ connection: 50_100 });
    expect(await viewOf(account)).toMatchObject({ balanceWh: 0, seq: 1 });
  });

  it("splits a payment into fee and energy, in one posting whose parts add up to it", async () => {
    const account = await indebted("3002MAK");
    await copyAll(account);
    const answer = posted(await ledger(account).post(account, payment({ receipt: "QK7SPLIT1", amountMinor: 10_000 })));
    expect(answer).toMatchObject({ seq: 2, energyWh: 10_000, balanceAfterWh: 10_000 });
    const lines = await owedLines(account);
    expect(said(lines)).toEqual([
      "receipt:QK7SPLIT1#1.0 customer_energy 10000 5000",
      "receipt:QK7SPLIT1#1.0/clearing clearing 0 -5000",
      "receipt:QK7SPLIT1#1.0/sold energy_sold -10000 0",
      "receipt:QK7SPLIT1#1.0/fee.connection customer_fees 0 5000",
      "receipt:QK7SPLIT1#1.0/fee.connection/clearing clearing 0 -5000",
    ]);
    expect(sums(lines)).toEqual([0, 0]);
    expect(await owed(account)).toEqual({ connection: 45_100 });
    let previous = "";
    for (const { hash, ...row } of await entriesOf(account)) {
      expect(hash).toBe(chainHash(previous, row));
      previous = hash ?? "";
    }
  });

  it("answers a receipt that is sent again as before, also after it was evicted, and splits nothing twice", async () => {
    const account = await indebted("3003MAK");
    const paid = payment({ receipt: "QK7SPLIT2", amountMinor: 10_000 });
    const first = await ledger(account).post(account, paid);
    await evictDurableObject(ledger(account));
    expect(await ledger(account).post(account, paid)).toEqual(first);
    expect(await entriesOf(account)).toHaveLength(3);
    expect(await owed(account)).toEqual({ connection: 45_100 });
  });

  it("pays fees alone before there is light, and no energy comes of it", async () => {
    const account = await indebted("3004MAK", { commissioned: false });
    const answer = posted(await ledger(account).post(account, payment({ receipt: "QK7DARK1", amountMinor: 10_000 })));
    expect(answer).toMatchObject({ energyWh: 0, balanceAfterWh: 0 });
    expect(await owed(account)).toEqual({ connection: 40_100 });
    expect((await viewOf(account)).debts).toEqual([
      { part: "connection", chargedMinor: 50_100, forgivenMinor: 0, paidMinor: 10_000, outstandingMinor: 40_100 },
    ]);
  });

  it("takes the price of the fee for the fee, from the phone and not from a person's hand", async () => {
    const account = await indebted("3005MAK");
    await ledger(account).post(account, payment({ receipt: "QK7EXACT1", amountMinor: 50_100 }));
    expect(await owed(account)).toEqual({ connection: 0 });
    const moved = await indebted("3006MAK");
    await ledger(moved).fee(moved, order({ part: "readyboard", amountMinor: 49_900 }));
    const assigned = { entryKey: "receipt:QK7EXACT2#2.0", contra: "suspense", actor: "Palesa" } as const;
    await ledger(moved).post(moved, payment({ receipt: "QK7EXACT2", amountMinor: 50_100, ...assigned }));
    expect(await owed(moved)).toEqual({ connection: 25_050, readyboard: 49_900 });
    expect(said(await owedLines(moved)).at(-1)).toBe("receipt:QK7EXACT2#2.0/fee.connection/suspense suspense 0 -25050");
  });

  it("sells energy again for all of a payment once nothing is owed", async () => {
    const account = await indebted("3007MAK");
    await ledger(account).post(account, payment({ receipt: "QK7ALL1", amountMinor: 50_100 }));
    await copyAll(account);
    await ledger(account).post(account, payment({ receipt: "QK7ALL2", amountMinor: 2_000 }));
    expect(said(await owedLines(account))).toEqual([
      "receipt:QK7ALL2#1.0 customer_energy 4000 2000",
      "receipt:QK7ALL2#1.0/clearing clearing 0 -2000",
      "receipt:QK7ALL2#1.0/sold energy_sold -4000 0",
    ]);
  });

  it("is owed again what a payment paid that is taken back, all parts of it and once", async () => {
    const account = await indebted("3008MAK");
    const paid = payment({ receipt: "QK7BACK1", amountMinor: 10_000 });
    await ledger(account).post(account, paid);
    await copyAll(account);
    const back = { entryKey: paid.entryKey, actor: "Thabo", reason: "wrong account", at: PAID_AT };
    const once = await ledger(account).reverse(account, back);
    expect(await ledger(account).reverse(account, back)).toEqual(once);
    expect(posted(once)).toMatchObject({ energyWh: -10_000, balanceAfterWh: 0 });
    const lines = await owedLines(account);
    expect(said(lines)).toEqual([
      "receipt:QK7BACK1#1.0:reversal customer_energy -10000 -5000",
      "receipt:QK7BACK1#1.0:reversal/suspense suspense 0 5000",
      "receipt:QK7BACK1#1.0:reversal/sold energy_sold 10000 0",
      "receipt:QK7BACK1#1.0/fee.connection:reversal customer_fees 0 -5000",
      "receipt:QK7BACK1#1.0/fee.connection:reversal/suspense suspense 0 5000",
    ]);
    expect(await owed(account)).toEqual({ connection: 50_100 });
    expect((await viewOf(account)).debts[0]?.paidMinor).toBe(0);
  });

  it("leaves alone what was paid at a vendor's console: that is in the wallet already", async () => {
    const account = await indebted("3009MAK");
    await ledger(account).post(account, payment({ receipt: "TC-1", road: "mirror", amountMinor: 10_000 }));
    expect(await owed(account)).toEqual({ connection: 50_100 });
    expect(await viewOf(account)).toMatchObject({ balanceWh: 20_000 });
  });

  it("owes a vendor's wallet the energy alone", async () => {
    const account = await indebted("3010MAK", { siteVendor: "koios" });
    await ledger(account).post(account, payment({ receipt: "QK7WALLET", amountMinor: 10_000 }));
    expect((await viewOf(account)).credits).toMatchObject([
      { externalId: "receipt:QK7WALLET#1.0", amountMinor: 5_000 },
    ]);
    const dark = await indebted("3011MAK", { siteVendor: "koios", commissioned: false });
    await ledger(dark).post(dark, payment({ receipt: "QK7WALLEU", amountMinor: 10_000 }));
    expect((await viewOf(dark)).credits).toEqual([]);
  });

  it("says in the receipt what went to the fees", async () => {
    const account = await indebted("3012MAK");
    await ledger(account).post(account, payment({ receipt: "QK7TOLD1", amountMinor: 10_000 }));
    const [effect] = await ledger(account).messages(account);
    expect(effect?.sms).toMatchObject({ amountMinor: 10_000, feeMinor: 5_000, energyWh: 10_000 });
  });
});

describe("people and what is owed", () => {
  it("writes off no more than is owed, and pays back no more than was paid", async () => {
    const account = await indebted("3020MAK");
    const ask = (over: Partial<FeeOrder>) => ledger(account).fee(account, order(over));
    expect(await ask({ act: "writeoff", id: "w1", amountMinor: 50_101 })).toMatchObject({ because: "more_than_owed" });
    expect(await ask({ act: "refund", id: "r1", amountMinor: 1 })).toMatchObject({ because: "more_than_paid" });
    expect(await ask({ act: "writeoff", part: "readyboard", id: "w2" })).toMatchObject({ because: "not_charged" });
    await ledger(account).post(account, payment({ receipt: "QK7PART1", amountMinor: 10_000 }));
    await copyAll(account);
    for (let twice = 0; twice < 2; twice++) {
      expect(await ask({ act: "refund", id: "r2", amountMinor: 2_000 })).toMatchObject({ status: "posted" });
      expect(await ask({ act: "writeoff", id: "w3", amountMinor: 45_100 })).toMatchObject({ status: "posted" });
    }
    const lines = await owedLines(account);
    expect(said(lines)).toEqual([
      "fee:refund:connection:r2 customer_fees 0 -2000",
      "fee:refund:connection:r2/clearing clearing 0 2000",
      "fee:cancel:connection:r2 customer_fees 0 2000",
      "fee:cancel:connection:r2/revenue revenue 0 -2000",
      "fee:writeoff:connection:w3 customer_fees 0 45100",
      "fee:writeoff:connection:w3/revenue revenue 0 -45100",
    ]);
    expect((await viewOf(account)).debts).toEqual([
      { part: "connection", chargedMinor: 50_100, forgivenMinor: 47_100, paidMinor: 3_000, outstandingMinor: 0 },
    ]);
  });

  it("charges no account that has ended, none that is not here, and not in another currency", async () => {
    const account = await live("3021MAK", { status: "terminated" });
    expect(await ledger(account).fee(account, order())).toMatchObject({ because: "terminated_account" });
    const other = await live("3022MAK");
    expect(await ledger(other).fee(other, order({ currency: "XOF" }))).toMatchObject({ because: "currency" });
    await database("3023MAK");
    expect(await ledger("3023MAK").fee("3023MAK", order())).toMatchObject({ because: "unknown_account" });
    await database("3024MAK", { down: true });
    expect(await ledger("3024MAK").fee("3024MAK", order())).toEqual({ status: "not_ready" });
  });
});

describe("an account that owes a fee and lost its memory", () => {
  it("comes back with its debts, its parts and its answers, and takes them back the same", async () => {
    const was = await indebted("3030MAK");
    const dark = payment({ receipt: "QK7LOST1", amountMinor: 10_000, road: "manual", actor: "Palesa" });
    await ledger(was).post(was, dark);
    await ledger(was).post(was, payment({ receipt: "QK7LOST2", amountMinor: 40_100 + 5_000 }));
    const entries = await entriesOf(was);
    const account = "3031MAK";
    await database(account, { facts: facts({ account, version: 1_001 }), entries });
    expect(await owed(account)).toEqual(await owed(was));
    expect((await viewOf(account)).debts).toEqual((await viewOf(was)).debts);
    // It still knows what was paid in all: the same by SMS is likely the same payment.
    const told = payment({ receipt: "QK7LOST3", amountMinor: 10_000 });
    expect(await ledger(account).post(account, told)).toMatchObject({ because: "twin", twinReceipt: "QK7LOST1" });
    const back = { entryKey: dark.entryKey, actor: "Thabo", reason: "moved", at: PAID_AT };
    expect(posted(await ledger(account).reverse(account, back))).toMatchObject({ energyWh: -10_000 });
    const lines = (await owedLines(account)).filter(({ kind }) => kind === "reversal");
    expect(sums(lines)).toEqual([0, 0]);
    expect(lines.map(({ entryKey }) => entryKey)).toContain(`${dark.entryKey}/fee.connection:reversal`);
  });

  it("sends again to Postgres the very lines that Postgres lost", async () => {
    const was = await indebted("3032MAK", { commissioned: false });
    await ledger(was).post(was, payment({ receipt: "QK7RESENT1", amountMinor: 10_000 }));
    const filed = said(await owedLines(was));
    const entries = await entriesOf(was);
    const account = "3033MAK";
    const postgres = await database(account, { facts: facts({ account, version: 1_001 }), entries });
    await ledger(account).status(account);
    postgres.entries = [];
    expect(await ledger(account).reconcile(account)).toMatchObject({ status: "agree", resent: 2 });
    expect(said(await owedLines(account))).toEqual(filed);
  });
});
