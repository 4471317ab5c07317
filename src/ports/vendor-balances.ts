import type { FeedRefusal } from "./vendor-feeds.ts";

/** A wallet on the platform. It is money: only a rate makes energy of it, and that is never the vendor's word. */
export type VendorBalance = {
  customerCode: string;
  balanceMinor: number;
  serials: string[];
  /** What the platform itself bills per kWh, for comparing only; null: it does not say. */
  rateE4PerKwh: number | null;
};

export interface VendorBalances {
  /** `unknown`: the platform shows no such customer; it shows only those with a meter. */
  balance(customerCode: string): Promise<VendorBalance | "unknown" | FeedRefusal>;
}
