import type { Claim } from "./claim.ts";
import { entryKeyOf } from "./claim.ts";
import type { OutboxRow, SightingRow } from "./outbox.ts";
import { accountOf, type StoredReceipt, type StoredShare, wholeHolder } from "./receipt-state.ts";

/** What a shard of receipts owes Postgres, one builder a row. */

export const paymentRow = (
  receipt: StoredReceipt,
  shares: readonly StoredShare[],
  shard: number,
): OutboxRow & { kind: "payment" } => ({
  kind: "payment",
  receipt: receipt.receipt,
  shard,
  provider: receipt.provider,
  amountMinor: receipt.amountMinor,
  currency: receipt.currency,
  ...wholeHolder(shares),
  paidAt: receipt.paidAt,
  payerPhone: receipt.payerPhone,
  tillId: receipt.till,
  road: receipt.road,
  generation: receipt.generation,
  version: receipt.version,
  blocked: receipt.blocked,
  claimedAt: receipt.claimedAt,
});

export const allocationRow = (receipt: StoredReceipt, share: StoredShare): OutboxRow & { kind: "allocation" } => ({
  kind: "allocation",
  receipt: receipt.receipt,
  generation: share.generation,
  share: share.share,
  holderKind: share.holder.kind,
  account: accountOf(share.holder),
  amountMinor: share.amountMinor,
  because: share.holder.kind === "suspense" ? share.holder.because : null,
  entryKey: share.entryKey,
  ...share.words,
});

/** Null for a share that does not wait. */
export const suspenseCaseRow = (
  receipt: StoredReceipt,
  share: StoredShare,
  closedAt: number | null,
): (OutboxRow & { kind: "suspense_case" }) | null =>
  share.holder.kind !== "suspense"
    ? null
    : {
        kind: "suspense_case",
        caseKey: entryKeyOf(receipt.receipt, share.generation, share.share),
        receipt: receipt.receipt,
        generation: share.generation,
        share: share.share,
        tillId: receipt.till,
        amountMinor: share.amountMinor,
        currency: receipt.currency,
        because: share.holder.because,
        hintAccounts: share.holder.hints.accounts,
        hintNote: share.holder.hints.note,
        payerPhone: receipt.payerPhone,
        text: null,
        state: closedAt === null ? "open" : "closed",
        openedAt: share.openedAt,
        closedAt,
        version: receipt.version,
      };

export const sightingRow = (claim: Claim, verdict: SightingRow["verdict"]): OutboxRow & { kind: "sighting" } => ({
  kind: "sighting",
  sightingKey: claim.sightingKey,
  receipt: claim.receipt,
  road: claim.road,
  provider: claim.provider,
  amountMinor: claim.amountMinor,
  currency: claim.currency,
  account: accountOf(claim.holder),
  verdict,
  seenAt: claim.seenAt,
});

/** One case for each other content that the receipt was seen with. */
export const conflictCaseRow = (receipt: StoredReceipt, claim: Claim): OutboxRow & { kind: "case" } => ({
  kind: "case",
  caseKey: `conflict:${receipt.receipt}:${claim.currency}${claim.amountMinor}`,
  caseKind: "receipt_conflict",
  subject: receipt.receipt,
  detailsJson: JSON.stringify({
    known: { amountMinor: receipt.amountMinor, currency: receipt.currency, provider: receipt.provider },
    seen: { amountMinor: claim.amountMinor, currency: claim.currency, provider: claim.provider },
    road: claim.road,
    sightingKey: claim.sightingKey,
    account: accountOf(claim.holder),
  }),
  state: "open",
  openedAt: claim.seenAt,
  closedAt: null,
  version: 1,
});

/** A reversal of the operator, told about a receipt that may not have come yet. */
export type ReversalNotice = {
  receipt: string;
  provider: string;
  because: string;
  /** How it was told last. */
  sightingKey: string;
  /** All by which it was told, as `reversalTextOf`, the newest last; absent: `sightingKey` alone, or an older release wrote it. */
  texts?: string[];
  at: number;
  closedBy: string | null;
  closedReason: string | null;
  closedAt: number | null;
};

/** Texts that a shard remembers of one receipt's reversal: who brings more differs from all of them is a person's to see again. */
export const REVERSAL_TEXTS_MAX = 20;

/**
 * What two tellings of a reversal have in common when they are one text: of an SMS its content hash, which ends its key,
 * since two phones that have the same text differ in all the rest; of a statement's or a platform's line the key itself.
 */
export const reversalTextOf = (sightingKey: string): string =>
  sightingKey.startsWith("sms:") ? `sms:${sightingKey.slice(sightingKey.lastIndexOf(":") + 1)}` : sightingKey;

export const reversalTexts = ({ texts, sightingKey }: Pick<ReversalNotice, "texts" | "sightingKey">): string[] =>
  texts ?? [reversalTextOf(sightingKey)];

export const reversalCaseRow = (
  notice: ReversalNotice,
  receipt: StoredReceipt | null,
  version: number,
): OutboxRow & { kind: "case" } => ({
  kind: "case",
  caseKey: `reversal:${notice.receipt}`,
  caseKind: "reversal",
  subject: notice.receipt,
  detailsJson: JSON.stringify({
    provider: notice.provider,
    because: notice.because,
    sightingKey: notice.sightingKey,
    ...(notice.texts === undefined ? {} : { texts: notice.texts }),
    payment: receipt === null ? null : { amountMinor: receipt.amountMinor, currency: receipt.currency },
    closedBy: notice.closedBy,
    closedReason: notice.closedReason,
  }),
  state: notice.closedAt === null ? "open" : "closed",
  openedAt: notice.at,
  closedAt: notice.closedAt,
  version,
});
