import { type Context, Hono } from "hono";
import { z } from "zod";
import { localDay } from "../../src/domain/local-day.ts";
import { type DayState, WAITS } from "../../src/domain/metrics/day-closing.ts";
import { dayAfter } from "../../src/domain/metrics/periods.ts";
import { type DayCredits, dayCredits } from "../../src/queries/reports/daily-sales.ts";
import { pendingDays } from "../../src/queries/reports/pending.ts";
import type { SalesDay } from "../../src/services/close-sales-days.ts";
import { type Acting, allow } from "../allow.ts";
import { query } from "../body.ts";
import type { Env } from "../env.ts";
import { fail } from "../errors.ts";
import { judgedDays } from "../jobs/close-days.ts";
import { clockOf, countryOf, readerOf } from "../ports.ts";
import { aboutLines, columnsOf, fileOf, fromAndTo, inOrder, OUT_OF_ORDER, siteAndType } from "./reports-file.ts";

/** Days by themselves, and at most. */
const DAYS = 14;
const DAYS_MAX = 100;
const SOURCE = "payments, statements and suspense, by local day of the payment";

const SalesQuery = z
  .strictObject({
    ...fromAndTo,
    site: siteAndType.site,
    channel: z.enum(["mpesa", "ecocash", "momo", "cash", "legacy"]).optional(),
  })
  .refine(inOrder, OUT_OF_ORDER);
type SalesQuery = z.infer<typeof SalesQuery>;

/** What was sold on each local day by site and channel, and whether the day is closed. */
export const reportsSales = new Hono<{ Bindings: Env; Variables: Acting }>()
  .get("/daily-sales", allow("reports.read"), query(SalesQuery), async (c) => {
    const answer = await salesOf(c.env, c.req.valid("query"));
    return answer === "too_long" ? tooLong(c) : c.json(answer);
  })
  .get("/daily-sales/:file{csv|xlsx}", allow("reports.read"), query(SalesQuery), async (c) => {
    const answer = await salesOf(c.env, c.req.valid("query"));
    if (answer === "too_long") return tooLong(c);
    const rows = answer.days.flatMap(({ day, channel, state, waits, closedAt, sites }) =>
      sites.map((row) => [
        ...[day, row.site, channel, row.payments, row.grossMinor, row.reversedMinor, row.netMinor],
        ...[row.electricityMinor, row.feesMinor, row.suspenseMinor, row.treasuryMinor, row.vendedWh],
        ...[row.credits?.delivered ?? null, row.credits?.pending ?? null, row.credits?.failed ?? null],
        ...[state, waits.join(" "), closedAt],
      ]),
    );
    const name = `daily-sales-${c.env.COUNTRY}-${answer.from}-${answer.to}`;
    const figures = ["sales_closing", "paid", "vended"] as const;
    return fileOf(c, { name, columns: SALES, rows, about: aboutLines(c, answer), figures });
  });

const SALES = columnsOf({
  ...{ day: "day", site: "text", channel: "text", payments: "count", gross: "money", reversed: "money", net: "money" },
  ...{ electricity: "money", fees: "money", "not assigned": "money", treasury: "money", "energy sold": "energy" },
  ...{ "vendor credits delivered": "count", "vendor credits pending": "count", "vendor credits failed": "count" },
  ...{ state: "text", "waits for": "text", closed: "instant" },
});

function tooLong(c: Context) {
  const expected = `at most ${DAYS_MAX} days from \`from\``;
  return fail(c, 400, "bad_field", "check to", [{ field: "to", expected }]);
}

async function salesOf(env: Env, asked: SalesQuery) {
  const { timeZone, utcOffsetMinutes, currency, minorDigits } = countryOf(env);
  const now = clockOf(env).now();
  const to = asked.to ?? localDay(now, utcOffsetMinutes);
  const from = asked.from ?? dayAfter(to, 1 - DAYS);
  if (from > to || to > dayAfter(from, DAYS_MAX - 1)) return "too_long";
  const db = readerOf(env);
  const window = { from, to, timeZone };
  const [judged, credits, pending] = await Promise.all([
    judgedDays(env, window),
    dayCredits(db, window),
    pendingDays(db),
  ]);
  const creditsOf = new Map(credits.map((each) => [`${each.day} ${each.channel} ${each.site}`, each]));
  const days = judged
    .filter(({ channel }) => asked.channel === undefined || channel === asked.channel)
    .map((each) => shown(each, creditsOf, asked.site))
    .filter(({ sites }) => asked.site === undefined || sites.length > 0);
  const states = days.map(({ state }) => state);
  const countOf = (state: DayState) => states.filter((each) => each === state).length;
  return {
    ...{ from, to, asOf: now, source: SOURCE, pendingDays: pending, currency, minorDigits },
    site: asked.site ?? null,
    /** Of the days shown; those of the old books are neither. */
    counts: { open: countOf("open"), closed: countOf("closed"), reopened: countOf("reopened"), old: countOf("old") },
    isPartial: countOf("open") + countOf("reopened") > 0,
    waits: WAITS,
    totals: totalsOf(days.flatMap(({ sites }) => sites)),
    days,
  };
}

function shown(day: SalesDay, creditsOf: ReadonlyMap<string, DayCredits>, site: string | undefined) {
  const sites = day.sales
    .filter((each) => site === undefined || each.site === site)
    .map((each) => {
      const credits = creditsOf.get(`${day.day} ${day.channel} ${each.site}`) ?? null;
      return { ...each, netMinor: each.grossMinor - each.reversedMinor, credits };
    });
  const { nth, closedAt } = day.closing ?? { nth: 0, closedAt: null };
  return {
    ...{ day: day.day, channel: day.channel, state: day.state, waits: day.waits, sites },
    /** The last time, and how often; a day that is open again was closed then. */
    ...{ closedAt, timesClosed: nth },
    /** Since it was closed last. */
    changes: day.changes.filter((change) => site === undefined || change.site === site),
    tills: { used: day.facts.tills, final: day.facts.tillsFinal, differ: day.facts.tillsDiffer },
  };
}

type Row = ReturnType<typeof shown>["sites"][number];
const totalsOf = (rows: readonly Row[]) => {
  const sum = (of: (row: Row) => number) => rows.reduce((all, row) => all + of(row), 0);
  return {
    payments: sum((row) => row.payments),
    netMinor: sum((row) => row.netMinor),
    electricityMinor: sum((row) => row.electricityMinor),
    feesMinor: sum((row) => row.feesMinor),
    suspenseMinor: sum((row) => row.suspenseMinor),
    treasuryMinor: sum((row) => row.treasuryMinor),
    vendedWh: sum((row) => row.vendedWh),
  };
};
