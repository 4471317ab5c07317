import type { CaseRow } from "../domain/outbox.ts";
import type { Vendor } from "../domain/vendor.ts";
import type { CreditState } from "../domain/vendor-credit.ts";

/** A payment of the platform that is claimed here. */
export type Mirrored = { receipt: string; at: number };

/** What tells a credit where the platform has dropped its external id. The memo is a `plainMemo`. */
export type MemoCredit = { account: string; amountMinor: number; memo: string };

/** A credit of ours, named by its external id, and what an echo of it has to be of. */
export type OurCredit = { id: string; account: string; amountMinor: number; state: CreditState };

/** What the mirror keeps, and asks of Postgres. Throws when Postgres does not answer: the run is made again. */
export interface Mirrors {
  /** Up to when the vendor's payments are here, UTC ms; null: it never ran. */
  watermark(vendor: Vendor): Promise<number | null>;
  /** It only rises. */
  advance(vendor: Vendor, at: number, counts: Record<string, number>, now: number): Promise<void>;
  /** Our credits by external id, as far as Postgres has them. */
  credits(externalIds: string[]): Promise<Map<string, OurCredit>>;
  /** Those of these credits that are ours, as far as Postgres has them. */
  creditsByMemo(credits: MemoCredit[]): Promise<(OurCredit & MemoCredit)[]>;
  /** Payments of this amount that the mirror brought to an account since an instant, newest first. */
  mirrored(account: string, amountMinor: number, since: number): Promise<Mirrored[]>;
  openCase(row: CaseRow): Promise<void>;
}
