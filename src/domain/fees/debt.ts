import type { LedgerRow } from "../ledger.ts";

/** What a connection costs once, and its readyboard where the customer takes one. Paid down in this order. */
export const FEES = ["connection", "readyboard"] as const;
export type Fee = (typeof FEES)[number];

/** What an account may owe beside energy: a fee, an advance against a fee, a plan by which an appliance is paid. */
export type DebtName = Fee | `advance.${Fee}` | `financing.${string}`;

/** Paid through the channel of the contract, with no debt left to take it: the customer's, and a person's to decide on. */
export const UNALLOCATED = "unallocated";
export type FeePart = DebtName | typeof UNALLOCATED;

/** Owed by an agreement with a contract, beside the fees; repaid a part at a time. */
export const isAgreed = (part: FeePart): part is Exclude<DebtName, Fee> =>
  part.startsWith("advance.") || part.startsWith("financing.");

/**
 * What a contract says of a debt. Fractions in ten-thousandths. An advance has a monthly fee on what is left of it, a plan of
 * an appliance a penalty once nothing was paid for `graceDays`, and again after each `intervalDays`; 0: it has none.
 */
export type DebtTerms = {
  part: DebtName;
  fractionE4: number;
  monthlyFeeE4: number;
  penaltyE4: number;
  graceDays: number;
  intervalDays: number;
};

/** A debt whose payments are a fraction of what is paid, in ten-thousandths. */
export type RepaidDebt = { name: DebtName; outstandingMinor: number; fractionE4: number };

/**
 * All that an account owes beside energy, in minor units. A fee that is absent was never charged here, one at zero is paid.
 * `financing`: the oldest agreement first.
 */
export type Debts = {
  fees: Partial<Record<Fee, number>>;
  advances: readonly RepaidDebt[];
  financing: readonly RepaidDebt[];
};

export const NO_DEBTS: Debts = { fees: {}, advances: [], financing: [] };

/** The fees that are still owed, together. */
export const feesOwed = ({ fees }: Pick<Debts, "fees">): number => (fees.connection ?? 0) + (fees.readyboard ?? 0);

/** True when nothing is owed: a payment then is energy, all of it. */
export const owesNothing = (debts: Debts): boolean =>
  feesOwed(debts) === 0 &&
  [...debts.advances, ...debts.financing].every(({ outstandingMinor }) => outstandingMinor === 0);

/** How one debt stands: what was charged and forgiven, what payments brought, and what is left of it (below zero: a credit). */
export type DebtStanding = {
  part: FeePart;
  chargedMinor: number;
  forgivenMinor: number;
  paidMinor: number;
  outstandingMinor: number;
};

type FeeRow = Pick<LedgerRow, "book" | "entryKey" | "kind" | "amountMinor">;

/** Every debt that an account ever had, by its own lines of the ledger, in the order in which they were charged. */
export function standingsOf(rows: readonly FeeRow[]): DebtStanding[] {
  const standings = new Map<FeePart, DebtStanding>();
  for (const row of rows) {
    const part = partOf(row);
    if (part === null) continue;
    const known = standings.get(part);
    const standing = known ?? { part, chargedMinor: 0, forgivenMinor: 0, paidMinor: 0, outstandingMinor: 0 };
    if (known === undefined) standings.set(part, standing);
    const { amountMinor, kind } = row;
    standing.outstandingMinor -= amountMinor;
    if (kind !== "fee" || isRefund(row)) standing.paidMinor += amountMinor;
    else if (amountMinor < 0) standing.chargedMinor -= amountMinor;
    else standing.forgivenMinor += amountMinor;
  }
  return [...standings.values()];
}

/**
 * What is still owed, as a payment is split by it; the debts of agreements in the order in which they were made. One whose
 * terms are not known here yet takes nothing of a payment, and is owed all the same.
 */
export function debtsOf(standings: readonly DebtStanding[], terms: readonly DebtTerms[]): Debts {
  const fees: Debts["fees"] = {};
  const repaid: RepaidDebt[] = [];
  for (const { part, outstandingMinor } of standings) {
    if (part === "connection" || part === "readyboard") fees[part] = Math.max(0, outstandingMinor);
    const agreed = isAgreed(part) ? terms.find((each) => each.part === part) : undefined;
    if (agreed !== undefined && outstandingMinor > 0)
      repaid.push({ name: agreed.part, outstandingMinor, fractionE4: agreed.fractionE4 });
  }
  const isAdvance = ({ name }: RepaidDebt) => name.startsWith("advance.");
  return { fees, advances: repaid.filter(isAdvance), financing: repaid.filter((debt) => !isAdvance(debt)) };
}

const PART = /^receipt:.+\/fee\.([a-z0-9.-]+)(?::reversal)?$/;
const ORDER = /^fee:[a-z]+:([a-z0-9.-]+):[^:/]+$/;

/** The key of the part of a posting that pays a debt: made from the posting's own key, so that twice is once. */
export const partKeyOf = (postingKey: string, part: FeePart) => `${postingKey}/fee.${part}`;

/** The key of an order about a debt: `fee:charge:connection:0045MAK`. `id` names what orders it, once. */
export const feeKeyOf = (act: string, part: FeePart, id: string) => `fee:${act}:${part}:${id}`;

/** Which debt a line of the account's fees is about; null: it is no such line. */
export function partOf({ book, entryKey }: Pick<LedgerRow, "book" | "entryKey">): FeePart | null {
  if (book !== "customer_fees") return null;
  return (PART.exec(entryKey)?.[1] ?? ORDER.exec(entryKey)?.[1] ?? null) as FeePart | null;
}

/** Paid back to the customer: the money goes the way it came. */
export const isRefund = ({ entryKey }: Pick<LedgerRow, "entryKey">): boolean => entryKey.startsWith("fee:refund:");

/** True for the part of a payment that pays a debt: the payment's own line stands before it, under the posting's key. */
export const isFeePart = (row: Pick<LedgerRow, "book" | "entryKey">): boolean =>
  row.book === "customer_fees" && PART.test(row.entryKey);
