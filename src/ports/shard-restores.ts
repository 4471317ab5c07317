import type { Hints, PostedEntry } from "../domain/claim.ts";
import type { AllocationRow, PaymentRow, SightingRow } from "../domain/outbox.ts";

/** A share as Postgres has it, with what its suspense case says. */
export type RestoredShare = AllocationRow & { hints: Hints | null; openedAt: number | null };

/** A receipt as Postgres has it: all generations in order, and every ledger line that names it. */
export type RestoredReceipt = {
  payment: PaymentRow;
  shares: RestoredShare[];
  /** `entry` for a line in an account, null for a line in our own books. */
  lines: { entryKey: string; entry: PostedEntry | null; amountMinor: number }[];
  /** Every time it was seen, in order. */
  sightings: SightingRow[];
};

export type RestoredReversal = {
  receipt: string;
  provider: string;
  sightingKey: string;
  /** All by which it was told; null: by that one alone. */
  texts: string[] | null;
  at: number;
  version: number;
};

/** What a shard of receipts loads when it has lost, or never had, its own memory. "down": Postgres did not answer. */
export interface ShardRestores {
  /** In order of receipt, after the one named; stand-ins of generation 0 are left out. */
  shardReceipts(shard: number, after: string, limit: number): Promise<RestoredReceipt[] | "down">;
  /** Those of the receipts that Postgres has. */
  receiptsNamed(receipts: string[]): Promise<RestoredReceipt[] | "down">;
  /** Reversals whose case is open, of the whole country: the shard picks its own. */
  openReversals(): Promise<RestoredReversal[] | "down">;
}
