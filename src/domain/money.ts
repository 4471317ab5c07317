import { COUNTRIES, type MoneyOf } from "./country.ts";

/** Most a single amount may be, in minor units; keeps every sum of amounts a safe integer. */
export const AMOUNT_MINOR_MAX = 9_000_000_000_000;

const AMOUNT_TEXT_MAX = 40;
const TWO_DECIMALS = "((?:[1-9]\\d{0,2}(?:,\\d{3})+)|0|[1-9]\\d*)(?:\\.(\\d{1,2}))?";
const NO_DECIMALS = "((?:[1-9]\\d{0,2}(?:([ \\u00a0\\u202f,.])\\d{3})(?:\\2\\d{3})*)|0|[1-9]\\d*)";

/** How operators write a currency beside an amount, for a regular expression: "F ?CFA|XOF|CFA". */
export const writtenPattern = ({ money }: Pick<MoneyOf, "money">): string =>
  money.written.map((mark) => mark.replace(" ", " ?")).join("|");

const amounts = new Map<0 | 2, RegExp>();
/** An amount with so many decimals, bare or with a mark of any country where that country writes it. */
function amountRead(minorDigits: 0 | 2): RegExp {
  const known = amounts.get(minorDigits);
  if (known !== undefined) return known;
  const marks = (place: MoneyOf["money"]["place"]) =>
    Object.values(COUNTRIES)
      .filter((country) => country.minorDigits === minorDigits && country.money.place === place)
      .map(writtenPattern)
      .join("|");
  const [before, after] = [marks("before"), marks("after")];
  const pattern = new RegExp(
    `^${before === "" ? "" : `(?:(?:${before}) ?)?`}${minorDigits === 2 ? TWO_DECIMALS : NO_DECIMALS}${
      after === "" ? "" : `(?:[ \\u00a0\\u202f]?(?:${after}))?`
    }$`,
    "i",
  );
  amounts.set(minorDigits, pattern);
  return pattern;
}

/**
 * Reads an amount as whole minor units, or null when it is not strictly one. Two decimals: "25", "25.5", "M1,000.00".
 * None: "5000", "10 000", "10.000", "10,000 FCFA", one kind of separator in one amount. Never a sign, an exponent or a guess.
 */
export function parseAmountMinor(text: string, minorDigits: 0 | 2): number | null {
  if (text.length > AMOUNT_TEXT_MAX) return null;
  const match = amountRead(minorDigits).exec(text.trim());
  const whole = match?.[1]?.replace(/\D/g, "");
  if (whole === undefined) return null;
  const decimals = minorDigits === 2 ? (match?.[2] ?? "").padEnd(2, "0") : "";
  const amountMinor = Number(whole + decimals);
  return amountMinor <= AMOUNT_MINOR_MAX ? amountMinor : null;
}

/** "M1,020.00", "5 000 FCFA", "K12.50". Plain spaces only: a no-break space would turn an SMS into UCS-2. */
export function formatMoney(amountMinor: number, { minorDigits, money }: MoneyOf): string {
  const digits = String(Math.abs(amountMinor)).padStart(minorDigits + 1, "0");
  const split = digits.length - minorDigits;
  const whole = digits.slice(0, split).replace(/\B(?=(\d{3})+$)/g, money.groupBy);
  const number = minorDigits === 0 ? whole : `${whole}.${digits.slice(split)}`;
  const parts = money.place === "before" ? [money.symbol, number] : [number, money.symbol];
  return `${amountMinor < 0 ? "-" : ""}${parts.join(money.spaced ? " " : "")}`;
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
