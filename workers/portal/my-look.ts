import { shownBalance } from "../../src/domain/live-balance.ts";
import { type Lamp, lampOf } from "../../src/domain/my-page/format.ts";
import type { AccountView } from "../../src/ports/accounts.ts";
import type { CustomerSession } from "../../src/ports/sessions.ts";
import { type CustomerCard, customerCard } from "../../src/queries/customers.ts";
import { type MyPayment, myPayments } from "../../src/queries/my-payments.ts";
import type { Env } from "../env.ts";
import { accountsOf, clockOf, countryOf, readerOf } from "../ports.ts";

/** Payments on the first page, and on each page of older ones. */
const PAYMENTS_SHOWN = 5;
const PAYMENTS_OLDER = 20;

export type Balance = {
  energyWh: number;
  asOf: number;
  source: "engine" | "live" | "live_stale";
  /** What our own books say where the meter's platform is shown; null: they are what is shown. */
  booksWh: number | null;
  lamp: Lamp;
};

/** What the page shows of an account before any script has run. Null: that part does not answer just now. */
export type MyLook = {
  now: number;
  account: string;
  name: string | null;
  status: AccountView["status"];
  balance: Balance | null;
  minutesLeft: number | null;
  rateE4PerKwh: number | null;
  meters: AccountView["meters"];
  payments: MyPayment[] | null;
  /** Where older payments begin; null: there are none. */
  older: number | null;
  others: string[];
};

/** Everything at once: the object, the customer and the payments. No vendor is asked: its wallet is shown as it was seen last. */
export async function lookAtMine(
  env: Env,
  { account, customerId }: CustomerSession,
  before: number | null,
): Promise<MyLook> {
  const db = readerOf(env);
  const limit = before === null ? PAYMENTS_SHOWN : PAYMENTS_OLDER;
  const [view, card, paid] = await Promise.all([
    accountsOf(env)
      .view(account)
      .catch(() => null),
    customerCard(db, customerId).catch(() => null),
    myPayments(db, { account, before, limit }).catch(() => null),
  ]);
  const now = clockOf(env).now();
  const known = view === null || view === "not_ready" ? null : view;
  return {
    now,
    account,
    name: card?.name ?? null,
    status: known?.status ?? "unknown",
    balance: known === null ? null : balanceOf(env, known, card, now),
    minutesLeft: known?.minutesLeft ?? null,
    rateE4PerKwh: known?.rateE4PerKwh ?? null,
    meters: (known?.meters ?? []).filter(({ role }) => role !== null),
    payments: paid?.payments ?? null,
    older: paid?.next ?? null,
    others: (card?.accounts ?? []).map((each) => each.account).filter((each) => each !== account),
  };
}

function balanceOf(env: Env, view: AccountView, card: CustomerCard | null, now: number): Balance {
  const { availableWh, asOf, account } = view;
  const wallet = card?.accounts.find((each) => each.account === account)?.wallet ?? null;
  const { source, balanceWh, asOf: seenAt } = shownBalance(wallet, { availableWh, asOf }, now);
  return {
    energyWh: balanceWh,
    asOf: seenAt,
    source,
    booksWh: source === "engine" ? null : availableWh,
    lamp: lampOf(balanceWh, countryOf(env)),
  };
}
