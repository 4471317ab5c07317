import type { LedgerRow } from "../../src/domain/ledger.ts";
import type { OutgoingState } from "../../src/domain/outbox.ts";
import type { AccountView } from "../../src/ports/accounts.ts";
import type { Env } from "../env.ts";
import { accountLocator, mailboxOf } from "../objects/locate.ts";
import type { LiveAccount, LivePayment, LiveStaffAccount } from "./live-view.ts";

/** Entries looked through for the newest payment: an account that is metered has one entry an hour. */
const ENTRIES_PAGE = 250;
const PAGES_MAX = 4;
/** An SMS that is under way is asked for so often, one that has come to its end hardly. */
const SMS_MS = { underWay: 4_000, ended: 30_000 } as const;
const SMS_ENDS: ReadonlySet<string> = new Set<OutgoingState | "rate_limited" | "no_recipient">([
  "sent",
  "delivered",
  "failed",
  "expired",
  "rate_limited",
  "no_recipient",
]);

type Payment = Omit<LivePayment, "credit"> & { entryKey: string };

/**
 * Looks at one account, again and again: one call of its object a look, and more only when there is something new. Null:
 * no such account. `first` is what the caller has seen already.
 */
export function accountWatch(env: Env, account: string, first: AccountView): () => Promise<LiveAccount> {
  return watch(env, account, first, (_, live) => live);
}

/** The same with what only staff may see. */
export function staffWatch(env: Env, account: string, first: AccountView): () => Promise<LiveStaffAccount> {
  return watch(env, account, first, ({ balanceWh, copyWaiting, meters, waiting, commands, credits }, live) => ({
    ...live,
    ...{ balanceWh, copyWaiting, meters, waiting, commands, credits },
  }));
}

function watch<T>(
  env: Env,
  account: string,
  first: AccountView,
  show: (view: AccountView, live: LiveAccount) => T,
): () => Promise<T> {
  let unused: AccountView | null = first;
  let payment: { seq: number; newest: Payment | null } | null = null;
  let sms: { seq: number; at: number; said: LiveAccount["sms"] } | null = null;
  return async () => {
    const view = unused ?? (await accountLocator(env, account).view(account));
    unused = null;
    if (view === null || view === "not_ready") throw new Error(view ?? "the account is gone");
    if (payment?.seq !== view.seq) payment = { seq: view.seq, newest: await newestPayment(env, account, view.seq) };
    const isEnded = sms === null || sms.said === null || SMS_ENDS.has(sms.said.state);
    const smsMs = isEnded ? SMS_MS.ended : SMS_MS.underWay;
    if (sms === null || sms.seq !== view.seq || view.asOf - sms.at >= smsMs)
      sms = { seq: view.seq, at: view.asOf, said: await newestSms(env, account) };
    return show(view, liveOf(view, payment.newest, sms.said));
  };
}

function liveOf(view: AccountView, payment: Payment | null, sms: LiveAccount["sms"]): LiveAccount {
  const { asOf, account, status, seq, availableWh, minutesLeft, currency, rateE4PerKwh, meters, commands } = view;
  const [command] = commands;
  return {
    ...{ asOf, account, status, seq, availableWh, minutesLeft, currency, rateE4PerKwh },
    meters: meters.map(({ meterNumber, role, connected, seenAt }) => ({ meterNumber, role, connected, seenAt })),
    command:
      command === undefined
        ? null
        : {
            action: command.action,
            state: command.state,
            because: command.because,
            requestedAt: command.requestedAt,
          },
    lastPayment: payment === null ? null : withCredit(payment, view.credits),
    sms,
  };
}

function withCredit({ entryKey, ...payment }: Payment, credits: AccountView["credits"]): LivePayment {
  const credit = credits.find(({ externalId }) => externalId === entryKey);
  return { ...payment, credit: credit === undefined ? null : { state: credit.state, waiting: credit.waiting } };
}

/** Page by page from the end; what was taken back does not count. Null: none among so many entries. */
async function newestPayment(env: Env, account: string, seq: number): Promise<Payment | null> {
  const takenBack = new Set<string>();
  for (let [page, to] = [0, seq]; page < PAGES_MAX && to > 0; page++, to -= ENTRIES_PAGE) {
    const from = Math.max(0, to - ENTRIES_PAGE);
    const rows = await accountLocator(env, account).entriesAfter(account, from, to - from);
    if (rows === "not_ready") throw new Error("not_ready");
    for (const row of rows.toReversed()) {
      // A payment's own line comes before those of the debts that it paid.
      if (row.book === "customer_fees") continue;
      if (row.kind === "reversal" && row.receipt !== null) takenBack.add(row.receipt);
      if (row.kind === "payment" && row.receipt !== null && !takenBack.has(row.receipt))
        return paymentOf(row, row.receipt, paidIn(rows, row));
    }
  }
  return null;
}

/** What the posting of a line brought in all; its parts follow it at once. */
const paidIn = (rows: readonly LedgerRow[], { postingId }: LedgerRow): number =>
  rows.reduce((sum, row) => (row.postingId === postingId ? sum + row.amountMinor : sum), 0);

const paymentOf = (row: LedgerRow, receipt: string, amountMinor: number): Payment => ({
  entryKey: row.entryKey,
  receipt,
  amountMinor,
  energyWh: row.energyWh,
  paidAt: row.occurredAt,
  creditedAt: row.acceptedAt,
});

/** Where the newest SMS stands: the account's own word until a Mailbox has it, then the Mailbox's. */
async function newestSms(env: Env, account: string): Promise<LiveAccount["sms"]> {
  const [effect] = await accountLocator(env, account).messages(account);
  if (effect === undefined) return null;
  const { sms, bound, state } = effect;
  const { kind, receipt } = sms;
  const stored =
    state === "handed" && bound !== null ? await mailboxOf(env, bound.phoneId).outgoing(bound.sms.id) : null;
  return stored === null
    ? { kind, receipt, state, at: sms.createdAt }
    : { kind, receipt, state: stored.state, at: stored.stateAt };
}
