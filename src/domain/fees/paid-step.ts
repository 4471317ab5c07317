import type { Ask } from "../commissioning.ts";
import type { Step } from "../commissioning-rules.ts";
import { localDay } from "../local-day.ts";
import type { DebtStanding, Fee } from "./debt.ts";

/** Who records the steps that follow from the books. */
export const FEE_STEPS_BY = "the books of fees";

/** The step of each fee. */
export const FEE_STEPS: Readonly<Record<Fee, Step>> = {
  connection: "connection_fee_paid",
  readyboard: "readyboard_fee_paid",
};

/**
 * Whether a fee that was charged is paid: nothing of it is owed any more, and payments brought at least a part. One that was written off
 * whole, or paid back and owed no more, was never paid.
 */
export const isPaid = ({
  outstandingMinor,
  paidMinor,
}: Pick<DebtStanding, "outstandingMinor" | "paidMinor">): boolean => outstandingMinor <= 0 && paidMinor > 0;

/** What the books say of a fee's step: reached on the local day of its last payment, or, since that is taken back, not. */
export function askOf(
  fee: Pick<DebtStanding, "outstandingMinor" | "paidMinor"> & { part: Fee; paidAt: number | null },
  utcOffsetMinutes: number,
): Ask {
  const step = FEE_STEPS[fee.part];
  return isPaid(fee) && fee.paidAt !== null
    ? { act: "record", step, day: localDay(fee.paidAt, utcOffsetMinutes) }
    : { act: "withdraw", step };
}
