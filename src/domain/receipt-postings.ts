import { entryKeyOf, reversalKeyOf } from "./claim.ts";
import type { Book, EntryKind, LedgerRow } from "./ledger.ts";
import type { OutboxRow } from "./outbox.ts";
import type { ShareEntry, StoredReceipt, StoredShare, Words } from "./receipt-state.ts";

export type PostingRow = Extract<OutboxRow, { kind: "posting" }>;
type Leg = { from: Book; to: Book };

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

/**
 * All postings of our own books that this history has made by now, the same in every line whenever it is asked: for what
 * Postgres lacks is sent again. `shares` are those of all generations.
 */
export function postingsOf(
  receipt: StoredReceipt,
  shares: readonly StoredShare[],
  entries: readonly ShareEntry[],
): PostingRow[] {
  const own = shares.filter(
    ({ entryKey, generation, share }) => entryKey === entryKeyOf(receipt.receipt, generation, share),
  );
  const made = own.flatMap(({ holder, generation, entryKey, amountMinor, words }): PostingRow[] => {
    if (holder.kind === "suspense")
      return generation === 1 ? [arrivesInSuspense(receipt, entryKey, amountMinor, words)] : [];
    if (holder.kind !== "treasury") return [];
    if (generation === 1)
      return [arrivesInTreasury(receipt, entryKey, amountMinor, words), ...left(entryKey, amountMinor)];
    if (generation === receipt.generation && receipt.phase === "settling") return [];
    return [entersTreasury(receipt, entryKey, amountMinor, words), ...left(entryKey, amountMinor)];
  });
  const refused = entries.filter(
    ({ state, contra }) => contra === "clearing" && (state === "refused" || state === "settled"),
  );
  const held = refused.flatMap(({ entryKey, amountMinor, retired }) =>
    retired === null ? [] : [arrivesInSuspense(receipt, entryKey, amountMinor, retired)],
  );
  return [...made, ...held];

  /** The treasury keeps a share until a generation comes without it. */
  function left(entryKey: string, amountMinor: number): PostingRow[] {
    const last = Math.max(...shares.filter((share) => share.entryKey === entryKey).map(({ generation }) => generation));
    const next = shares.find(({ generation }) => generation === last + 1);
    return next === undefined ? [] : [leavesTreasury(receipt, entryKey, amountMinor, next.words)];
  }
}

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
