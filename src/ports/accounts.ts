import type { Currency, Language } from "../domain/country.ts";
import type { AccountStatus, PaymentPost, PostAnswer } from "../domain/ledger.ts";
import type { CommandState, RelayAction } from "../domain/relay.ts";
import type { Rate } from "../domain/tariff.ts";

/** What an account's object has to know to work while the database is down; refreshed when any of it changes. */
export type AccountFacts = {
  accountId: number;
  account: string;
  status: Exclude<AccountStatus, "unknown">;
  currency: Currency;
  language: Language;
  holderPhone: string | null;
  /** Rates that can apply to this account: its own, its site's, the country's. */
  rates: Rate[];
  /** Meters placed here now and before. `thing` is the gateway's name, null for meters that are not ours to command. */
  meters: { meterNumber: string; thing: string | null; from: number; to: number | null }[];
  /** Rises with every change in Postgres: an older refresh changes nothing. */
  version: number;
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
  balanceWh: number;
  seq: number;
  rateE4PerKwh: number | null;
  currency: Currency;
  copyWaiting: number;
  commands: {
    id: string;
    meterNumber: string;
    action: RelayAction;
    state: CommandState;
    because: string;
    requestedAt: number;
  }[];
  asOf: number;
};

/** One object an account; reached by account number through one function, `accountLocator`. */
export interface Accounts {
  configure(facts: AccountFacts): Promise<void>;
  /** `not_ready` while the object restores itself and the database does not answer. */
  status(account: string): Promise<AccountStatus | "not_ready">;
  post(account: string, payment: PaymentPost): Promise<PostAnswer>;
  /** The final answer for a key: what was posted or refused, or, for a key never seen, refused from now on. */
  settle(account: string, entryKey: string): Promise<PostAnswer>;
  /** Takes back a posted entry, once. */
  reverse(account: string, order: { entryKey: string; actor: string; reason: string; at: number }): Promise<PostAnswer>;
  acknowledge(account: string, ack: RelayAck): Promise<AckAnswer>;
  view(account: string): Promise<AccountView | "not_ready" | null>;
}
