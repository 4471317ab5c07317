import { divideHalfEven } from "../money.ts";

export type Spread = { mean: number; deviation: number };

/** Mean and population standard deviation of whole numbers: sums are exact, and each is rounded once. Of none: null. */
export function spreadOf(values: readonly number[]): Spread | null {
  if (values.length === 0) return null;
  const n = BigInt(values.length);
  let sum = 0n;
  let squares = 0n;
  for (const value of values) {
    sum += BigInt(value);
    squares += BigInt(value) * BigInt(value);
  }
  const deviation = Math.round(Math.sqrt(Number(n * squares - sum * sum)) / values.length);
  return { mean: Number(divideHalfEven(sum, n)), deviation };
}

/** A distribution of fewer values says more about them than about whoever they stand for. */
export const DISTRIBUTION_N_MIN = 30;

/**
 * Where a distribution reaches 0, 1, … 100 per cent: the smallest of its values that so many of them do not exceed. The 0th is the
 * smallest of all. Never falls. Null where there are too few.
 */
export function percentilesOf(values: readonly number[]): number[] | null {
  if (values.length < DISTRIBUTION_N_MIN) return null;
  const sorted = values.toSorted((a, b) => a - b);
  return Array.from({ length: 101 }, (_, percent) => sorted[rankOf(percent, sorted.length) - 1] as number);
}

/** Which of `n` sorted values a percentile is, counted from 1; in whole numbers, for 0.07 times 100 is a little more than 7. */
export const rankOf = (percent: number, n: number): number => Math.max(1, Math.ceil((percent * n) / 100));

/** A ratio in hundredths of a per cent, rounded once; null by nothing. */
export const basisOf = (part: number, whole: number): number | null =>
  whole <= 0 ? null : Number(divideHalfEven(BigInt(part) * 10_000n, BigInt(whole)));

/** The same in per cent, with two decimals; more than all is all. */
export const percentOf = (part: number, whole: number): number | null => {
  const basis = basisOf(part, whole);
  return basis === null ? null : Math.min(100, basis / 100);
};
