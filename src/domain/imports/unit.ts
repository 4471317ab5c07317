import type { ImportSource } from "./source.ts";
import { DAY_MS, HOUR_MS, startOfDay } from "./vendor-day.ts";

/** What is fetched as one: a site's UTC day of one source. */
export type UnitName = { site: string; day: string; source: ImportSource };

/** Days back that are looked after by themselves; older ones when somebody asks. */
export const DAYS_BACK = 12;
/** So old, a day that did not grow any more is as whole as it will ever be: sites upload up to eight days late. */
export const SETTLED_DAYS = 10;
/** Beyond two days the history knows days alone: the report has the intervals. */
export const HISTORY_DAYS = 2;

const MINUTE_MS = 60_000;
const RETRY_MS_MIN = 5 * MINUTE_MS;
const RETRY_MS_MAX = 6 * HOUR_MS;
const YOUNG_MS = 3 * HOUR_MS;
const OLD_MS = 12 * HOUR_MS;

/** Whole days since a day ended; below zero while it runs. */
export const ageDays = (day: string, now: number) => Math.floor((now - startOfDay(day) - DAY_MS) / DAY_MS);

/** Sources that are worth asking of a day so old, of those that a vendor has. */
export function sourcesFor(vendor: "koios" | "thundercloud", age: number): ImportSource[] {
  if (age < 0) return [];
  if (vendor === "thundercloud") return ["thundercloud"];
  return age <= HISTORY_DAYS ? ["koios", "koios_report"] : ["koios_report"];
}

export type DayCount = {
  /** Meter-hours that the site's placed meters have that day; 0: no meter was placed. */
  expectedHours: number;
  /** Of those, the hours that are whole. */
  receivedHours: number;
  /** As it was after the last taking; null: there was none. */
  receivedBefore: number | null;
  /** Of this source at this day: a meter that is off must not cost the platform's budget every few hours. */
  attempts: number;
};

/**
 * Whether a day is done with, and when it is fetched again if it is not. It is when every hour of every placed meter is in, or
 * when it is old and did not grow any more.
 */
export function judgeDay(day: string, count: DayCount, now: number): { complete: boolean; nextAt: number | null } {
  const { expectedHours, receivedHours, receivedBefore, attempts } = count;
  const age = ageDays(day, now);
  const isWhole = age >= 0 && expectedHours > 0 && receivedHours >= expectedHours;
  const isSettled = age >= SETTLED_DAYS && receivedBefore !== null && receivedHours <= receivedBefore;
  if (isWhole || isSettled) return { complete: true, nextAt: null };
  const waitMs = (age <= HISTORY_DAYS ? YOUNG_MS : OLD_MS) * 2 ** Math.min(Math.max(0, attempts - 1), 3);
  return { complete: false, nextAt: now + Math.min(DAY_MS, waitMs) };
}

/** A source that says it has nothing of a day may only not have made it yet; of an old day it is the last word. */
export const isLastWord = (day: string, now: number) => ageDays(day, now) >= SETTLED_DAYS;

/** When a unit that failed is tried again: rarer with each attempt, and not before the vendor said. */
export function retryAt(attempts: number, now: number, saidAt: number | null): number {
  const waitMs = Math.min(RETRY_MS_MAX, RETRY_MS_MIN * 2 ** Math.min(Math.max(0, attempts - 1), 10));
  return Math.max(now + waitMs, saidAt ?? 0);
}
