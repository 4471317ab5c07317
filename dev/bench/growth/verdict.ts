/** How what a question costs grew from a small country to a large one. */
import type { Cost } from "./cost.ts";

/** One level that an index gains, and a page that is fuller, are no growth. */
const FLAT_TIMES_MAX = 4;
/** So much more than the accounts is what a country's sum may grow: an index gains a level, and what is sorted fits no more into memory. */
const LINEAR_TIMES_MAX = 2;
/** What a page full of rows costs: one that is shorter in a small country grows as far as that. */
const SMALL: Cost = { pages: 1_500, rows: 2_000 };

export type Grown = { verdict: "flat" | "as the accounts" | "GROWS"; times: number };

/**
 * `first` and `last` are what the question cost at the smallest and the largest size, null where the database did not answer in time;
 * `accountsTimes` how many times more accounts. Pages and rows are judged each by itself, and the worse one counts.
 */
export function grownBy(
  grows: "flat" | "country",
  { first, last, accountsTimes }: { first: Cost | null; last: Cost | null; accountsTimes: number },
): Grown {
  if (first === null || last === null) return { verdict: "GROWS", times: Number.POSITIVE_INFINITY };
  const ratios = (["pages", "rows"] as const).map((what) => ({
    times: last[what] / Math.max(1, first[what]),
    isSmall: last[what] <= SMALL[what],
  }));
  const times = Math.max(...ratios.map((each) => each.times));
  const large = Math.max(0, ...ratios.map((each) => (each.isSmall ? 0 : each.times)));
  if (large <= FLAT_TIMES_MAX) return { verdict: "flat", times };
  if (grows === "country" && large <= accountsTimes * LINEAR_TIMES_MAX) return { verdict: "as the accounts", times };
  return { verdict: "GROWS", times };
}
