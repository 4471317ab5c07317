import type { AccountStatus } from "../domain/ledger.ts";

/** What only Postgres knows. `down` when it did not answer: the caller leaves the SMS where it is, or answers 503. */
export interface Lookups {
  accountsByPhone(phone: string): Promise<{ account: string; status: AccountStatus }[] | "down">;
  /** The account an old channel id stood for at an instant. */
  accountByAlias(alias: string, at: number): Promise<string | null | "down">;
  /** Whether the old books have this amount of the same account or payer, on a row that names no receipt. */
  inOldBooks(payment: {
    amountMinor: number;
    account: string | null;
    payerPhone: string | null;
  }): Promise<boolean | "down">;
}
