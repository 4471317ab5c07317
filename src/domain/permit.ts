import type { Permit } from "./disconnect.ts";

const MINUTE_MS = 60_000;

/** An SMS that a Mailbox has not worked on for so long may be the payment. */
export const UNPROCESSED_MS_MAX = 2 * MINUTE_MS;
/** A till whose phones have all been silent for so long may have been paid without our knowing. */
export const TILL_SILENT_MS = 20 * MINUTE_MS;
/** The breaker counts over these. */
export const BURST_MS = 10 * MINUTE_MS;
export const SHARE_MS = 60 * MINUTE_MS;

export type PermitFacts = {
  /** Somebody has not told the gate all they know yet. */
  isLacking: boolean;
  switchOn: boolean;
  /** Money that waits and names the account or one of its phones. */
  heldKeys: readonly string[];
  phones: readonly {
    tillId: string;
    lastPollAt: number | null;
    oldestUnprocessedAt: number | null;
    revoked: boolean;
  }[];
  /** The site's breaker is open: a person has not looked yet. */
  isTripped: boolean;
  /** Other accounts of the site that were permitted to go dark in the last ten minutes, and in the last hour. */
  inBurst: number;
  inHour: number;
  /** Live accounts of the site with a meter of ours; null: not known. */
  siteAccounts: number | null;
};

export type BreakerLimits = { perTenMinutesMax: number; sharePctMax: number; accountsMin: number };

export type PermitDecision = Permit & { trips: "burst" | "share" | null };

/** Whether one more family may be put in the dark. Whatever is in doubt refuses; too many at once stop the site's rest. */
export function decidePermit(facts: PermitFacts, limits: BreakerLimits, now: number): PermitDecision {
  if (facts.isLacking) return refuse("gate_not_ready");
  if (!facts.switchOn) return refuse("switch_off");
  if (facts.isTripped) return refuse("breaker_open");
  if (facts.heldKeys.length > 0) return refuse("money_waits");
  const phones = facts.phones.filter(({ revoked }) => !revoked);
  if (phones.some(({ oldestUnprocessedAt: at }) => at !== null && now - at > UNPROCESSED_MS_MAX))
    return refuse("sms_unprocessed");
  const tills = new Map<string, boolean>();
  for (const { tillId, lastPollAt } of phones) {
    const isHeard = lastPollAt !== null && now - lastPollAt <= TILL_SILENT_MS;
    tills.set(tillId, isHeard || (tills.get(tillId) ?? false));
  }
  // A country without a phone hears of no payment at all.
  if (tills.size === 0 || [...tills.values()].includes(false)) return refuse("till_silent");
  if (facts.inBurst + 1 > limits.perTenMinutesMax) return { granted: false, because: "breaker_open", trips: "burst" };
  const share = Math.floor(((facts.siteAccounts ?? 0) * limits.sharePctMax) / 100);
  if (facts.inHour + 1 > Math.max(share, limits.accountsMin))
    return { granted: false, because: "breaker_open", trips: "share" };
  return { granted: true, trips: null };
}

const refuse = (because: Exclude<Permit, { granted: true }>["because"]): PermitDecision => ({
  granted: false,
  because,
  trips: null,
});
