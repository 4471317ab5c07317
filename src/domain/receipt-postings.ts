import { entryKeyOf, reversalKeyOf } from "./claim.ts";
import type { Book, EntryKind, LedgerRow } from "./ledger.ts";
import { isOwnBook } from "./move-rules.ts";
import type { OutboxRow } from "./outbox.ts";
import type { ShareEntry, StoredReceipt, StoredShare, Words } from "./receipt-state.ts";

export type PostingRow = Extract<OutboxRow, { kind: "posting" }>;
type Leg = { from: Book; to: Book };

/**
 * The postings of money that no account holds. Clearing carries −amount when money arrives, and gets it back when money is
 * returned, so that over all books −Σ clearing = Σ payments − Σ returned = Σ customers + Σ suspense + Σ treasury. Accounts
 * write their own.
 */
export const arrivesInSuspense = (receipt: StoredReceipt, entryKey: string, amountMinor: number, words: Words) =>
  posting(receipt, entryKey, "payment", { from: "clearing", to: "suspense" }, amountMinor, words);

export const arrivesInTreasury = (receipt: StoredReceipt, entryKey: string, amountMinor: number, words: Words) =>
  posting(receipt, entryKey, "payment", { from: "clearing", to: "treasury" }, amountMinor, words);

type OwnShare = Pick<StoredShare, "holder" | "entryKey" | "amountMinor">;
/** What is returned is with the operator, who holds it for us no longer. */
const bookOf = ({ holder }: OwnShare): Book => (holder.kind === "returned" ? "clearing" : "treasury");

/** Out of suspense into the treasury, or back to whom it came from. */
export const entersOwn = (receipt: StoredReceipt, share: OwnShare, words: Words) =>
  posting(
    receipt,
    share.entryKey,
    share.holder.kind === "returned" ? "reversal" : "payment",
    { from: "suspense", to: bookOf(share) },
    share.amountMinor,
    words,
  );

/** Named as the reversal of the posting that brought it there. */
export const leavesOwn = (receipt: StoredReceipt, share: OwnShare, words: Words) =>
  posting(
    receipt,
    reversalKeyOf(share.entryKey),
    "reversal",
    { from: bookOf(share), to: "suspense" },
    share.amountMinor,
    words,
  );

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
  const made = own.flatMap((share): PostingRow[] => {
    const { holder, generation, entryKey, amountMinor, words } = share;
    if (holder.kind === "suspense")
      return generation === 1 ? [arrivesInSuspense(receipt, entryKey, amountMinor, words)] : [];
    if (!isOwnBook(holder)) return [];
    if (generation === 1) return [arrivesInTreasury(receipt, entryKey, amountMinor, words), ...left(share)];
    if (generation === receipt.generation && receipt.phase === "settling") return [];
    return [entersOwn(receipt, share, words), ...left(share)];
  });
  const refused = entries.filter(
    ({ state, contra }) => contra === "clearing" && (state === "refused" || state === "settled"),
  );
  const held = refused.flatMap(({ entryKey, amountMinor, retired }) =>
    retired === null ? [] : [arrivesInSuspense(receipt, entryKey, amountMinor, retired)],
  );
  return [...made, ...held];

  /** Our own book keeps a share until a generation comes without it. */
  function left(kept: StoredShare): PostingRow[] {
    const alike = shares.filter(({ entryKey }) => entryKey === kept.entryKey);
    const last = Math.max(...alike.map(({ generation }) => generation));
    const next = shares.find(({ generation }) => generation === last + 1);
    return next === undefined ? [] : [leavesOwn(receipt, kept, next.words)];
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
    occurredAt: kind === "payment" && leg.from === "clearing" ? receipt.paidAt : words.at,
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
