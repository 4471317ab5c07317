import { accountTokens, canonicalAccount } from "./account.ts";
import type { Country } from "./country.ts";
import { compactText, plainText } from "./person-name.ts";
import { canonicalPhone, samePhoneKey } from "./phone.ts";

export const QUESTION_CHARS_MAX = 100;
/** Words after these narrow nothing more. */
const WORDS_MAX = 6;
const ACCOUNTS_MAX = 3;
/** Fewer last digits than this are of too many phones. */
const PHONE_END_DIGITS = 4;
const PHONE_WHOLE_DIGITS = 8;
const PHONE_DIGITS_MAX = 15;
const ACCOUNT_DIGITS = 4;
const LEGACY_ID_MAX = 2_147_483_647;
/** A plot or a national id in one piece has at least so many signs, a digit among them. */
const PIECE_CHARS_MIN = 4;
/** A shorter word resembles too many others. */
const SIMILAR_CHARS_MIN = 4;

/** What somebody typed to find a customer may mean several things at once: all of them are asked. */
export type Question = {
  /** Account numbers in their one spelling. */
  accounts: string[];
  /** "45": an account number without its site, padded to four digits. */
  accountDigits: string | null;
  /** An old channel id that stands for an account. */
  alias: string | null;
  /** The last eight digits of a whole phone number. */
  phone: string | null;
  /** The last four to seven digits of one. */
  phoneEnd: string | null;
  /** A meter's number as it was typed and in capitals, without leading zeros. */
  meters: string[];
  legacyId: number | null;
  /** A plot or a national id without its separators, in small letters. */
  piece: string | null;
  /** Parts of names and plots: each must begin a word, in any order. */
  words: string[];
  /** Those long enough to be looked for when nothing begins so, the longest first. */
  similar: string[];
};

/** Null: a single letter, or nothing that can be looked for. */
export function readQuestion(typed: string, country: Country): Question | null {
  const text = typed.normalize("NFKC").slice(0, QUESTION_CHARS_MAX).trim();
  const words = plainText(text).split(" ").filter(Boolean).slice(0, WORDS_MAX);
  const digits = /^\+?[\d\s().\-/]+$/.test(text) ? text.replace(/\D/g, "") : "";
  if (words.join("").length < 2 && digits === "") return null;
  const compact = compactText(text).toLowerCase();
  const number = digits === "" ? null : Number(digits);
  const isPiece = compact.length >= PIECE_CHARS_MIN && /\d/.test(compact);
  return {
    accounts: accountsIn(text, country),
    accountDigits: digits !== "" && digits.length <= ACCOUNT_DIGITS ? digits.padStart(ACCOUNT_DIGITS, "0") : null,
    alias: /^\d{6,12}$/.test(digits) ? digits : null,
    phone: phoneIn(text, digits, country),
    phoneEnd: digits.length >= PHONE_END_DIGITS && digits.length < PHONE_WHOLE_DIGITS ? digits : null,
    meters: metersIn(text, digits),
    legacyId: number !== null && number > 0 && number <= LEGACY_ID_MAX ? number : null,
    piece: isPiece ? compact : null,
    words,
    similar: words
      .filter((word) => word.length >= SIMILAR_CHARS_MIN && !/\d/.test(word))
      .toSorted((a, b) => b.length - a.length),
  };
}

function accountsIn(text: string, { siteCodes }: Country): string[] {
  const whole = canonicalAccount(text.replace(/[\s./_-]+/g, ""));
  if (whole.ok) return [whole.value];
  const tokens = accountTokens(text, siteCodes).filter(({ knownSite }) => knownSite);
  return [...new Set(tokens.map(({ account }) => account))].slice(0, ACCOUNTS_MAX);
}

/** A number that is not quite one still has its last eight digits. */
function phoneIn(text: string, digits: string, country: Country): string | null {
  if (digits.length < PHONE_WHOLE_DIGITS || digits.length > PHONE_DIGITS_MAX) return null;
  return samePhoneKey(canonicalPhone(text, country) ?? digits);
}

function metersIn(text: string, digits: string): string[] {
  const typed = (digits === "" ? text : digits).replace(/^0+/, "");
  return /^[0-9A-Za-z-]{1,40}$/.test(typed) && /\d/.test(typed) ? [...new Set([typed, typed.toUpperCase()])] : [];
}
