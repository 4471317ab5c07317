import { err, ok, type Result } from "./result.ts";

export type AccountMalformed = { kind: "account_malformed"; value: string; expected: string };

const ACCOUNT_DIGITS = 4;
const ECHO_CHARS_MAX = 40;
const FORWARD = /^(\d{2,4})([A-Z]{3})$/i;
const REVERSED = /^([A-Z]{3})(\d{2,4})$/i;

/** The one spelling of an account number, NNNNSSS: "mak0045", "0045 MAK" and "45mak" are all "0045MAK". */
export function canonicalAccount(text: string): Result<string, AccountMalformed> {
  const compact = text.length > ECHO_CHARS_MAX ? "" : text.replace(/\s+/g, "");
  const forward = FORWARD.exec(compact);
  const reversed = REVERSED.exec(compact);
  const digits = forward?.[1] ?? reversed?.[2];
  const site = forward?.[2] ?? reversed?.[1];
  if (digits === undefined || site === undefined) {
    const expected = "4 digits and the 3 letters of the site, such as 0045MAK";
    return err({ kind: "account_malformed", value: text.slice(0, ECHO_CHARS_MAX), expected });
  }
  return ok(digits.padStart(ACCOUNT_DIGITS, "0") + site.toUpperCase());
}

/** Something in a text that has the shape of an account number. It need not be an account. */
export type AccountToken = {
  /** Digits padded to four, letters in upper case: "0252SHG". */
  account: string;
  /** As it was typed. */
  raw: string;
  /** The letters are a site of this country, or one stands before the digits ("SAM 0045 then"): more than small talk. */
  knownSite: boolean;
  /** The word plot, stand, site or erf stands right before it: then it is likely not an account number. */
  besidePlot: boolean;
};

/** Words that follow a number in such texts and are never sites. A country's own site code always wins over this list. */
export const NOT_A_SITE: ReadonlySet<string> = new Set(
  (
    "KWH WH KW KVA MWH UNIT UNTS LSL MAL MLT FCFA XOF CFA ZMW ZAR USD " +
    "AM PM AT ON TO FOR FROM HRS MIN DE DU LE ET PAR VERS ID"
  ).split(" "),
);

export const TOKENS_MAX = 20;
const SCANNED_CHARS_MAX = 2_000;
const PLOT_WORD =
  /(?<![A-Za-z])(?:plot|stand|site|erf|parcelle)s?[^A-Za-z0-9]{0,4}(?:(?:no|nr|num|number)[^A-Za-z0-9]{0,4})?$/i;
const LOOK_BACK_CHARS = 24;

type Found = { start: number; end: number; digits: string; letters: string };

/**
 * Every account-shaped token of what a payer typed, left to right, none overlapping. Digits before letters come first; two
 * digits, a separator other than space, too many digits and letters before digits count only beside a known site, since
 * without one they are everyday text. A mistyped number beside a known site is still a token: it names no account, so a
 * person looks, where silence would let the payer's phone decide.
 */
export function accountTokens(text: string, siteCodes: readonly string[]): AccountToken[] {
  const scanned = text.slice(0, SCANNED_CHARS_MAX);
  const sites = new Set(siteCodes.map((code) => code.toUpperCase()));
  const found = scan(
    scanned,
    forwardPatterns(siteCodes),
    (letters) => sites.has(letters) || !NOT_A_SITE.has(letters),
    [],
  );
  const all = scan(scanned, reversedPatterns(siteCodes), () => true, found);
  return all
    .sort((a, b) => a.start - b.start)
    .slice(0, TOKENS_MAX)
    .map(({ start, end, digits, letters }) => ({
      account: digits.padStart(ACCOUNT_DIGITS, "0") + letters,
      raw: scanned.slice(start, end),
      knownSite:
        sites.has(letters) || siteBefore(scanned.slice(Math.max(0, start - LOOK_BACK_CHARS), start), siteCodes),
      besidePlot: PLOT_WORD.test(scanned.slice(Math.max(0, start - LOOK_BACK_CHARS), start)),
    }));
}

function scan(text: string, patterns: RegExp[], accepts: (letters: string) => boolean, taken: Found[]): Found[] {
  const found = [...taken];
  for (const pattern of patterns) {
    for (const match of text.matchAll(pattern)) {
      const { digits, letters } = match.groups ?? {};
      if (digits === undefined || letters === undefined || !accepts(letters.toUpperCase())) continue;
      const span = { start: match.index, end: match.index + match[0].length };
      if (found.some((other) => span.start < other.end && other.start < span.end)) continue;
      found.push({ ...span, digits, letters: letters.toUpperCase() });
    }
  }
  return found;
}

function siteBefore(text: string, siteCodes: readonly string[]): boolean {
  return siteCodes.length > 0 && new RegExp(`\\b(?:${siteCodes.join("|")})[\\s./_-]{0,3}$`, "i").test(text);
}

function forwardPatterns(siteCodes: readonly string[]): RegExp[] {
  const plain = /\b(?<digits>\d{3,4})\s*(?<letters>[A-Za-z]{2,4})\b/g;
  if (siteCodes.length === 0) return [plain];
  const site = siteCodes.join("|");
  return [
    plain,
    new RegExp(`(?<!\\d[.,:])\\b(?<digits>\\d{2,6})[\\s./_-]{0,3}(?<letters>${site})\\b`, "gi"),
    new RegExp(`\\b(?<digits>\\d{3,4})(?<letters>(?:${site})[a-z]{2,})\\b`, "gi"),
  ];
}

function reversedPatterns(siteCodes: readonly string[]): RegExp[] {
  if (siteCodes.length === 0) return [];
  return [new RegExp(`\\b(?<letters>${siteCodes.join("|")})[\\s./_-]{0,3}(?<digits>\\d{2,6})\\b`, "gi")];
}
