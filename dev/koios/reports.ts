import { type Context, Hono } from "hono";
import { DAY_MS, dayOf, dayStart } from "../vendors/energy.ts";
import type { KoiosEnv } from "./app-env.ts";
import { dailyReadings, isMade, monthBounds, monthlyReadings, monthsOf, paymentsSummary } from "./csv.ts";
import type { KoiosSite, OrgState } from "./org.ts";
import { siteById } from "./v2.ts";
import { v2Error } from "./wire.ts";

type C = Context<KoiosEnv>;

/** How many days back the list of reports goes. */
const LISTED_DAYS = 45;

/** The files that Koios has made, and the list of them. */
export const reports = new Hono<KoiosEnv>()
  .get("/report", (c) => {
    const { granularity = "", type = "", site_id: id = "", date = "" } = c.req.query();
    const site = siteById(c.get("org"), id);
    const bad = (message: string) => c.json(v2Error("BAD_REQUEST", message), 400);
    if (!["daily", "monthly"].includes(granularity)) return bad("granularity must be daily or monthly");
    if (!["readings", "payments"].includes(type)) return bad("type must be readings or payments");
    if (site === null) return bad("site_id must name a site of this organization");
    const isDay = granularity === "daily";
    const dayAt = dayStart(isDay || date.length > 7 ? date : `${date}-01`);
    if (dayAt === null) return bad("date must be YYYY-MM-DD, or YYYY-MM for a month");
    const csv = file(c.get("org"), { site, type, isDay, dayAt });
    return csv === null ? c.json(v2Error("NOT_FOUND", "Report not generated"), 404) : sendCsv(c, csv);
  })
  .get("/reports/list", (c) => {
    const files = listed(c.get("org"), c.req.query("site_id") ?? null);
    return c.json({ reports: files, total_count: files.length, filters_applied: c.req.query() });
  })
  .get("/reports/summary", (c) => {
    const files = listed(c.get("org"), c.req.query("site_id") ?? null);
    return c.json({ reports: [], total_count: files.length, filters_applied: c.req.query() });
  });

export const sendCsv = (c: C, csv: string) => c.body(csv, 200, { "Content-Type": "text/csv; charset=utf-8" });

type Wanted = { site: KoiosSite; type: string; isDay: boolean; dayAt: number };
function file(org: OrgState, { site, type, isDay, dayAt }: Wanted): string | null {
  const month = dayOf(dayAt).slice(0, 7);
  const [from, to] = isDay ? [dayAt, dayAt + DAY_MS] : monthBounds(month);
  if (type === "payments") return paymentsSummary(org, site, from, to);
  return isDay ? dailyReadings(org, site, dayAt) : monthlyReadings(org, site, month);
}

function listed(org: OrgState, siteId: string | null) {
  const now = org.clock.now();
  const today = Math.floor(now / DAY_MS) * DAY_MS;
  const from = today - LISTED_DAYS * DAY_MS;
  const days = Array.from({ length: LISTED_DAYS }, (_, back) => today - (back + 1) * DAY_MS);
  const entry = (site: KoiosSite, granularity: "daily" | "monthly", firstAt: number, madeAt: number) => {
    const [year, month, day] = dayOf(firstAt).split("-").map(Number);
    const name = granularity === "daily" ? dayOf(firstAt) : dayOf(firstAt).slice(0, 7);
    const bytes = org.metered(site.code).length * (granularity === "daily" ? 97 * 120 : 40);
    return {
      org_id: org.options.org,
      service_area_id: site.serviceAreaId,
      service_area_name: site.name,
      site_id: site.id,
      site_name: site.name,
      report_type: "readings",
      granularity,
      year,
      month,
      day: granularity === "daily" ? day : null,
      date_iso: dayOf(firstAt),
      file_size_bytes: bytes,
      file_size_mb: Number((bytes / 1_048_576).toFixed(3)),
      last_modified: new Date(madeAt).toISOString(),
      filename: `${site.code.toLowerCase()}_readings_${granularity}_${name}.csv`,
    };
  };
  return org.sites
    .filter(({ id }) => siteId === null || id === siteId)
    .flatMap((site) => [
      ...days
        .filter((dayAt) => isMade(org, site, dayAt))
        .map((dayAt) => entry(site, "daily", dayAt, dayAt + DAY_MS + org.lagMs())),
      ...monthsOf(from, now)
        .map(monthBounds)
        .filter(([, to]) => isMade(org, site, to - DAY_MS))
        .map(([at, to]) => entry(site, "monthly", at, to + org.lagMs())),
    ]);
}
