import type { Country } from "../country.ts";
import { parseAmountMinor, writtenPattern } from "../money.ts";
import { canonicalPhone, homePhonePattern, samePhoneKey } from "../phone.ts";
import { canonicalReceipt } from "../receipt.ts";
import type { ParsedPayment } from "./parsed.ts";

/** Small readings that several operator formats share. Each takes text that went through `squash`. */

/** A concatenated SMS ends near 1,530 characters; anything much longer was not sent by an operator. */
export const SMS_TEXT_MAX = 2_000;

/** Composed letters, and every run of whitespace (new lines, no-break spaces) as one space. Digits stay as they were sent. */
export const squash = (text: string): string => text.normalize("NFC").replace(/\s+/g, " ").trim();

/** Start of a regular expression's match and the text behind it, or null. */
export type Span = { start: number; end: number };

/** A pattern of an operator's text in which CUR stands for the marks of the country's currency. Compiled once for each. */
export function inCurrency(source: string): (country: Country) => RegExp {
  const made = new Map<string, RegExp>();
  return (country) => {
    const marks = writtenPattern(country);
    const known = made.get(marks) ?? new RegExp(source.replaceAll("CUR", marks), "i");
    made.set(marks, known);
    return known;
  };
}

const amountPattern = (country: Country) =>
  country.money.place === "before"
    ? `\\b(?:${writtenPattern(country)}) ?(?=(?<amount>\\d+(?:[.,]\\d+)*))\\k<amount>(?![A-Za-z\\d])`
    : `(?<![A-Za-z\\d.,])(?=(?<amount>\\d+(?:[ .,]\\d+)*))\\k<amount> ?(?:${writtenPattern(country)})(?![A-Za-z\\d])`;

const BALANCE_WORDS =
  "(?:new|nouveau) (?:m-?pesa |wallet |ecocash |momo |account )*(?:balance|solde)(?: is| est(?: de)?)? ?:? ?";

export type Money = Span & { amountMinor: number };

/** The first amount of the country's currency that reads strictly. */
export function firstAmount(text: string, country: Country): Money | null {
  return money(new RegExp(amountPattern(country), "i").exec(text), country);
}

/** The till's balance after the event, as the operator prints it; null when there is none or it does not read strictly. */
export function newBalance(text: string, country: Country): Money | null {
  return money(new RegExp(BALANCE_WORDS + amountPattern(country), "i").exec(text), country);
}

/** The same of the last place where it is said: a payer's own words stand before it. */
export function lastBalance(text: string, country: Country): Money | null {
  return money([...text.matchAll(new RegExp(BALANCE_WORDS + amountPattern(country), "gi"))].at(-1) ?? null, country);
}

function money(match: RegExpExecArray | null, country: Country): Money | null {
  const amountMinor = parseAmountMinor(match?.groups?.amount ?? "", country.minorDigits);
  if (match === null || amountMinor === null) return null;
  return { amountMinor, start: match.index, end: match.index + match[0].length };
}

const DAY_FIRST =
  /(?<!\d)(?<d>\d{1,2})[/.-](?<m>\d{1,2})[/.-](?<y>\d{4}|\d{2})(?!\d)(?:,? (?:(?:at|à|a) )?(?<h>\d{1,2}):(?<min>\d{2})(?::\d{2})?(?: ?(?<half>[AP])M\b)?)?/i;
const YEAR_FIRST =
  /(?<!\d)(?<y>\d{4})-(?<m>\d{1,2})-(?<d>\d{1,2})(?!\d)(?:(?:T|,? (?:(?:at|à|a) )?)(?<h>\d{1,2}):(?<min>\d{2})(?::\d{2})?)?/i;
const YEAR_MIN = 1900;
const MS_PER_MINUTE = 60_000;

/** The first date in operator text, with its time when there is one, in the country's zone. Day first, as operators print it. */
export function printedInstant(text: string, country: Country): ParsedPayment["printedAt"] {
  const groups = (DAY_FIRST.exec(text) ?? YEAR_FIRST.exec(text))?.groups;
  if (groups === undefined) return null;
  const year = Number(groups.y);
  const hour = Number(groups.h ?? 0);
  const half = groups.half?.toUpperCase();
  if (half !== undefined && (hour < 1 || hour > 12)) return "impossible";
  const hourOfDay = half === undefined ? hour : (hour % 12) + (half === "P" ? 12 : 0);
  const minute = Number(groups.min ?? 0);
  return localInstant(
    [year < 100 ? 2000 + year : year, Number(groups.m), Number(groups.d), hourOfDay, minute],
    country,
  );
}

/** Year, month (1 to 12), day, hour and minute of a country's wall clock as UTC ms. */
export function localInstant(
  [year, month, day, hour, minute]: readonly [number, number, number, number, number],
  country: Country,
): number | "impossible" {
  const at = new Date(Date.UTC(year, month - 1, day, hour, minute));
  const real = at.getUTCFullYear() === year && at.getUTCMonth() === month - 1 && at.getUTCDate() === day;
  if (year < YEAR_MIN || !real || hour > 23 || minute > 59) return "impossible";
  return at.getTime() - country.utcOffsetMinutes * MS_PER_MINUTE;
}

const ANY_PHONE = "(?:\\+|00)?\\d(?:[ -]?\\d|[X*]){7,14}";

/** The first phone-shaped run of a text. Its number is null when it is masked ("266XXXXXXXX") or no number at all. */
export function firstPhone(text: string, country: Country): (Span & { phone: string | null }) | null {
  const pattern = new RegExp(`(?<![\\d+])(?:${homePhonePattern(country)}(?![\\dX*])|${ANY_PHONE}(?![\\dX*]))`, "i");
  const match = pattern.exec(text);
  if (match === null) return null;
  return { phone: canonicalPhone(match[0], country), start: match.index, end: match.index + match[0].length };
}

const RECEIPT_CHARS_MIN = 4;

/** A receipt as an operator prints it: some length, a digit, and not the payer's own phone. */
export function operatorReceipt(text: string | undefined, payerPhone: string | null): string | null {
  const receipt = text === undefined ? null : canonicalReceipt(text);
  if (receipt === null || receipt.length < RECEIPT_CHARS_MIN || !/\d/.test(receipt)) return null;
  const isPhone =
    payerPhone !== null && /^\d{8,15}$/.test(receipt) && samePhoneKey(receipt) === samePhoneKey(payerPhone);
  return isPhone ? null : receipt;
}

/** What somebody typed, without the punctuation that surrounds it; null when nothing is left. */
export function typed(text: string | undefined): string | null {
  const bare = (text ?? "").replace(/^[^\p{L}\p{N}]+|[^\p{L}\p{N}]+$/gu, "");
  return bare.length === 0 ? null : bare;
}

/** The text with some spans taken out, a bar in the place of each so that what stood apart does not join. */
export function without(text: string, spans: readonly (Span | null)[]): string {
  const cuts = spans.filter((span) => span !== null).sort((a, b) => b.start - a.start);
  return cuts.reduce((rest, { start, end }) => `${rest.slice(0, start)} | ${rest.slice(end)}`, text);
}
