import type { Holder } from "./claim.ts";
import { accountOf, type OpenReceipt } from "./receipt-state.ts";

/** One claim that is not closed, as it is listed. */
export type OpenClaim = {
  receipt: string;
  phase: OpenReceipt["phase"];
  generation: number;
  amountMinor: number;
  currency: string;
  claimedAt: number;
  changedAt: number;
  /** Each share's holder, and whether its account has answered. */
  holders: {
    holder: Holder["kind"];
    account: string | null;
    amountMinor: number;
    posting: OpenReceipt["shares"][number]["posting"];
  }[];
};

/** Open claims of several shards in one list, the longest unchanged first, and no more than `max`. */
export function openClaimsOf(shards: readonly (readonly OpenReceipt[])[], max: number): OpenClaim[] {
  return shards
    .flat()
    .sort((a, b) => a.changedAt - b.changedAt || (a.receipt < b.receipt ? -1 : 1))
    .slice(0, max)
    .map(({ receipt, phase, generation, amountMinor, currency, claimedAt, changedAt, shares }) => ({
      receipt,
      phase,
      generation,
      amountMinor,
      currency,
      claimedAt,
      changedAt,
      holders: shares.map(({ holder, amountMinor: part, posting }) => ({
        holder: holder.kind,
        account: accountOf(holder),
        amountMinor: part,
        posting,
      })),
    }));
}
