import type { Vendor } from "../domain/vendor.ts";
import type { DriftFacts } from "../domain/vendor-drift.ts";

/** What our books know of an account whose wallet is on a platform: all of the comparison but the wallet itself. */
export type WalletAccount = {
  accountId: number;
  account: string;
  site: string;
  vendor: Vendor;
  facts: Omit<DriftFacts, "wallet" | "minorDigits" | "theirRateE4PerKwh">;
};

export type WalletCheck = {
  accountId: number;
  account: string;
  vendor: Vendor;
  readAt: number;
  walletMinor: number | null;
  rateE4PerKwh: number | null;
  theirRateE4PerKwh: number | null;
  oursWh: number;
  theirsWh: number | null;
  verdict: "agree" | "waits" | "differ" | "unknown";
  /** JSON. */
  causes: unknown;
};

/** The books that are compared with platforms. */
export interface WalletBooks {
  /** Live accounts with a meter of their site's vendor now, after an account number, in its order. */
  page(after: string, limit: number, now: number): Promise<WalletAccount[]>;
  one(account: string, now: number): Promise<WalletAccount | null>;
  /**
   * Keeps the looks of a day, and one case an account that differs: the open one goes on with the newest causes, and closes
   * by itself when both sides agree again, or would but for what is late.
   */
  keep(checks: readonly WalletCheck[], currency: string): Promise<void>;
}
