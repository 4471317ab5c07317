import { parsePhoneNumberFromString } from "libphonenumber-js/min";
import type { Country } from "./country.ts";

const PHONE_CHARS_MAX = 40;
const PHONE_CHARS = /^\+?[\d\s().\-/]+$/;
const SAME_PHONE_DIGITS = 8;
/** Benin gave every old 8-digit number the prefix 01; both spellings are one person. */
const BENIN_OLD = /^229(\d{8})$/;
const BENIN_NEW = /^22901\d{8}$/;

/** E.164 digits without "+", or null when this cannot be a phone number. Numbers without a country code are the country's own. */
export function canonicalPhone(text: string, country: Country): string | null {
  if (text.length > PHONE_CHARS_MAX) return null;
  const cleaned = text.normalize("NFKC").trim();
  if (!PHONE_CHARS.test(cleaned)) return null;
  const digits = cleaned.replace(/\D/g, "");
  if (cleaned.startsWith("+")) return international(digits, country);
  if (digits.startsWith("00")) return international(digits.slice(2), country);
  if (country.code === "BJ" && digits.length === 8) return `22901${digits}`;
  return international(digits, country) ?? national(digits, country);
}

/** Digits that start with a country code. Home numbers need the right length, foreign ones must be valid where they come from. */
function international(digits: string, country: Country): string | null {
  const renewed = digits.replace(BENIN_OLD, "22901$1");
  const home = renewed.startsWith(country.dialCode);
  const phone = parsePhoneNumberFromString(`+${renewed}`);
  if (phone === undefined || !(home ? phone.isPossible() : phone.isValid())) return null;
  return plain(phone.number);
}

function national(digits: string, country: Country): string | null {
  const phone = parsePhoneNumberFromString(digits, country.code);
  if (phone === undefined || phone.countryCallingCode !== country.dialCode || !phone.isPossible()) return null;
  return plain(phone.number);
}

function plain(e164: string): string | null {
  const digits = e164.slice(1);
  return digits.startsWith("229") && !BENIN_NEW.test(digits) ? null : digits;
}

/** As people at home type and read it: "5000 0101"; a number of another country with its code, "+27 82 123 4567". */
export function shownPhone(phone: string, country: Country): string {
  const parsed = parsePhoneNumberFromString(`+${phone}`);
  if (parsed === undefined || !parsed.isPossible()) return phone;
  return parsed.countryCallingCode === country.dialCode ? parsed.formatNational() : parsed.formatInternational();
}

/** The last eight digits: what two spellings of one registered phone have in common in all three countries. */
export function samePhoneKey(phone: string): string {
  return phone.replace(/\D/g, "").slice(-SAME_PHONE_DIGITS);
}

/** True when a gateway phone can be told to send to it: a number or a short code. */
export function isDialable(to: string): boolean {
  return /^\+?[0-9]{3,15}$/.test(to);
}
