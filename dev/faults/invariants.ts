/** What must be true of every seed when all is quiet. Each is a sentence, and answers what contradicts it. */
import { forwardInvariants } from "./invariants-forward.ts";
import { moneyInvariants } from "./invariants-money.ts";
import { restInvariants } from "./invariants-rests.ts";
import { smsInvariants } from "./invariants-sms.ts";
import { vendorInvariants } from "./invariants-vendor.ts";
import type { Snapshot } from "./snapshot.ts";

export type Invariant = {
  name: string;
  /** One line for each contradiction. */
  check: (seen: Snapshot) => string[];
};

/** A credit that is not wanted any more and never arrived is looked for ten minutes, and each look is a row. */
const isLooking = (account: string, credits: Snapshot["credits"]) =>
  credits.some((credit) => credit.account === account && credit.state === "taking_back");

export const INVARIANTS: readonly Invariant[] = [
  {
    name: "all is quiet in the end",
    check: ({ stuck, phones, phonesWaiting, accounts, credits }) => [
      ...stuck,
      ...(phonesWaiting > 0 ? [`phones still have ${phonesWaiting} waiting`] : []),
      ...phones.flatMap((phone) =>
        phone.unprocessed + phone.forwardWaiting + phone.forwardParked + phone.copyWaiting + phone.copyRefused > 0
          ? [JSON.stringify(phone)]
          : [],
      ),
      ...accounts.flatMap(({ account, seq, copyWaiting }) =>
        seq < 0
          ? [`${account} does not answer`]
          : copyWaiting > 0 && !isLooking(account, credits)
            ? [`${account} owes ${copyWaiting} rows`]
            : [],
      ),
    ],
  },
  { name: "objects and Postgres agree (heads)", check: ({ headsDifferences }) => headsDifferences },
  ...smsInvariants,
  ...moneyInvariants,
  ...restInvariants,
  ...forwardInvariants,
  ...vendorInvariants,
];

export type Red = { invariant: string; seen: string[] };

export const redOf = (seen: Snapshot): Red[] =>
  INVARIANTS.flatMap(({ name, check }) => {
    const found = check(seen);
    return found.length === 0 ? [] : [{ invariant: name, seen: found }];
  });
