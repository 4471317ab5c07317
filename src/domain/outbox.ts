import type { HoldBecause, Provider, Road } from "./claim.ts";
import type { Currency } from "./country.ts";
import type { VendorDay } from "./imports/vendor-day.ts";
import type { LedgerRow } from "./ledger.ts";
import type { StoredReading } from "./reading.ts";
import type { CommandState, RelayAction } from "./relay.ts";
import type { VendorCredit } from "./vendor-credit.ts";

/**
 * What objects owe Postgres. Every object keeps its debts in one outbox table, in order; the copy consumer fetches
 * them, writes them in bulk and confirms them by id. Each row can be written any number of times.
 */
export type OutboxRow =
  | ({ kind: "payment" } & PaymentRow)
  | ({ kind: "allocation" } & AllocationRow)
  | ({ kind: "sighting" } & SightingRow)
  | { kind: "posting"; account: string | null; accountId: number | null; postingId: string; rows: LedgerRow[] }
  | ({ kind: "suspense_case" } & SuspenseCaseRow)
  | ({ kind: "case" } & CaseRow)
  | ({ kind: "sms_inbound" } & SmsInboundRow)
  | ({ kind: "sms_sighting" } & SmsSightingRow)
  | ({ kind: "sms_result" } & SmsResultRow)
  | ({ kind: "sms_outbound" } & SmsOutboundRow)
  | ({ kind: "relay_command" } & RelayCommandRow)
  | ({ kind: "relay_override" } & RelayOverrideRow)
  | ({ kind: "meter_readings" } & MeterReadingsRow)
  | ({ kind: "vendor_day" } & VendorDayRow)
  | ({ kind: "vendor_credit" } & VendorCreditRow)
  | ({ kind: "act" } & ActRow);

/** Written by the ReceiptBook; updated only by a higher (generation, version). */
export type PaymentRow = {
  receipt: string;
  shard: number;
  provider: Provider;
  amountMinor: number;
  currency: Currency;
  /** The account that holds the whole amount; null in suspense or split. */
  account: string | null;
  /** The id that it has said to go under, where it has posted of this receipt; absent: nobody knows. */
  accountId?: number;
  holderKind: "account" | "suspense" | "treasury" | "returned" | "legacy" | "split";
  paidAt: number;
  payerPhone: string | null;
  tillId: string | null;
  road: Road;
  generation: number;
  /** Rises with every change of this receipt, so that an older copy never overwrites a newer one. */
  version: number;
  blocked: boolean;
  claimedAt: number;
};

export type AllocationRow = {
  receipt: string;
  generation: number;
  share: number;
  holderKind: "account" | "suspense" | "treasury" | "returned" | "legacy";
  account: string | null;
  /** As of a payment. */
  accountId?: number;
  amountMinor: number;
  because: HoldBecause | null;
  entryKey: string;
  actor: string | null;
  reason: string | null;
  at: number;
};

export type SightingRow = {
  sightingKey: string;
  receipt: string;
  road: Road;
  provider: Provider;
  amountMinor: number;
  currency: Currency;
  account: string | null;
  verdict: "first" | "same" | "conflict" | "held" | "moved";
  seenAt: number;
};

/** Money that waits for a person. `receipt` is null for a text without one; then the case is named by till and text. */
export type SuspenseCaseRow = {
  caseKey: string;
  receipt: string | null;
  generation: number | null;
  share: number | null;
  tillId: string | null;
  amountMinor: number;
  currency: Currency;
  because: HoldBecause | "no_receipt";
  hintAccounts: string[];
  hintNote: string;
  payerPhone: string | null;
  text: string | null;
  state: "open" | "closed";
  openedAt: number;
  closedAt: number | null;
  version: number;
};

/** Something a person has to look at that is not money in suspense: a conflict, a chain break, a copy that disagrees. */
export type CaseRow = {
  caseKey: string;
  caseKind:
    | "receipt_conflict"
    | "statement_contradiction"
    | "reversal"
    | "stranger_reversal"
    | "chain_break"
    | "copy_conflict"
    | "ledger_drift"
    | "foreign_row"
    | "priced_otherwise"
    | "refiled_entry"
    | "forward_parked"
    | "gateway_body"
    | "unread_money"
    | "dead_letter"
    | "reading_quarantined"
    | "disconnect_breaker"
    | "audit_chain"
    | "import_degraded"
    | "import_held"
    | "import_refused"
    | "import_gap"
    | "feed_stale"
    | "vendor_credit"
    | "mirror_unknown"
    | "mirror_reversal"
    | "mirror_echo_unknown"
    | "mirror_credit_reversed";
  subject: string;
  /** What a person needs to decide, as JSON text. */
  detailsJson: string;
  state: "open" | "closed";
  openedAt: number;
  closedAt: number | null;
  version: number;
};

export type SmsInboundRow = {
  phoneId: string;
  tillId: string;
  channel: "electricity" | "fees";
  protocol: "medic" | "smssync";
  externalId: string | null;
  contentHash: string;
  sender: string;
  /** U+0000 and lone surrogates replaced by U+FFFD; the exact text goes beside it. */
  content: string;
  contentRawBase64: string;
  claimedSentAt: number | null;
  claimedReceivedAt: number | null;
  receivedAt: number;
  idConflict: boolean;
  quarantine: string | null;
  /** The request by which the phone brought it, as the log names it; null: nobody knows. */
  requestId: string | null;
};

/** The same SMS, seen again through another phone. */
export type SmsSightingRow = { externalId: string; contentHash: string; phoneId: string; seenAt: number };

/** What the parser and the money path made of an SMS. One row a parser version and SMS, replaced by a later version number. */
export type SmsResultRow = {
  externalId: string | null;
  contentHash: string;
  phoneId: string;
  parserVersion: number;
  outcome: string;
  because: string | null;
  receipt: string | null;
  account: string | null;
  /** ParsedSms as JSON text: rows cross object calls, which carry plain typed data only. */
  parsedJson: string;
  processedAt: number;
  version: number;
};

export type SmsOutboundRow = {
  id: string;
  phoneId: string;
  origin: "ours" | "legacy";
  toPhone: string;
  content: string;
  template: string | null;
  account: string | null;
  receipt: string | null;
  state: OutgoingState;
  reason: string | null;
  createdAt: number;
  offeredAt: number | null;
  stateAt: number;
  expiresAt: number;
  version: number;
};

/** queued: never offered. offered: handed to the phone, no word yet. Then the phone's own words; expired and moved are ours. */
export type OutgoingState =
  | "queued"
  | "offered"
  | "unsent"
  | "pending"
  | "sent"
  | "delivered"
  | "failed"
  | "expired"
  | "moved";

export type RelayCommandRow = {
  id: string;
  account: string;
  accountId: number;
  meterNumber: string;
  seq: number;
  action: RelayAction;
  state: CommandState;
  because: string;
  requestedAt: number;
  publishedAt: number | null;
  endedAt: number | null;
  expiresAt: number;
  error: string | null;
  /** Who ordered it and why; null: the system, by the rule that `because` names. */
  actor: string | null;
  reason: string | null;
  /** Rules that the privileged role set aside for it. */
  skipped: string[];
  version: number;
};

/** A credit for a customer's wallet at a vendor; a higher version replaces a lower one. What is done next is for the object. */
export type VendorCreditRow = Omit<VendorCredit, "next" | "releasedAt"> & { accountId: number };

/** A person's word over a meter's relay; `auto` ends the one before. One row an order, newest in force until it expires. */
export type RelayOverrideRow = {
  id: string;
  accountId: number;
  meterNumber: string;
  state: "keep_lit" | "keep_dark" | "auto";
  actor: string;
  reason: string;
  at: number;
  expiresAt: number | null;
};

/** What a person ordered of objects or jobs, where nothing else in Postgres says so. One row a request, action and subject. */
export type ActRow = {
  action: string;
  subject: string;
  /** JSON text; null: there is nothing more to say. */
  afterJson: string | null;
  actor: string;
  reason: string | null;
  requestId: string;
  at: number;
};

/** Readings of one meter that its account accepted in one call, and how its register stands after them. */
export type MeterReadingsRow = {
  account: string;
  accountId: number;
  meterNumber: string;
  /** By whose local days the hours are added up. */
  timeZone: string;
  readings: (Omit<StoredReading, "meterNumber"> & { receivedAt: number })[];
  register: RegisterRow;
};

/** What an account knows of a vendor-metered day, whole: a higher version replaces a lower one. */
export type VendorDayRow = {
  account: string;
  accountId: number;
  meterNumber: string;
  /** YYYY-MM-DD, UTC. */
  day: string;
  /** By whose local days the hours are added up. */
  timeZone: string;
} & VendorDay;

/** How a meter's register stands in its account: a higher version replaces a lower one. */
export type RegisterRow = {
  /** The newest accepted reading. */
  registerWh: number;
  readAt: number;
  /** Up to which register the account has been debited, and when that was read; see `Register`. */
  postedWh: number;
  postedAt: number;
  connected: boolean | null;
  /** The newest reading of all, also one that came too soon to count. */
  seenAt: number;
  seenWh: number;
  /** The lowest register of a jump that waits for a person; null: none. */
  heldWh: number | null;
  version: number;
};

/** One debt: the id to confirm, and the row. */
export type OutboxItem = { id: number; row: OutboxRow };

/**
 * What the consumer tells the object after writing. `refused` rows stay, out of the way, and a case tells why. `stop`
 * is set when Postgres has something else under the same key or sequence: the object then copies nothing until a person
 * has looked, for what follows would build on sand.
 */
export type CopyReport = { recorded: number[]; refused: { id: number; because: string }[]; stop: string | null };

/** What of an object's debts Postgres refused, which waits for a person, and what is on its way. */
export type Refusals = {
  waiting: number;
  refused: number;
  because: string[];
  /** The earliest refusal; null: none, or it is older than this was written down. */
  since: number | null;
  /** Why nothing is copied any more; null while the rest goes on. */
  stopped: string | null;
  /** The oldest row that Postgres is not known to have, refused or not. */
  oldestId: number | null;
};
