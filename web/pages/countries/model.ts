import type { InferResponseType } from "hono/client";
import { usdCents } from "../../../src/domain/dollars.ts";
import { addCountries, type MonthOfAll } from "../../../src/domain/metrics/countries.ts";
import type { api } from "../../api.ts";
import * as format from "../../format.ts";
import { type Dashboard, dayPlus, lights, sums } from "../dashboard/model.ts";
import type { Heard } from "./use-countries.ts";

export type CountrySummary = InferResponseType<ReturnType<typeof api>["reports"]["country-summary"]["$get"], 200>;
export type CountryMonth = CountrySummary["months"][number];

/** What one country of the portal has told of its months. */
export type Told = Heard<CountrySummary>;

/** Month by month over all countries, the newest first; those that did not answer are left out by name. */
export function monthsOf(told: readonly Told[]): MonthOfAll[] {
  const answers = told.flatMap(({ value }) => (value === null ? [] : [value]));
  const silent = told.flatMap(({ code, value }) => (value === null ? [code.toUpperCase()] : []));
  return addCountries(answers, silent).toReversed();
}

export type Silence = "signed_out" | "forbidden" | "home_silent" | "silent";
/** Why a country has not answered; null: it has, or it is still being asked. */
export function silenceOf({ trouble }: Pick<Heard<unknown>, "trouble">): Silence | null {
  if (trouble === null) return null;
  if (trouble.status === 401) return "signed_out";
  // It may be well itself: nobody could say there who asks.
  if (trouble.kind === "home_down") return "home_silent";
  return trouble.status === 403 ? "forbidden" : "silent";
}

/** A country at this moment. What is not known is null: it has not answered yet, or no rate of its money is known. */
export type NowRow = {
  code: string;
  state: "asking" | "answered" | Silence;
  tookMs: number | null;
  asOf: number | null;
  todayMinor: number | null;
  yesterdayMinor: number | null;
  todayCents: number | null;
  yesterdayCents: number | null;
  energyWh: number | null;
  lit: number | null;
  dark: number | null;
};

/** Each country's own figures of now. One that fell silent keeps what it said last, and says that it is silent. */
export function nowOf(heard: readonly Heard<Dashboard>[], told: readonly Told[]): NowRow[] {
  return heard.map(({ code, value, trouble, tookMs }) => {
    const state = silenceOf({ trouble }) ?? (value === null ? "asking" : "answered");
    const summary = told.find((each) => each.code === code)?.value ?? null;
    const rate = summary?.months.findLast((month) => month.rate !== null)?.rate ?? null;
    const cents = (minor: number | null) =>
      minor === null || summary === null || rate === null
        ? null
        : usdCents(minor, summary.minorDigits, rate.usdPerUnit);
    const on = (back: number) =>
      value === null ? null : sums(value.days, "", dayPlus(value.today, -back), dayPlus(value.today, -back));
    const lamps = value === null ? null : lights(value.sites, "");
    const [today, yesterday] = [on(0), on(1)];
    const [todayMinor, yesterdayMinor] = [today?.creditedMinor ?? null, yesterday?.creditedMinor ?? null];
    return {
      ...{ code, state, tookMs, asOf: value?.asOf ?? null, todayMinor, yesterdayMinor },
      ...{ todayCents: cents(todayMinor), yesterdayCents: cents(yesterdayMinor), energyWh: today?.energyWh ?? null },
      ...{ lit: lamps?.lit ?? null, dark: lamps?.dark ?? null },
    };
  });
}

/** Dollars of all rows that have some, and the countries that are not in them. */
export function sumOf(rows: readonly NowRow[], of: (row: NowRow) => number | null) {
  const known = rows.flatMap((row) => of(row) ?? []);
  return {
    cents: known.length === 0 ? null : known.reduce((sum, each) => sum + each, 0),
    leftOut: rows.filter((row) => of(row) === null).map(({ code }) => code.toUpperCase()),
  };
}

const USD = { name: "USD", digits: 2 } as const;
/** US cents as people read them. */
export const dollars = (cents: number | null): string => format.money(cents, USD.name, USD.digits);

/** Money of a country as that country writes it. */
export const ownMoney = (minor: number | null, { currency, minorDigits }: CountrySummary): string =>
  format.money(minor, currency, minorDigits);

/** "0.0571" of "0.0571000000": nobody says more than was said. */
export const rateText = (usdPerUnit: string): string =>
  usdPerUnit.includes(".") ? usdPerUnit.replace(/0+$/, "").replace(/\.$/, "") : usdPerUnit;
