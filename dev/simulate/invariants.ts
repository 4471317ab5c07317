/** What must be true of a simulated world: after each step in the objects' own rows, and at the end everywhere. */
import { ACCOUNTS, type Deed } from "./plan.ts";
import type { World } from "./world.ts";

export type Broken = { sentence: string; by: string };

export type Seen = {
  plan: readonly Deed[];
  owed: string[];
  acked: string[];
  accounts: { account: string; balanceWh: number; seq: number }[];
  differences: string[];
  sms: string[];
  payments: { receipt: string; amountMinor: number; holderKind: string; account: string | null; generation: number }[];
  shares: { receipt: string; amountMinor: number }[];
  entries: {
    receipt: string | null;
    posting: string;
    book: string;
    amountMinor: number;
    energyWh: number;
    account: string | null;
  }[];
  balances: { account: string; balanceWh: number; seq: number }[];
  connects: string[];
};

/** An account's own rows, which nothing between two events may leave torn: its entries are one chain that ends in its balance. */
export function brokenStep(world: World): Broken | null {
  const accounts = world.objects.ACCOUNT_LEDGER;
  for (const [name, disk] of accounts.disks) {
    if (!disk.hasChanged() || !disk.has("entries")) continue;
    const found = disk.rows(
      `SELECT count(*) AS n, coalesce(max(seq), 0) AS last, coalesce(sum(energy_wh), 0) AS energy,
        coalesce((SELECT balance_after_wh FROM entries WHERE seq IS NOT NULL ORDER BY seq DESC LIMIT 1), 0) AS balance
       FROM entries WHERE seq IS NOT NULL`,
      [],
    )[0];
    if (found === undefined) continue;
    if (found.n !== found.last)
      return {
        sentence: "an account's entries are numbered without a gap",
        by: `${name}: ${found.n} entries, the last is ${found.last}`,
      };
    if (found.energy !== found.balance)
      return {
        sentence: "an account's balance is what its entries add up to",
        by: `${name}: ${found.energy} and ${found.balance}`,
      };
  }
  return null;
}

type Rule = [sentence: string, by: (seen: Seen) => string[]];
const payments = (seen: Seen) => seen.plan.flatMap((deed) => (deed.what === "payment" ? [deed] : []));
const sum = (of: readonly { amountMinor: number }[]) => of.reduce((total, { amountMinor }) => total + amountMinor, 0);

const RULES: Rule[] = [
  ["in the end nobody owes anybody anything", ({ owed }) => owed],
  ["each SMS that was acknowledged is stored", ({ acked, sms }) => acked.filter((text) => !sms.includes(text))],
  [
    "each payment is claimed once, with its amount",
    (seen) =>
      payments(seen).flatMap(({ receipt, amountMinor }) => {
        const found = seen.payments.filter((each) => each.receipt === receipt);
        return found.length === 1 && found[0]?.amountMinor === amountMinor
          ? []
          : [`${receipt}: ${JSON.stringify(found)}`];
      }),
  ],
  [
    "nothing is claimed that nobody paid",
    (seen) =>
      seen.payments.flatMap(({ receipt }) =>
        seen.plan.some((deed) => (deed.what === "payment" || deed.what === "webhook") && deed.receipt === receipt)
          ? []
          : [receipt],
      ),
  ],
  [
    "a payment's shares add up to it",
    (seen) =>
      seen.payments.flatMap(({ receipt, amountMinor }) =>
        sum(seen.shares.filter((each) => each.receipt === receipt)) === amountMinor ? [] : [receipt],
      ),
  ],
  [
    "what names an account is in that account once, with its energy",
    (seen) =>
      payments(seen).flatMap(({ receipt, account, amountMinor }) => {
        if (account === null) return [];
        const energy = seen.entries.filter((entry) => entry.receipt === receipt && entry.book === "customer_energy");
        const right =
          energy.length === 1 && energy[0]?.account === account && energy[0]?.energyWh === (amountMinor * 1_000) / 500;
        return right ? [] : [`${receipt} for ${account}: ${JSON.stringify(energy)}`];
      }),
  ],
  [
    "what names nobody waits, or is in the account that a person said, once",
    (seen) =>
      payments(seen).flatMap(({ receipt, account }) => {
        if (account !== null) return [];
        const said = seen.plan.flatMap((deed) =>
          deed.what === "assign" && deed.receipt === receipt ? [deed.account] : [],
        )[0];
        const held = seen.payments.find((each) => each.receipt === receipt);
        const right = said === undefined ? held?.holderKind === "suspense" : held?.account === said;
        const times = seen.entries.filter(
          (entry) => entry.receipt === receipt && entry.book === "customer_energy",
        ).length;
        return right && times === (said === undefined ? 0 : 1)
          ? []
          : [`${receipt}: ${JSON.stringify(held)}, credited ${times} times`];
      }),
  ],
  [
    "each posting adds up to zero",
    (seen) => {
      const totals = new Map<string, number>();
      for (const { posting, amountMinor } of seen.entries)
        totals.set(posting, (totals.get(posting) ?? 0) + amountMinor);
      return [...totals].filter(([, total]) => total !== 0).map(([posting]) => posting);
    },
  ],
  [
    "what arrived is what customers, suspense and treasury have",
    (seen) => {
      const of = (...books: string[]) => sum(seen.entries.filter(({ book }) => books.includes(book)));
      const [paid, arrived, held] = [
        sum(seen.payments),
        -of("clearing"),
        of("customer_energy", "customer_fees", "suspense", "treasury"),
      ];
      return paid === arrived && arrived === held ? [] : [`paid ${paid}, arrived ${arrived}, held ${held}`];
    },
  ],
  [
    "the database has the balance that each account has",
    (seen) =>
      seen.accounts.flatMap(({ account, balanceWh, seq }) => {
        const found = seen.balances.find((each) => each.account === account);
        return seq === 0 || (found?.balanceWh === balanceWh && found.seq === seq)
          ? []
          : [`${account}: ${balanceWh} Wh at ${seq}, ${JSON.stringify(found)}`];
      }),
  ],
  ["heads finds no difference", ({ differences }) => differences],
  [
    "whoever was credited was told to be lit",
    (seen) =>
      ACCOUNTS.flatMap((account, index) => {
        const credited = seen.entries.some((entry) => entry.account === account && entry.book === "customer_energy");
        return credited && !seen.connects.some((topic) => topic.includes(`MAK-SIM-${index}`)) ? [account] : [];
      }),
  ],
];

export const brokenOf = (seen: Seen): Broken[] =>
  RULES.flatMap(([sentence, by]) => {
    const found = by(seen);
    return found.length === 0 ? [] : [{ sentence, by: found.slice(0, 5).join("; ") }];
  });
