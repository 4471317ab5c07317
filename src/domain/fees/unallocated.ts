import { reversalKeyOf } from "../claim.ts";
import type { AccountStatus, LedgerRow } from "../ledger.ts";
import { partOf, UNALLOCATED } from "./debt.ts";

/**
 * What no debt took of one payment to the number of the contract, in minor units, and what became of it. It is the customer's:
 * people sell energy for it here, or pay it back.
 */
export type Unallocated = {
  /** The payment's own entry: `receipt:QK7…#1.1`. */
  paymentKey: string;
  receipt: string;
  amountMinor: number;
  /** What it would be applied of next: an act names what its person has seen, so that one picture is acted on once. */
  leftMinor: number;
  /** What can be applied now: less than is left where the account paid some of it back. */
  availableMinor: number;
};

/** Why energy is not sold for what is unallocated. None is kept: what is refused now may be done later. */
export type ApplyRefusal =
  | "unknown_account"
  | "terminated_account"
  | "nothing_unallocated" // no such payment, it was taken back, or debts took all of it
  | "stale" // somebody has applied of it since it was looked at
  | "more_than_left"
  | "tariff_unset"
  | "too_little"; // it would buy less than half a watt-hour

type Row = Pick<LedgerRow, "book" | "entryKey" | "amountMinor" | "receipt">;

const PART = `/fee.${UNALLOCATED}`;
const APPLIED = /^(receipt:.+#\d+\.\d+)\/energy\.\d+$/;

/** The key of the energy that is sold for what a payment left, made from the payment and from what was left of it by then. */
export const appliedKeyOf = (paymentKey: string, leftMinor: number) => `${paymentKey}/energy.${leftMinor}`;

/** The payment of whose rest an entry sold energy; null: it is another kind of entry. */
export const paymentOfApplied = (entryKey: string): string | null => APPLIED.exec(entryKey)?.[1] ?? null;

/**
 * Payments of which something was unallocated and that were not taken back, the oldest first, by the account's lines of fees. What
 * was paid back is the account's, not a payment's: together no more can be applied than the account has left.
 */
export function unallocatedOf(rows: readonly Row[]): Unallocated[] {
  const own = rows.filter((row) => partOf(row) === UNALLOCATED);
  const keys = new Set(own.map(({ entryKey }) => entryKey));
  const found = new Map<string, Unallocated>();
  for (const { entryKey, amountMinor, receipt } of own) {
    if (!entryKey.endsWith(PART) || keys.has(reversalKeyOf(entryKey))) continue;
    const postingKey = entryKey.slice(0, -PART.length);
    const paymentKey = paymentOfApplied(postingKey) ?? postingKey;
    const known = found.get(paymentKey);
    if (known !== undefined) known.leftMinor += amountMinor;
    else if (receipt !== null)
      found.set(paymentKey, { paymentKey, receipt, amountMinor, leftMinor: amountMinor, availableMinor: 0 });
  }
  const accountMinor = own.reduce((sum, { amountMinor }) => sum + amountMinor, 0);
  for (const each of found.values()) each.availableMinor = Math.max(0, Math.min(each.leftMinor, accountMinor));
  return [...found.values()];
}

/**
 * What of these payments' rests, of one account, that account no longer has: it was paid back. Are they taken from the account together,
 * it owes so much, for it went out twice. What became energy is no such loss: it is taken back with its payment.
 * `accountMinor`: all that is unallocated there.
 */
export function paidBackMinor(rests: readonly Pick<Unallocated, "leftMinor">[], accountMinor: number): number {
  const leftMinor = rests.reduce((sum, rest) => sum + rest.leftMinor, 0);
  return Math.max(0, leftMinor - Math.max(0, accountMinor));
}

/** Entries that sold energy for what payments left, and were not taken back; each with its payment. */
export function appliedOf(rows: readonly Row[]): { entryKey: string; paymentKey: string }[] {
  const keys = new Set(rows.map(({ entryKey }) => entryKey));
  return rows
    .filter(({ entryKey }) => entryKey.endsWith(PART) && !keys.has(reversalKeyOf(entryKey)))
    .flatMap((row) => {
      const entryKey = row.entryKey.slice(0, -PART.length);
      const paymentKey = paymentOfApplied(entryKey);
      return paymentKey === null ? [] : [{ entryKey, paymentKey }];
    });
}

/** When energy was last sold for what a payment left, UTC ms; null: never, or all of it was taken back. */
export function newestSaleAt(rows: readonly (Row & Pick<LedgerRow, "acceptedAt">)[]): number | null {
  const keys = new Set(rows.map(({ entryKey }) => entryKey));
  const sales = rows.filter(
    ({ entryKey }) =>
      entryKey.endsWith(PART) &&
      paymentOfApplied(entryKey.slice(0, -PART.length)) !== null &&
      !keys.has(reversalKeyOf(entryKey)),
  );
  return sales.reduce<number | null>((newest, { acceptedAt }) => Math.max(newest ?? acceptedAt, acceptedAt), null);
}

/**
 * May energy be sold for so much of what a payment left? Null: yes. `energyWh`: what the amount buys; null: there is no tariff.
 * Throws on an amount that is not whole and positive.
 */
export function decideApply(
  rest: Unallocated | undefined,
  { leftMinor, amountMinor }: { leftMinor: number; amountMinor: number },
  { status, energyWh }: { status: Exclude<AccountStatus, "unknown">; energyWh: number | null },
): ApplyRefusal | null {
  if (!Number.isSafeInteger(amountMinor) || amountMinor <= 0)
    throw new RangeError(`amountMinor is ${amountMinor}, expected a whole number above 0`);
  if (status === "terminated") return "terminated_account";
  if (rest === undefined) return "nothing_unallocated";
  if (rest.leftMinor !== leftMinor) return "stale";
  if (amountMinor > rest.availableMinor) return "more_than_left";
  if (energyWh === null) return "tariff_unset";
  return energyWh === 0 ? "too_little" : null;
}
