import { runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { describe, expect, it } from "vitest";
import type { Claim } from "../../src/domain/claim.ts";
import type { RestoredReceipt } from "../../src/ports/shard-restores.ts";
import { receiptBookOf } from "../../workers/objects/locate.ts";
import { facts, ledger, live, payment, posted } from "./account-makers.ts";
import { database } from "./account-postgres.ts";
import { entriesOf, indebted, order, owed, owedLines, said, sums, viewOf } from "./fee-makers.ts";
import { aClaim, alarmNow, aMove, bookOf, booksOf, inSuspense, owedBy, toAccount } from "./receipt-book-world.ts";

const contract = (receipt: string, account: string, over: Partial<Claim> = {}) =>
  aClaim({ receipt, road: "contract_sms", holder: toAccount(account), ...over });
const book = (receipt: string) => receiptBookOf(env, receipt);

describe("a payment to the number of the contract", () => {
  it("pays fees and sells no energy, however often its text comes", async () => {
    const account = await indebted("3201MAK");
    await bookOf("CON1");
    const first = await book("CON1").claim(contract("CON1", account));
    expect(first).toMatchObject({ status: "new", state: { shares: [{ posting: "posted", entry: { energyWh: 0 } }] } });
    // The phone sends the same text again; another phone has it, too.
    expect(await book("CON1").claim(contract("CON1", account))).toEqual(first);
    expect(await book("CON1").claim(contract("CON1", account, { sightingKey: "sms:phone-2:CON1" }))).toMatchObject({
      status: "same",
    });
    expect(await owed(account)).toEqual({ connection: 40_100 });
    expect(await viewOf(account)).toMatchObject({ balanceWh: 0, credits: [] });
    const lines = (await owedLines(account)).filter(({ receipt }) => receipt === "CON1");
    expect(said(lines)).toEqual([
      "receipt:CON1#1.1 customer_energy 0 0",
      "receipt:CON1#1.1/clearing clearing 0 0",
      "receipt:CON1#1.1/sold energy_sold 0 0",
      "receipt:CON1#1.1/fee.connection customer_fees 0 10000",
      "receipt:CON1#1.1/fee.connection/clearing clearing 0 -10000",
    ]);
    expect(sums(lines)).toEqual([0, 0]);
    const rows = await owedBy(book("CON1"));
    expect(rows.find(({ kind }) => kind === "payment")).toMatchObject({ road: "contract_sms", amountMinor: 10_000 });
  });

  it("is not taken for the price of a fee, and what no fee takes is the customer's, for a person to decide on", async () => {
    const account = await indebted("3202MAK");
    await ledger(account).fee(account, order({ part: "readyboard", amountMinor: 49_900, id: "r" }));
    const road = "contract_sms" as const;
    await ledger(account).post(account, payment({ receipt: "CON2", road, amountMinor: 49_900 }));
    expect(await owed(account)).toEqual({ connection: 200, readyboard: 49_900 });
    await ledger(account).post(account, payment({ receipt: "CON3", road, amountMinor: 60_000 }));
    expect(await owed(account)).toEqual({ connection: 0, readyboard: 0, unallocated: -9_900 });
    expect(await viewOf(account)).toMatchObject({ balanceWh: 0 });
    const refund = (amountMinor: number, id: string) =>
      ledger(account).fee(account, order({ act: "refund", part: "unallocated", id, amountMinor }));
    expect(await refund(9_901, "much")).toMatchObject({ because: "more_than_paid" });
    for (let twice = 0; twice < 2; twice++) expect(await refund(9_900, "back")).toMatchObject({ status: "posted" });
    expect(await owed(account)).toMatchObject({ unallocated: 0 });
  });

  it("is all unallocated where nothing is owed, and no light comes of it", async () => {
    const account = await live("3203MAK", { siteVendor: "koios" });
    await ledger(account).post(account, payment({ receipt: "CON4", road: "contract_sms", amountMinor: 5_000 }));
    expect(await owed(account)).toEqual({ unallocated: -5_000 });
    expect(await viewOf(account)).toMatchObject({ balanceWh: 0, credits: [] });
  });

  it("stays one for fees when a person assigns it: from suspense, or from the wrong account", async () => {
    const [wrong, right] = [await indebted("3204MAK"), await indebted("3205MAK")];
    await bookOf("CON5");
    await book("CON5").claim(contract("CON5", wrong, { holder: inSuspense("no_account_token") }));
    const move = (expectedGeneration: number, account: string) =>
      book("CON5").move(
        aMove({
          ...{ receipt: "CON5", expectedGeneration },
          newShares: [{ holder: toAccount(account), amountMinor: 10_000 }],
        }),
      );
    expect(await move(1, wrong)).toMatchObject({ status: "moved" });
    expect(await owed(wrong)).toEqual({ connection: 40_100 });
    expect(await move(2, right)).toMatchObject({ status: "moved" });
    expect([await owed(wrong), await owed(right)]).toEqual([{ connection: 50_100 }, { connection: 40_100 }]);
    expect([(await viewOf(wrong)).balanceWh, (await viewOf(right)).balanceWh]).toEqual([0, 0]);
    expect(await booksOf("CON5", [wrong, right])).toMatchObject({
      clearing: -10_000,
      suspense: 0,
      customer_fees: 10_000,
    });
  });

  it("that an earlier release holds, unread as one for fees, is split like any other when a person assigns it", async () => {
    const account = await indebted("3206MAK");
    await bookOf("CON6");
    await book("CON6").claim(aClaim({ receipt: "CON6", holder: inSuspense("fees_channel", [account]) }));
    const newShares = [{ holder: toAccount(account), amountMinor: 10_000 }];
    await book("CON6").move(aMove({ receipt: "CON6", expectedGeneration: 1, newShares }));
    expect(await owed(account)).toEqual({ connection: 45_100 });
    expect(await viewOf(account)).toMatchObject({ balanceWh: 10_000 });
  });

  it("is still one for fees when its shard lost its memory before the account had answered", async () => {
    const account = await indebted("3207MAK");
    await bookOf("CON7");
    await book("CON7").claim(contract("CON7", "3299MAK", { holder: inSuspense("wrong_token") }));
    const rows = await owedBy(book("CON7"));
    const paid = rows.find((row) => row.kind === "payment");
    const share = rows.find((row) => row.kind === "allocation");
    if (paid?.kind !== "payment" || share?.kind !== "allocation") throw new Error("no rows");
    const recorded: RestoredReceipt = {
      payment: { ...paid, account, holderKind: "account", shard: 79 },
      sightings: [],
      shares: [{ ...share, holderKind: "account", account, because: null, hints: null, openedAt: null }],
      lines: [],
    };
    const reborn = () => env.RECEIPT_BOOK.get(env.RECEIPT_BOOK.idFromName("shard-79"));
    await runInDurableObject(reborn(), (object) => {
      Object.defineProperty(object, "restores", {
        value: () => ({ shardReceipts: async () => [recorded], openReversals: async () => [] }),
      });
      return object.state("CON7");
    });
    await alarmNow(reborn());
    await expect.poll(() => owed(account), { timeout: 10_000 }).toEqual({ connection: 40_100 });
    expect(await viewOf(account)).toMatchObject({ balanceWh: 0 });
  });

  it("comes back with an account that lost its memory, which then takes it back whole", async () => {
    const was = await indebted("3208MAK");
    const paid = payment({ receipt: "CON8", road: "contract_sms", amountMinor: 60_000 });
    await ledger(was).post(was, paid);
    const account = "3209MAK";
    await database(account, { facts: facts({ account, version: 1_001 }), entries: await entriesOf(was) });
    expect(await owed(account)).toEqual({ connection: 0, unallocated: -9_900 });
    const again = await ledger(account).post(account, paid, true);
    expect(posted(again)).toMatchObject({ energyWh: 0 });
    const back = { entryKey: paid.entryKey, actor: "Thabo", reason: "wrong account", at: paid.paidAt };
    await ledger(account).reverse(account, back);
    expect(await owed(account)).toEqual({ connection: 50_100, unallocated: 0 });
    const lines = (await owedLines(account)).filter(({ kind }) => kind === "reversal");
    expect([sums(lines), lines.filter(({ book: of }) => of === "suspense").map((row) => row.amountMinor)]).toEqual([
      [0, 0],
      [0, 50_100, 9_900],
    ]);
  });
});
