/** Money for the vendor's wallets: there once for each posting, and for nothing else. */
import type { Invariant } from "./invariants.ts";
import { vendorOf } from "./names.ts";
import type { EntrySeen, Snapshot } from "./snapshot.ts";

/** ThunderCloud takes nothing back: what is in its wallet stays there, and a person is told. */
const staysInWallet = (account: string | null) => vendorOf((account ?? "").slice(4)) === "thundercloud";

/** What was posted for payments to accounts at the vendor, and whether it was taken back. */
function postedOf({ entries, atVendor }: Snapshot): (EntrySeen & { isReversed: boolean })[] {
  const own = entries.filter(({ account }) => account !== null && atVendor.includes(account));
  const keys = new Set(own.map(({ entryKey }) => entryKey));
  return (
    own
      // A wallet gets energy: what of a payment paid a fee is not in it.
      .filter(({ kind, book, amountMinor }) => kind === "payment" && book === "customer_energy" && amountMinor > 0)
      .map((entry) => ({ ...entry, isReversed: keys.has(`${entry.entryKey}:reversal`) }))
  );
}

export const vendorInvariants: readonly Invariant[] = [
  {
    name: "what was posted is in the vendor's wallet exactly once, and what was taken back is not",
    check: (seen) =>
      postedOf(seen).flatMap(({ entryKey, account, amountMinor, isReversed }) => {
        const there = seen.wallets.filter(({ externalId }) => externalId === entryKey);
        const standing = there.filter((payment) => !payment.isReversed);
        if (isReversed && staysInWallet(account))
          return there.length <= 1 ? [] : [`${entryKey}: ${there.length} times in the wallet`];
        if (isReversed) return standing.length === 0 ? [] : [`${entryKey}: reversed here, still in the wallet`];
        const [only] = standing;
        if (there.length !== 1 || only === undefined)
          return [`${entryKey}: ${there.length} times in the wallet, ${standing.length} of them stand`];
        const isRight = only.account === account && only.amountMinor === amountMinor && only.isProcessed;
        return isRight ? [] : [`${entryKey}: ${amountMinor} for ${account} here, ${JSON.stringify(only)} there`];
      }),
  },
  {
    name: "nothing is in a vendor's wallet without a posting",
    check: (seen) => {
      const posted = new Set(postedOf(seen).map(({ entryKey }) => entryKey));
      return seen.wallets.flatMap(({ externalId, account }) =>
        externalId !== null && posted.has(externalId) ? [] : [`${externalId} in the wallet of ${account}`],
      );
    },
  },
  {
    name: "what was reversed and cannot be taken back at its vendor has an open case, and nothing else has",
    check: ({ credits, wallets, cases }) => {
      const told = cases.filter(({ kind, state }) => kind === "vendor_credit" && state === "open");
      const left = credits.filter(({ because }) => because === "cannot_take_back");
      const accounts = new Set(
        [...left, ...credits.filter(({ state }) => state === "taking_back")].map(({ account }) => account),
      );
      return [
        ...left.flatMap(({ externalId, account }) => {
          const isThere = wallets.some((payment) => payment.externalId === externalId && !payment.isReversed);
          const isTold = told.some(({ subject }) => subject === account);
          return isThere && isTold && staysInWallet(account)
            ? []
            : [`${externalId}: in the wallet ${isThere}, case ${isTold}`];
        }),
        ...told.flatMap(({ subject }) => (accounts.has(subject) ? [] : [`${subject}: a case without its reason`])),
      ];
    },
  },
  {
    name: "an account and Postgres tell the same of each credit, and each has ended as its posting has",
    check: (seen) => {
      const posted = new Map(postedOf(seen).map((entry) => [entry.entryKey, entry]));
      return seen.credits.flatMap(({ externalId, account, state, recorded }) => {
        const entry = posted.get(externalId);
        const undone = ["withdrawn", "taking_back", staysInWallet(account) ? "rejected" : "taken_back"];
        const ends = entry?.isReversed === true ? undone : ["confirmed"];
        if (entry === undefined) return [`${externalId}: a credit without a posting`];
        if (!ends.includes(state))
          return [`${externalId}: ${state}, its posting ${entry.isReversed ? "was reversed" : "stands"}`];
        return recorded === state ? [] : [`${externalId}: ${state}; recorded ${recorded}`];
      });
    },
  },
];
