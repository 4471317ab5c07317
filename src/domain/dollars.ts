import { divideHalfEven } from "./money.ts";

/** A rate is dollars for one unit of a currency, as a decimal text with at most so many decimals: no float ever holds it. */
export const USD_DECIMALS = 10;
const SCALE = 10n ** BigInt(USD_DECIMALS);
const CENTS = 100n;
/** Above it somebody wrote it the other way round: no currency of ours is worth more. */
const USD_PER_UNIT_MAX = 100n * SCALE;
const RATE = /^(\d{1,3})(?:\.(\d{1,10}))?$/;

/** From which day on, and who says so. */
export type UsdRate = { validFrom: string; usdPerUnit: string; source: string };

/** The rate in ten-billionths of a dollar; null: it is none. */
export function scaledRate(text: string): bigint | null {
  const match = RATE.exec(text.trim());
  if (match === null) return null;
  const [, whole = "", decimals = ""] = match;
  const scaled = BigInt(whole) * SCALE + BigInt(decimals.padEnd(USD_DECIMALS, "0"));
  return scaled > 0n && scaled <= USD_PER_UNIT_MAX ? scaled : null;
}

/** Whole US cents of an amount. The one place where dollars are rounded: once, half to even. */
export function usdCents(amountMinor: number, minorDigits: 0 | 2, usdPerUnit: string): number {
  const scaled = scaledRate(usdPerUnit);
  if (scaled === null) throw new RangeError("not a rate");
  if (!Number.isSafeInteger(amountMinor)) throw new RangeError("amount must be whole minor units");
  return Number(divideHalfEven(BigInt(amountMinor) * scaled * CENTS, 10n ** BigInt(minorDigits) * SCALE));
}

/** The rate that is valid on a day: the newest that had begun by then. Null: none had. */
export const rateOn = (rates: readonly UsdRate[], day: string): UsdRate | null =>
  rates
    .filter(({ validFrom }) => validFrom <= day)
    .toSorted((a, b) => (a.validFrom < b.validFrom ? 1 : -1))
    .at(0) ?? null;
