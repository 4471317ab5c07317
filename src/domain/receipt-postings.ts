import { reversalKeyOf } from "./claim.ts";
import type { Book, EntryKind, LedgerRow } from "./ledger.ts";
import type { OutboxRow } from "./outbox.ts";
import type { StoredReceipt } from "./receipt-state.ts";

type PostingRow = Extract<OutboxRow, { kind: "posting" }>;
type Leg = { from: Book; to: Book };
type Words = { actor: string | null; reason: string | null; at: number };

/**
 * The postings of money that no account holds. Clearing carries −amount when money arrives, so that over all books the
 * payments are −Σ clearing = Σ customers + Σ suspense + Σ treasury. Accounts write their own.
 */
export const arrivesInSuspense = (receipt: StoredReceipt, entryKey: string, amountMinor: number, words: Words) =>
  posting(receipt, entryKey, "payment", { from: "clearing", to: "suspense" }, amountMinor, words);

export const arrivesInTreasury = (receipt: StoredReceipt, entryKey: string, amountMinor: number, words: Words) =>
  posting(receipt, entryKey, "payment", { from: "clearing", to: "treasury" }, amountMinor, words);

export const entersTreasury = (receipt: StoredReceipt, entryKey: string, amountMinor: number, words: Words) =>
  posting(receipt, entryKey, "payment", { from: "suspense", to: "treasury" }, amountMinor, words);

/** Named as the reversal of the posting that brought it there. */
export const leavesTreasury = (receipt: StoredReceipt, entryKey: string, amountMinor: number, words: Words) =>
  posting(receipt, reversalKeyOf(entryKey), "reversal", { from: "treasury", to: "suspense" }, amountMinor, words);

function posting(
  receipt: StoredReceipt,
  postingId: string,
  kind: EntryKind,
  leg: Leg,
  amountMinor: number,
  words: Words,
): PostingRow {
  const line = (book: Book, signedMinor: number): LedgerRow => ({
    entryKey: `${postingId}/${book}`,
    postingId,
    book,
    kind,
    energyWh: 0,
    amountMinor: signedMinor,
    currency: receipt.currency,
    provider: receipt.provider,
    accountId: null,
    seq: null,
    balanceAfterWh: null,
    tariffId: null,
    rateE4PerKwh: null,
    receipt: receipt.receipt,
    actor: words.actor,
    reason: words.reason,
    hash: null,
    occurredAt: leg.from === "clearing" ? receipt.paidAt : words.at,
    acceptedAt: words.at,
  });
  return {
    kind: "posting",
    account: null,
    accountId: null,
    postingId,
    rows: [line(leg.from, -amountMinor), line(leg.to, amountMinor)],
  };
}
