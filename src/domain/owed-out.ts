import type { CreditState } from "./vendor-credit.ts";

/**
 * What is owed to somebody else and has not come to its end. credit: money that a vendor's wallet is to have. excess: money that it is not to
 * have any more. parked: an SMS of which nobody knows whether the old system has it.
 */
export type OwedOut = { kind: "credit" | "excess" | "parked"; name: string; at: number };

/** Sent until it is there: nothing of one account's is wrong, the vendor does not take it. */
const BY_ITSELF: ReadonlySet<CreditState> = new Set(["queued", "sent", "taking_back"]);

/**
 * By what an alarm names a credit: what goes on by itself by its vendor, so that an outage is one name however many pay meanwhile; what a
 * person has to mend by its account, so that each is noticed beside an outage and beside others.
 */
export const creditName = (credit: { vendor: string; account: string; state: CreditState }): string =>
  BY_ITSELF.has(credit.state) ? credit.vendor : `${credit.account} ${credit.state}`;
