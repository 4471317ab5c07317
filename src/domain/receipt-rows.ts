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
  sightingKey: string;
  at: number;
  closedBy: string | null;
  closedReason: string | null;
  closedAt: number | null;
};

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
    payment: receipt === null ? null : { amountMinor: receipt.amountMinor, currency: receipt.currency },
    closedBy: notice.closedBy,
    closedReason: notice.closedReason,
  }),
  state: notice.closedAt === null ? "open" : "closed",
  openedAt: notice.at,
  closedAt: notice.closedAt,
  version,
});
