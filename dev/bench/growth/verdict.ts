/** How what a question costs grew from a small country to a large one, beside how its accounts did. */
import type { Cost } from "./cost.ts";

/** One level that an index gains, and a page that is fuller, are no growth. */
const FLAT_TIMES_MAX = 4;
/** So much more than the accounts is what a country's sum may grow: an index gains a level, and what is sorted fits no more into memory. */
const LINEAR_TIMES_MAX = 2;
/** What costs no more than this in the largest country may have grown by more than that, and never ten times. */
const SMALL = { pages: 200, rows: 500 };
const SMALL_TIMES_BELOW = 10;
/** A page that was not full in the small country may cost as many times more as it shows more rows; what shows more than any page does not. */
const PAGE_ROWS_MAX = 200;

export type Verdict = "flat" | "as the accounts" | "GROWS";
/** `times`: of pages or rows, whichever grew worse; of a page for each row that it shows. */
export type Grown = { verdict: Verdict; times: number };

/**
 * `first` and `last` are what the question cost at the smallest and the largest size, null where the database did not answer in time;
 * `accountsTimes` how many times more accounts. Pages and rows are judged each by itself, and the worse one counts.
 */
export function grownBy(
  grows: "flat" | "country",
  { first, last, accountsTimes }: { first: Cost | null; last: Cost | null; accountsTimes: number },
): Grown {
  if (first === null || last === null) return { verdict: "GROWS", times: Number.POSITIVE_INFINITY };
  const filled = grows === "flat" && last.answered <= PAGE_ROWS_MAX ? last.answered / Math.max(1, first.answered) : 1;
  const each = (["pages", "rows"] as const).map((what): Grown => {
    const times = last[what] / Math.max(1, first[what]) / Math.max(1, filled);
    const isFlat = times <= FLAT_TIMES_MAX || (last[what] <= SMALL[what] && times < SMALL_TIMES_BELOW);
    const isLinear = grows === "country" && times <= accountsTimes * LINEAR_TIMES_MAX;
    return { verdict: isFlat ? "flat" : isLinear ? "as the accounts" : "GROWS", times };
  });
  const worst = ORDER.findLast((verdict) => each.some((one) => one.verdict === verdict)) ?? "GROWS";
  return { verdict: worst, times: Math.max(...each.map(({ times }) => times)) };
}

const ORDER: readonly Verdict[] = ["flat", "as the accounts", "GROWS"];
