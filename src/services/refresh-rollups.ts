import { localDay } from "../domain/local-day.ts";
import type { RollupDays, Rollups, Touched } from "../ports/rollups.ts";

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
/** Slices of accounts of one month; more accounts than any country will have. */
const SLICES_MAX = 1_000;

/** One step of load curves: the newest month in which hours have changed, all accounts of it. */
export async function refreshMonthHours(rollups: Rollups): Promise<{ months: number; changed: number; more: boolean }> {
  const touched = await rollups.touchedMonths(ROLLUP_MONTHS_MAX + 1);
  let changed = 0;
  for (const each of touched.slice(0, ROLLUP_MONTHS_MAX)) {
    let after: number | null = 0;
    for (let slice = 0; after !== null && slice < SLICES_MAX; slice++) {
      const done: { changed: number; last: number | null } = await rollups.refreshMonth(each.month, after);
      changed += done.changed;
      after = done.last;
    }
    // Whatever has changed meanwhile has touched the month again.
    await rollups.forgetMonth(each);
  }
  return { months: Math.min(touched.length, ROLLUP_MONTHS_MAX), changed, more: touched.length > ROLLUP_MONTHS_MAX };
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
