import { evictDurableObject, runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { expect, it } from "vitest";
import type { LedgerRow } from "../../src/domain/ledger.ts";
import type { AccountLedger } from "../../workers/objects/account-ledger.ts";
import { accountLocator, receiptBookOf } from "../../workers/objects/locate.ts";
import { NO_METERS } from "./account-postgres.ts";
import { aClaim, alarmNow, aMove, bookOf, booksOf, inSuspense, openAccount, toAccount } from "./receipt-book-world.ts";

const balance = async (account: string) => {
  const view = await accountLocator(env, account).view(account);
  return view === null || view === "not_ready" ? view : { wh: view.balanceWh, seq: view.seq };
};

/** What an object set back in time has lost: entries, answers, and what it owed Postgres, which has kept these. */
async function setBack(account: string, kept: LedgerRow[] | "down") {
  // Asleep, so that nothing is remembered beside the storage.
  await evictDurableObject(accountLocator(env, account));
  await runInDurableObject(accountLocator(env, account), (object: AccountLedger, state) => {
    for (const table of ["entries", "answers", "payments", "outbox"]) state.storage.sql.exec(`DELETE FROM ${table}`);
    const accountEntries = async (_: number, after: number) =>
      kept === "down" ? "down" : kept.filter((row) => (row.seq ?? 0) > after);
    Object.defineProperty(object, "restores", { value: () => ({ ...NO_METERS, accountEntries }), configurable: true });
  });
}

const entriesOf = async (account: string) => {
  const rows = await accountLocator(env, account).entriesAfter(account, 0, 100);
  return rows === "not_ready" ? [] : rows;
};

async function claimed(receipt: string, account: string) {
  await openAccount(account);
  const book = await bookOf(receipt);
  await book.claim(aClaim({ receipt, holder: toAccount(account) }));
  return book;
}

it("an account that lost a posting before it was copied posts it anew, once, when its receipt's shard asks again", async () => {
  const account = "0811MAK";
  await openAccount(account);
  await bookOf("ASKAGAIN1");
  const claim = aClaim({ receipt: "ASKAGAIN1", holder: toAccount(account) });
  await receiptBookOf(env, claim.receipt).claim(claim);
  const before = await balance(account);
  expect(before).toMatchObject({ seq: 1 });

  await setBack(account, []);
  expect(await balance(account)).toMatchObject({ seq: 0, wh: 0 });

  const book = receiptBookOf(env, claim.receipt);
  expect(await book.askAgain(Date.now() + 60_000, 10)).toBe(1);
  expect(await balance(account)).toEqual(before);
  // Asked once more, it only says so again.
  await book.askAgain(Date.now() + 60_000, 10);
  expect(await balance(account)).toEqual(before);
  // Postgres has it now: nobody is asked any more.
  await book.recorded(["receipt:ASKAGAIN1#1.1"]);
  expect(await book.askAgain(Date.now() + 60_000, 10)).toBe(0);
});

it("nobody is asked again about a claim that is still on its way", async () => {
  await openAccount("0812MAK");
  const claim = aClaim({ receipt: "ASKAGAIN2", holder: toAccount("0812MAK") });
  await bookOf("ASKAGAIN2");
  await receiptBookOf(env, claim.receipt).claim(claim);
  expect(await receiptBookOf(env, claim.receipt).askAgain(Date.now() - 60_000, 10)).toBe(0);
});

it("an account that was set back gives up a share that was posted there, and not a cent is at two holders", async () => {
  for (const [receipt, has] of [["ASKAGAIN3", true] as const, ["ASKAGAIN4", false] as const]) {
    const [first, second] = has ? ["0813MAK", "0814MAK"] : ["0815MAK", "0816MAK"];
    const book = await claimed(receipt, first);
    await openAccount(second);
    const entries = await entriesOf(first);
    await setBack(first, "down");
    const move = aMove({
      receipt,
      expectedGeneration: 1,
      newShares: [{ holder: toAccount(second), amountMinor: 10_000 }],
    });
    expect(await book.move(move)).toMatchObject({ status: "moved", state: { phase: "settling" } });
    expect(await balance(second), "nothing is posted before the old account has answered").toMatchObject({ seq: 0 });

    await setBack(first, has ? entries : []);
    await alarmNow(book);
    expect(await book.state(receipt)).toMatchObject({ phase: "recording", shares: [{ posting: "posted" }] });
    expect(await balance(first)).toEqual({ wh: 0, seq: has ? 2 : 0 });
    expect(await balance(second)).toMatchObject({ wh: 20_000, seq: 1 });
    // Postgres has the first entry in one case; in the other the money arrives in suspense instead.
    const books = await booksOf(receipt, [first, second]);
    expect((books.customer_energy ?? 0) + (books.suspense ?? 0)).toBe(has ? 0 : 10_000);
    expect(books.suspense ?? 0).toBe(0);
  }
});

it("an entry that Postgres and its account have both lost is posted anew, and one that was taken back arrives in suspense", async () => {
  const [first, second] = ["0817MAK", "0818MAK"];
  const book = await claimed("ASKAGAIN5", first);
  await openAccount(second);
  const newShares = [{ holder: toAccount(second), amountMinor: 10_000 }];
  await book.move(aMove({ receipt: "ASKAGAIN5", expectedGeneration: 1, newShares }));
  const keys = ["receipt:ASKAGAIN5#1.1", "receipt:ASKAGAIN5#1.1:reversal", "receipt:ASKAGAIN5#2.1"];
  await book.recorded(keys);
  expect(await book.recordedKeys(["ASKAGAIN5"])).toEqual(keys);
  await setBack(first, []);
  await setBack(second, []);

  await book.entriesLost(["ASKAGAIN5"], keys);
  expect(await balance(first)).toEqual({ wh: 0, seq: 0 });
  expect(await balance(second)).toEqual({ wh: 20_000, seq: 1 });
  expect(await booksOf("ASKAGAIN5", [first, second])).toMatchObject({
    clearing: -10_000,
    suspense: 0,
    customer_energy: 10_000,
  });
  expect(await book.state("ASKAGAIN5")).toMatchObject({ generation: 2, phase: "recording" });
});

it("an entry that its account lost and may not post anew waits in suspense", async () => {
  const account = "0819MAK";
  const book = await claimed("ASKAGAIN6", account);
  await book.recorded(["receipt:ASKAGAIN6#1.1"]);
  await setBack(account, []);
  await accountLocator(env, account).configure({
    accountId: 819,
    account,
    status: "terminated",
    currency: "LSL",
    language: "en",
    holderPhone: null,
    phones: [],
    rates: [],
    meters: [],
    siteVendor: null,
    commissioned: true,
    terms: [],
    billFrom: 0,
    version: 2,
  });
  await book.entriesLost(["ASKAGAIN6"], ["receipt:ASKAGAIN6#1.1"]);
  expect(await book.state("ASKAGAIN6")).toMatchObject({
    generation: 2,
    shares: [{ holder: inSuspense("terminated_account", [account]) }],
  });
  expect(await booksOf("ASKAGAIN6", [account])).toEqual({ clearing: -10_000, suspense: 10_000 });
});
