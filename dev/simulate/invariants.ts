/** What must be true of a simulated world: after each step in the objects' own rows, and at the end everywhere. */
import { thingOf } from "./country.ts";
import { SKEW_MS_MAX } from "./happens.ts";
import { ACCOUNTS, type Deed, FIRST_WH, registerAt } from "./plan.ts";
import type { World } from "./world.ts";

export type Broken = { sentence: string; by: string };

export type Seen = {
  plan: readonly Deed[];
  /** When the plan began. */
  beganAt: number;
  /** What each account's meter stood at when it was last read. */
  lastRead: number[];
  owed: string[];
  acked: string[];
  accounts: {
    account: string;
    balanceWh: number;
    availableWh: number;
    seq: number;
    meters: { registerWh: number; unpostedWh: number }[];
  }[];
  audit: string[];
  orders: { id: string; account: string; action: string; because: string; requestedAt: number }[];
  differences: string[];
  sms: string[];
  payments: { receipt: string; amountMinor: number; holderKind: string; account: string | null; generation: number }[];
  /** `because`: why a share of it waits; null: none does. */
  shares: { receipt: string; amountMinor: number; because: string | null }[];
  entries: {
    receipt: string | null;
    posting: string;
    book: string;
    amountMinor: number;
    energyWh: number;
    account: string | null;
    kind: string;
    acceptedAt: number;
  }[];
  balances: { account: string; balanceWh: number; seq: number }[];
  published: readonly { topic: string; action: string }[];
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

export const RULES: Rule[] = [
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
      payments(seen).flatMap(({ receipt, account, amountMinor, phones }) => {
        if (account === null) return [];
        const energy = seen.entries.filter((entry) => entry.receipt === receipt && entry.book === "customer_energy");
        const isCredited =
          energy.length === 1 && energy[0]?.account === account && energy[0]?.energyWh === (amountMinor * 1_000) / 500;
        // A text cut in the middle of its account names nobody that there is, and the release before waits for a person.
        const share = seen.shares.find((each) => each.receipt === receipt);
        const isReleased = share?.because === "no_account_token" && !seen.plan.some(({ what }) => what === "releases");
        const mayWait = phones.some(({ chars }) => chars !== null) && energy.length === 0 && !isReleased;
        const held = seen.payments.find((each) => each.receipt === receipt);
        const right = isCredited || (mayWait && held?.holderKind === "suspense");
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
      const of = (...books: string[]) =>
        sum(seen.entries.filter(({ book, kind }) => kind === "payment" && books.includes(book)));
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
  ["the chain of who did what is whole", ({ audit }) => audit],
  [
    "what a meter counted is debited once",
    (seen) =>
      seen.accounts.flatMap(({ account, meters: [meter] }, index) => {
        const debited = usedBefore(seen, account, Number.POSITIVE_INFINITY);
        const [told, counted] = [seen.lastRead[index] ?? Number.NaN, debited + (meter?.unpostedWh ?? Number.NaN)];
        return meter?.registerWh === told && counted === told - FIRST_WH
          ? []
          : [`${account}: last read ${told} Wh, has ${meter?.registerWh}, debited and still to debit ${counted}`];
      }),
  ],
  [
    "nobody is told to be dark or lit without a reason of ours",
    ({ orders }) =>
      orders.flatMap(({ id, action, because }) => (REASONS[action]?.includes(because) ? [] : [`${id}: ${because}`])),
  ],
  [
    "nobody is told to be dark who has something left",
    (seen) =>
      seen.orders.flatMap(({ id, account, action, requestedAt }) => {
        if (action !== "disconnect") return [];
        const at = requestedAt + 2 * SKEW_MS_MAX - seen.beganAt;
        const used = registerAt(ACCOUNTS.indexOf(account as (typeof ACCOUNTS)[number]), at) - FIRST_WH;
        const credited = creditedBefore(seen, account, requestedAt - 2 * SKEW_MS_MAX);
        return credited <= used ? [] : [`${id}: ${account} had ${credited} Wh and used ${used} at most`];
      }),
  ],
  [
    "whoever has something left was last told to be lit",
    ({ accounts, published }) =>
      accounts.flatMap(({ account, availableWh }, index) => {
        const last = published.findLast(({ topic }) => topic.includes(thingOf(index)));
        const isCredited = availableWh > 0;
        return isCredited && last?.action !== "close" ? [`${account}: ${availableWh} Wh, told ${last?.action}`] : [];
      }),
  ],
];

/** By the rule's name, as the relay orders and the looks for the dark give it. */
const REASONS: Record<string, string[]> = {
  connect: ["credit_restored", "connect_unconfirmed", "disconnect_unanswered"],
  disconnect: ["zero_balance"],
};

const creditedBefore = (seen: Seen, of: string, until: number) =>
  energyOf(seen, of, until).reduce((total, energyWh) => total + Math.max(0, energyWh), 0);
const usedBefore = (seen: Seen, of: string, until: number) =>
  energyOf(seen, of, until).reduce((total, energyWh) => total - Math.min(0, energyWh), 0);
const energyOf = (seen: Seen, of: string, until: number) =>
  seen.entries.flatMap(({ account, book, energyWh, acceptedAt }) =>
    account === of && book === "customer_energy" && acceptedAt <= until ? [energyWh] : [],
  );

/** What has to be the same after everything was told again: money, energy, receipts and texts. */
export function changed(first: Seen, second: Seen): Broken[] {
  const lines = (seen: Seen) =>
    [
      ...seen.entries.map(({ receipt, book, kind, amountMinor, energyWh, account }) =>
        JSON.stringify({ receipt, book, kind, amountMinor, energyWh, account }),
      ),
      ...seen.payments.map((payment) => JSON.stringify(payment)),
      ...seen.shares.map((share) => JSON.stringify(share)),
      ...seen.sms.map((content) => JSON.stringify(content)),
      ...seen.accounts.map(({ account, balanceWh, availableWh }) =>
        JSON.stringify({ account, balanceWh, availableWh }),
      ),
    ].sort();
  const [before, after] = [lines(first), lines(second)];
  const by = [
    ...lacks(before, after).map((line) => `gone ${line}`),
    ...lacks(after, before).map((line) => `new ${line}`),
  ];
  return by.length === 0
    ? []
    : [{ sentence: "all that was told once more changes nothing", by: by.slice(0, 5).join("; ") }];
}

/** What is in `all` more often than in `others`. */
function lacks(all: readonly string[], others: readonly string[]): string[] {
  const left = new Map<string, number>();
  for (const line of others) left.set(line, (left.get(line) ?? 0) + 1);
  return all.filter((line) => {
    const n = left.get(line) ?? 0;
    left.set(line, n - 1);
    return n <= 0;
  });
}

export const brokenOf = (seen: Seen): Broken[] =>
  RULES.flatMap(([sentence, by]) => {
    const found = by(seen);
    return found.length === 0 ? [] : [{ sentence, by: found.slice(0, 5).join("; ") }];
  });
