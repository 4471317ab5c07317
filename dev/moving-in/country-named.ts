import { COUNTRIES, type Country } from "../../src/domain/country.ts";

/** Throws on a country that is none of ours. */
export function countryNamed(code: string): Country {
  const country = Object.values(COUNTRIES).find((each) => each.code === code.toUpperCase());
  if (country === undefined) throw new Error(`no country ${code}; there are ${Object.keys(COUNTRIES).join(", ")}`);
  return country;
}
