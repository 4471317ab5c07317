import { Hono } from "hono";
import { z } from "zod";
import { rateOn, usdCents } from "../../src/domain/dollars.ts";
import { localDay } from "../../src/domain/local-day.ts";
import type { CountryMonth } from "../../src/domain/metrics/countries.ts";
import { earlierDay, monthsUntil, periodOf } from "../../src/domain/metrics/periods.ts";
import type { MetricId } from "../../src/domain/metrics/registry.ts";
import { usdRates } from "../../src/queries/usd-rates.ts";
import { type Acting, allow } from "../allow.ts";
import { query } from "../body.ts";
import type { Env } from "../env.ts";
import { clockOf, countryOf, readerOf } from "../ports.ts";
import { queryNumber } from "../query-number.ts";
import { answered } from "./reports-answer.ts";
import { fromAndTo, language } from "./reports-file.ts";
import { type Sheeted, sheetFile, sheetHere } from "./reports-sheet.ts";

const MONTHS_MAX = 36;
const SOURCE = "sums of payments, by local day; rates as people entered them";

export const CountryQuery = z.strictObject({
  months: queryNumber(1, MONTHS_MAX).default(12),
  to: fromAndTo.to,
});
type CountryQuery = z.infer<typeof CountryQuery>;
const CountryFileQuery = CountryQuery.extend({ language });

/** What one country says of itself to whoever adds countries up: its own money, and dollars where a rate is known. */
export const reportsCountry = new Hono<{ Bindings: Env; Variables: Acting }>()
  .get("/country-summary", allow("reports.read"), query(CountryQuery), async (c) =>
    c.json(await countryAnswer(c.env, c.req.valid("query"))),
  )
  .get("/country-summary/:file{csv|xlsx|pdf}", allow("reports.read"), query(CountryFileQuery), async (c) => {
    const { language: spoken, ...asked } = c.req.valid("query");
    return sheetFile(c, await countrySheet(c.env, asked), spoken);
  });

/** The same as a table: a line a month. */
export async function countrySheet(env: Env, asked: CountryQuery): Promise<Sheeted> {
  const answer = await countryAnswer(env, asked);
  const { from, to, asOf, source, pendingDays } = answer;
  return sheetHere(env, {
    ...{ report: "country", site: null, from, to, asOf, source, pendingDays, coveragePct: null },
    about: { months: asked.months },
    isPartial: answer.months.some((row) => row.isPartial),
    rows: answer.months.map((row) => [
      ...[row.month, answer.country, row.revenueMinor, row.revenueCents, row.rate?.usdPerUnit ?? null],
      ...[row.rate?.validFrom ?? null, row.rate?.source ?? null, row.payingAccounts, row.connectedAccounts],
      ...[row.vendedWh, row.isPartial],
    ]),
  });
}

/** So many months, the one of the last day counted: twelve are twelve. */
async function countryAnswer(env: Env, { months: count, to }: CountryQuery) {
  const { code, name, currency, minorDigits, utcOffsetMinutes } = countryOf(env);
  const now = clockOf(env).now();
  const today = earlierDay(to ?? localDay(now, utcOffsetMinutes), localDay(now, utcOffsetMinutes));
  const from = monthsUntil(today, count);
  const figure = async (id: MetricId) => {
    const answer = await answered(env, id, { grain: "month", by: "none", from, to: today });
    if ("refused" in answer) throw new Error(`${id}: ${answer.refused.field}`);
    return { ...answer.value, byMonth: new Map(answer.value.rows.map((row) => [row.period, row])) };
  };
  const [rates, paid, paying, connected, vended] = await Promise.all([
    usdRates(readerOf(env), currency),
    figure("paid"),
    figure("accounts_paying"),
    figure("accounts_connected"),
    figure("vended"),
  ]);
  const months = paid.rows.map(({ period, value, isPartial, prorated }) => {
    const last = periodOf(period, "month").to;
    const rate = rateOn(rates, earlierDay(last, today));
    const told: CountryMonth = {
      ...{ month: period, isPartial, revenueMinor: value },
      revenueCents: value === null || rate === null ? null : usdCents(value, minorDigits, rate.usdPerUnit),
      payingAccounts: paying.byMonth.get(period)?.value ?? null,
      connectedAccounts: connected.byMonth.get(period)?.value ?? null,
      vendedWh: vended.byMonth.get(period)?.value ?? null,
    };
    /** What a running month comes to if the rest is like it, in the country's own money. */
    return { ...told, proratedMinor: prorated, rate };
  });
  return {
    ...{ country: code, name, currency, minorDigits, asOf: now, source: SOURCE, pendingDays: paid.pendingDays },
    ...{ from, to: today, months },
    /** Of all that was asked, the months of which dollars are known. */
    dollarsOf: months.filter(({ revenueCents }) => revenueCents !== null).length,
  };
}
