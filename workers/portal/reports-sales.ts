import { Hono } from "hono";
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
import { judgedDays } from "../jobs/close-days.ts";
import { clockOf, countryOf, readerOf } from "../ports.ts";
import { fromAndTo, inOrder, language, OUT_OF_ORDER, siteAndType } from "./reports-file.ts";
import { refuseSheet, type Sheeted, sheetFile, sheetHere } from "./reports-sheet.ts";

/** Days by themselves, and at most. */
const DAYS = 14;
const DAYS_MAX = 100;
const SOURCE = "payments, statements and suspense, by local day of the payment";

export const SalesQuery = z
  .strictObject({
    ...fromAndTo,
    site: siteAndType.site,
    channel: z.enum(["mpesa", "ecocash", "momo", "cash", "legacy"]).optional(),
  })
  .refine(inOrder, OUT_OF_ORDER);
const SalesFileQuery = SalesQuery.safeExtend({ language });
type SalesQuery = z.infer<typeof SalesQuery>;

/** What was sold on each local day by site and channel, and whether the day is closed. */
export const reportsSales = new Hono<{ Bindings: Env; Variables: Acting }>()
  .get("/daily-sales", allow("reports.read"), query(SalesQuery), async (c) => {
    const answer = await salesOf(c.env, c.req.valid("query"));
    return answer === "too_long" ? refuseSheet(c, TOO_LONG) : c.json(answer);
  })
  .get("/daily-sales/:file{csv|xlsx|pdf}", allow("reports.read"), query(SalesFileQuery), async (c) => {
    const { language: spoken, ...asked } = c.req.valid("query");
    return sheetFile(c, await salesSheet(c.env, asked), spoken);
  });

const TOO_LONG = { wrong: { field: "to", expected: `at most ${DAYS_MAX} days from \`from\`` } };

/** The same as a table: a line a day, site and channel. */
export async function salesSheet(env: Env, asked: SalesQuery): Promise<Sheeted> {
  const answer = await salesOf(env, asked);
  if (answer === "too_long") return TOO_LONG;
  const { from, to, asOf, source, pendingDays: pending, isPartial } = answer;
  const rows = answer.days.flatMap(({ day, channel, state, waits, closedAt, sites }) =>
    sites.map((row) => [
      ...[day, row.site, channel, row.payments, row.grossMinor, row.reversedMinor, row.netMinor],
      ...[row.electricityMinor, row.feesMinor, row.suspenseMinor, row.treasuryMinor, row.vendedWh],
      ...[row.credits?.delivered ?? null, row.credits?.pending ?? null, row.credits?.failed ?? null],
      ...[state, waits.join(" "), closedAt],
    ]),
  );
  return sheetHere(env, {
    ...{ report: "daily_sales", from, to, asOf, source, pendingDays: pending, isPartial, rows, coveragePct: null },
    ...{ site: answer.site, about: asked.channel === undefined ? {} : { channel: asked.channel } },
  });
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
