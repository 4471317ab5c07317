import { receiptShard } from "../../../src/domain/receipt.ts";
import { recoverReceipt } from "../../../src/domain/receipt-restore.ts";
import type { RestoredReceipt, ShardRestores } from "../../../src/ports/shard-restores.ts";
import { RECEIPT_SHARDS } from "../locate.ts";
import type { ReceiptChanges } from "./changes.ts";
import type { BookTable } from "./meta.ts";

export const RESTORE_PAGE_MAX = 5_000;
/** Pages of one call; a shard with more goes on with the next. */
const RESTORE_PAGES_MAX = 20;

/** Takes over a receipt with all its sightings. False when what is here is as new. Call inside a transaction. */
function adoptRecorded(book: BookTable, changes: ReceiptChanges, recorded: RestoredReceipt): boolean {
  for (const sighting of recorded.sightings) book.addSighting(sighting);
  return changes.adopt(recoverReceipt(recorded));
}

/** Those of this shard that were new here, or newer than what was. Call inside a transaction. */
export const adoptAll = (book: BookTable, changes: ReceiptChanges, found: readonly RestoredReceipt[]): string[] =>
  found
    .filter((recorded) => recorded.payment.shard === book.shard() && adoptRecorded(book, changes, recorded))
    .map(({ payment }) => payment.receipt);

/** Loads a shard from Postgres, each page in one transaction: a crash goes on where it was. True when all is here. */
export async function restoreBook(
  book: BookTable,
  changes: ReceiptChanges,
  restores: ShardRestores,
  transaction: (closure: () => void) => void,
): Promise<boolean> {
  const shard = book.shard();
  for (let page = 0; page < RESTORE_PAGES_MAX; page++) {
    const found = await restores.shardReceipts(shard, book.restoreAfter(), RESTORE_PAGE_MAX);
    if (found === "down") return false;
    transaction(() => {
      for (const recorded of found) adoptRecorded(book, changes, recorded);
      const last = found.at(-1);
      if (last !== undefined) book.setRestoreAfter(last.payment.receipt);
    });
    if (found.length === RESTORE_PAGE_MAX) continue;
    const reversals = await restores.openReversals();
    if (reversals === "down") return false;
    transaction(() => {
      for (const { version, texts, ...reversal } of reversals) {
        if (receiptShard(reversal.receipt, RECEIPT_SHARDS) !== shard || book.reversal(reversal.receipt) !== null)
          continue;
        const open = { because: "reversal", closedBy: null, closedReason: null, closedAt: null };
        book.putReversal({ ...reversal, ...open, ...(texts === null ? {} : { texts }) }, version);
      }
      book.setRestored();
    });
    return true;
  }
  return false;
}
