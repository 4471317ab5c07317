import type { Look, LookCandidate } from "../domain/live-balance.ts";
import type { Vendor } from "../domain/vendor.ts";

export type LiveAccount = LookCandidate & {
  accountId: number;
  vendor: Vendor;
  /** Ours, of now; null: nothing is vended here. */
  rateE4PerKwh: number | null;
};

export type KeptLook = Look & { accountId: number; vendor: Vendor; rateE4PerKwh: number | null };

/** Looks at wallets on vendors' platforms, for showing. No posting is ever made from one. */
export interface LiveBalances {
  /** Live accounts with a meter of their site's vendor now; at most `limit`. */
  candidates(now: number, limit: number): Promise<LiveAccount[]>;
  one(account: string, now: number): Promise<LiveAccount | null>;
  /** A look of each account; an older one never replaces a newer. */
  keep(looks: readonly KeptLook[], currency: string): Promise<void>;
}
