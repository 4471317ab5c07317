import { COUNTRIES } from "../src/domain/country.ts";

/** An amount of minor units as a person reads it, without its currency: 125050 of a currency with two digits is 1,250.50. */
export function amount(minor: number, digits: 0 | 2): string {
  const whole = digits === 0 ? String(Math.abs(minor)) : String(Math.abs(minor)).padStart(3, "0");
  const text = digits === 0 ? whole : `${whole.slice(0, -2)}.${whole.slice(-2)}`;
  return `${minor < 0 ? "−" : ""}${text.replace(/\B(?=(\d{3})+(?!\d))/g, ",")}`;
}

/** The same with its currency; of one that no country here has, what was counted: minor units. */
export function amountIn(currency: string | undefined, minor: number): string {
  const country = Object.values(COUNTRIES).find((each) => each.currency === currency);
  return country === undefined ? `${minor} minor units` : `${amount(minor, country.minorDigits)} ${country.currency}`;
}
