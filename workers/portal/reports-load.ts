import { Hono } from "hono";
import { z } from "zod";
import { ACCOUNTS_MIN, curvesOf, factorsOf, meanOf } from "../../src/domain/metrics/load.ts";
import { curveSums, dailyEnergy, distribution, peaks, scatterPoints } from "../../src/queries/reports/load.ts";
import { type Acting, allow } from "../allow.ts";
import { query } from "../body.ts";
import type { Env } from "../env.ts";
import { clockOf, countryOf, readerOf } from "../ports.ts";
import { queryNumber } from "../query-number.ts";
import { columnsOf, language } from "./reports-file.ts";
import { ofType, type Sheeted, sheetFile, sheetHere } from "./reports-sheet.ts";
import { profileFile } from "./reports-stream.ts";
import { aboutWindow, orderOf, refuseWindow, whom, window, windowFault } from "./reports-window.ts";
import { yearHours, yearWindow } from "./reports-year.ts";

const SEED_MAX = 1_000_000;
export const LoadQuery = z.strictObject({ ...whom, ...window });
const CdfQuery = z.strictObject({ ...whom, ...window, of: z.enum(["day", "hour"]).default("day") });
const ScatterQuery = z.strictObject({
  ...{ site: whom.site, type: whom.type, ...window },
  seed: queryNumber(0, SEED_MAX).default(1),
});
const YearQuery = z.strictObject({
  ...{ site: whom.site, type: whom.type },
  year: queryNumber(2015, 2100, "a year, as 2026").optional(),
  k: queryNumber(1, 1_000, "how many accounts make a value, 1 to 1000").default(ACCOUNTS_MIN),
});

const fileName = (what: string, env: Env, { from, to }: { from: string; to: string }) =>
  `${what}-${env.COUNTRY}-${from}-${to}`;

/** Load profiles: what accounts draw by hour of the day, by day, and hour by hour of a year; JSON, and `/csv` of each. */
export const reportsLoad = new Hono<{ Bindings: Env; Variables: Acting }>()
  .get("/load-curve", allow("reports.read"), query(LoadQuery), async (c) => {
    const answer = await curve(c.env, c.req.valid("query"));
    return answer === null ? refuseWindow(c, "days") : c.json(answer);
  })
  .get("/load-curve/:file{xlsx|pdf}", allow("reports.read"), query(LoadQuery.extend({ language })), async (c) => {
    const { language: spoken, ...asked } = c.req.valid("query");
    return sheetFile(c, await curveSheet(c.env, asked), spoken);
  })
  .get("/load-curve/:file{csv|json|parquet}", allow("reports.read"), query(LoadQuery), async (c) => {
    const answer = await curve(c.env, c.req.valid("query"));
    if (answer === null) return refuseWindow(c, "days");
    const rows = answer.curves.flatMap(({ group, hours }) =>
      hours.map(({ hour, meanMilliwatt, n }) => [group ?? "", hour, meanMilliwatt, n]),
    );
    return profileFile(c, fileName("load-curve", c.env, answer), answer, CURVE, [rows]);
  })
  .get("/load-daily", allow("reports.read"), query(LoadQuery), async (c) => {
    const answer = await daily(c.env, c.req.valid("query"));
    return answer === null ? refuseWindow(c, "days") : c.json(answer);
  })
  .get("/load-daily/:file{csv|xlsx|json|parquet}", allow("reports.read"), query(LoadQuery), async (c) => {
    const answer = await daily(c.env, c.req.valid("query"));
    if (answer === null) return refuseWindow(c, "days");
    const rows = answer.days.map((d) => [d.group ?? "", d.day, d.p10Wh, d.p50Wh, d.p90Wh, d.meanWh, d.n]);
    return profileFile(c, fileName("load-daily", c.env, answer), answer, DAILY, [rows]);
  })
  .get("/load-cdf", allow("reports.read"), query(CdfQuery), async (c) => {
    const asked = c.req.valid("query");
    const answer = await cdf(c.env, asked);
    return answer === null ? refuseWindow(c, asked.of === "hour" ? "hourly" : "days") : c.json(answer);
  })
  .get("/load-cdf/:file{csv|xlsx|json|parquet}", allow("reports.read"), query(CdfQuery), async (c) => {
    const asked = c.req.valid("query");
    const answer = await cdf(c.env, asked);
    if (answer === null) return refuseWindow(c, asked.of === "hour" ? "hourly" : "days");
    const rows = answer.groups.flatMap(({ group, n, percentiles }) =>
      (percentiles ?? []).map((energyWh, percent) => [group ?? "", percent, energyWh, n]),
    );
    return profileFile(c, fileName(`load-cdf-${asked.of}`, c.env, answer), answer, CDF, [rows]);
  })
  .get("/load-scatter", allow("reports.read"), query(ScatterQuery), async (c) => {
    const answer = await scatter(c.env, c.req.valid("query"));
    return answer === null ? refuseWindow(c, "days") : c.json(answer);
  })
  .get("/load-scatter/:file{csv|xlsx|json|parquet}", allow("reports.read"), query(ScatterQuery), async (c) => {
    const answer = await scatter(c.env, c.req.valid("query"));
    if (answer === null) return refuseWindow(c, "days");
    const rows = answer.points.map(({ energyWh, peakWh }) => [energyWh, peakWh]);
    return profileFile(c, fileName("load-scatter", c.env, answer), answer, SCATTER, [rows]);
  })
  .get("/load-factors", allow("reports.read"), query(LoadQuery), async (c) => {
    const answer = await factors(c.env, c.req.valid("query"));
    return answer === null ? refuseWindow(c, "hourly") : c.json(answer);
  })
  .get("/load-factors/:file{csv|xlsx|json|parquet}", allow("reports.read"), query(LoadQuery), async (c) => {
    const answer = await factors(c.env, c.req.valid("query"));
    if (answer === null) return refuseWindow(c, "hourly");
    const rows = answer.groups.map((g) => [
      ...[g.group ?? "", g.n, g.hours, g.energyWh, g.peakWh, g.peaksWh, g.loadFactorBp, g.coincidenceBp],
    ]);
    return profileFile(c, fileName("load-factors", c.env, answer), answer, FACTORS, [rows]);
  })
  .get("/load-8760", allow("reports.read"), query(YearQuery), async (c) => {
    const asked = c.req.valid("query");
    const { about, order, year } = await ofYear(c.env, asked);
    const hours = [];
    for await (const month of yearHours(readerOf(c.env), order, year, asked.k)) hours.push(...month);
    return c.json({
      ...about,
      ...{ year, k: asked.k, meanMilliwatt: hours.map((each) => each.meanMilliwatt), n: hours.map(({ n }) => n) },
    });
  })
  .get("/load-8760/:file{csv|xlsx|json|parquet}", allow("reports.read"), query(YearQuery), async (c) => {
    const asked = c.req.valid("query");
    const { about, order, year } = await ofYear(c.env, asked);
    async function* rows() {
      for await (const month of yearHours(readerOf(c.env), order, year, asked.k))
        yield month.map(({ hour, meanMilliwatt, n }) => [hour, meanMilliwatt, n]);
    }
    return profileFile(c, fileName("load-8760", c.env, about), about, YEAR, rows());
  });

const CURVE = columnsOf({ group: "text", hour: "count", mean: "power", n: "count" });
const DAILY = columnsOf({
  ...{ group: "text", day: "day", p10: "energy", p50: "energy", p90: "energy", mean: "energy", n: "count" },
});
const CDF = columnsOf({ group: "text", percent: "count", value: "energy", n: "count" });
const SCATTER = columnsOf({ day: "energy", "highest hour": "energy" });
const YEAR = columnsOf({ hour: "count", mean: "power", n: "count" });
const FACTORS = columnsOf({
  ...{ group: "text", n: "count", hours: "count", energy: "energy", "highest hour": "energy" },
  ...{ "highest hours of each, added up": "energy", "load factor": "basis", coincidence: "basis" },
});

type Asked = z.infer<typeof LoadQuery>;

async function curve(env: Env, asked: Asked) {
  const order = orderOf(env, asked, "months");
  if (order === "refused") return null;
  const [about, sums] = await Promise.all([
    aboutWindow(env, "means_load_curve", "metered_month_hours", order),
    curveSums(readerOf(env), order),
  ]);
  return { ...about, curves: curvesOf(sums) };
}

/** The same as a table: a line a group and hour of the day. */
export async function curveSheet(env: Env, asked: Asked): Promise<Sheeted> {
  const answer = await curve(env, asked);
  if (answer === null) return windowFault("days");
  const { site, type, by, from, to, asOf, source, pendingDays, coveragePct, isPartial, curves } = answer;
  return sheetHere(env, {
    ...{ report: "load_curve", site, from, to, asOf, source, pendingDays, coveragePct, isPartial },
    about: { ...(by === "none" ? {} : { by }), ...ofType({ type: type ?? undefined }) },
    rows: curves.flatMap(({ group, hours }) =>
      hours.map(({ hour, meanMilliwatt, n }) => [by === "none" ? "all" : group, hour, meanMilliwatt, n]),
    ),
  });
}

async function daily(env: Env, asked: Asked) {
  const order = orderOf(env, asked, "days");
  if (order === "refused") return null;
  const [about, rows] = await Promise.all([
    aboutWindow(env, "means_load_daily", "metered_days", order),
    dailyEnergy(readerOf(env), order),
  ]);
  return { ...about, days: rows.map(({ sumWh, ...row }) => ({ ...row, meanWh: meanOf(sumWh, row.n) })) };
}

async function cdf(env: Env, asked: z.infer<typeof CdfQuery>) {
  const order = orderOf(env, asked, asked.of === "hour" ? "hourly" : "days");
  if (order === "refused") return null;
  const [about, groups] = await Promise.all([
    aboutWindow(env, "means_load_cdf", asked.of === "hour" ? "consumption_hourly" : "metered_days", order),
    distribution(readerOf(env), order, asked.of),
  ]);
  return { ...about, of: asked.of, groups };
}

async function scatter(env: Env, asked: z.infer<typeof ScatterQuery>) {
  const order = orderOf(env, { ...asked, by: "none" }, "days");
  if (order === "refused") return null;
  const [about, found] = await Promise.all([
    aboutWindow(env, "means_load_scatter", "consumption_hourly", order),
    scatterPoints(readerOf(env), order, asked.seed),
  ]);
  return { ...about, seed: asked.seed, ...found };
}

async function factors(env: Env, asked: Asked) {
  const order = orderOf(env, asked, "hourly");
  if (order === "refused") return null;
  const [about, rows] = await Promise.all([
    aboutWindow(env, "means_load_factors", "consumption_hourly", order),
    peaks(readerOf(env), order),
  ]);
  return { ...about, groups: rows.map((row) => ({ ...row, ...factorsOf(row) })) };
}

async function ofYear(env: Env, asked: z.infer<typeof YearQuery>) {
  const { utcOffsetMinutes, timeZone } = countryOf(env);
  const now = clockOf(env).now();
  const year = asked.year ?? new Date(now + utcOffsetMinutes * 60_000).getUTCFullYear();
  const [site, type] = [asked.site ?? null, asked.type ?? null];
  const order = { ...yearWindow(year), by: "none" as const, site, type, timeZone, utcOffsetMinutes, now };
  return { year, order, about: await aboutWindow(env, "means_load_8760", "consumption_hourly", order) };
}
