import type { Context } from "hono";
import { z } from "zod";
import { localDay } from "../../src/domain/local-day.ts";
import { dayAfter, lastComplete, type Period, periodOf, periodsBetween } from "../../src/domain/metrics/periods.ts";
import { percentOf } from "../../src/domain/metrics/statistics.ts";
import { addMeasures } from "../../src/queries/reports/measures.ts";
import { pendingDays } from "../../src/queries/reports/pending.ts";
import type { ProfileOrder } from "../../src/queries/reports/profile-sql.ts";
import type { Env } from "../env.ts";
import { fail } from "../errors.ts";
import { clockOf, countryOf, readerOf } from "../ports.ts";
import { siteAndType } from "./reports-file.ts";

/** Whole months that a profile is of when nobody says from when: enough for every hour of the day, and quick. */
const MONTHS_BACK = 3;
/** Three years and a little. */
export const WINDOW_DAYS_MAX = 1_100;
/** Where every hour of every account is read: of one site, and of a whole country of 2,000 accounts. */
export const HOURLY_DAYS_MAX = { site: 31, country: 7 } as const;

const day = z.iso.date("a day, as 2026-11-03");
/** Whom a profile is of. */
export const whom = {
  by: z.enum(["none", "site", "type"]).default("none"),
  ...siteAndType,
};
export const window = { from: day.optional(), to: day.optional() };
type Asked = { by: ProfileOrder["by"]; site?: string | undefined; type?: string | undefined };
type AskedWindow = Asked & { from?: string | undefined; to?: string | undefined };

/** What every answer says of itself. */
export type About = {
  /** Its definition in words has this name. */
  definition: string;
  source: string;
  asOf: number;
  /** Days that are not added up yet. */
  pendingDays: number;
  /** Known hours of all hours of accounts that were connected; null: there were none. */
  coveragePct: number | null;
  /** The window is not over. */
  isPartial: boolean;
  by: ProfileOrder["by"];
  site: string | null;
  type: string | null;
};
export type Windowed = About & { from: string; to: string };

/** The window that is asked for, whole months where only months are known; or what is wrong with it. */
export function orderOf(env: Env, asked: AskedWindow, shape: "days" | "months" | "hourly"): ProfileOrder | "refused" {
  const { timeZone, utcOffsetMinutes } = countryOf(env);
  const over = lastComplete(localDay(clockOf(env).now(), utcOffsetMinutes), "month");
  const lastDay =
    asked.to ?? (asked.from !== undefined && asked.from > over.to ? periodOf(asked.from, "month").to : over.to);
  const hourlyMax = HOURLY_DAYS_MAX[asked.site === undefined ? "country" : "site"];
  const lately = shape === "hourly" && asked.site === undefined;
  const firstDay =
    asked.from ??
    (lately ? dayAfter(lastDay, 1 - hourlyMax) : monthsBefore(lastDay, shape === "hourly" ? 1 : MONTHS_BACK));
  const [from, to] =
    shape === "months" ? [periodOf(firstDay, "month").from, periodOf(lastDay, "month").to] : [firstDay, lastDay];
  const longest = shape === "hourly" ? hourlyMax : WINDOW_DAYS_MAX;
  if (from > to || to > dayAfter(from, longest - 1)) return "refused";
  return { from, to, by: asked.by, site: asked.site ?? null, type: asked.type ?? null, timeZone };
}

/** The first day of the month so many months back, that of the day itself counted. */
const monthsBefore = (day: string, months: number) =>
  new Date(Date.UTC(Number(day.slice(0, 4)), Number(day.slice(5, 7)) - months, 1)).toISOString().slice(0, 10);

/** What is wrong with a window that is too long or backwards. */
export function windowFault(shape: "days" | "hourly") {
  const { site, country } = HOURLY_DAYS_MAX;
  const longest = shape === "hourly" ? `${site} days of one site or ${country} of all` : `${WINDOW_DAYS_MAX} days`;
  return { wrong: { field: "to", expected: `a day not before \`from\`, and at most ${longest} from it` } };
}

export const refuseWindow = (c: Context, shape: "days" | "hourly") =>
  fail(c, 400, "bad_field", "check from and to", [windowFault(shape).wrong]);

/** What the answer over a window says of itself. */
export async function aboutWindow(
  env: Env,
  definition: string,
  source: string,
  order: ProfileOrder,
): Promise<Windowed> {
  const { timeZone, utcOffsetMinutes } = countryOf(env);
  const db = readerOf(env);
  const now = clockOf(env).now();
  const { from, to, by, site, type } = order;
  const periods = periodsBetween({ from, to, grain: "total" }, now, utcOffsetMinutes) as Period[];
  const [added, pending] = await Promise.all([
    addMeasures(db, {
      ...{ measures: ["metered_hours", "connected_days"], grain: "total", periods, by: "none", site, type },
      ...{ today: localDay(now, utcOffsetMinutes), timeZone },
    }),
    pendingDays(db),
  ]);
  const sums = added[0]?.sums;
  return {
    ...{ definition, source, asOf: now, pendingDays: pending },
    coveragePct: percentOf(sums?.metered_hours ?? 0, (sums?.connected_days ?? 0) * 24),
    isPartial: periods.some((period) => period.isPartial),
    ...{ by, site, type, from, to },
  };
}
