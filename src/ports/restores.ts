import type { CreditWriterSetting } from "../domain/credit-writer.ts";
import type { LedgerRow } from "../domain/ledger.ts";
import type { CarrierSetting } from "../domain/sms-route.ts";
import type { AccountFacts } from "./accounts.ts";
import type { SmsTemplate } from "./directory.ts";

export const FACTS_MAX = 200;

/** What an object loads from Postgres when it has lost, or never had, its own memory. "down": it did not answer. */
export interface Restores {
  /** Null: there is no such account. */
  accountFacts(account: string): Promise<AccountFacts | null | "down">;
  /** Of all that exist; their order is nobody's. `isBlank`: there is nothing else to load. At most FACTS_MAX in a call. */
  accountsFacts(accounts: string[]): Promise<{ facts: AccountFacts; isBlank: boolean }[] | "down">;
  /** Whether Postgres has this id for this account. It may be another's, or nobody's, once Postgres was set back. */
  isAccountsId(account: string, accountId: number): Promise<boolean | "down">;
  /** The account's own entries after a sequence, in order. */
  accountEntries(accountId: number, afterSeq: number, limit: number): Promise<LedgerRow[] | "down">;
  directoryRows(): Promise<DirectoryRows | "down">;
}

export type DirectoryRows = {
  placements: { meterNumber: string; account: string; from: number; to: number | null; version: number }[];
  templates: SmsTemplate[];
  cutoverAt: number | null;
  carrier: { setting: CarrierSetting; version: number } | null;
  creditWriters: CreditWriterSetting[];
};
