import type { Country } from "../domain/country.ts";
import { dayOf, isFinal } from "../domain/statements/till-day.ts";
import { DAYS_MAX, type DayLineRow, type Days, type Statements, type TillOf } from "../ports/statements.ts";

const DAY_MS = 86_400_000;

/** Adds up a till's days again, each line against our books; a day that no longer agrees is open again. At most DAYS_MAX. */
export async function refreshTillDays(
  statements: Statements,
  country: Pick<Country, "currency" | "utcOffsetMinutes">,
  till: TillOf,
  days: Days,
  at: number,
): Promise<{ days: number; final: number }> {
  const { currency, utcOffsetMinutes } = country;
  const lines = await statements.dayLines({ ...till, utcOffsetMinutes }, days);
  const covered = new Set(await statements.coveredDays({ ...till, utcOffsetMinutes }, days));
  const byDay = Map.groupBy(lines, ({ day }) => day);
  const stored = daysIn(days)
    // A day of which nobody has said anything is no row.
    .filter((day) => covered.has(day) || byDay.get(day)?.some(({ kind }) => kind !== "missing"))
    .map((day) => {
      const sums = dayOf(byDay.get(day) ?? ([] as DayLineRow[]));
      return { ...sums, day, covered: covered.has(day), isFinal: isFinal(sums, covered.has(day)) };
    });
  if (stored.length > 0) await statements.putDays({ ...till, currency }, stored, at);
  return { days: stored.length, final: stored.filter((day) => day.isFinal).length };
}

/** The days from one to another; the first DAYS_MAX of them. */
export function daysIn({ from, to }: Days): string[] {
  const [first, last] = [Date.parse(`${from}T00:00:00Z`), Date.parse(`${to}T00:00:00Z`)];
  const count = Math.min(DAYS_MAX, Math.floor((last - first) / DAY_MS) + 1);
  return Array.from({ length: Math.max(0, count) }, (_, n) => new Date(first + n * DAY_MS).toISOString().slice(0, 10));
}
