import type { Corrected } from "../domain/correction.ts";
import type { Currency, Language } from "../domain/country.ts";
import type { DebtStanding, DebtTerms, FeePart } from "../domain/fees/debt.ts";
import type { FeeAct, FeeRefusal } from "../domain/fees/order.ts";
import type { ApplyRefusal, Unallocated } from "../domain/fees/unallocated.ts";
import type { HourWh } from "../domain/imports/vendor-day.ts";
import type { AccountStatus, OpeningAnswer, PaymentPost, PostAnswer } from "../domain/ledger.ts";
import type { MeterRole, QuarantineBecause, Reading, ReadingVerdict } from "../domain/reading.ts";
import type { CommandState, RelayAction } from "../domain/relay.ts";
import type { Release } from "../domain/release-reading.ts";
import type { Rate } from "../domain/tariff.ts";
import type { Vendor } from "../domain/vendor.ts";
import type { CreditState } from "../domain/vendor-credit.ts";

/** A meter on an account from one instant to another. `thing` is the gateway's name, null for meters that are not ours to command. */
export type PlacedMeter = {
  meterNumber: string;
  thing: string | null;
  role: MeterRole;
  from: number;
  to: number | null;
  /** What the register showed when the placement began; null: not known, the first reading is the base. */
  baseRegisterWh: number | null;
  /** What it showed when the placement ended; null: it has not, or nobody read it then. */
  finalRegisterWh: number | null;
  /** The most that the meter can carry, in watts; null: not known, the common rating counts. */
  ratingW: number | null;
};

/** What an account's object has to know to work while the database is down; refreshed when any of it changes. */
export type AccountFacts = {
  accountId: number;
  account: string;
  status: Exclude<AccountStatus, "unknown">;
  currency: Currency;
  language: Language;
  holderPhone: string | null;
  /** All phones of the holder: money that waits and names one of them keeps the light on. */
  phones: string[];
  /** Rates that can apply to this account: its own, its site's, the country's. */
  rates: Rate[];
  /** Meters placed here now and before. */
  meters: PlacedMeter[];
  /** Whose platform has the wallets of this site's customers; null: nobody's. */
  siteVendor: Vendor | null;
  /** The customer is connected: before that no vendor's wallet is credited. */
  commissioned: boolean;
  /** What contracts say of debts that are repaid a part at a time, also of those that are repaid. */
  terms: DebtTerms[];
  /** From when on what is metered is debited (the cut-over); null: not yet, readings are only recorded. */
  billFrom: number | null;
  /** Rises with every change in Postgres: an older refresh changes nothing. */
  version: number;
};

/** An account as its object alone may know it: a database that was set back since it was registered has no row of it. */
export type KeptAccount = {
  facts: AccountFacts;
  balanceWh: number;
  seq: number;
  /** Minor units of all payments that it holds. */
  paidMinor: number;
  /** Rows that Postgres has not, because they wait, or because it did not take them. */
  copy: { waiting: number; refused: number };
};

export type RelayAck = {
  commandId: string;
  status: "acked" | "rejected" | "failed";
  /** True: the relay is closed, power is on. Null: the meter did not say. */
  connectedAfter: boolean | null;
  error: string | null;
  thing: string | null;
  meterNumber: string | null;
};

export type AckAnswer =
  | { status: "ok"; state: CommandState }
  | { status: "noop"; state: CommandState }
  | { status: "unknown_command" }
  | { status: "mismatch" };

export type AccountView = {
  account: string;
  status: AccountStatus;
  /** What the ledger says. */
  balanceWh: number;
  /** What is left: the ledger's balance less what is metered and not posted yet. */
  availableWh: number;
  /** How long that lasts at the usual rate, in whole minutes; null: nobody knows. */
  minutesLeft: number | null;
  seq: number;
  rateE4PerKwh: number | null;
  currency: Currency;
  copyWaiting: number;
  meters: MeterView[];
  /** Readings that wait for a person, oldest first. */
  waiting: { meterNumber: string; readAt: number; registerWh: number; because: QuarantineBecause }[];
  commands: {
    id: string;
    meterNumber: string;
    action: RelayAction;
    state: CommandState;
    because: string;
    requestedAt: number;
    actor: string | null;
    reason: string | null;
  }[];
  /** What the vendor's wallet gets, newest first; empty where meters are our own. */
  credits: CreditView[];
  /** What it owes beside energy, and owed before. */
  debts: DebtStanding[];
  /** What nothing took of its payments to the number of the contract: the newest of them, and those that were asked for by name. */
  unallocated: Unallocated[];
  /** How many more there are, older than those: each is among them once a newer one has gone. */
  unallocatedMore: number;
  /** How those of agreements are repaid. */
  terms: DebtTerms[];
  /** The customer is connected: before that all money pays the fees. */
  commissioned: boolean;
  asOf: number;
};

/** A payment on its way to the vendor's wallet. `waiting`: paid, and the meter does not have it yet. */
export type CreditView = {
  externalId: string;
  vendor: Vendor;
  amountMinor: number;
  state: CreditState;
  because: string | null;
  waiting: boolean;
  attempts: number;
  nextAt: number | null;
  queuedAt: number;
  sentAt: number | null;
  confirmedAt: number | null;
  vendorId: string | null;
  error: string | null;
};

/** A meter that is on the account now, or has been read here. */
export type MeterView = {
  meterNumber: string;
  thing: string | null;
  role: MeterRole | null;
  /** The newest accepted reading; null: none came yet. */
  registerWh: number | null;
  readAt: number | null;
  seenAt: number | null;
  unpostedWh: number | null;
  connected: boolean | null;
  /** Why its light goes out or stays on, as it was found last; null: there was nothing to find. */
  dark: { because: string; firstLookAt: number | null; nextLookAt: number | null } | null;
  override: { state: "keep_lit" | "keep_dark"; actor: string; reason: string; expiresAt: number | null } | null;
};

/** A person's order to a relay. `force` sets aside what a privileged person may set aside. */
export type HandOrder = {
  meterNumber: string;
  action: RelayAction;
  actor: string;
  reason: string;
  ttlSeconds: number;
  force: boolean;
};
export type HandAnswer =
  | { status: "queued"; commandId: string; thing: string; skipped: string[] }
  /** All that stands in the way. */
  | { status: "refused"; because: string[] }
  | { status: "unknown" }
  | { status: "not_ready" };

export type OverrideOrder = {
  meterNumber: string;
  state: "keep_lit" | "keep_dark" | "auto";
  actor: string;
  reason: string;
  expiresAt: number | null;
};

export type ReleaseOrder = {
  meterNumber: string;
  readAt: number;
  registerWh: number;
  how: Release;
  actor: string;
  reason: string;
};

/** What an account brings from the old books: how much, as of when, and the document that says so. May be below zero. */
export type OpeningOrder = { energyWh: number; at: number; document: string; actor: string };

/** What one source says of a vendor-metered day of one meter: only hours in which the meter was this account's. */
export type VendorDayOrder = {
  meterNumber: string;
  /** YYYY-MM-DD, UTC. */
  day: string;
  source: string;
  hours: HourWh[];
  /** Sources of this account, the best first. */
  priority: string[];
};
/**
 * What was committed. `elsewhere`: hours in which the meter was not placed here, as the account knows it. `postedWh`: what was
 * posted now, above zero when energy was given back.
 */
export type VendorDayAnswer = { hours: number; elsewhere: number; postedWh: number };

/** A correction that people have ordered, to be posted under the order's own name. */
export type CorrectOrder = { id: string; corrected: Corrected; actor: string; reason: string; at: number };

/** An order about what an account owes, posted under its own name. Minor units, above zero. */
export type FeeOrder = {
  act: FeeAct;
  part: FeePart;
  id: string;
  amountMinor: number;
  currency: string;
  actor: string;
  reason: string;
  at: number;
};
export type FeeAnswer =
  | Extract<PostAnswer, { status: "posted" | "not_ready" }>
  | { status: "refused"; because: FeeRefusal };
/** Energy is to be sold for what is left of a payment, as a person has seen it. Minor units, above zero. */
export type ApplyOrder = Pick<Unallocated, "paymentKey" | "leftMinor"> & {
  amountMinor: number;
  actor: string;
  reason: string;
  /** Its tariff is that of this instant. */
  at: number;
};
export type ApplyAnswer =
  | Extract<PostAnswer, { status: "posted" | "not_ready" }>
  | { status: "refused"; because: ApplyRefusal };
/** How many months or penalties of a debt were added to it now. `unknown`: no such account, or no terms of this debt. */
export type AccrueAnswer = { status: "done"; count: number } | { status: "not_ready" | "unknown" };

/** One object an account; reached by account number through one function, `accountLocator`. */
export interface Accounts {
  /** "other_account": its object goes by another id, and keeps what it knows. */
  configure(facts: AccountFacts): Promise<"told" | "other_account">;
  /** `not_ready` while the object restores itself and the database does not answer. */
  status(account: string): Promise<AccountStatus | "not_ready">;
  post(account: string, payment: PaymentPost): Promise<PostAnswer>;
  /** The final answer for a key: what was posted or refused, or, for a key never seen, refused from now on. */
  settle(account: string, entryKey: string): Promise<PostAnswer>;
  /** Takes back a posted entry, once. */
  reverse(account: string, order: { entryKey: string; actor: string; reason: string; at: number }): Promise<PostAnswer>;
  /** One opening an account, for ever: another one is answered with the first. */
  open(account: string, order: OpeningOrder): Promise<OpeningAnswer>;
  acknowledge(account: string, ack: RelayAck): Promise<AckAnswer>;
  /**
   * Commits readings, debits what they show, and decides on the relay; one verdict a reading, in their order. `unknown`:
   * there is no such account. The same readings again change nothing.
   */
  read(account: string, readings: Reading[]): Promise<ReadingVerdict[] | "not_ready" | "unknown">;
  /** Commits days of vendor meters and posts what they come to more, or less, than before. The same days again change nothing. */
  recordDays(account: string, days: VendorDayOrder[]): Promise<VendorDayAnswer[] | "not_ready" | "unknown">;
  /** `paymentKeys`: payments whose rest is wanted, however old; each by its entry. */
  view(account: string, paymentKeys?: readonly string[]): Promise<AccountView | "not_ready" | null>;
}
