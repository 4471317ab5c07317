import { accountTokens } from "./account.ts";

/** Numbers that one text is compared with. */
export const SIMILAR_MAX = 60;

/**
 * Account numbers that somebody may have meant who typed a token that names none: two digits that changed places, one digit
 * that is another, or the same digits at a site whose letters differ in one. A hint for a person; no money moves by it.
 */
export function similarAccounts(text: string, siteCodes: readonly string[]): string[] {
  const meant = accountTokens(text, siteCodes).flatMap(({ account }) => {
    const digits = account.slice(0, 4);
    const site = account.slice(4);
    const near = siteCodes.filter((code) => code !== site && lettersApart(code, site) === 1);
    const sites = siteCodes.includes(site) ? [site] : near;
    return [
      ...near.map((code) => digits + code),
      ...sites.flatMap((code) => [...swapped(digits), ...changed(digits)].map((other) => other + code)),
    ].filter((other) => other !== account);
  });
  return [...new Set(meant)].slice(0, SIMILAR_MAX);
}

const swapped = (digits: string): string[] =>
  [0, 1, 2].map((at) => digits.slice(0, at) + (digits[at + 1] ?? "") + (digits[at] ?? "") + digits.slice(at + 2));

const changed = (digits: string): string[] =>
  [0, 1, 2, 3].flatMap((at) => [..."0123456789"].map((digit) => digits.slice(0, at) + digit + digits.slice(at + 1)));

function lettersApart(one: string, other: string): number {
  if (one.length !== other.length) return Math.max(one.length, other.length);
  return [...one].filter((letter, at) => letter !== other[at]).length;
}
