import type { LedgerRow } from "../ledger.ts";
import { dayStart, localDay } from "../local-day.ts";
import { type DebtTerms, partOf } from "./debt.ts";
import { fractionOf } from "./split.ts";

/** What an agreement adds to a debt by itself: an advance its monthly fee, a plan that nobody pays its penalty. */
export const ACCRUALS = ["monthly", "penalty"] as const;
export type Accrual = {
  act: (typeof ACCRUALS)[number];
  /** What names it, once a debt: the month, or the day on which nothing had been paid for too long. */
  period: string;
  amountMinor: number;
  /** The local midnight at which it became due. */
  at: number;
};

/** Most that one look at a debt adds to it; what is left is added by the next. */
export const ACCRUALS_MAX = 24;
const DAY_MS = 86_400_000;
const MONTHS_MAX = 600;

type Row = Pick<LedgerRow, "book" | "entryKey" | "kind" | "amountMinor" | "occurredAt" | "acceptedAt">;

/**
 * What has become due of a debt and is not among its lines yet, the oldest first. Each amount is a fraction of what was owed at
 * the midnight at which it became due, whenever it is looked at: a look that comes late adds the same. `rows`: the account's
 * lines of fees. Rules: an advance's fee stands on the first of each local month after it was granted; a penalty on the day
 * that ends `graceDays` without a payment, and then after `intervalDays` again, once that day is over.
 */
export function accrualsDue(
  rows: readonly Row[],
  terms: DebtTerms,
  { now, utcOffsetMinutes }: { now: number; utcOffsetMinutes: number },
): Accrual[] {
  const debt = new DebtStory(
    rows.filter((row) => partOf(row) === terms.part),
    utcOffsetMinutes,
  );
  const today = localDay(now, utcOffsetMinutes);
  if (debt.grantedDay === null) return [];
  const due = terms.part.startsWith("advance.")
    ? debt.monthlyFees(terms, debt.grantedDay, today)
    : debt.penalties(terms, debt.grantedDay, today);
  return due.slice(0, ACCRUALS_MAX);
}

const ACCRUED = /^fee:(monthly|penalty):[^:]+:[^:]*@(\d{4}-\d{2}(?:-\d{2})?)$/;

/** What names an accrual in the account's books: `0045MAK@2026-12`. */
export const accrualIdOf = (account: string, period: string) => `${account}@${period}`;

/** The lines of one debt, by when each counts: an accrual from the midnight at which it was due, all else from when it was filed. */
class DebtStory {
  readonly #lines: { at: number; amountMinor: number }[];
  readonly #offset: number;
  readonly #periods = new Set<string>();
  readonly #paidDays: string[];
  /** Of the newest grant; null: it was never granted. */
  readonly grantedDay: string | null;

  constructor(rows: readonly Row[], offset: number) {
    this.#offset = offset;
    this.#lines = rows.map((row) => {
      const period = ACCRUED.exec(row.entryKey)?.[2];
      if (period !== undefined) this.#periods.add(period);
      return { at: period === undefined ? row.acceptedAt : row.occurredAt, amountMinor: row.amountMinor };
    });
    const grants = rows.filter(({ entryKey }) => entryKey.startsWith("fee:charge:"));
    const granted = Math.max(...grants.map(({ acceptedAt }) => acceptedAt));
    this.grantedDay = grants.length === 0 ? null : localDay(granted, offset);
    const takenBack = new Set(rows.filter(({ kind }) => kind === "reversal").map(({ entryKey }) => entryKey));
    this.#paidDays = rows
      .filter(({ kind, entryKey }) => kind === "payment" && !takenBack.has(`${entryKey}:reversal`))
      .map(({ acceptedAt }) => localDay(acceptedAt, offset))
      .sort();
  }

  monthlyFees({ monthlyFeeE4 }: DebtTerms, grantedDay: string, today: string): Accrual[] {
    const due: Accrual[] = [];
    let month = nextMonth(grantedDay.slice(0, 7));
    for (let count = 0; `${month}-01` <= today && count < MONTHS_MAX; month = nextMonth(month), count++)
      this.#add(due, "monthly", month, `${month}-01`, monthlyFeeE4);
    return due;
  }

  penalties({ penaltyE4, graceDays, intervalDays }: DebtTerms, grantedDay: string, today: string): Accrual[] {
    const due: Accrual[] = [];
    if (penaltyE4 === 0 || graceDays < 1 || intervalDays < 1) return due;
    let last =
      [...this.#periods]
        .filter((day) => day.length === 10)
        .sort()
        .at(-1) ?? null;
    let heard = grantedDay;
    for (;;) {
      const from: string = addDays(heard, graceDays);
      const again: string = last === null ? from : addDays(last, intervalDays);
      const day: string = from > again ? from : again;
      const paid = this.#paidDays.find((each) => each > heard && each <= day);
      if (paid !== undefined) heard = paid;
      else {
        // A payment of that very day is in time.
        if (day >= today || due.length >= ACCRUALS_MAX || !this.#add(due, "penalty", day, day, penaltyE4)) return due;
        last = day;
      }
    }
  }

  /** False: nothing was owed by then. */
  #add(due: Accrual[], act: Accrual["act"], period: string, day: string, fractionE4: number): boolean {
    const at = dayStart(day, this.#offset);
    const before = [...this.#lines, ...due.map((each) => ({ at: each.at, amountMinor: -each.amountMinor }))];
    const owedMinor = before.reduce((sum, line) => (line.at < at ? sum - line.amountMinor : sum), 0);
    const amountMinor = owedMinor <= 0 ? 0 : fractionOf(owedMinor, fractionE4);
    if (amountMinor > 0 && !this.#periods.has(period)) due.push({ act, period, amountMinor, at });
    return amountMinor > 0;
  }
}

const addDays = (day: string, days: number) =>
  new Date(Date.parse(`${day}T00:00:00Z`) + days * DAY_MS).toISOString().slice(0, 10);

function nextMonth(month: string): string {
  const [year, of] = month.split("-").map(Number) as [number, number];
  return of === 12 ? `${year + 1}-01` : `${year}-${String(of + 1).padStart(2, "0")}`;
}
