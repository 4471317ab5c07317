/** What nothing took of a payment: sold as energy once, never more than was left, never what was paid back. */
import { isFeePart, partOf, UNALLOCATED } from "../../src/domain/fees/debt.ts";
import { paymentOfApplied } from "../../src/domain/fees/unallocated.ts";
import type { LedgerRow } from "../../src/domain/ledger.ts";
import type { Invariant } from "./invariants.ts";
import type { EntrySeen } from "./snapshot.ts";

/** At the one tariff of these runs, 5.00 a kWh, a minor unit buys so many watt-hours. */
const WH_PER_MINOR = 2;

const asLine = ({ book, entryKey }: EntrySeen) => ({ book: book as LedgerRow["book"], entryKey });
const isUnallocated = (entry: EntrySeen) => partOf(asLine(entry)) === UNALLOCATED;
const bySeq = (one: EntrySeen, other: EntrySeen) => (one.seq ?? 0) - (other.seq ?? 0);

type Sale = { key: string; paymentKey: string; soldMinor: number; energyWh: number; seq: number; isReversed: boolean };

/** Energy that was sold for rests, in the order of the account. */
function salesIn(entries: readonly EntrySeen[]): Sale[] {
  const keys = new Set(entries.map(({ entryKey }) => entryKey));
  return entries
    .filter(
      ({ book, kind, entryKey }) => book === "customer_energy" && kind === "payment" && paymentOfApplied(entryKey),
    )
    .sort(bySeq)
    .map(({ entryKey, energyWh, seq }) => {
      const line = entries.find((entry) => entry.entryKey === `${entryKey}/fee.${UNALLOCATED}`);
      return {
        key: entryKey,
        paymentKey: paymentOfApplied(entryKey) ?? "",
        soldMinor: -(line?.amountMinor ?? 0),
        energyWh,
        seq: seq ?? 0,
        isReversed: keys.has(`${entryKey}:reversal`),
      };
    });
}

/** How often energy was sold for a rest, and how often some of one was paid back. */
export const restActsIn = (entries: readonly EntrySeen[]) => ({
  sold: salesIn(entries).length,
  paidBack: entries.filter((entry) => isUnallocated(entry) && entry.entryKey.startsWith("fee:refund:")).length,
});

export const restInvariants: readonly Invariant[] = [
  {
    name: "what nothing took of a payment is sold once, at its price, and no more of it than was left",
    check: ({ entries }) => {
      const came = entries.filter(
        (entry) =>
          isUnallocated(entry) && isFeePart(asLine(entry)) && entry.kind === "payment" && entry.amountMinor > 0,
      );
      const left = new Map(came.map(({ postingId, amountMinor }) => [postingId, amountMinor]));
      return salesIn(entries).flatMap(({ key, paymentKey, soldMinor, energyWh }) => {
        const leftMinor = left.get(paymentKey) ?? 0;
        left.set(paymentKey, leftMinor - soldMinor);
        const isRight = key === `${paymentKey}/energy.${leftMinor}` && soldMinor > 0 && soldMinor <= leftMinor;
        return isRight && energyWh === soldMinor * WH_PER_MINOR
          ? []
          : [`${key}: sold ${soldMinor} as ${energyWh} Wh, ${leftMinor} were left`];
      });
    },
  },
  {
    name: "energy of a rest goes when its payment is taken back, and stays while it is not",
    check: ({ entries }) => {
      const reversals = new Map(
        entries.filter(({ kind }) => kind === "reversal").map(({ entryKey, seq }) => [entryKey, seq ?? 0]),
      );
      return salesIn(entries).flatMap(({ key, paymentKey, seq, isReversed }) => {
        const takenBack = reversals.get(`${paymentKey}:reversal`);
        if (takenBack === undefined) return isReversed ? [`${key}: taken back without its payment`] : [];
        return isReversed && seq < takenBack
          ? []
          : [`${key}: its payment was taken back, and it ${isReversed ? "was sold afterwards" : "stands"}`];
      });
    },
  },
  {
    name: "what was paid back of a rest is not sold, and what was sold is not paid back",
    check: ({ accounts, entries }) =>
      accounts.flatMap(({ account }) => {
        let hasMinor = 0;
        return entries
          .filter((entry) => entry.account === account && isUnallocated(entry))
          .sort(bySeq)
          .flatMap(({ entryKey, kind, amountMinor }) => {
            hasMinor += amountMinor;
            const isSpent = kind !== "reversal" && amountMinor < 0;
            return isSpent && hasMinor < 0 ? [`${account}: ${entryKey} took ${-hasMinor} more than there was`] : [];
          });
      }),
  },
];
