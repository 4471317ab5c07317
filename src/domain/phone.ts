import { parsePhoneNumberFromString } from "libphonenumber-js/min";
import { COUNTRIES, type Country } from "./country.ts";

const PHONE_CHARS_MAX = 40;
const PHONE_CHARS = /^\+?[\d\s().\-/]+$/;
const SAME_PHONE_DIGITS = 8;

/** E.164 digits without "+", or null when this cannot be a phone number. Numbers without a country code are the country's own. */
export function canonicalPhone(text: string, country: Country): string | null {
  if (text.length > PHONE_CHARS_MAX) return null;
  const cleaned = text.normalize("NFKC").trim();
  if (!PHONE_CHARS.test(cleaned)) return null;
  const digits = cleaned.replace(/\D/g, "");
  if (cleaned.startsWith("+")) return international(digits, country);
  if (digits.startsWith("00")) return international(digits.slice(2), country);
  const isOld = country.phone.renewals.some((old) => old.digits === digits.length);
  return (isOld ? null : international(digits, country)) ?? national(digits, country);
}

/** Digits that start with a dial code. Home numbers follow the country's own rules, foreign ones must be valid where they come from. */
function international(digits: string, country: Country): string | null {
  if (digits.startsWith(country.dialCode)) return national(digits.slice(country.dialCode.length), country);
  const neighbour = Object.values(COUNTRIES).find(({ dialCode }) => digits.startsWith(dialCode));
  const renewed =
    neighbour === undefined ? digits : (national(digits.slice(neighbour.dialCode.length), neighbour) ?? "");
  const phone = parsePhoneNumberFromString(`+${renewed}`);
  return phone?.isValid() === true ? phone.number.slice(1) : null;
}

/** What stands behind the dial code, or what people at home dial: with the trunk digit, or as it was spelt before. */
function national(digits: string, { dialCode, phone }: Country): string | null {
  const { lengths, prefixes, trunk, renewals } = phone;
  const isLong = trunk !== "" && digits.startsWith(trunk) && lengths.includes(digits.length - trunk.length);
  const bare = isLong ? digits.slice(trunk.length) : digits;
  const renewed = `${renewals.find((old) => old.digits === bare.length)?.prefix ?? ""}${bare}`;
  const isPossible = lengths.includes(renewed.length) && (prefixes?.some((each) => renewed.startsWith(each)) ?? true);
  return isPossible ? `${dialCode}${renewed}` : null;
}

/** The country's own numbers as a text may hold them, for a regular expression: digits with a space or hyphen between. */
export function homePhonePattern({ dialCode, phone }: Country): string {
  const run = (length: number, prefix: string) =>
    prefix === "" ? `\\d(?:[ -]?\\d){${length - 1}}` : `${prefix}(?:[ -]?\\d){${length - prefix.length}}`;
  const whole = phone.lengths
    .toSorted((a, b) => b - a)
    .flatMap((length) => (phone.prefixes ?? [""]).map((prefix) => run(length, prefix)));
  const old = phone.renewals.map(({ digits }) => digits);
  const code = `(?:\\+|00)?${dialCode}[ -]?`;
  if (old.length > 0) {
    const spelt = [...whole, ...old.map((digits) => run(digits, ""))];
    return `(?:${code}(?:${spelt.join("|")})|${[...whole, ...old.map((digits) => `\\d{${digits}}`)].join("|")})`;
  }
  const body = whole.length === 1 ? whole.join("") : `(?:${whole.join("|")})`;
  return `(?:${code}${phone.trunk === "" ? "" : `|${phone.trunk}`})?${body}`;
}

/** As people at home type and read it: "5000 0101"; a number of another country with its code, "+27 82 123 4567". */
export function shownPhone(phone: string, country: Country): string {
  const { dialCode, phone: rules } = country;
  if (phone.startsWith(dialCode) && national(phone.slice(dialCode.length), country) === phone)
    return grouped(rules.trunk + phone.slice(dialCode.length), rules.groups);
  const parsed = parsePhoneNumberFromString(`+${phone}`);
  return parsed === undefined || !parsed.isPossible() ? phone : parsed.formatInternational();
}

/** A number of another length than people group stays whole behind what was grouped. */
function grouped(digits: string, groups: readonly number[]): string {
  const parts: string[] = [];
  let rest = digits;
  for (const length of groups) {
    parts.push(rest.slice(0, length));
    rest = rest.slice(length);
  }
  return [...parts, rest].filter((part) => part !== "").join(" ");
}

/**
 * A whole number, with the dial code, in every spelling that means the same phone: "22997000122" and "2290197000122" are one, by the
 * rules of its own country. What decides about money, a balance or a name compares these, never the last digits.
 */
export function spellingsOf(phone: string): string[] {
  const home = Object.values(COUNTRIES).find(({ dialCode }) => phone.startsWith(dialCode));
  const canonical = home === undefined ? null : national(phone.slice(home.dialCode.length), home);
  if (home === undefined || canonical === null) return [phone];
  const bare = canonical.slice(home.dialCode.length);
  const old = home.phone.renewals.filter(
    ({ digits, prefix }) => bare.startsWith(prefix) && bare.length === prefix.length + digits,
  );
  return [canonical, ...old.map(({ prefix }) => `${home.dialCode}${bare.slice(prefix.length)}`)];
}

/** The last eight digits: what two spellings of one phone have in common in all countries. A key that finds, and decides nothing. */
export function samePhoneKey(phone: string): string {
  return phone.replace(/\D/g, "").slice(-SAME_PHONE_DIGITS);
}

/** True when a gateway phone can be told to send to it: a number or a short code. */
export function isDialable(to: string): boolean {
  return /^\+?[0-9]{3,15}$/.test(to);
}
