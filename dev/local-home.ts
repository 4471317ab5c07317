/** Where staff of a local world are at home, and what its Workers know of that. */
import type { CountryCode } from "../src/domain/country.ts";
import type { PrivateKey } from "../src/domain/identity-keys.ts";
import { publicSetOf } from "./identity-key.ts";

const HOME: CountryCode = "LS";

/** Null: each country is its own home, as one alone is. */
export const homeAmong = (countries: readonly CountryCode[]): CountryCode | null =>
  countries.length > 1 && countries.includes(HOME) ? HOME : null;

/** The home has the key that signs, the others the one that tells whether it did. */
export function identityOf(country: CountryCode, home: CountryCode | null, origin: string, key: PrivateKey) {
  if (home === null) return {};
  return country === home
    ? { IDENTITY_ORIGIN: origin, IDENTITY_PRIVATE_KEY: JSON.stringify(key) }
    : { IDENTITY_ORIGIN: origin, IDENTITY_PUBLIC_KEYS: publicSetOf(key) };
}

type Seeded<Person> = { staff: Person[] };

/** Of each country those who work there, wherever they sign in. */
export function whereTheyWork<Person extends { countries: CountryCode[] }, Of extends Seeded<Person>>(
  seeded: Record<CountryCode, Of>,
  home: CountryCode | null,
): Record<CountryCode, Of> {
  if (home === null) return seeded;
  const { staff } = seeded[home];
  const of = (code: string, own: Of): Of => ({
    ...own,
    staff: staff.filter(({ countries }) => (countries as string[]).includes(code)),
  });
  return Object.fromEntries(Object.entries(seeded).map(([code, own]) => [code, of(code, own)])) as Record<
    CountryCode,
    Of
  >;
}
