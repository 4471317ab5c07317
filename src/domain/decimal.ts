import { AMOUNT_MINOR_MAX, divideHalfEven } from "./money.ts";

/** Decimal digits that a double holds for certain; what stands behind them (20.000000000000004) is binary noise. */
const DOUBLE_DIGITS = 15;
const EXPONENT_MAX = 40;
const DECIMAL = /^\s*([+-]?)(\d{1,30})(?:\.(\d{1,30}))?(?:e([+-]?\d{1,3}))?\s*$/i;

/**
 * Whole units of the last of `digits` decimals, rounded once, half to even, of a decimal text or of a double as people
 * wrote it: no float decides. Null when it is no number, or beyond what an amount may be.
 */
export function wholeUnits(value: number | string, digits: number): number | null {
  const match = DECIMAL.exec(typeof value === "number" ? value.toPrecision(DOUBLE_DIGITS) : value);
  if (match === null) return null;
  const [, sign, whole = "", decimals = "", exponent = "0"] = match;
  const power = digits + Number(exponent) - decimals.length;
  if (Math.abs(power) > EXPONENT_MAX * 2) return null;
  const written = BigInt(whole + decimals);
  const size = power >= 0 ? written * 10n ** BigInt(power) : divideHalfEven(written, 10n ** BigInt(-power));
  if (size > BigInt(AMOUNT_MINOR_MAX)) return null;
  return sign === "-" && size !== 0n ? -Number(size) : Number(size);
}

/** Whole units as a decimal text: 5000 with two decimals is "50.00", with none "5000". */
export function decimalText(units: number, digits: number): string {
  if (!Number.isSafeInteger(units)) throw new RangeError("units must be whole");
  const size = String(Math.abs(units)).padStart(digits + 1, "0");
  const split = size.length - digits;
  return `${units < 0 ? "-" : ""}${size.slice(0, split)}${digits === 0 ? "" : `.${size.slice(split)}`}`;
}
