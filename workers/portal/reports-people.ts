import { Hono } from "hono";
import { z } from "zod";
import { localDay } from "../../src/domain/local-day.ts";
import { datedPct, type Growth, growthOf, sharePct } from "../../src/domain/metrics/growth.ts";
import { dayAfter, lastComplete, PERIODS_MAX, periodOf, periodsBetween } from "../../src/domain/metrics/periods.ts";
import { UNDATED } from "../../src/domain/metrics/sheet-answer.ts";
import { customerGrowth } from "../../src/queries/reports/customer-growth.ts";
import { customerStatistics, type SiteCustomers } from "../../src/queries/reports/customer-statistics.ts";
import { type Acting, allow } from "../allow.ts";
import { query } from "../body.ts";
import type { Env } from "../env.ts";
import { clockOf, countryOf, readerOf } from "../ports.ts";
import { language, siteAndType } from "./reports-file.ts";
import { ofType, refuseSheet, type Sheeted, sheetFile, sheetHere } from "./reports-sheet.ts";

/** How far back growth goes by itself, in years; what was before stands in its sums. */
const GROWTH_YEARS = 20;
const day = z.iso.date("a day, as 2026-11-03");
export const QuarterQuery = z.strictObject({ quarter: day.optional(), ...siteAndType });
export const GrowthQuery = z.strictObject({
  from: day.optional(),
  to: day.optional(),
  by: z.enum(["none", "site"]).default("none"),
  ...siteAndType,
});
type QuarterQuery = z.infer<typeof QuarterQuery>;
type GrowthQuery = z.infer<typeof GrowthQuery>;
const SOURCE = "customers, accounts and their commissioning";

/** Figures about customers: how many there are, and how they became so many. Each customer counts once. */
export const reportsPeople = new Hono<{ Bindings: Env; Variables: Acting }>()
  .get("/customer-statistics", allow("reports.read"), query(QuarterQuery), async (c) =>
    c.json(await statisticsOf(c.env, c.req.valid("query"))),
  )
  .get(
    "/customer-statistics/:file{csv|xlsx|pdf}",
    allow("reports.read"),
    query(QuarterQuery.extend({ language })),
    async (c) => {
      const { language: spoken, ...asked } = c.req.valid("query");
      return sheetFile(c, await statisticsSheet(c.env, asked), spoken);
    },
  )
  .get("/customer-growth", allow("reports.read"), query(GrowthQuery), async (c) => {
    const answer = await growthAnswer(c.env, c.req.valid("query"));
    return answer === "too_many" ? refuseSheet(c, TOO_MANY) : c.json(answer);
  })
  .get(
    "/customer-growth/:file{csv|xlsx|pdf}",
    allow("reports.read"),
    query(GrowthQuery.extend({ language })),
    async (c) => {
      const { language: spoken, ...asked } = c.req.valid("query");
      return sheetFile(c, await growthSheet(c.env, asked), spoken);
    },
  );

const TOO_MANY = { wrong: { field: "from", expected: `a day that gives at most ${PERIODS_MAX} quarters` } };

/** A site's customers as a line each. */
export async function statisticsSheet(env: Env, asked: QuarterQuery): Promise<Sheeted> {
  const { sites, quarter, asOf, source, isPartial, coveragePct } = await statisticsOf(env, asked);
  return sheetHere(env, {
    ...{ report: "statistics", from: quarter.from, to: quarter.to, site: asked.site ?? null, about: ofType(asked) },
    ...{ asOf, source, isPartial, coveragePct, pendingDays: 0 },
    rows: sites.map((row) => [
      ...[row.site, row.name, row.district, row.registered, row.connected, row.waiting, row.ended, row.newlyConnected],
      ...[row.activationPct, row.dateNotKnown],
    ]),
  });
}

/** A line a site and quarter, and one of those of whom nobody knows when. */
export async function growthSheet(env: Env, asked: GrowthQuery): Promise<Sheeted> {
  const answer = await growthAnswer(env, asked);
  if (answer === "too_many") return TOO_MANY;
  const { from, to, asOf, source, isPartial, coveragePct, groups } = answer;
  return sheetHere(env, {
    ...{ report: "growth", from, to, site: asked.site ?? null, about: { by: asked.by, ...ofType(asked) } },
    ...{ asOf, source, isPartial, coveragePct, pendingDays: 0 },
    rows: groups.flatMap(({ site, quarters, dateNotKnown }) => [
      [site ?? "all", UNDATED, dateNotKnown.connected, dateNotKnown.ended, null, null, null],
      ...quarters.map((each) => [
        ...[site ?? "all", each.quarter, each.newlyConnected, each.ended, each.everConnected, each.connected],
        each.isPartial,
      ]),
    ]),
  });
}

type Activated = SiteCustomers & { activationPct: number | null };

async function statisticsOf(env: Env, asked: QuarterQuery) {
  const { timeZone, utcOffsetMinutes } = countryOf(env);
  const now = clockOf(env).now();
  const today = localDay(now, utcOffsetMinutes);
  // Without a quarter it is the last one that is over, and says so: "new" of no quarter was always 0.
  const quarter = asked.quarter === undefined ? lastComplete(today, "quarter") : periodOf(asked.quarter, "quarter");
  const isPartial = today <= quarter.to;
  const asOfDay = isPartial ? today : quarter.to;
  const order = { from: quarter.from, to: asOfDay, site: asked.site ?? null, type: asked.type ?? null, timeZone };
  const rows = await customerStatistics(readerOf(env), order);
  const sites: Activated[] = rows.map((row) => ({ ...row, activationPct: sharePct(row.connected, row.registered) }));
  const sum = (pick: (row: SiteCustomers) => number) => rows.reduce((all, row) => all + pick(row), 0);
  const totals = {
    registered: sum((row) => row.registered),
    connected: sum((row) => row.connected),
    waiting: sum((row) => row.waiting),
    ended: sum((row) => row.ended),
    newlyConnected: sum((row) => row.newlyConnected),
    everConnected: sum((row) => row.everConnected),
    dateNotKnown: sum((row) => row.dateNotKnown),
  };
  return {
    ...{ asOf: now, asOfDay, source: SOURCE, quarter, isPartial },
    /** Share of those with light, or who had it, whose first day with light is known. */
    coveragePct: sharePct(totals.everConnected - totals.dateNotKnown, totals.everConnected),
    totals: { ...totals, activationPct: sharePct(totals.connected, totals.registered) },
    sites,
  };
}

async function growthAnswer(env: Env, asked: GrowthQuery) {
  const { timeZone, utcOffsetMinutes } = countryOf(env);
  const now = clockOf(env).now();
  const today = localDay(now, utcOffsetMinutes);
  const order = { today, site: asked.site ?? null, type: asked.type ?? null, timeZone };
  const changes = await customerGrowth(readerOf(env), order);
  const first = changes.flatMap(({ quarter }) => quarter ?? []).toSorted()[0] ?? today;
  const farthest = `${Number(today.slice(0, 4)) - GROWTH_YEARS}-01-01`;
  const to = asked.to ?? today;
  const from = asked.from ?? (first < farthest ? farthest : first);
  const periods = periodsBetween({ from, to, grain: "quarter" }, now, utcOffsetMinutes);
  if (periods === "too_many") return "too_many";
  const sites = [...new Set(changes.map(({ site }) => site))];
  const bySite = sites.map((site) => ({
    site: site ?? "",
    ...growthOf(
      changes.filter((change) => change.site === site),
      periods,
    ),
  }));
  const groups: ({ site: string | null } & Growth)[] =
    asked.by === "site" ? bySite : [{ site: null, ...growthOf(changes, periods) }];
  return {
    ...{ asOf: now, asOfDay: today, source: SOURCE, coveragePct: datedPct(changes) },
    isPartial: periods.some(({ isPartial }) => isPartial),
    ...{ from: periods[0]?.from ?? from, to: periods.at(-1)?.to ?? dayAfter(to), by: asked.by, groups },
  };
}
