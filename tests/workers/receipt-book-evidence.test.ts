import { evictDurableObject, runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { expect, it } from "vitest";
import { paymentRow } from "../../src/domain/receipt-rows.ts";
import { accountLocator } from "../../workers/objects/locate.ts";
import { ReceiptTable } from "../../workers/objects/receipt-book/table.ts";
import type { ReceiptBook } from "../../workers/objects/receipt-book.ts";
import { aClaim, aMove, bookOf, booksOf, openAccount, owedBy, rowsOf, toAccount } from "./receipt-book-world.ts";

it("a move that shard and Postgres have both lost is taken over from the accounts' entries, and the next move is not wrong", async () => {
  const [first, second, third] = ["0831MAK", "0832MAK", "0833MAK"];
  for (const account of [first, second, third]) await openAccount(account);
  const receipt = "EVID1";
  const book = await bookOf(receipt);
  const claim = aClaim({ receipt, holder: toAccount(first) });
  const moveTo = (account: string, expectedGeneration: number) =>
    book.move(aMove({ receipt, expectedGeneration, newShares: [{ holder: toAccount(account), amountMinor: 10_000 }] }));
  await book.claim(claim);
  await moveTo(second, 1);
  const entries = (await Promise.all([first, second].map((account) => owedBy(accountLocator(env, account))))).flatMap(
    (rows, index) =>
      rowsOf(rows).flatMap((row) => (row.seq === null ? [] : [{ row, account: [first, second][index] }])),
  );

  // The shard lost all of it; its SMS is read again, and the first account answers as it always did.
  await evictDurableObject(book);
  await runInDurableObject(book, (_object: ReceiptBook, state) => {
    for (const table of ["receipts", "shares", "entries", "sightings", "sighting_rows", "owed", "outbox", "gate_debts"])
      state.storage.sql.exec(`DELETE FROM ${table}`);
  });
  await book.claim(claim);
  await book.recorded(["receipt:EVID1#1.1"]);
  expect(await book.state(receipt)).toMatchObject({ generation: 1, shares: [{ holder: toAccount(first) }] });

  await runInDurableObject(book, (object: ReceiptBook, state) => {
    const table = new ReceiptTable(state.storage.sql);
    const stored = table.find(receipt);
    if (stored === null) throw new Error("the receipt is there");
    const found = {
      payment: paymentRow(stored, table.shares(receipt, 1), 0),
      shares: [],
      sightings: [],
      lines: entries.map(({ row, account }) => ({
        entryKey: row.entryKey,
        amountMinor: row.amountMinor,
        entry: { account, seq: row.seq, energyWh: row.energyWh, balanceAfterWh: row.balanceAfterWh, rateE4PerKwh: 1 },
      })),
    };
    Object.defineProperty(object, "restores", {
      value: () => ({ receiptsNamed: async () => [found] }),
      configurable: true,
    });
  });
  expect(await book.adoptEntries([receipt])).toEqual([receipt]);
  expect(await book.adoptEntries([receipt])).toEqual([]);
  expect(await book.state(receipt)).toMatchObject({ generation: 2, shares: [{ holder: toAccount(second) }] });
  expect(await moveTo(third, 2)).toMatchObject({ status: "moved", state: { generation: 3 } });
  expect(await booksOf(receipt, [first, second, third])).toMatchObject({
    clearing: -10_000,
    suspense: 0,
    customer_energy: 10_000,
  });
  const held = await Promise.all([first, second, third].map((account) => accountLocator(env, account).view(account)));
  expect(held.map((view) => (view === null || view === "not_ready" ? view : view.balanceWh))).toEqual([0, 0, 20_000]);
});
