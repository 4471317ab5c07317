import type { AccountStatus } from "../ledger.ts";
import { type DebtStanding, debtsOf, type FeePart, feesOwed, isAgreed, UNALLOCATED } from "./debt.ts";

/** charge: it is owed from now on. writeoff: it is owed no longer. refund: what was paid of it goes back to the customer. */
export const FEE_ACTS = ["charge", "writeoff", "refund"] as const;
export type FeeAct = (typeof FEE_ACTS)[number];

/** What gives away our money takes two people; what charges the country's price takes one, or the registration itself. */
export const needsSecondPerson = (act: FeeAct): boolean => act !== "charge";

/** What an account, or the country, refuses an order for; a person's own words are none of these. */
export const FEE_REFUSALS = [
  "terminated_account",
  "already_charged",
  "fee_owed", // an advance is granted to whom owes no fee
  "not_charged",
  "more_than_owed", // to be written off
  "more_than_paid", // to be paid back
  "currency",
  "unknown_account",
  "fees_off", // the country charges no such fee
] as const;
export type FeeRefusal = (typeof FEE_REFUSALS)[number];

/** Most that one order is about, in minor units. */
export const FEE_MINOR_MAX = 1_000_000_000;

/** Why an order about a debt is refused as things stand; null: it is posted. Throws on an amount that is not whole and positive. */
export function decideFee(
  standings: readonly DebtStanding[],
  { act, part, amountMinor }: { act: FeeAct; part: FeePart; amountMinor: number },
  status: Exclude<AccountStatus, "unknown">,
): FeeRefusal | null {
  if (!Number.isSafeInteger(amountMinor) || amountMinor <= 0)
    throw new RangeError(`amountMinor is ${amountMinor}, expected a whole number above 0`);
  const standing = standings.find((each) => each.part === part);
  if (act === "charge") {
    if (status === "terminated") return "terminated_account";
    if (part.startsWith("advance.") && feesOwed(debtsOf(standings, [])) > 0) return "fee_owed";
    // One connection and one readyboard an account: charged twice it would be paid twice. An advance that is repaid may be granted again.
    const isFree = standing === undefined || (isAgreed(part) && standing.outstandingMinor <= 0);
    return isFree ? null : "already_charged";
  }
  if (standing === undefined) return "not_charged";
  if (act === "writeoff") return amountMinor > standing.outstandingMinor ? "more_than_owed" : null;
  // What nothing took is the customer's as far as it is there: also after a debt of the kind was written off.
  const hasMinor = part === UNALLOCATED ? -standing.outstandingMinor : standing.paidMinor;
  return amountMinor > hasMinor ? "more_than_paid" : null;
}
