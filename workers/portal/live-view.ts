import type { Currency } from "../../src/domain/country.ts";
import type { AccountStatus } from "../../src/domain/ledger.ts";
import type { OutgoingState } from "../../src/domain/outbox.ts";
import type { MeterRole } from "../../src/domain/reading.ts";
import type { CommandState, RelayAction } from "../../src/domain/relay.ts";
import type { CreditState } from "../../src/domain/vendor-credit.ts";
import type { AccountView } from "../../src/ports/accounts.ts";
import type { StatusView } from "./status-view.ts";

/** An account as its own object has it at `asOf`, also while the database is down. Types only: the portal imports them. */
export type LiveAccount = {
  asOf: number;
  account: string;
  status: AccountStatus;
  /** Rises with each entry of the ledger. */
  seq: number;
  /** What is left, by the ledger: less what is metered and not posted yet. A wallet on a vendor's platform is not in it. */
  availableWh: number;
  minutesLeft: number | null;
  currency: Currency;
  rateE4PerKwh: number | null;
  meters: {
    meterNumber: string;
    role: MeterRole | null;
    /** What the meter said last; null: it has not. */
    connected: boolean | null;
    seenAt: number | null;
  }[];
  /** The newest order to a relay. */
  command: { action: RelayAction; state: CommandState; because: string; requestedAt: number } | null;
  /** The newest payment that counts; null: none among the newest entries. */
  lastPayment: LivePayment | null;
  /** The newest SMS that was owed to the holder. `pending` and such: no phone has it yet. */
  sms: { kind: string; receipt: string | null; state: LiveSmsState; at: number } | null;
};

/** What staff see besides: who ordered what of a relay and why, what waits for a person, and what is on its way. */
export type LiveStaffAccount = Omit<LiveAccount, "meters"> &
  Pick<AccountView, "balanceWh" | "copyWaiting" | "meters" | "waiting" | "commands" | "credits">;

export type LivePayment = {
  receipt: string;
  amountMinor: number;
  energyWh: number;
  paidAt: number;
  creditedAt: number;
  /** On its way to the wallet on the vendor's platform; null: the meter is our own. */
  credit: { state: CreditState; waiting: boolean } | null;
};

/** First the account's own states, then the Mailbox's. */
export type LiveSmsState = "pending" | "handed" | "rate_limited" | "no_recipient" | OutgoingState;

/** What is under way in the country, the sums of its day, and the newest payments. */
export type LiveStatus = Pick<
  StatusView,
  | "asOf"
  | "country"
  | "database"
  | "phones"
  | "depths"
  | "disconnects"
  | "unmappedMeters"
  | "vendorCredits"
  | "today"
  | "payments"
>;
