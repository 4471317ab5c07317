import type { Country } from "../domain/country.ts";
import { LIVE_TTL_MS, type Look, planLooks, walletWh } from "../domain/live-balance.ts";
import type { Vendor } from "../domain/vendor.ts";
import type { KeptLook, LiveAccount, LiveBalances } from "../ports/live-balances.ts";
import type { VendorBalances } from "../ports/vendor-balances.ts";
import type { FeedRefusal } from "../ports/vendor-feeds.ts";

/** More than a country has at vendors. */
const CANDIDATES_MAX = 20_000;
/** Looks that are kept together: what a run that dies loses. */
const LOOKS_AT_ONCE_MAX = 4;

export type LivePorts = {
  country: Country;
  live: LiveBalances;
  /** Null: this vendor is not in this country. */
  balancesOf(vendor: Vendor): VendorBalances | null;
  /** Questions about balances that were put to this vendor today, by whomever. */
  usedToday(vendor: Vendor): Promise<number>;
  now(): number;
};

export type LookRun = { due: number; looked: number; stopped: Record<string, string> };

/**
 * Looks at the wallets that are due, the most pressing first and `max` of each vendor, for as long as it lets us. One that
 * refuses ends its own looks only.
 */
export async function lookAtWallets(ports: LivePorts, max: number): Promise<LookRun> {
  const candidates = await ports.live.candidates(ports.now(), CANDIDATES_MAX);
  const run: LookRun = { due: 0, looked: 0, stopped: {} };
  for (const vendor of new Set(candidates.map((candidate) => candidate.vendor))) {
    const balances = ports.balancesOf(vendor);
    if (balances === null) continue;
    const own = candidates.filter((candidate) => candidate.vendor === vendor);
    const due = planLooks(own, ports.now(), await ports.usedToday(vendor));
    const byAccount = new Map(own.map((candidate) => [candidate.account, candidate]));
    run.due += due.length;
    const now = due.slice(0, max);
    for (let from = 0; from < now.length; from += LOOKS_AT_ONCE_MAX) {
      const some = now.slice(from, from + LOOKS_AT_ONCE_MAX).flatMap((account) => byAccount.get(account) ?? []);
      const looks = await Promise.all(some.map((account) => lookAt(ports, balances, account)));
      const seen = looks.flatMap((look) => ("refused" in look ? [] : [look]));
      if (seen.length > 0) await ports.live.keep(seen, ports.country.currency);
      run.looked += seen.length;
      const [refused] = looks.flatMap((look) => ("refused" in look ? [look] : []));
      if (refused === undefined) continue;
      run.stopped[vendor] = refused.detail;
      break;
    }
  }
  return run;
}

/**
 * The look that is to be shown for one account: the one that is kept while it is fresh, else a new one; where the vendor
 * refuses, the old one with its age. Null: this account has no wallet on a platform, or nobody ever saw it.
 */
export async function freshLook(ports: LivePorts, account: string): Promise<Look | null> {
  const known = await ports.live.one(account, ports.now());
  if (known === null) return null;
  if (known.look !== null && ports.now() - known.look.readAt < LIVE_TTL_MS) return valued(ports, known, known.look);
  const balances = ports.balancesOf(known.vendor);
  const look = balances === null ? null : await lookAt(ports, balances, known);
  if (look === null || "refused" in look) return known.look === null ? null : valued(ports, known, known.look);
  await ports.live.keep([look], ports.country.currency);
  return look;
}

async function lookAt(ports: LivePorts, balances: VendorBalances, known: LiveAccount): Promise<KeptLook | FeedRefusal> {
  const answer = await balances.balance(known.account);
  if (typeof answer === "object" && "refused" in answer) return answer;
  const { accountId, vendor, rateE4PerKwh } = known;
  const walletMinor = answer === "unknown" ? null : answer.balanceMinor;
  const look = { walletMinor, balanceWh: null, readAt: ports.now() };
  return { accountId, vendor, rateE4PerKwh, ...valued(ports, known, look) };
}

/** At the rate of now, which may be another than when it was seen. */
const valued = ({ country }: LivePorts, { rateE4PerKwh }: LiveAccount, look: Look): Look => ({
  ...look,
  balanceWh: look.walletMinor === null ? null : walletWh(look.walletMinor, country.minorDigits, rateE4PerKwh),
});
