import type { Country, Language } from "../country.ts";
import { ENGLISH, ENGLISH_MONTHS } from "./english.ts";
import { FRENCH, FRENCH_MONTHS } from "./french.ts";
import { SESOTHO, SESOTHO_MONTHS } from "./sesotho.ts";

export type MyKey = keyof typeof ENGLISH;
export type MyWords = Record<MyKey, string>;

/** Every language that the page can be read in, each whole. */
export const MY_WORDS: Record<Language, MyWords> = { en: ENGLISH, fr: FRENCH, st: SESOTHO };
export const MY_LANGUAGES: Record<Language, string> = { st: "Sesotho", fr: "Français", en: "English" };
const MONTHS: Record<Language, string> = { en: ENGLISH_MONTHS, fr: FRENCH_MONTHS, st: SESOTHO_MONTHS };
export const monthsOf = (language: Language): string[] => MONTHS[language].split(" ");

/** How numbers are written: Sesotho writes them as English does. */
export const LOCALES: Record<Language, string> = { en: "en", fr: "fr", st: "en" };

/** What can be chosen in a country: its own languages first, and English everywhere. */
export const languagesOf = ({ languages }: Country): Language[] => [...new Set<Language>([...languages, "en"])];

/** The language that somebody chose here, if the country has it, else the country's first. */
export function myLanguage(country: Country, chosen: string | undefined): Language {
  const offered = languagesOf(country);
  return offered.find((each) => each === chosen) ?? offered[0] ?? "en";
}

/** `{name}` in a text becomes the value of that name. */
export const filled = (text: string, values: Record<string, string | number>): string =>
  text.replaceAll(/\{(\w+)\}/g, (whole, name: string) => (name in values ? String(values[name]) : whole));
