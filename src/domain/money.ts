import type { Country, CountryCode } from "./country.ts";

/** Most a single amount may be, in minor units; keeps every sum of amounts a safe integer. */
export const AMOUNT_MINOR_MAX = 9_000_000_000_000;

const AMOUNT_TEXT_MAX = 40;
const TWO_DECIMALS = /^(?:(?:M|K|LSL|ZMW) ?)?((?:[1-9]\d{0,2}(?:,\d{3})+)|0|[1-9]\d*)(?:\.(\d{1,2}))?$/i;
const NO_DECIMALS =
  /^((?:[1-9]\d{0,2}(?:([ \u00a0\u202f,.])\d{3})(?:\2\d{3})*)|0|[1-9]\d*)(?:[ \u00a0\u202f]?(?:F ?CFA|XOF|CFA))?$/i;

/**
 * Reads an amount as whole minor units, or null when it is not strictly one. Two decimals: "25", "25.5", "M1,000.00".
 * None: "5000", "10 000", "10.000", "10,000 FCFA", one kind of separator in one amount. Never a sign, an exponent or a guess.
 */
export function parseAmountMinor(text: string, minorDigits: 0 | 2): number | null {
  if (text.length > AMOUNT_TEXT_MAX) return null;
  const match = (minorDigits === 2 ? TWO_DECIMALS : NO_DECIMALS).exec(text.trim());
  const whole = match?.[1]?.replace(/\D/g, "");
  if (whole === undefined) return null;
  const decimals = minorDigits === 2 ? (match?.[2] ?? "").padEnd(2, "0") : "";
  const amountMinor = Number(whole + decimals);
  return amountMinor <= AMOUNT_MINOR_MAX ? amountMinor : null;
}

type MoneyStyle = { prefix: string; suffix: string; groupBy: string };

const MONEY_STYLES = {
  LS: { prefix: "M", suffix: "", groupBy: "," },
  BJ: { prefix: "", suffix: " FCFA", groupBy: " " },
  ZM: { prefix: "K", suffix: "", groupBy: "," },
} satisfies Record<CountryCode, MoneyStyle>;

/** "M1,020.00", "5 000 FCFA", "K12.50". Plain spaces only: a no-break space would turn an SMS into UCS-2. */
export function formatMoney(amountMinor: number, country: Country): string {
  const style = MONEY_STYLES[country.code];
  const digits = String(Math.abs(amountMinor)).padStart(country.minorDigits + 1, "0");
  const split = digits.length - country.minorDigits;
  const whole = digits.slice(0, split).replace(/\B(?=(\d{3})+$)/g, style.groupBy);
  const decimals = country.minorDigits === 0 ? "" : `.${digits.slice(split)}`;
  return `${amountMinor < 0 ? "-" : ""}${style.prefix}${whole}${decimals}${style.suffix}`;
}

/** The quotient rounded to a whole number, a half to the even neighbour. Throws on a denominator that is not positive. */
export function divideHalfEven(numerator: bigint, denominator: bigint): bigint {
  if (denominator <= 0n) throw new RangeError("denominator must be positive");
  const truncated = numerator / denominator;
  const remainder = numerator % denominator;
  const floor = remainder < 0n ? truncated - 1n : truncated;
  const twice = 2n * (remainder < 0n ? remainder + denominator : remainder);
  if (twice < denominator) return floor;
  if (twice > denominator) return floor + 1n;
  return floor % 2n === 0n ? floor : floor + 1n;
}
