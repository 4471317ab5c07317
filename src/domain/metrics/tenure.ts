import { percentOf, spreadOf } from "./statistics.ts";

/**
 * What accounts use in the nth month of being customers. `legacy` counts as the old report did, faults and all, so that its figures can be
 * found again; `corrected` begins with the first complete month, takes complete months only, those of 0 Wh too, and not the running one.
 */
export const TENURE_RULES = ["corrected", "legacy"] as const;
export type TenureRule = (typeof TENURE_RULES)[number];

/** Months are counted: 12 times the year and those since January. */
export type MeteredMonth = { month: number; energyWh: number; hours: number };
/** What is known of an account, in rising months; `group` null: it has no type. `until`: the month in which it was terminated. */
export type AccountHistory = { group: string | null; until: number | null; months: readonly MeteredMonth[] };

export type TenurePoint = {
  /** Months after the first; the first is 0. */
  tenure: number;
  meanWh: number | null;
  deviationWh: number | null;
  upperWh: number | null;
  /** Never below 0, so it is not always as far from the mean as `upperWh`. */
  lowerWh: number | null;
  minWh: number | null;
  maxWh: number | null;
  /** Accounts that are old enough. */
  n: number;
  /** Those of them of which the month is known. */
  nd: number;
  /** Those of them that were left out as outliers: the mean is over nd - nf. */
  nf: number;
};
export type TenureGroup = { group: string | null; accounts: number; energyWh: number; points: TenurePoint[] };

/** Fewer make no mean. */
export const VALUES_MIN = 3;
/** Fewer have no outliers. */
export const FENCED_MIN = 4;
/** Of 24 hours of a day, so many have to be known for it, and its month, to be complete. */
export const COMPLETE_HOURS = 23;

export const monthIndex = (day: string): number => Number(day.slice(0, 4)) * 12 + Number(day.slice(5, 7)) - 1;
const daysOf = (month: number): number => new Date(Date.UTC(Math.floor(month / 12), (month % 12) + 1, 0)).getUTCDate();
export const isComplete = ({ month, hours }: MeteredMonth): boolean => hours >= daysOf(month) * COMPLETE_HOURS;

type Aged = { origin: number; end: number; months: readonly MeteredMonth[] };

/** `running`: the month that is not over. Groups by name, without one last; by type the old rule leaves out who has none. */
export function tenureOf(
  histories: readonly AccountHistory[],
  rule: TenureRule,
  running: number,
  by: "none" | "site" | "type" = "type",
): TenureGroup[] {
  const groups = [...new Set(histories.map(({ group }) => group))]
    .filter((group) => group !== null || rule === "corrected" || by !== "type")
    .toSorted(byName);
  const made = groups.map((group) => {
    const aged = histories.flatMap((each) => (each.group === group ? (AGED[rule](each, running) ?? []) : []));
    const longest = aged.reduce((most, { origin, end }) => Math.max(most, end - origin), -1);
    return {
      group,
      accounts: aged.length,
      energyWh: aged.reduce((sum, { months }) => sum + months.reduce((own, each) => own + each.energyWh, 0), 0),
      points: Array.from({ length: longest + 1 }, (_, tenure) => pointOf(aged, tenure)),
    };
  });
  // After the last month of which anybody's mean is known there is nothing to see.
  const last = Math.max(-1, ...made.map(({ points }) => points.findLastIndex(({ meanWh }) => meanWh !== null)));
  return made.map((each) => ({ ...each, points: each.points.slice(0, last + 1) }));
}

/** From when to when an account counts, and with which months. */
const AGED: Record<TenureRule, (history: AccountHistory, running: number) => Aged | null> = {
  legacy({ months }, running) {
    const origin = months[0]?.month;
    if (origin === undefined) return null;
    return { origin, end: running, months: months.filter(({ energyWh }) => energyWh > 0) };
  },
  corrected({ months, until }, running) {
    // The month of the termination is none that the account was there for.
    const end = Math.min(running, until ?? running) - 1;
    const complete = months.filter((each) => each.month <= end && isComplete(each));
    const origin = complete[0]?.month;
    return origin === undefined ? null : { origin, end, months: complete };
  },
};

function pointOf(aged: readonly Aged[], tenure: number): TenurePoint {
  const values = aged
    .flatMap(({ origin, months }) => months.find(({ month }) => month === origin + tenure)?.energyWh ?? [])
    .toSorted((a, b) => a - b);
  const kept = withoutOutliers(values);
  const spread = kept.length < VALUES_MIN ? null : spreadOf(kept);
  return {
    tenure,
    meanWh: spread?.mean ?? null,
    deviationWh: spread?.deviation ?? null,
    upperWh: spread === null ? null : spread.mean + spread.deviation,
    lowerWh: spread === null ? null : Math.max(0, spread.mean - spread.deviation),
    minWh: spread === null ? null : (kept[0] ?? null),
    maxWh: spread === null ? null : (kept.at(-1) ?? null),
    n: aged.filter(({ origin, end }) => end - origin >= tenure).length,
    nd: values.length,
    nf: values.length - kept.length,
  };
}

/** Within one and a half times the middle half's width of it; quarters are whole places of the sorted values. Wh doubled, to stay whole. */
export function withoutOutliers(sorted: readonly number[]): number[] {
  const n = sorted.length;
  if (n < FENCED_MIN) return [...sorted];
  const [q1, q3] = [sorted[Math.floor(n / 4)] as number, sorted[Math.floor((3 * n) / 4)] as number];
  const reach = 3 * (q3 - q1);
  return sorted.filter((value) => 2 * value >= 2 * q1 - reach && 2 * value <= 2 * q3 + reach);
}

/** The first day of the first month of which anything is known. */
export function firstMonth(histories: readonly AccountHistory[]): string | null {
  const months = histories.flatMap(({ months: [first] }) => (first === undefined ? [] : [first.month]));
  if (months.length === 0) return null;
  const first = months.reduce((least, month) => Math.min(least, month));
  return `${Math.floor(first / 12)}-${String((first % 12) + 1).padStart(2, "0")}-01`;
}

/** Known hours of all that there were, from each account's first month to the last that is over, or its termination. */
export function coverageOf(histories: readonly AccountHistory[], running: number): number | null {
  let [known, all] = [0, 0];
  for (const { months, until } of histories) {
    const end = Math.min(running, until ?? running);
    for (let month = months[0]?.month ?? end; month < end; month++) all += daysOf(month) * 24;
    known += months.reduce((sum, each) => (each.month < end ? sum + each.hours : sum), 0);
  }
  return percentOf(known, all);
}

const byName = (a: string | null, b: string | null) =>
  a === b ? 0 : a === null ? 1 : b === null ? -1 : a < b ? -1 : 1;
