import { dayStart } from "../local-day.ts";
import type { Grain } from "./registry.ts";

/** A stretch of local days. */
export type Period = {
  /** Its first day, `2026-10-01`. */
  from: string;
  /** Its last day. */
  to: string;
  days: number;
  isPartial: boolean;
  /** How much of it is over, in hundredths of a per cent; 10,000: all of it. */
  elapsedBp: number;
};

export const PERIODS_MAX = 400;
const DAY_MS = 86_400_000;

const iso = (year: number, month: number, day: number) =>
  new Date(Date.UTC(year, month, day)).toISOString().slice(0, 10);

/** The period that a local day lies in: its first day and its last. */
export function periodOf(day: string, grain: Exclude<Grain, "total">): { from: string; to: string } {
  const [year, month] = [Number(day.slice(0, 4)), Number(day.slice(5, 7)) - 1];
  if (grain === "day") return { from: day, to: day };
  if (grain === "month") return { from: iso(year, month, 1), to: iso(year, month + 1, 0) };
  if (grain === "year") return { from: iso(year, 0, 1), to: iso(year, 12, 0) };
  const first = month - (month % 3);
  return { from: iso(year, first, 1), to: iso(year, first + 3, 0) };
}

/** Every period from the one that `from` lies in to the one of `to`; "too_many" above PERIODS_MAX. "total" is one, exactly from `from` to `to`. */
export function periodsBetween(
  order: { from: string; to: string; grain: Grain },
  now: number,
  utcOffsetMinutes: number,
): Period[] | "too_many" {
  const { from, to, grain } = order;
  const periods: Period[] = [];
  if (grain === "total") return [told({ from, to }, now, utcOffsetMinutes)];
  for (let day = from; day <= to; ) {
    if (periods.length === PERIODS_MAX) return "too_many";
    const period = periodOf(day, grain);
    periods.push(told(period, now, utcOffsetMinutes));
    day = dayAfter(period.to);
  }
  return periods;
}

/** The last one that is over: what a report shows when nobody asks for another. */
export function lastComplete(today: string, grain: Exclude<Grain, "total">): { from: string; to: string } {
  return periodOf(dayAfter(periodOf(today, grain).from, -1), grain);
}

/** The first day of the first of so many months, the one of `day` counted: twelve are twelve. */
export const monthsUntil = (day: string, count: number): string =>
  iso(Number(day.slice(0, 4)), Number(day.slice(5, 7)) - count, 1);

/** The earlier of two days. */
export const earlierDay = (one: string, other: string): string => [one, other].toSorted()[0] ?? one;

export const dayAfter = (day: string, days = 1): string =>
  new Date(Date.parse(`${day}T00:00:00Z`) + days * DAY_MS).toISOString().slice(0, 10);

function told({ from, to }: { from: string; to: string }, now: number, utcOffsetMinutes: number): Period {
  const [start, end] = [dayStart(from, utcOffsetMinutes), dayStart(dayAfter(to), utcOffsetMinutes)];
  const elapsedBp = Math.min(10_000, Math.max(0, Math.floor(((now - start) * 10_000) / (end - start))));
  return { from, to, days: (end - start) / DAY_MS, isPartial: now < end, elapsedBp };
}
