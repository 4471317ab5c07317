import type { InferResponseType } from "hono/client";
import { addCountries, type MonthOfAll } from "../../../src/domain/metrics/countries.ts";
import type { Answer, api, Trouble } from "../../api.ts";
import * as format from "../../format.ts";

export type CountrySummary = InferResponseType<ReturnType<typeof api>["reports"]["country-summary"]["$get"], 200>;
export type CountryMonth = CountrySummary["months"][number];

/** What one country of the portal answered, by its name in addresses. */
export type Told = { code: string; summary: CountrySummary | null; trouble: Trouble | null };
export const toldOf = (code: string, answer: Answer<CountrySummary>): Told =>
  answer.ok ? { code, summary: answer.value, trouble: null } : { code, summary: null, trouble: answer.trouble };

/** Month by month over all countries, the newest first; those that did not answer are left out by name. */
export function monthsOf(told: readonly Told[]): MonthOfAll[] {
  const answers = told.flatMap(({ summary }) => (summary === null ? [] : [summary]));
  const silent = told.flatMap(({ code, summary }) => (summary === null ? [code.toUpperCase()] : []));
  return addCountries(answers, silent).toReversed();
}

/** Why a country is not in a sum. */
export const silenceOf = ({ trouble }: Told): "signed_out" | "forbidden" | "silent" => {
  if (trouble?.status === 401) return "signed_out";
  return trouble?.status === 403 ? "forbidden" : "silent";
};

const USD = { name: "USD", digits: 2 } as const;
/** US cents as people read them. */
export const dollars = (cents: number | null): string => format.money(cents, USD.name, USD.digits);

/** Money of a country as that country writes it. */
export const ownMoney = (minor: number | null, { currency, minorDigits }: CountrySummary): string =>
  format.money(minor, currency, minorDigits);

/** "0.0571" of "0.0571000000": nobody says more than was said. */
export const rateText = (usdPerUnit: string): string =>
  usdPerUnit.includes(".") ? usdPerUnit.replace(/0+$/, "").replace(/\.$/, "") : usdPerUnit;
