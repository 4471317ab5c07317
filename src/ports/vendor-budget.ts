import type { BudgetGrant, budgetView, CallOutcome, VendorCallKind } from "../domain/vendor-budget.ts";

export type { VendorCallKind } from "../domain/vendor-budget.ts";

export type VendorGrant = BudgetGrant;

export type VendorHealth = { name: string } & ReturnType<typeof budgetView>;

/** One a vendor's organisation: requests are asked for before they are made, and their outcome is told. */
export interface VendorBudget {
  take(kind: VendorCallKind): Promise<VendorGrant>;
  /** `spent`: the vendor itself says that the day's budget is gone. */
  told(kind: VendorCallKind, outcome: CallOutcome, detail: string): Promise<void>;
  health(): Promise<VendorHealth>;
}
