import type { PostedEntry, Provider, Road } from "./claim.ts";
import type { Currency } from "./country.ts";

/** The books of the double entry. Each posting adds up to zero in watt-hours and in each currency. */
export type Book =
  | "customer_energy"
  | "customer_fees"
  | "clearing" // what the operators hold for us, per provider
  | "suspense"
  | "treasury"
  | "revenue"
  | "energy_sold"
  | "energy_used"
  | "corrections"
  | "opening";

export type EntryKind = "payment" | "consumption" | "fee" | "advance" | "correction" | "opening" | "reversal";

/** One line of the ledger. Appended, never changed. The customer's side carries account and sequence; our own books carry neither. */
export type LedgerRow = {
  entryKey: string;
  postingId: string;
  book: Book;
  kind: EntryKind;
  /** Credit to the customer positive. */
  energyWh: number;
  amountMinor: number;
  currency: Currency;
  provider: Provider | null;
  accountId: number | null;
  seq: number | null;
  balanceAfterWh: number | null;
  tariffId: number | null;
  rateE4PerKwh: number | null;
  receipt: string | null;
  actor: string | null;
  reason: string | null;
  /** Chain over the account's rows (hex); null in our own books. */
  hash: string | null;
  occurredAt: number;
  acceptedAt: number;
};

/** All lines that belong together, copied in one transaction. */
export type Posting = { postingId: string; rows: LedgerRow[] };

/** A share of a receipt, to be credited to an account. */
export type PaymentPost = {
  entryKey: string;
  receipt: string;
  provider: Provider;
  road: Road;
  amountMinor: number;
  currency: Currency;
  paidAt: number;
  payerPhone: string | null;
  /** Where the money comes from: the operator's clearing (first generation) or suspense (after a move). */
  contra: "clearing" | "suspense";
  actor: string | null;
  /** A second person has looked at the twin and wants both. */
  twinAllowed: boolean;
};

export type RefusedBecause =
  | "unknown_account"
  | "terminated_account"
  | "tariff_unset"
  | "twin" // same amount, same account, another receipt within 48 h, one of the two not seen by SMS
  | "currency"
  | "moved"; // a move asked first: this key will never be posted

/** An account answers a key once and for ever. */
export type PostAnswer =
  | { status: "posted"; entry: PostedEntry }
  | { status: "refused"; because: RefusedBecause; twinReceipt: string | null }
  | { status: "not_ready" };

export type AccountStatus = "live" | "postpaid" | "terminated" | "unknown";
