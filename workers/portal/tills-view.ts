import type { CountryCode, Currency } from "../../src/domain/country.ts";
import type { TillView } from "../../src/ports/tills.ts";

/** Every till with its caps of today and its chains. */
export type TillsView = {
  country: CountryCode;
  currency: Currency;
  minorDigits: 0 | 2;
  utcOffsetMinutes: number;
  asOf: number;
  /** Down: tills that no phone of the country names are missing. */
  database: "up" | "down";
  tills: TillView[];
  /** Tills that have not loaded their memory, or did not answer. */
  unanswered: string[];
};
