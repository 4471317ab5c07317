/** Money for the vendors' wallets: there once for each posting, and for nothing else. */
import { reversalKeyOf } from "../../src/domain/claim.ts";
import type { Rule, Seen } from "./invariants.ts";
import { vendorOf } from "./plan.ts";

/** ThunderCloud takes nothing back: what is in its wallet stays there, and a person is told. */
const staysInWallet = (account: string | null) => vendorOf(account ?? "") === "thundercloud";

/** What was sold to those at a vendor, by its key, and whether it was taken back. A wallet gets energy: what paid a debt is not in it. */
function soldOf({ entries }: Seen) {
  const keys = new Set(entries.map(({ key }) => key));
  const sold = entries.filter(
    ({ account, kind, book, amountMinor }) =>
      account !== null &&
      vendorOf(account) !== null &&
      kind === "payment" &&
      book === "customer_energy" &&
      amountMinor > 0,
  );
  return new Map(sold.map((entry) => [entry.key, { ...entry, isReversed: keys.has(reversalKeyOf(entry.key)) }]));
}

export const VENDOR_RULES: Rule[] = [
  [
    "what was sold to those at a vendor is in its wallets once, and what was taken back is not",
    (seen) =>
      [...soldOf(seen).values()].flatMap(({ key, account, amountMinor, isReversed }) => {
        const there = seen.wallets.filter(({ externalId }) => externalId === key);
        const areRight = there.every((each) => each.account === account && each.amountMinor === amountMinor);
        const [standing, ...more] = there.filter((each) => !each.isReversed);
        const isThere = standing?.isProcessed === true;
        const isAsItShouldBe = isReversed ? standing === undefined || staysInWallet(account) : isThere;
        return areRight && isAsItShouldBe && more.length === 0
          ? []
          : [`${key}: ${amountMinor} here${isReversed ? ", taken back" : ""}, ${JSON.stringify(there)} there`];
      }),
  ],
  [
    "nothing is in a vendor's wallet that was not sold",
    (seen) => {
      const sold = soldOf(seen);
      return seen.wallets.flatMap(({ externalId, account }) =>
        sold.has(externalId) ? [] : [`${externalId} in the wallet of ${account}`],
      );
    },
  ],
  [
    "account and database say of each credit what became of it at the vendor",
    (seen) => {
      const sold = soldOf(seen);
      return seen.credits.flatMap(({ account, externalId, state, recorded }) => {
        const isThere = seen.wallets.some((each) => each.externalId === externalId && !each.isReversed);
        const left = staysInWallet(account) && isThere ? "rejected" : "withdrawn";
        const ends =
          sold.get(externalId)?.isReversed === true ? [left, ...(isThere ? [] : ["taken_back"])] : ["confirmed"];
        return ends.includes(state) && recorded === state
          ? []
          : [`${account} ${externalId}: ${state}, recorded ${recorded}, in the wallet ${isThere}`];
      });
    },
  ],
  [
    "what was taken back and stays in a wallet has an open case, and nothing else has",
    (seen) => {
      const left = [...soldOf(seen).values()].flatMap(({ key, isReversed }) =>
        isReversed && seen.wallets.some((each) => each.externalId === key && !each.isReversed) ? [key] : [],
      );
      const cases = new Set(seen.cases);
      return [
        ...left.flatMap((key) => (cases.has(key) ? [] : [`${key}: no case`])),
        ...seen.cases.flatMap((key) => (left.includes(key) ? [] : [`${key}: a case without its reason`])),
      ];
    },
  ],
];
