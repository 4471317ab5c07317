import type { VendorCreditRow } from "../domain/outbox.ts";

/** What Postgres has of an account's credits at a vendor. "down": Postgres did not answer. */
export interface CreditRestores {
  /** In order of external id, after the one named; "": from the first. */
  accountCredits(accountId: number, afterId: string, limit: number): Promise<VendorCreditRow[] | "down">;
}
