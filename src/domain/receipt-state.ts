import type { Holder, PostedEntry, Provider, ReceiptPhase, ReceiptState, Road, Share, ShareProgress } from "./claim.ts";
import type { Currency } from "./country.ts";

/** A receipt as its shard keeps it: what the first claim fixed for ever, and how far its money has come. */
export type StoredReceipt = {
  receipt: string;
  provider: Provider;
  amountMinor: number;
  currency: Currency;
  paidAt: number;
  payerPhone: string | null;
  till: string | null;
  road: Road;
  /** Who pressed the key when the money was first recorded; null when a machine brought it. */
  recordedBy: string | null;
  generation: number;
  /** Rises with every change, so that an older copy never overwrites a newer one. */
  version: number;
  phase: ReceiptPhase;
  blocked: boolean;
  claimedAt: number;
  changedAt: number;
};

export type StoredShare = Share & {
  generation: number;
  /** Of the generation in which this share began: a share that a move leaves alone keeps its entry. */
  entryKey: string;
  /** Since when the money of this share has been waiting, if it waits. */
  openedAt: number;
  /** Of its generation. */
  words: Words;
};

/** Who changed the holder, why, and when. */
export type Words = { actor: string | null; reason: string | null; at: number };

/**
 * An entry that a share wants in an account.
 * wanted → posted | refused. Taken away by a move: settling (its final answer is asked) → reversing → reversed, or → settled
 * when the account says that it never was and never will be posted.
 */
export type EntryState = "wanted" | "posted" | "refused" | "settling" | "reversing" | "reversed" | "settled";

export type ShareEntry = {
  entryKey: string;
  receipt: string;
  account: string;
  amountMinor: number;
  contra: "clearing" | "suspense";
  twinAllowed: boolean;
  actor: string | null;
  state: EntryState;
  entry: PostedEntry | null;
  /** Who took it away or refused it, and why: the words of what followed. */
  retired: Words | null;
};

const PROGRESS = {
  wanted: "wanted",
  posted: "posted",
  refused: "refused",
  settling: "posted",
  reversing: "posted",
  reversed: "refused",
  settled: "refused",
} as const satisfies Record<EntryState, ShareProgress["posting"]>;

/** What whoever asks about the receipt is told. */
export function stateOf(
  receipt: StoredReceipt,
  shares: readonly StoredShare[],
  entries: readonly ShareEntry[],
): ReceiptState {
  const byKey = new Map(entries.map((entry) => [entry.entryKey, entry]));
  return {
    receipt: receipt.receipt,
    provider: receipt.provider,
    amountMinor: receipt.amountMinor,
    currency: receipt.currency,
    paidAt: receipt.paidAt,
    generation: receipt.generation,
    phase: receipt.phase,
    blocked: receipt.blocked,
    shares: shares.map(({ share, holder, amountMinor, entryKey }) => {
      const entry = byKey.get(entryKey);
      return {
        share,
        holder,
        amountMinor,
        entryKey,
        posting: entry === undefined ? "none" : PROGRESS[entry.state],
        entry: entry?.entry ?? null,
      };
    }),
  };
}

/** A receipt on its way, and since when nothing of it has changed. */
export type OpenReceipt = ReceiptState & { claimedAt: number; changedAt: number };

/** Who holds the whole amount, in one word; split when there is no such one. */
export function wholeHolder(shares: readonly { holder: Holder }[]): {
  holderKind: Holder["kind"] | "split";
  account: string | null;
} {
  const [first] = shares;
  if (first === undefined) return { holderKind: "split", account: null };
  const { kind } = first.holder;
  const account = accountOf(first.holder);
  const alike = shares.every(({ holder }) => holder.kind === kind && accountOf(holder) === account);
  return alike ? { holderKind: kind, account } : { holderKind: "split", account: null };
}

export const accountOf = (holder: Holder): string | null => (holder.kind === "account" ? holder.account : null);

/** All accounts a share's money names: its holder, or whom the hints suggest. */
export const namedAccounts = (shares: readonly { holder: Holder }[]): string[] => [
  ...new Set(
    shares.flatMap(({ holder }) =>
      holder.kind === "account" ? [holder.account] : holder.kind === "suspense" ? holder.hints.accounts : [],
    ),
  ),
];
