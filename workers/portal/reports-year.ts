import { dayStart } from "../../src/domain/local-day.ts";
import { type YearHour, yearOf } from "../../src/domain/metrics/load.ts";
import type { Reader } from "../../src/ports/reader.ts";
import { hourSums } from "../../src/queries/reports/load.ts";
import type { ProfileOrder } from "../../src/queries/reports/profile-sql.ts";

export type YearOrder = ProfileOrder & { utcOffsetMinutes: number; now: number };

export const yearWindow = (year: number) => ({ from: `${year}-01-01`, to: `${year}-12-31` });

/** Days before each month of a year without a leap day, and after the last. */
const DAYS_BEFORE = [0, 31, 59, 90, 120, 151, 181, 212, 243, 273, 304, 334, 365];

/** First days of the pieces of a month: ten days of 2,000 accounts are half a million hours, and seconds. */
const PIECES = [1, 11, 21];

/** The 8,760 hours of a local year, a third of a month at a time: no more than that is ever read or kept at once. */
export async function* yearHours(db: Reader, order: YearOrder, year: number, k: number): AsyncGenerator<YearHour[]> {
  for (let month = 0; month < 12; month++)
    for (const [nth, first] of PIECES.entries()) {
      const next = PIECES[nth + 1];
      const from = dayText(year, month, first);
      const to = next === undefined ? dayText(year, month + 1, 0) : dayText(year, month, next - 1);
      const isToCome = dayStart(from, order.utcOffsetMinutes) > order.now;
      const sums = isToCome ? [] : await hourSums(db, { ...order, from, to });
      const [before = 0, after = 0] = DAYS_BEFORE.slice(month, month + 2);
      const days = [before + first - 1, next === undefined ? after : before + next - 1] as const;
      yield yearOf(sums, year, order.utcOffsetMinutes, k).slice(days[0] * 24, days[1] * 24);
    }
}

const dayText = (year: number, month: number, day: number) =>
  new Date(Date.UTC(year, month, day)).toISOString().slice(0, 10);
