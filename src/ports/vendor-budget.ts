/** What a call is for: each kind has its own share of the organisation's budget. Credits go before everything else. */
export type VendorCallKind = "credit" | "balance" | "data" | "metadata" | "web";

export type VendorGrant =
  | { granted: true }
  | { granted: false; because: "busy" | "budget_spent" | "breaker_open"; retryAt: number };

export type VendorHealth = {
  name: string;
  day: string;
  used: Record<string, number>;
  dailyMax: number;
  breaker: "closed" | "open" | "half_open";
  openUntil: number | null;
  lastOkAt: number | null;
  lastFailure: { at: number; detail: string } | null;
};

/** One a vendor's organisation: requests are asked for before they are made, and their outcome is told. */
export interface VendorBudget {
  take(kind: VendorCallKind): Promise<VendorGrant>;
  /** `spent`: the vendor itself says that the day's budget is gone. */
  told(kind: VendorCallKind, outcome: "ok" | "failed" | "spent", detail: string): Promise<void>;
  health(): Promise<VendorHealth>;
}
