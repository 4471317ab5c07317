import type { Country } from "../country.ts";

/** What a connection costs once, in minor units. Null: there is no such fee in the country. */
export type Fees = NonNullable<Country["fees"]>;

/** What is known of one account of a customer. */
export type CohortAccount = {
  /** Fees that were paid, from the ledger and the old books; money for electricity is never in it. Null: no row says anything. */
  feesMinor: number | null;
  /** Somebody recorded that it was paid. */
  isConnectionPaid: boolean;
  isReadyboardPaid: boolean;
  isConnected: boolean;
  isMetered: boolean;
  isEnded: boolean;
};
/** `isKnown`: whoever is registered in these books; had they paid a fee, it would stand here. */
export type CohortFacts = { isKnown: boolean; accounts: readonly CohortAccount[] };

const LIGHTS = ["not_connected", "not_metered", "connected"] as const;
type Light = (typeof LIGHTS)[number];
const PAIDS = ["fully_paid", "partially_paid", "fee_unknown", "no_fee"] as const;
export type CohortStatus = "terminated" | "not_paid" | `${(typeof PAIDS)[number]}_${Light}`;

export const COHORT_STATUSES: readonly CohortStatus[] = [
  "not_paid",
  ...PAIDS.flatMap((paid) => LIGHTS.map((light) => `${paid}_${light}` as const)),
  "terminated",
];

export type Cohort = {
  status: CohortStatus;
  /** Null: nobody knows, or there is no fee. */
  feePaidMinor: number | null;
  feeDueMinor: number | null;
  /** What is still owed; null: nobody knows. Unknown is never taken for 0. */
  feeDebtMinor: number | null;
};

/**
 * Where a customer stands, over all accounts that have not ended. List and detail ask this one function. First match: terminated, not paid, then
 * how much of the fees is paid, with whether there is light.
 */
export function cohortOf({ isKnown, accounts }: CohortFacts, fees: Fees | null): Cohort {
  const isTerminated = accounts.length > 0 && accounts.every(({ isEnded }) => isEnded);
  const open = isTerminated ? accounts : accounts.filter(({ isEnded }) => !isEnded);
  const light = lightOf(open);
  const fee = feeOf(isKnown, open, fees);
  const { feePaidMinor: paid, feeDebtMinor: debt } = fee;
  if (isTerminated) return { status: "terminated", ...fee };
  if (fees === null) return { status: `no_fee_${light}`, ...fee };
  if (debt === null || paid === null) return { status: `fee_unknown_${light}`, ...fee };
  if (debt === 0) return { status: `fully_paid_${light}`, ...fee };
  return { status: paid > 0 ? `partially_paid_${light}` : "not_paid", ...fee };
}

function lightOf(open: readonly CohortAccount[]): Light {
  const lit = open.filter(({ isConnected }) => isConnected);
  if (lit.length === 0) return "not_connected";
  return lit.some(({ isMetered }) => isMetered) ? "connected" : "not_metered";
}

/** Whoever has no account yet owes the fees of one. */
const NO_ACCOUNT: CohortAccount = {
  feesMinor: null,
  ...{ isConnectionPaid: false, isReadyboardPaid: false, isConnected: false, isMetered: false, isEnded: false },
};

function feeOf(isKnown: boolean, open: readonly CohortAccount[], fees: Fees | null): Omit<Cohort, "status"> {
  if (fees === null) return { feePaidMinor: null, feeDueMinor: null, feeDebtMinor: null };
  const each = open.length === 0 ? [NO_ACCOUNT] : open;
  const feeDueMinor = each.length * (fees.connectionMinor + fees.readyboardMinor);
  const paid = each.map((account) => paidOf(account, isKnown, fees));
  if (paid.some((minor) => minor === null)) return { feePaidMinor: null, feeDueMinor, feeDebtMinor: null };
  const due = feeDueMinor / each.length;
  const sum = (minors: readonly number[]) => minors.reduce((all, minor) => all + minor, 0);
  const feePaidMinor = sum(paid.map((minor) => minor ?? 0));
  return { feePaidMinor, feeDueMinor, feeDebtMinor: sum(paid.map((minor) => Math.max(0, due - (minor ?? 0)))) };
}

/** What one account has paid in fees: the money that is known, or the steps that say so, whichever is more. */
function paidOf({ feesMinor, isConnectionPaid, isReadyboardPaid }: CohortAccount, isKnown: boolean, fees: Fees) {
  const said = (isConnectionPaid ? fees.connectionMinor : 0) + (isReadyboardPaid ? fees.readyboardMinor : 0);
  if (feesMinor === null && said === 0) return isKnown ? 0 : null;
  return Math.max(0, feesMinor ?? 0, said);
}
