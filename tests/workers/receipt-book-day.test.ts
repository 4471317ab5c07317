import { env } from "cloudflare:workers";
import { createHash } from "node:crypto";
import { expect, it } from "vitest";
import { receiptShard } from "../../src/domain/receipt.ts";
import { RECEIPT_SHARDS, receiptBookOf } from "../../workers/objects/locate.ts";
import { aClaim, aMove, bookOf, inSuspense, inTreasury, openAccount, toAccount } from "./receipt-book-world.ts";

const book = (receipt: string) => receiptBookOf(env, receipt);
const today = () => new Date().toISOString().slice(0, 10);
const sha256 = (lines: string[]) =>
  createHash("sha256")
    .update(lines.map((line) => `${line}\n`).join(""))
    .digest("hex");

/** Receipts that live in one shard with the first. */
function neighbours(first: string, count: number): string[] {
  const names = [first];
  for (let n = 0; names.length < count; n++) {
    const name = `${first}N${n}`;
    if (receiptShard(name, RECEIPT_SHARDS) === receiptShard(first, RECEIPT_SHARDS)) names.push(name);
  }
  return names;
}

it("tells of each receipt of a day how many shares and postings of our own books it has", async () => {
  const [held = "", split = "", paid = ""] = neighbours("DAY1", 3);
  await openAccount("0801MAK");
  await bookOf(held);
  for (const receipt of [held, split]) await book(held).claim(aClaim({ receipt, holder: inSuspense("cap") }));
  await book(held).claim(aClaim({ receipt: paid, holder: toAccount("0801MAK") }));
  const shares = [
    { holder: inTreasury, amountMinor: 4_000 },
    { holder: toAccount("0801MAK"), amountMinor: 6_000 },
  ];
  await book(split).move(aMove({ receipt: split, expectedGeneration: 1, newShares: shares }));
  const digest = await book(held).digest(today());
  // An account's posting is compared with the account.
  const lines = [`${held}#1/1/1`, `${split}#2/2/2`, `${paid}#1/1/0`].sort();
  expect(digest).toMatchObject({ count: 3, sha256: sha256(lines) });
  expect(await book(held).claimsOf(today())).toHaveLength(3);
  expect(await book(held).digest("2020-01-01")).toEqual({ count: 0, sha256: sha256([]), changed: [] });
});

it("tells the same of a receipt of another day on the day it moved", async () => {
  await bookOf("DAY2");
  await book("DAY2").claim(aClaim({ receipt: "DAY2", holder: inSuspense("cap") }));
  await book("DAY2").move(
    aMove({ receipt: "DAY2", expectedGeneration: 1, newShares: [{ holder: inTreasury, amountMinor: 10_000 }] }),
  );
  expect(await book("DAY2").digest("2026-11-21")).toMatchObject({
    count: 0,
    changed: [{ receipt: "DAY2", generation: 2, version: 2, shares: 1, postings: 2 }],
  });
});

it("takes a share or a posting that waits in the outbox for one on its way", async () => {
  await bookOf("DAY3");
  await book("DAY3").claim(aClaim({ receipt: "DAY3", holder: inSuspense("cap") }));
  const waiting = await book("DAY3").copyBatch(10_000);
  const some = (kinds: string[]) => waiting.filter(({ row }) => kinds.includes(row.kind)).map(({ id }) => id);
  const recorded = async (kinds: string[]) => book("DAY3").copied({ recorded: some(kinds), refused: [], stop: null });
  await recorded(["payment", "allocation"]);
  expect(await book("DAY3").resend(["DAY3"])).toEqual([]);
  await recorded(["posting", "sighting", "suspense_case"]);
  expect(await book("DAY3").resend(["DAY3"])).toEqual(["DAY3"]);
});
