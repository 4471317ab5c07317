/** What must be true of a simulated world at the end, everywhere. */
import { thingOf } from "./country.ts";
import { SKEW_MS_MAX } from "./happens.ts";
import { VENDOR_RULES } from "./invariants-vendor.ts";
import { ACCOUNTS, type Deed, FIRST_WH, INDEBTED, PAYERS, registerAt } from "./plan.ts";
import type { WalletSeen } from "./vendor.ts";
import type { Moved } from "./world.ts";

export type Broken = { sentence: string; by: string };

/** `id`: as its phone named it. The same text may have come to other phones too. */
export type SmsSeen = { phone: string; id: string; content: string };
export const smsKey = ({ id, content }: Pick<SmsSeen, "id" | "content">) => JSON.stringify([id, content]);

export type Seen = {
  plan: readonly Deed[];
  /** When the plan began. */
  beganAt: number;
  /** What each account's meter stood at when it was last read. */
  lastRead: number[];
  owed: string[];
  /** What a phone was told is ours now: it forgets it. */
  acked: SmsSeen[];
  /** What came to the old system, by `smsKey`. */
  forwarded: ReadonlySet<string>;
  /** SMS about payments that phones have really sent, each as often as its radio did. */
  receiptSms: { phone: string; to: string; account: string; receipt: string; times: number }[];
  /** Mailboxes and accounts that have lost what they had written: each may tell once more what it has told. */
  forgetful: number;
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
  /** As Postgres has them. */
  sms: SmsSeen[];
  payments: { receipt: string; amountMinor: number; holderKind: string; account: string | null; generation: number }[];
  /** `because`: why a share of it waits; null: none does. */
  shares: { receipt: string; amountMinor: number; because: string | null }[];
  entries: {
    receipt: string | null;
    key: string;
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
  moves: readonly Moved[];
  wallets: readonly WalletSeen[];
  /** As accounts at a vendor tell it; `recorded`: as Postgres has it. */
  credits: { account: string; externalId: string; state: string; recorded: string | null }[];
  /** Credits about which a person is asked. */
  cases: string[];
};

export type Rule = [sentence: string, by: (seen: Seen) => string[]];
const payments = (seen: Seen) => seen.plan.flatMap((deed) => (deed.what === "payment" ? [deed] : []));
const saySms = ({ phone, id, content }: SmsSeen) => `${phone} ${id} "${content.slice(0, 40)}"`;
const sum = (of: readonly { amountMinor: number }[]) => of.reduce((total, { amountMinor }) => total + amountMinor, 0);

export const RULES: Rule[] = [
  ["in the end nobody owes anybody anything", ({ owed }) => owed],
  [
    "what was acknowledged to a phone is stored, by its phone and id",
    ({ acked, sms }) => {
      const stored = new Set(sms.map((each) => `${each.phone} ${smsKey(each)}`));
      return acked.filter((each) => !stored.has(`${each.phone} ${smsKey(each)}`)).map(saySms);
    },
  ],
  [
    "each SMS that was acknowledged has reached the old system",
    ({ acked, forwarded }) => acked.filter((each) => !forwarded.has(smsKey(each))).map(saySms),
  ],
  [
    "no customer is told of the same payment twice by SMS",
    ({ receiptSms, forgetful }) => {
      const told = new Map<string, number>();
      for (const { to, account, receipt, times } of receiptSms) {
        const about = `${to} of ${receipt} for ${account}`;
        told.set(about, (told.get(about) ?? 0) + times);
      }
      return [...told].flatMap(([about, times]) => (times <= 1 + forgetful ? [] : [`${about}: ${times} times`]));
    },
  ],
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
        const parts = partsOf(seen, receipt);
        const energy = parts.filter(({ book }) => book === "customer_energy");
        const isCredited =
          energy.length === 1 &&
          parts.every((part) => part.account === account && part.kind === "payment") &&
          sum(parts) === amountMinor &&
          isSold(energy);
        // A text cut in the middle of its account names nobody that there is, and the release before waits for a person.
        const share = seen.shares.find((each) => each.receipt === receipt);
        const isReleased = share?.because === "no_account_token" && !seen.plan.some(({ what }) => what === "releases");
        const mayWait = phones.some(({ chars }) => chars !== null) && energy.length === 0 && !isReleased;
        const held = seen.payments.find((each) => each.receipt === receipt);
        const right = isCredited || (mayWait && held?.holderKind === "suspense");
        return right ? [] : [`${receipt} for ${account}: ${JSON.stringify(parts)}`];
      }),
  ],
  [
    "what names nobody waits, or is in the account that a person said, once",
    (seen) =>
      payments(seen).flatMap(({ receipt, account, amountMinor }) => {
        if (account !== null) return [];
        const isAssigned = seen.plan.some((deed) => deed.what === "assign" && deed.receipt === receipt);
        const held = seen.payments.find((each) => each.receipt === receipt);
        const right = isAssigned ? lastSaid(seen, receipt).has(held?.account ?? "") : held?.holderKind === "suspense";
        const parts = partsOf(seen, receipt);
        const has = (of: string) => sum(parts.filter((part) => part.account === of));
        // Where it was taken away again nothing of it is left.
        const isOnce = [...new Set(parts.map((part) => part.account ?? ""))].every(
          (of) => has(of) === (of === held?.account ? amountMinor : 0),
        );
        const isThere = !isAssigned || has(held?.account ?? "") === amountMinor;
        return right && isOnce && isThere && isSold(parts.filter(({ book }) => book === "customer_energy"))
          ? []
          : [`${receipt}: ${JSON.stringify(held)}, ${JSON.stringify(parts)}`];
      }),
  ],
  [
    "of two who give on what both have seen one is told that it is so",
    ({ moves }) => {
      const won = new Map<string, Set<string>>();
      for (const { receipt, generation, account, isKnown } of moves)
        if (isKnown)
          won.set(`${receipt}#${generation}`, (won.get(`${receipt}#${generation}`) ?? new Set()).add(account));
      return [...won].flatMap(([seen, accounts]) => (accounts.size === 1 ? [] : [`${seen}: ${[...accounts]}`]));
    },
  ],
  [
    "nobody has paid more of a debt than there is, and nobody pays one who has none",
    ({ entries }) =>
      PAYERS.flatMap((account) => {
        const lines = entries.filter((entry) => entry.account === account && entry.book === "customer_fees");
        const paid = sum(lines.filter(({ kind }) => kind !== "fee"));
        const isRight = INDEBTED.some((each) => each.account === account) ? paid >= 0 && sum(lines) <= 0 : paid === 0;
        return isRight ? [] : [`${account}: paid ${paid}, left ${-sum(lines)}`];
      }),
  ],
  ...VENDOR_RULES,
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
        sum(seen.entries.filter(({ book, receipt }) => receipt !== null && books.includes(book)));
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
        const debited = usedBy(seen, account);
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
        const credited = creditedBefore(seen, account, requestedAt);
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

/** What a receipt was to customers: energy and debts that were paid, and what was taken away again. */
const partsOf = (seen: Seen, receipt: string) =>
  seen.entries.filter((entry) => entry.receipt === receipt && /^customer_(?:energy|fees)$/.test(entry.book));
const isSold = (energy: readonly { amountMinor: number; energyWh: number }[]) =>
  energy.every(({ amountMinor, energyWh }) => energyWh === (amountMinor * 1_000) / 500);

/** Whom it may be with in the end: whoever was said last, and whoever was said by somebody who was not answered. */
function lastSaid({ moves }: Seen, of: string): Set<string> {
  const said = moves.filter(({ receipt }) => receipt === of);
  const last = said.filter(({ isKnown }) => isKnown).sort((a, b) => b.generation - a.generation)[0];
  const unknown = said.filter(({ isKnown, generation }) => !isKnown && generation >= (last?.generation ?? 0));
  return new Set([...(last === undefined ? [] : [last]), ...unknown].map(({ account }) => account));
}

/** What the account had been given by then; what was taken away counts from a little before. */
const creditedBefore = (seen: Seen, of: string, at: number) =>
  energyOf(seen, of, ({ kind, acceptedAt }) =>
    kind === "reversal"
      ? acceptedAt <= at + 2 * SKEW_MS_MAX
      : kind !== "consumption" && acceptedAt <= at - 2 * SKEW_MS_MAX,
  );
const usedBy = (seen: Seen, of: string) => -energyOf(seen, of, ({ kind }) => kind === "consumption");
const energyOf = (seen: Seen, of: string, counts: (entry: Seen["entries"][number]) => boolean) =>
  seen.entries
    .filter((entry) => entry.account === of && entry.book === "customer_energy" && counts(entry))
    .reduce((total, { energyWh }) => total + energyWh, 0);

export const brokenOf = (seen: Seen): Broken[] =>
  RULES.flatMap(([sentence, by]) => {
    const found = by(seen);
    return found.length === 0 ? [] : [{ sentence, by: found.slice(0, 5).join("; ") }];
  });
