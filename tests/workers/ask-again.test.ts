import { runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { expect, it } from "vitest";
import { accountLocator, receiptBookOf } from "../../workers/objects/locate.ts";
import { aClaim, bookOf, openAccount, toAccount } from "./receipt-book-world.ts";

const balance = async (account: string) => {
  const view = await accountLocator(env, account).view(account);
  return view === null || view === "not_ready" ? view : { wh: view.balanceWh, seq: view.seq };
};

it("an account that lost a posting before it was copied posts it anew, once, when its receipt's shard asks again", async () => {
  const account = "0811MAK";
  await openAccount(account);
  await bookOf("ASKAGAIN1");
  const claim = aClaim({ receipt: "ASKAGAIN1", holder: toAccount(account) });
  await receiptBookOf(env, claim.receipt).claim(claim);
  const before = await balance(account);
  expect(before).toMatchObject({ seq: 1 });

  // What an object set back in time has lost: the entry, its answer, and what it owed Postgres.
  await runInDurableObject(accountLocator(env, account), (_object, state) => {
    for (const table of ["entries", "answers", "payments", "outbox"]) state.storage.sql.exec(`DELETE FROM ${table}`);
  });
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
