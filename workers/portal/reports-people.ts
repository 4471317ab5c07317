import { Hono } from "hono";
import { z } from "zod";
import { localDay } from "../../src/domain/local-day.ts";
import { datedPct, type Growth, growthOf, sharePct } from "../../src/domain/metrics/growth.ts";
import { dayAfter, lastComplete, PERIODS_MAX, periodOf, periodsBetween } from "../../src/domain/metrics/periods.ts";
import { customerGrowth } from "../../src/queries/reports/customer-growth.ts";
import { customerStatistics, type SiteCustomers } from "../../src/queries/reports/customer-statistics.ts";
import { type Acting, allow } from "../allow.ts";
import { query } from "../body.ts";
import type { Env } from "../env.ts";
import { fail } from "../errors.ts";
import { clockOf, countryOf, readerOf } from "../ports.ts";
import { aboutLines, columnsOf, fileOf, siteAndType } from "./reports-file.ts";

/** How far back growth goes by itself, in years; what was before stands in its sums. */
const GROWTH_YEARS = 20;
const day = z.iso.date("a day, as 2026-11-03");
const QuarterQuery = z.strictObject({ quarter: day.optional(), ...siteAndType });
const GrowthQuery = z.strictObject({
  from: day.optional(),
  to: day.optional(),
  by: z.enum(["none", "site"]).default("none"),
  ...siteAndType,
});
const SOURCE = "customers, accounts and their commissioning";

/** Figures about customers: how many there are, and how they became so many. Each customer counts once. */
export const reportsPeople = new Hono<{ Bindings: Env; Variables: Acting }>()
  .get("/customer-statistics", allow("reports.read"), query(QuarterQuery), async (c) =>
    c.json(await statisticsOf(c.env, c.req.valid("query"))),
  )
  .get("/customer-statistics/:file{csv|xlsx}", allow("reports.read"), query(QuarterQuery), async (c) => {
    const answer = await statisticsOf(c.env, c.req.valid("query"));
    const { sites, quarter } = answer;
    const rows = sites.map((row) => [
      ...[row.site, row.name, row.district, row.registered, row.connected, row.waiting, row.ended, row.newlyConnected],
      ...[row.activationPct, row.dateNotKnown],
    ]);
    const name = `customer-statistics-${c.env.COUNTRY}-${quarter.from}`;
    const about = aboutLines(c, { ...answer, ...quarter });
    const figures = ["customers_registered", "customers_connected", "customers_new", "customers_activation"] as const;
    return fileOf(c, { name, columns: STATISTICS, rows, about, figures });
  })
  .get("/customer-growth", allow("reports.read"), query(GrowthQuery), async (c) => {
    const answer = await growthAnswer(c.env, c.req.valid("query"));
    return answer === "too_many" ? tooMany(c) : c.json(answer);
  })
  .get("/customer-growth/:file{csv|xlsx}", allow("reports.read"), query(GrowthQuery), async (c) => {
    const answer = await growthAnswer(c.env, c.req.valid("query"));
    if (answer === "too_many") return tooMany(c);
    const rows = answer.groups.flatMap(({ site, quarters, dateNotKnown }) => [
      [site ?? "all", "date not known", dateNotKnown.connected, dateNotKnown.ended, null, null, null],
      ...quarters.map((each) => [
        ...[site ?? "all", each.quarter, each.newlyConnected, each.ended, each.everConnected, each.connected],
        each.isPartial,
      ]),
    ]);
    const name = `customer-growth-${c.env.COUNTRY}-${answer.from}-${answer.to}`;
    const figures = ["customers_growth", "customers_undated"] as const;
    return fileOf(c, { name, columns: GROWTH, rows, about: aboutLines(c, answer), figures });
  });

const STATISTICS = columnsOf({
  ...{ site: "text", name: "text", district: "text", registered: "count", connected: "count", waiting: "count" },
  ...{ ended: "count", "new in the quarter": "count", activation: "percent", "date not known": "count" },
});
const GROWTH = columnsOf({
  ...{ site: "text", quarter: "day", new: "count", ended: "count", "ever connected": "count", connected: "count" },
  running: "bool",
});

const tooMany = (c: Parameters<typeof fail>[0]) =>
  fail(c, 400, "bad_field", "check from", [
    { field: "from", expected: `a day that gives at most ${PERIODS_MAX} quarters` },
  ]);

type Activated = SiteCustomers & { activationPct: number | null };

async function statisticsOf(env: Env, asked: z.infer<typeof QuarterQuery>) {
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

async function growthAnswer(env: Env, asked: z.infer<typeof GrowthQuery>) {
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
