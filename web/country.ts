import { computed, signal } from "@preact/signals";
import type { Operator } from "../src/domain/country.ts";

/** What a page needs to know of a country to write money, days and phones. */
export type CountryFacts = {
  code: string;
  name: string;
  currency: string;
  minorDigits: 0 | 2;
  dialCode: string;
  timeZone: string;
  utcOffsetMinutes: number;
  languages: readonly string[];
  siteCodes: readonly string[];
  /** Whose texts the country reads, best known first. */
  operators: readonly Operator[];
  features: { readonly fees: boolean };
};

const codes = (document.querySelector("meta[name=countries]")?.getAttribute("content") ?? "ls").split(",");
/** Countries of this portal, as they stand in addresses: `ls`. */
export const countries: readonly string[] = codes.map((each) => each.trim()).filter((each) => each !== "");

const fromPath = () => countries.find((each) => location.pathname.split("/")[1] === each);
/** The country in the address. */
export const country = signal(fromPath() ?? countries[0] ?? "ls");
export const rereadCountry = () => {
  country.value = fromPath() ?? country.peek();
};

const known = signal<Record<string, CountryFacts>>({});
/** Null until they are there. */
export const facts = computed<CountryFacts | null>(() => known.value[country.value] ?? null);
export const learn = (code: string, of: CountryFacts) => {
  known.value = { ...known.peek(), [code]: of };
};
export const knows = (code: string) => known.peek()[code] !== undefined;

/** A page's address in this country: `at("/customers")` is `/ls/customers`. */
export const at = (path: string) => `/${country.value}${path}`;
