import { energyForMoney } from "./energy.ts";

/** So long a look at a wallet is as good as the wallet. */
export const LIVE_TTL_MS = 600_000;
/** Looks that nobody asked for: of one run, and of a UTC day. The vendor's own budget may allow fewer. */
export const LOOKS_PER_RUN_MAX = 400;
export const LOOKS_PER_DAY_MAX = 8_000;

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;

/** How often an account is looked at by itself, by how long its supply lasts: whoever may be in the dark soon, often. */
const TIERS: readonly { hours: number; everyMs: number }[] = [
  { hours: 1, everyMs: 5 * MINUTE_MS },
  { hours: 6, everyMs: 15 * MINUTE_MS },
  { hours: 12, everyMs: HOUR_MS },
  { hours: 24, everyMs: 2 * HOUR_MS },
];

/** A wallet as it was seen last. */
export type Look = {
  /** Null: the platform showed no wallet then. */
  walletMinor: number | null;
  /** What that is at the account's own rate; null: no wallet, or nothing is vended here. */
  balanceWh: number | null;
  readAt: number;
};

export type LookCandidate = {
  account: string;
  /** What the ledger says, for as long as nobody has looked. */
  ledgerWh: number;
  /** Of the last days; null: not known. */
  usualWhPerHour: number | null;
  look: Look | null;
};

/** A wallet is money. At the account's own rate it is energy, below nothing too; without a rate nobody can say. */
export function walletWh(walletMinor: number, minorDigits: 0 | 2, rateE4PerKwh: number | null): number | null {
  if (rateE4PerKwh === null) return null;
  const size = energyForMoney(Math.abs(walletMinor), minorDigits, rateE4PerKwh);
  return walletMinor < 0 ? -size : size;
}

/**
 * Hours until an account is in the dark: what was there at the last look, less what is usually used since. Null: it is not
 * known how much is used, or nothing is.
 */
export function hoursLeft({ ledgerWh, usualWhPerHour, look }: LookCandidate, now: number): number | null {
  if (usualWhPerHour === null || usualWhPerHour <= 0) return null;
  const knownWh = look?.balanceWh ?? ledgerWh;
  const sinceMs = look?.balanceWh == null ? 0 : Math.max(0, now - look.readAt);
  return Math.max(0, knownWh / usualWhPerHour - sinceMs / HOUR_MS);
}

/** How often this account is looked at; null: only when somebody asks. */
function everyMs(candidate: LookCandidate, now: number): number | null {
  const hours = hoursLeft(candidate, now);
  if (hours === null) return null;
  return TIERS.find((tier) => hours <= tier.hours)?.everyMs ?? null;
}

/**
 * The accounts to look at now, the most pressing first: those that are due by the shortest of intervals, the one that
 * waited longest before the others. Never more than a run's and the day's share.
 */
export function planLooks(candidates: readonly LookCandidate[], now: number, usedToday: number): string[] {
  const room = Math.max(0, Math.min(LOOKS_PER_RUN_MAX, LOOKS_PER_DAY_MAX - usedToday));
  const due = candidates.flatMap((candidate) => {
    const every = everyMs(candidate, now);
    if (every === null) return [];
    const readAt = candidate.look?.readAt ?? 0;
    // A clock that was set back leaves looks of the future: they are no reason to wait.
    const isDue = readAt > now || now - readAt >= every;
    return isDue ? [{ account: candidate.account, every, readAt }] : [];
  });
  due.sort((a, b) => a.every - b.every || a.readAt - b.readAt || (a.account < b.account ? -1 : 1));
  return due.slice(0, room).map(({ account }) => account);
}

/** What is shown as an account's balance, from where, and how old it is. */
export type ShownBalance = {
  source: "live" | "live_stale" | "engine";
  balanceWh: number;
  /** In the wallet's own currency; null where the ledger speaks, which has energy alone. */
  walletMinor: number | null;
  asOf: number;
};

/** The platform's wallet while it is known, its age beside it; else what our ledger says. */
export function shownBalance(
  look: Look | null,
  ledger: { availableWh: number; asOf: number },
  now: number,
): ShownBalance {
  if (look === null || look.balanceWh === null || look.walletMinor === null)
    return { source: "engine", balanceWh: ledger.availableWh, walletMinor: null, asOf: ledger.asOf };
  const isFresh = now - look.readAt < LIVE_TTL_MS;
  return {
    source: isFresh ? "live" : "live_stale",
    balanceWh: look.balanceWh,
    walletMinor: look.walletMinor,
    asOf: look.readAt,
  };
}
