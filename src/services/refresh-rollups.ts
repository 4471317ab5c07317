import { localDay } from "../domain/local-day.ts";
import { MONTH_ACCOUNTS_MAX, type RollupDays, type Rollups, type Touched } from "../ports/rollups.ts";

/** Touches that one step reads. */
export const TOUCHED_MAX = 5_000;
/** Days times accounts of one step, a second or two; and never more days than these. */
export const ROLLUP_ROWS_MAX = 28_000;
export const ROLLUP_DAYS_MAX = 31;
const HOUR_MS = 3_600_000;

export type RefreshedRollups = { days: number; changed: number; more: boolean };

/**
 * One step: the newest days that something has changed in. `more`: there are others. Where so many are too much for one call, half of them are
 * tried, down to one: a slow hour makes steps smaller, and never the same one fail for ever.
 */
export async function refreshRollups(rollups: Rollups, utcOffsetMinutes: number): Promise<RefreshedRollups> {
  const touched = await rollups.touched(TOUCHED_MAX);
  if (touched.length === 0) return { days: 0, changed: 0, more: false };
  for (let daysMax = daysOfStep(await rollups.accounts()); ; daysMax = Math.ceil(daysMax / 2)) {
    const { days, done } = pick(touched, utcOffsetMinutes, daysMax);
    try {
      const changed = await rollups.refresh(days, done);
      return {
        days: new Set([...days.money, ...days.energy]).size,
        changed,
        more: done.length < touched.length || touched.length === TOUCHED_MAX,
      };
    } catch (thrown) {
      if (daysMax === 1) throw thrown;
    }
  }
}

/** A day of a country has a row of each of its accounts, at most. */
export const daysOfStep = (accounts: number): number =>
  Math.min(ROLLUP_DAYS_MAX, Math.max(1, Math.floor(ROLLUP_ROWS_MAX / Math.max(1, accounts))));

/** Months of load curves that one step computes. */
export const ROLLUP_MONTHS_MAX = 1;
/** A month that runs changes with each hour, and every hour of it is read: eight times a day are enough for a curve. */
export const MONTH_HOURS_REST_MS = 3 * HOUR_MS;
/** Slices of accounts of one month; more accounts than any country will have, even one by one. */
const SLICES_MAX = 20_000;

type Moment = { now: number; utcOffsetMinutes: number };

/** One step of load curves: the newest month that is due, all accounts of it. */
export async function refreshMonthHours(
  rollups: Rollups,
  { now, utcOffsetMinutes }: Moment,
): Promise<{ months: number; changed: number; more: boolean }> {
  const running = `${localDay(now, utcOffsetMinutes).slice(0, 7)}-01`;
  const due = { running, waitedSince: now - MONTH_HOURS_REST_MS };
  const touched = await rollups.touchedMonths(ROLLUP_MONTHS_MAX + 1, due);
  let changed = 0;
  for (const each of touched.slice(0, ROLLUP_MONTHS_MAX)) {
    changed += await refreshMonth(rollups, each.month);
    // Whatever has changed meanwhile has touched the month again.
    await rollups.forgetMonth(each);
  }
  return { months: Math.min(touched.length, ROLLUP_MONTHS_MAX), changed, more: touched.length > ROLLUP_MONTHS_MAX };
}

/** Where a slice of accounts is too much for one call, half of it is tried, down to one account, and so for the rest of the month. */
export async function refreshMonth(rollups: Rollups, month: string): Promise<number> {
  let [changed, accounts, after]: [number, number, number | null] = [0, MONTH_ACCOUNTS_MAX, 0];
  for (let slice = 0; after !== null && slice < SLICES_MAX; slice++) {
    try {
      const done: { changed: number; last: number | null } = await rollups.refreshMonth(month, after, accounts);
      changed += done.changed;
      after = done.last;
    } catch (thrown) {
      if (accounts === 1) throw thrown;
      accounts = Math.ceil(accounts / 2);
    }
  }
  return changed;
}

/** The first days of each kind, and the touches that lie wholly within them. */
export function pick(
  touched: readonly Touched[],
  utcOffsetMinutes: number,
  daysMax: number,
): { days: RollupDays; done: number[] } {
  const days = { money: new Set<string>(), energy: new Set<string>() };
  const done: number[] = [];
  for (const { id, what, at } of touched) {
    const own = daysOf(what, at, utcOffsetMinutes).filter((day) => !days[what].has(day));
    if (days[what].size + own.length > daysMax) continue;
    for (const day of own) days[what].add(day);
    done.push(id);
  }
  return { days: { money: [...days.money], energy: [...days.energy] }, done };
}

/** An hour of a zone that is off by half an hour lies in two days. */
const daysOf = (what: Touched["what"], at: number, utcOffsetMinutes: number): string[] =>
  what === "energy"
    ? [localDay(at, 0)]
    : [...new Set([localDay(at, utcOffsetMinutes), localDay(at + HOUR_MS - 1, utcOffsetMinutes)])];
