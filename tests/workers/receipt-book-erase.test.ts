import { runInDurableObject } from "cloudflare:test";
import { beforeAll, expect, it } from "vitest";
import { erasePatterns } from "../../src/domain/personal/patterns.ts";
import { aMove, book, claimed, inSuspense, openAccount, toAccount } from "./receipt-book-world.ts";

const PAYER = "26658887766";
const patterns = erasePatterns({ names: [], phones: [PAYER], codes: [] }, "266");

beforeAll(() => openAccount("0291MAK"));

const payerOf = async (receipt: string) =>
  runInDurableObject(book(receipt), (_, state) =>
    state.storage.sql
      .exec<{ payer_phone: string }>("SELECT payer_phone FROM receipts WHERE receipt = ?", receipt)
      .toArray()
      .map((row) => row.payer_phone),
  );

/** Erases when Postgres has all rows of the receipt: it is at rest, whoever holds it. */
const erased = async (receipt: string) => {
  await runInDurableObject(book(receipt), (_, state) =>
    state.storage.sql.exec("UPDATE receipts SET phase = 'closed' WHERE receipt = ?", receipt),
  );
  return book(receipt).erase(patterns);
};

it("leaves who paid money that waits for an owner, and takes them out once it has one", async () => {
  await claimed("ERASE1", inSuspense("wrong_token"), { payerPhone: PAYER });
  expect(await erased("ERASE1")).toEqual({ changed: 0, waiting: 1 });
  expect(await payerOf("ERASE1")).toEqual([PAYER]);
  // A share of it is enough.
  const newShares = [
    { holder: toAccount("0291MAK"), amountMinor: 4_000 },
    { holder: inSuspense("moved"), amountMinor: 6_000 },
  ];
  await book("ERASE1").move(aMove({ receipt: "ERASE1", expectedGeneration: 1, newShares }));
  expect(await erased("ERASE1")).toEqual({ changed: 0, waiting: 1 });
  expect(await payerOf("ERASE1")).toEqual([PAYER]);

  const whole = [{ holder: toAccount("0291MAK"), amountMinor: 10_000 }];
  await book("ERASE1").move(aMove({ receipt: "ERASE1", expectedGeneration: 2, newShares: whole }));
  expect(await erased("ERASE1")).toEqual({ changed: 1, waiting: 0 });
  expect(await payerOf("ERASE1")).toEqual(["00000000"]);
});
