import type { Operator } from "../country.ts";
import { dayAfter } from "./periods.ts";

/** Who brings money of a day: an operator, whose statement settles it; cash, which has none; the old books, which are over. */
export type Channel = Operator | "cash" | "legacy";

/** What a site sold on a day by a channel. Whole units, in this order wherever they are listed. */
export const DAY_AMOUNTS = [
  "payments",
  "grossMinor",
  "reversedMinor",
  "electricityMinor",
  "feesMinor",
  "suspenseMinor",
  "treasuryMinor",
  "vendedWh",
] as const;
export type DayAmount = (typeof DAY_AMOUNTS)[number];
/** `site` null: money that no site holds. */
export type SiteSales = { site: string | null } & Record<DayAmount, number>;

/** What is known of a day of a channel. */
export type DayFacts = {
  channel: Channel;
  /** The local day has ended. */
  isOver: boolean;
  /** Rows that objects still owe the books: one of them may be of this day, as long as it is not longer past than OUTBOX_DAYS_MAX. */
  onTheirWay: number;
  /** Something of the day has changed, and its sums are not computed again yet. */
  isTouched: boolean;
  suspenseMinor: number;
  /** Tills that took this operator's money in the month up to the day, and how many of them have a final day. */
  tills: number;
  tillsFinal: number;
  /** Days of tills that a statement lists whole and that do not agree with our books. */
  tillsDiffer: number;
  /** Receipts of no till that no statement lists. */
  unlisted: number;
};

/**
 * What is on its way is of the last days, nearly always, and something always is where many pay: for longer it keeps no day open. A payment
 * that comes later still reopens its day, with what it has changed.
 */
export const OUTBOX_DAYS_MAX = 7;
export const isOfOutbox = (day: string, today: string): boolean => day >= dayAfter(today, -OUTBOX_DAYS_MAX);

/** What a day still waits for, in the order in which it is looked at. */
export const WAITS = ["day", "outbox", "sums", "suspense", "difference", "statement"] as const;
export type Wait = (typeof WAITS)[number];

/** What a day was when it was closed last. */
export type Closing = { nth: number; closedAt: number; reopenedAt: number | null; sales: SiteSales[] };
export type SalesChange = { site: string | null; amount: DayAmount; was: number; is: number };
/** old: of the books that were taken over; nothing closes it, and nothing waits. */
export type DayState = "open" | "closed" | "reopened" | "old";
export type JudgedDay = { state: DayState; waits: Wait[]; changes: SalesChange[] };

/**
 * Open while the day runs and while something of it waits, and until it is closed; reopened when a closed day is no longer what it
 * was, or waits again. What is merely on its way, or not added up yet, reopens nothing: it may be another day's, or change nothing.
 */
export function judgeDay(facts: DayFacts, sales: readonly SiteSales[], closing: Closing | null): JudgedDay {
  if (facts.channel === "legacy") return { state: "old", waits: [], changes: [] };
  const waits = waitsOf(facts);
  if (closing === null) return { state: "open", waits, changes: [] };
  const changes = changesSince(closing.sales, sales);
  const reopening = waits.filter((wait) => wait !== "outbox" && wait !== "sums");
  const isAsItWas = changes.length === 0 && reopening.length === 0;
  return isAsItWas ? { state: "closed", waits: [], changes } : { state: "reopened", waits, changes };
}

function waitsOf(facts: DayFacts): Wait[] {
  const hasStatement = facts.channel !== "cash";
  const isWaiting: Record<Wait, boolean> = {
    day: !facts.isOver,
    outbox: facts.onTheirWay > 0,
    sums: facts.isTouched,
    suspense: facts.suspenseMinor !== 0,
    difference: hasStatement && facts.tillsDiffer > 0,
    statement: hasStatement && (facts.tillsFinal + facts.tillsDiffer < facts.tills || facts.unlisted > 0),
  };
  return WAITS.filter((wait) => isWaiting[wait]);
}

const NOTHING = Object.fromEntries(DAY_AMOUNTS.map((amount) => [amount, 0])) as Record<DayAmount, number>;

/** Amount by amount, site by site, what is not as it was; a site that was not there had nothing. */
export function changesSince(was: readonly SiteSales[], now: readonly SiteSales[]): SalesChange[] {
  const sites = [...new Set([...was, ...now].map(({ site }) => site))].toSorted((a, b) =>
    (a ?? "").localeCompare(b ?? ""),
  );
  return sites.flatMap((site) => {
    const before = was.find((each) => each.site === site) ?? NOTHING;
    const after = now.find((each) => each.site === site) ?? NOTHING;
    return DAY_AMOUNTS.filter((amount) => before[amount] !== after[amount]).map((amount) => ({
      ...{ site, amount, was: before[amount], is: after[amount] },
    }));
  });
}

/** What is to be written down of a judged day. `reopen`: it had been closed, and no longer is as it was; `close`: nothing of it waits. */
export type Step = { close: boolean; reopen: boolean };
export function stepOf({ state, waits }: JudgedDay, closing: Closing | null): Step {
  const wasOpen = closing === null || closing.reopenedAt !== null;
  return {
    reopen: state === "reopened" && !wasOpen,
    close: state !== "old" && waits.length === 0 && (state === "reopened" || wasOpen),
  };
}
