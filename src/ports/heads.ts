import type { HeldMoney } from "./gate.ts";

/** The end of an account's ledger as Postgres has it; an account without entries is left out. */
export type AccountHead = {
  account: string;
  seq: number;
  balanceWh: number;
  /** Of the entry with this sequence. */
  hash: string;
  /** Sum of energy over all its entries: it must be the balance. */
  sumWh: number;
  /** Its entries: fewer than `seq` means that one is missing. */
  entries: number;
};

/** How many readings of a meter one side has on an account since an instant, and the sum of their registers. */
export type MeterHead = { meterNumber: string; readings: number; sumWh: number };

/** Under this name the credits of an account for a vendor's wallet are counted beside its meters: how many, and the sum of their versions. */
export const CREDITS_HEAD = "vendor credits";

/**
 * Count and SHA-256 (hex) of the lines of a day, each ended by a line feed, in the order of their bytes. Both sides make
 * the same lines: `receipt#generation/shares/postings` for a shard, `externalId|contentHash` (no id: nothing
 * before the bar) for a phone.
 */
export type Digest = { count: number; sha256: string };

/**
 * How much one side has of a receipt: shares of its present generation, and postings: those of our own books, and of the
 * accounts' those that Postgres was once known to have.
 */
export type ClaimExtent = { generation: number; shares: number; postings: number };

/** Postgres's side of the nightly comparison. A day is a UTC day, "2026-11-03". Throws when Postgres does not answer. */
export interface Heads {
  heads(accounts: string[]): Promise<AccountHead[]>;
  /** In order of account and meter; a meter without a reading since then is left out. */
  meterHeads(accounts: string[], since: number): Promise<(MeterHead & { account: string })[]>;
  /** The next accounts after one, in order of number: a page of the job. */
  accountsAfter(account: string, limit: number): Promise<string[]>;
  /** Those of these accounts that Postgres does not have: it was set back since they were registered. */
  unregistered(accounts: string[]): Promise<string[]>;
  /** Claims of a shard by day of claim; stand-ins are left out. */
  shardDigest(shard: number, day: string): Promise<Digest>;
  /** The same, one by one: where the digests differ. */
  shardReceiptsOf(shard: number, day: string): Promise<({ receipt: string } & ClaimExtent)[]>;
  /** How far Postgres has come with these receipts; those it has not, or only as stand-ins, are left out. */
  versionsOf(receipts: string[]): Promise<({ receipt: string; version: number } & ClaimExtent)[]>;
  /** SMS of a phone by day of receipt, not before `from`, those that another phone brought first included. */
  mailboxDigest(phoneId: string, day: string, from: number): Promise<Digest>;
  /**
   * Those of the same SMS, quarantined ones left out, that are not settled: no result of this phone is recorded, or one
   * from before `settledBefore` claimed a receipt that Postgres does not have, since whoever held the claim lost it.
   */
  smsWithoutResult(
    phoneId: string,
    day: string,
    settledBefore: number,
    limit: number,
  ): Promise<{ externalId: string | null; contentHash: string }[]>;
  /** Every gateway phone, revoked ones included: what they brought is still compared. */
  phones(limit: number): Promise<string[]>;
  tills(limit: number): Promise<string[]>;
  /**
   * Whether the country disconnects at all, how many live accounts with a meter of ours each site has, and the sites that
   * were stopped and that no person has looked at, the last one first.
   */
  gateSettings(): Promise<{
    disconnectsOn: boolean;
    sites: { site: string; accounts: number }[];
    breakers: { site: string; trippedAt: number; because: "burst" | "share" }[];
  }>;
  /** Texts without a receipt, the youngest first: money that waits, or did until a person closed its case. */
  textsWithoutReceipt(limit: number): Promise<(HeldMoney & { closed: boolean })[]>;
}
