import type { PostedEntry, Provider, ReceiptPhase, Road } from "../../../src/domain/claim.ts";
import type { Currency } from "../../../src/domain/country.ts";
import type { EntryState, ShareEntry, StoredReceipt, Words } from "../../../src/domain/receipt-state.ts";

/** Rows of a shard's tables, and what they mean. */
export type ReceiptColumns = {
  receipt: string;
  provider: Provider;
  amount_minor: number;
  currency: Currency;
  paid_at: number;
  payer_phone: string | null;
  till: string | null;
  road: Road;
  recorded_by: string | null;
  generation: number;
  version: number;
  phase: ReceiptPhase;
  blocked: number;
  claimed_at: number;
  changed_at: number;
};

export const receiptOf = (row: ReceiptColumns): StoredReceipt => ({
  receipt: row.receipt,
  provider: row.provider,
  amountMinor: row.amount_minor,
  currency: row.currency,
  paidAt: row.paid_at,
  payerPhone: row.payer_phone,
  till: row.till,
  road: row.road,
  recordedBy: row.recorded_by,
  generation: row.generation,
  version: row.version,
  phase: row.phase,
  blocked: row.blocked === 1,
  claimedAt: row.claimed_at,
  changedAt: row.changed_at,
});

export type ShareColumns = {
  generation: number;
  share: number;
  holder: string;
  amount_minor: number;
  entry_key: string;
  opened_at: number;
  words: string;
};

export type EntryColumns = {
  entry_key: string;
  receipt: string;
  account: string;
  amount_minor: number;
  contra: "clearing" | "suspense";
  twin_allowed: number;
  actor: string | null;
  state: EntryState;
  entry: string | null;
  retired: string | null;
};

export const entryOf = (row: EntryColumns): ShareEntry => ({
  entryKey: row.entry_key,
  receipt: row.receipt,
  account: row.account,
  amountMinor: row.amount_minor,
  contra: row.contra,
  twinAllowed: row.twin_allowed === 1,
  actor: row.actor,
  state: row.state,
  entry: row.entry === null ? null : (JSON.parse(row.entry) as PostedEntry),
  retired: row.retired === null ? null : (JSON.parse(row.retired) as Words),
});
