import type { Country } from "../domain/country.ts";
import type { Vendor } from "../domain/vendor.ts";
import { type DriftFacts, driftOf, isInTime } from "../domain/vendor-drift.ts";
import type { VendorBalances } from "../ports/vendor-balances.ts";
import type { WalletAccount, WalletBooks, WalletCheck } from "../ports/wallet-books.ts";

/** Accounts of one message: each is one question to the vendor, two seconds or more on a bad day. */
export const WALLETS_MAX = 50;
/** Questions under way at a time; the budget has the last word. */
const AT_ONCE_MAX = 4;

export type ComparePorts = {
  country: Country;
  books: WalletBooks;
  /** Null: this vendor has no key in this country. */
  balancesOf: (vendor: Vendor) => VendorBalances | null;
  now: () => number;
};

export type Compared = {
  checked: number;
  differ: string[];
  /** Why it stopped before the end of the page; null: it did not. */
  stopped: string | null;
  /** The account after which it goes on; null: that was the last one. */
  next: string | null;
};

/** A page of accounts, each beside its wallet. What a vendor refuses ends the page there: it goes on later from that account. */
export async function compareWallets(ports: ComparePorts, after: string): Promise<Compared> {
  const { books, now } = ports;
  const accounts = await books.page(after, WALLETS_MAX, now());
  const checks: WalletCheck[] = [];
  let stopped: string | null = null;
  let last = after;
  for (let from = 0; from < accounts.length && stopped === null; from += AT_ONCE_MAX) {
    const some = accounts.slice(from, from + AT_ONCE_MAX);
    const looked = await Promise.all(some.map((account) => look(ports, account)));
    for (const [index, check] of looked.entries()) {
      if (typeof check === "string") {
        stopped ??= check;
        break;
      }
      checks.push(check);
      last = some[index]?.account ?? last;
    }
  }
  if (checks.length > 0) await books.keep(checks, ports.country.currency);
  const isLast = stopped === null && accounts.length < WALLETS_MAX;
  return {
    checked: checks.length,
    differ: checks.filter(({ verdict }) => verdict === "differ").map(({ account }) => account),
    stopped,
    next: isLast ? null : last,
  };
}

/** One account, now; null: it has no wallet on a platform. Text: the vendor refused, and says why. */
export async function compareWallet(ports: ComparePorts, account: string): Promise<WalletCheck | string | null> {
  const known = await ports.books.one(account, ports.now());
  if (known === null) return null;
  const check = await look(ports, known);
  if (typeof check !== "string") await ports.books.keep([check], ports.country.currency);
  return check;
}

async function look(ports: ComparePorts, known: WalletAccount): Promise<WalletCheck | string> {
  const { country, balancesOf, now } = ports;
  const { accountId, account, vendor } = known;
  const balances = balancesOf(vendor);
  const answer = balances === null ? "unknown" : await balances.balance(account);
  if (typeof answer === "object" && "refused" in answer) return `${vendor}: ${answer.refused}, ${answer.detail}`;
  const readAt = now();
  const facts: DriftFacts = {
    ...known.facts,
    minorDigits: country.minorDigits,
    wallet: answer === "unknown" ? null : { amountMinor: answer.balanceMinor, readAt },
    theirRateE4PerKwh: answer === "unknown" ? null : answer.rateE4PerKwh,
  };
  const drift = driftOf(facts);
  const today = new Date(readAt).toISOString().slice(0, 10);
  const shared = {
    accountId,
    account,
    vendor,
    readAt,
    walletMinor: facts.wallet?.amountMinor ?? null,
    rateE4PerKwh: facts.rateE4PerKwh,
    theirRateE4PerKwh: facts.theirRateE4PerKwh,
    oursWh: facts.oursWh,
  };
  if (drift.verdict === "unknown")
    return { ...shared, theirsWh: null, verdict: "unknown", causes: [{ cause: drift.because }] };
  const verdict = drift.verdict === "differ" && isInTime(drift, facts, today) ? "waits" : drift.verdict;
  return { ...shared, theirsWh: drift.theirsWh, verdict, causes: drift.causes };
}
