import { FILES } from "./countries/index.ts";
import type { CountryData } from "./countries/schema.ts";

/** What differs between countries is data, one file each (`countries/`). One deployment serves one country; nothing below reads a global. */

export type CountryCode = keyof typeof FILES;
export type Currency = (typeof FILES)[CountryCode]["currency"];
export type Language = CountryData["languages"][number];
export type Operator = CountryData["operators"][number];
export type Feature = keyof CountryData["features"];

export type Country = Omit<CountryData, "code" | "currency"> & {
  code: CountryCode;
  currency: Currency;
  /** Codes of the sites, and of those of the past. */
  siteCodes: readonly string[];
  closedSiteCodes: readonly string[];
};

/** What it takes to write an amount. */
export type MoneyOf = Pick<Country, "minorDigits" | "money">;

const made = (file: Omit<Country, "siteCodes" | "closedSiteCodes">): Country => ({
  ...file,
  siteCodes: file.sites.map(({ code }) => code),
  closedSiteCodes: file.closedSites,
});

export const COUNTRIES = /* @__PURE__ */ Object.fromEntries(
  /* @__PURE__ */ Object.entries(FILES).map(([code, file]) => [code, made(file)]),
) as Record<CountryCode, Country>;

export const isCountryCode = (code: string): code is CountryCode => Object.hasOwn(COUNTRIES, code);

/** Decimals of a currency. Throws on one of no country: a guess would be wrong a hundredfold. */
export function minorDigitsOf(currency: Currency): 0 | 2 {
  const country = Object.values(COUNTRIES).find((each) => each.currency === currency);
  if (country === undefined) throw new RangeError(`${currency} is no country's currency`);
  return country.minorDigits;
}

/** The same country with its closed sites among the others: what is registered there already may say so. */
export const withClosedSites = (country: Country): Country => ({
  ...country,
  siteCodes: [...country.siteCodes, ...country.closedSiteCodes],
});

/** The country whose site this is, or was; null: nobody's. */
export const countryOfSite = (site: string): Country | null =>
  Object.values(COUNTRIES).find((country) => withClosedSites(country).siteCodes.includes(site)) ?? null;
