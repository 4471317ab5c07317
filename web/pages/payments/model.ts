import { parseAmountMinor } from "../../../src/domain/money.ts";

const DAY_MS = 86_400_000;
const dayBefore = (day: string, days: number) =>
  new Date(Date.parse(`${day}T00:00:00Z`) - days * DAY_MS).toISOString().slice(0, 10);

export const SPANS = ["today", "yesterday", "week", "month", "thirty", "any"] as const;
export type Span = (typeof SPANS)[number];
export type Days = { from: string; to: string };

/** The local days of a stretch that people ask for; empty: from the first, to the last. */
export function daysOf(span: Span, today: string): Days {
  switch (span) {
    case "today":
      return { from: today, to: today };
    case "yesterday":
      return { from: dayBefore(today, 1), to: dayBefore(today, 1) };
    case "week":
      return { from: dayBefore(today, 6), to: today };
    case "month":
      return { from: `${today.slice(0, 8)}01`, to: today };
    case "thirty":
      return { from: dayBefore(today, 29), to: today };
    case "any":
      return { from: "", to: "" };
  }
}

/** Which stretch these days are; null: days that somebody typed. */
export const spanOf = (days: Days, today: string): Span | null =>
  SPANS.find((span) => {
    const of = daysOf(span, today);
    return of.from === days.from && of.to === days.to;
  }) ?? null;

export type Filters = Days & { site: string; provider: string; holder: string; min: string; max: string; q: string };

/** What is asked of the server: what is empty, or no amount yet, is not asked. */
export function questionOf(filters: Filters, minorDigits: 0 | 2): Record<string, string> {
  const { min, max, ...plain } = filters;
  const amounts = Object.entries({ min, max }).flatMap(([name, typed]) => {
    const minor = typed.trim() === "" ? null : parseAmountMinor(typed, minorDigits);
    return minor === null ? [] : [[name, String(minor)] as const];
  });
  return Object.fromEntries([...Object.entries(plain).filter(([, value]) => value.trim() !== ""), ...amounts]);
}

type Day = {
  count: number;
  amountMinor: number;
  accountsMinor: number;
  suspenseMinor: number;
  treasuryMinor: number;
  returnedMinor: number;
  legacyMinor: number;
};

/** All the days together. */
export const sumOf = (days: readonly Day[]): Day =>
  days.reduce<Day>(
    (sum, day) => ({
      count: sum.count + day.count,
      amountMinor: sum.amountMinor + day.amountMinor,
      accountsMinor: sum.accountsMinor + day.accountsMinor,
      suspenseMinor: sum.suspenseMinor + day.suspenseMinor,
      treasuryMinor: sum.treasuryMinor + day.treasuryMinor,
      returnedMinor: sum.returnedMinor + day.returnedMinor,
      legacyMinor: sum.legacyMinor + day.legacyMinor,
    }),
    {
      count: 0,
      amountMinor: 0,
      accountsMinor: 0,
      suspenseMinor: 0,
      treasuryMinor: 0,
      returnedMinor: 0,
      legacyMinor: 0,
    },
  );
