import { Hono } from "hono";
import { z } from "zod";
import { localDay } from "../../src/domain/local-day.ts";
import { answerMetric } from "../../src/domain/metrics/answer.ts";
import { lossOf } from "../../src/domain/metrics/losses.ts";
import { dayAfter, earlierDay, lastComplete, type Period, periodsBetween } from "../../src/domain/metrics/periods.ts";
import { type Measure, type MetricId, metricOf } from "../../src/domain/metrics/registry.ts";
import { TOTAL } from "../../src/domain/metrics/sheet-answer.ts";
import { customerStatistics, type SiteCustomers } from "../../src/queries/reports/customer-statistics.ts";
import { suppliedSites } from "../../src/queries/reports/losses.ts";
import { addMeasures } from "../../src/queries/reports/measures.ts";
import { pendingDays } from "../../src/queries/reports/pending.ts";
import { type Acting, allow } from "../allow.ts";
import { query } from "../body.ts";
import type { Env } from "../env.ts";
import { clockOf, countryOf, readerOf } from "../ports.ts";
import { fromAndTo, inOrder, language, OUT_OF_ORDER } from "./reports-file.ts";
import { daysOf } from "./reports-losses.ts";
import { refuseSheet, type Sheeted, sheetFile, sheetHere } from "./reports-sheet.ts";

const DAYS_MAX = 1_100;
/** Losses are added up hour by hour. */
const LOSS_DAYS_MAX = 31;
/** As the page of losses asks by itself. */
const KNOWN_PCT = 100;
const SOURCE = "customers, sums of payments and readings, by local day";

export const SitesQuery = z.strictObject(fromAndTo).refine(inOrder, OUT_OF_ORDER);
const SitesFileQuery = SitesQuery.safeExtend({ language });
type SitesQuery = z.infer<typeof SitesQuery>;

/** The metrics of the registry that a site's line shows, as they are everywhere. */
export const SITE_METRICS = [
  "paid",
  "paid_electricity",
  "payments",
  "vended",
  "metered",
  "arpu_ever",
  "arpu_paying",
  "arpu_connected",
  "coverage",
] as const satisfies readonly MetricId[];
type SiteMetrics = Record<(typeof SITE_METRICS)[number], number | null>;
type Customers = Omit<SiteCustomers, "site" | "name" | "district">;

/** A country's sites beside each other: customers, money, energy, coverage and losses; the totals are the country's own figures. */
export const reportsSites = new Hono<{ Bindings: Env; Variables: Acting }>()
  .get("/site-summary", allow("reports.read"), query(SitesQuery), async (c) => {
    const answer = await summaryOf(c.env, c.req.valid("query"));
    return answer === "too_long" ? refuseSheet(c, TOO_LONG) : c.json(answer);
  })
  .get("/site-summary/:file{csv|xlsx|pdf}", allow("reports.read"), query(SitesFileQuery), async (c) => {
    const { language: spoken, ...asked } = c.req.valid("query");
    return sheetFile(c, await sitesSheet(c.env, asked), spoken);
  });

const TOO_LONG = { wrong: { field: "to", expected: `at most ${DAYS_MAX} days from \`from\`` } };

/** The same as a table: a line a site, and the country's own figures last. */
export async function sitesSheet(env: Env, asked: SitesQuery): Promise<Sheeted> {
  const answer = await summaryOf(env, asked);
  if (answer === "too_long") return TOO_LONG;
  const { from, to, asOf, source, pendingDays: pending, isPartial, sites, total } = answer;
  const cells = ({ customers, ...row }: Pick<(typeof sites)[number], "customers" | "lossBp" | keyof SiteMetrics>) => [
    ...[customers.registered, customers.connected, customers.waiting, customers.ended, customers.newlyConnected],
    ...SITE_METRICS.map((id) => row[id]),
    row.lossBp,
  ];
  return sheetHere(env, {
    ...{ report: "sites", site: null, about: {}, from, to, asOf, source, pendingDays: pending, isPartial },
    coveragePct: total.coverage === null ? null : total.coverage / 100,
    rows: [...sites.map((row) => [row.site, row.name, ...cells(row)]), [TOTAL, null, ...cells(total)]],
  });
}

async function summaryOf(env: Env, asked: SitesQuery) {
  const { timeZone, utcOffsetMinutes, currency, minorDigits } = countryOf(env);
  const now = clockOf(env).now();
  const today = localDay(now, utcOffsetMinutes);
  const over = lastComplete(today, "month");
  const to = asked.to ?? (asked.from !== undefined && asked.from > over.to ? today : over.to);
  const from = asked.from ?? `${to.slice(0, 7)}-01`;
  if (from > to || to > dayAfter(from, DAYS_MAX - 1)) return "too_long";
  const db = readerOf(env);
  const periods = periodsBetween({ from, to, grain: "total" }, now, utcOffsetMinutes) as Period[];
  const measures = [
    ...new Set(
      SITE_METRICS.map(metricOf).flatMap(({ numerator, denominator }) => [numerator, denominator ?? numerator]),
    ),
  ] as Measure[];
  const order = { measures, grain: "total" as const, periods, site: null, type: null, today, timeZone };
  const [bySite, whole, customers, pending, supplied] = await Promise.all([
    addMeasures(db, { ...order, by: "site" }),
    addMeasures(db, { ...order, by: "none" }),
    customerStatistics(db, { from, to, site: null, type: null, timeZone }),
    pendingDays(db),
    suppliedSites(db),
  ]);
  const metricsOf = (added: typeof whole, group: string | null): SiteMetrics =>
    Object.fromEntries(
      SITE_METRICS.map((id) => {
        const rows = answerMetric(metricOf(id), periods, added, minorDigits);
        return [id, rows.find((row) => row.group === group)?.value ?? null];
      }),
    ) as SiteMetrics;
  const losses = await lossesOf(env, supplied, from, earlierDay(to, today));
  const codes = [...new Set([...customers.map(({ site }) => site), ...bySite.map(({ group }) => group)])];
  const sites = codes.toSorted(byCode).map((site) => {
    const known = customers.find((each) => each.site === site);
    return {
      ...{ site, name: known?.name ?? null, district: known?.district ?? null, customers: countedOf(known ?? {}) },
      ...metricsOf(bySite, site),
      lossBp: losses.get(site ?? "")?.lossBp ?? null,
      hasSupply: site !== null && supplied.includes(site),
    };
  });
  const [only] = whole;
  return {
    ...{ from, to, asOf: now, source: SOURCE, pendingDays: pending, currency, minorDigits },
    isPartial: periods.some((period) => period.isPartial),
    /** Losses are known of a month at most. */
    withLosses: losses.size > 0,
    sites,
    total: {
      customers: totalOf(customers),
      ...metricsOf(whole, only?.group ?? null),
      /** Sites that lose differently have no loss in common. */
      lossBp: null,
      hasSupply: false,
    },
  };
}

async function lossesOf(env: Env, sites: readonly string[], from: string, to: string) {
  if (to > dayAfter(from, LOSS_DAYS_MAX - 1) || from > to) return new Map<string, ReturnType<typeof lossOf>>();
  const each = await Promise.all(
    sites.map(
      async (site) => [site, lossOf(from, await daysOf(env, { site, from, to, knownPct: KNOWN_PCT }))] as const,
    ),
  );
  return new Map(each);
}

const COUNTS = [
  "registered",
  "connected",
  "waiting",
  "ended",
  "newlyConnected",
  "everConnected",
  "dateNotKnown",
] as const satisfies readonly (keyof Customers)[];

/** A site of which no customer is known has none on record. */
const countedOf = (counted: Partial<Customers>): Customers =>
  Object.fromEntries(COUNTS.map((count) => [count, counted[count] ?? 0])) as Customers;

const totalOf = (rows: readonly Customers[]): Customers =>
  Object.fromEntries(COUNTS.map((count) => [count, rows.reduce((sum, row) => sum + row[count], 0)])) as Customers;

const byCode = (a: string | null, b: string | null) => (a === null ? 1 : b === null ? -1 : a < b ? -1 : 1);
