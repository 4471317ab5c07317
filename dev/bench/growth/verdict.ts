/** How a figure grew from a small country to a large one. */

/** Noise of a busy machine, and the one level that an index gains, are no growth. */
const FLAT_TIMES_MAX = 4;
/** So much more than the accounts is what a country's sum may grow. */
const LINEAR_TIMES_MAX = 1.5;
/** Below this nobody waits for it, and the machine's noise decides the ratio. Milliseconds. */
const SMALL_MS = 5;

export type Grown = { verdict: "flat" | "as the accounts" | "GROWS"; times: number };

/** `firstMs` and `lastMs` are the fastest answers at the smallest and the largest size, `accountsTimes` how many times more accounts. */
export function grownBy(
  grows: "flat" | "country",
  { firstMs, lastMs, accountsTimes }: { firstMs: number; lastMs: number; accountsTimes: number },
): Grown {
  const times = lastMs / firstMs;
  if (times <= FLAT_TIMES_MAX || lastMs <= SMALL_MS) return { verdict: "flat", times };
  if (grows === "country" && times <= accountsTimes * LINEAR_TIMES_MAX) return { verdict: "as the accounts", times };
  return { verdict: "GROWS", times };
}
