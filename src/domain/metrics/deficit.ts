/** Hours that a site's meters told in a month. `elapsedBp`: how much of it is over, in hundredths of a per cent. */
export type SiteMonth = { site: string; month: string; hours: number; elapsedBp: number };
export type Judged = SiteMonth & {
  /** Of the site's other months that are over; null: too few of them to say. */
  medianHours: number | null;
  /** What was to be expected of as much of the month as is over; null like the median. */
  expectedHours: number | null;
  isDeficit: boolean;
};

/** So many months that are over have to be there, the one that is judged among them, before anything is called a deficit. */
export const DEFICIT_MONTHS = 4;
const WHOLE_BP = 10_000;
const DEFICIT_BP = 5_000;

/**
 * Months in which a site told less than half of what it usually does. A running month is compared with as much of the median as of it is over,
 * and is part of no median.
 */
export function judgeMonths(months: readonly SiteMonth[]): Judged[] {
  return months.map((month) => {
    const over = months.filter(({ site, elapsedBp }) => site === month.site && elapsedBp >= WHOLE_BP);
    const others = over.filter((each) => each.month !== month.month).map(({ hours }) => hours);
    const isEnough = over.length >= DEFICIT_MONTHS;
    const medianHours = isEnough ? median(others) : null;
    const expectedHours = medianHours === null ? null : Math.floor((medianHours * month.elapsedBp) / WHOLE_BP);
    const isDeficit = expectedHours !== null && month.hours * WHOLE_BP < expectedHours * DEFICIT_BP;
    return { ...month, medianHours, expectedHours, isDeficit };
  });
}

/** The middle one, of an even number the lower half of the two; null of none. */
export function median(values: readonly number[]): number | null {
  if (values.length === 0) return null;
  const sorted = values.toSorted((a, b) => a - b);
  const high = sorted[Math.floor(sorted.length / 2)] ?? 0;
  const low = sorted[Math.floor((sorted.length - 1) / 2)] ?? 0;
  return Math.floor((low + high) / 2);
}
