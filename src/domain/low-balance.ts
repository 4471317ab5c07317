import type { AccountStatus } from "./ledger.ts";

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
const MINUTE_MS = 60_000;

/** At these local hours whoever is low and has not been told is told. */
const SWEEP_HOURS = [7, 19] as const;
/** Between them a warning goes out at once. */
const [DAY_BEGINS_HOUR, DAY_ENDS_HOUR] = SWEEP_HOURS;
/** SMS of this kind to one account in a local day. */
export const WARNINGS_PER_DAY_MAX = 2;

/** What the account remembers of its warnings. */
export type Warnings = {
  /** True: the next time the balance is low somebody is told. */
  isArmed: boolean;
  /** The local day of the last warning, counted from 1970, and how many went out on it. */
  day: number | null;
  told: number;
};
/** An account that has never had more than little is not told that it has little. */
export const NOT_WARNED: Warnings = { isArmed: false, day: null, told: 0 };

export type WarningFacts = {
  status: AccountStatus;
  /** A primary meter serves the account now and has been heard: it is commissioned. */
  isMetered: boolean;
  /** It was just paid for: whoever has paid is not told at once that it was little. */
  isAfterCredit: boolean;
  availableWh: number;
  warnWh: number;
  clearWh: number;
  utcOffsetMinutes: number;
};

/** `nextLookAt`: the sweep at which to look again; null: nothing is waiting to be said. */
export type WarningDecision = { warn: boolean; warnings: Warnings; nextLookAt: number | null };

/** Whether the customer is told now that little is left. Told once; armed again when the balance has risen to the clear mark. */
export function decideWarning(warnings: Warnings, facts: WarningFacts, now: number): WarningDecision {
  const { availableWh, warnWh, clearWh, utcOffsetMinutes } = facts;
  const isFirst = warnings.day === null && availableWh > warnWh;
  const isArmed = warnings.isArmed || isFirst || availableWh >= clearWh;
  const quiet = { warn: false, warnings: { ...warnings, isArmed }, nextLookAt: null };
  if (facts.status !== "live" || !facts.isMetered || availableWh > warnWh || !isArmed) return quiet;
  const localMs = now + utcOffsetMinutes * MINUTE_MS;
  const day = Math.floor(localMs / DAY_MS);
  const told = warnings.day === day ? warnings.told : 0;
  const hour = Math.floor((localMs % DAY_MS) / HOUR_MS);
  const isSayable = hour >= DAY_BEGINS_HOUR && hour <= DAY_ENDS_HOUR;
  if (!isSayable || facts.isAfterCredit || told >= WARNINGS_PER_DAY_MAX)
    return { ...quiet, nextLookAt: nextSweepAt(localMs, told >= WARNINGS_PER_DAY_MAX) - utcOffsetMinutes * MINUTE_MS };
  return { warn: true, warnings: { isArmed: false, day, told: told + 1 }, nextLookAt: null };
}

/** The next sweep after a local instant; that of the next morning when today's SMS are used up. */
function nextSweepAt(localMs: number, tomorrow: boolean): number {
  const dayBegan = localMs - (localMs % DAY_MS);
  const times = SWEEP_HOURS.map((hour) => dayBegan + hour * HOUR_MS);
  const today = tomorrow ? undefined : times.find((at) => at > localMs);
  return today ?? dayBegan + DAY_MS + DAY_BEGINS_HOUR * HOUR_MS;
}
