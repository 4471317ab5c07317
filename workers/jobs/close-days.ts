import { neonSalesClosings } from "../../src/adapters/neon/sales-closings.ts";
import { localDay } from "../../src/domain/local-day.ts";
import { isOfOutbox } from "../../src/domain/metrics/day-closing.ts";
import { dayAfter } from "../../src/domain/metrics/periods.ts";
import { log } from "../../src/ports/log.ts";
import { dailySales, dayFacts, firstDayOfOurs, lastClosings } from "../../src/queries/reports/daily-sales.ts";
import { closeSalesDays, judgeDays } from "../../src/services/close-sales-days.ts";
import type { Env } from "../env.ts";
import { owedRows } from "../owed-rows.ts";
import { clockOf, countryOf, databaseOf, readerOf } from "../ports.ts";
import type { Job } from "./job.ts";

/** Days that one message judges. */
const DAYS = 100;
const HOUR_MS = 3_600_000;
/** Of the local day: then every day since the first is looked at, else the newest. */
const NIGHT_HOUR = 2;

/** Every quarter of an hour: which days' sales are closed, and which no longer are. At night a window of days before another, to the first. */
export const closeDaysJob: Job = async (env, page) => {
  const { utcOffsetMinutes, timeZone } = countryOf(env);
  const now = clockOf(env).now();
  const to = typeof page === "string" ? page : localDay(now, utcOffsetMinutes);
  const from = dayAfter(to, 1 - DAYS);
  const days = await judgedDays(env, { from, to, timeZone });
  const changed = await closeSalesDays(neonSalesClosings(databaseOf(env)), days, now);
  if (changed > 0) log.info("close-days", { to, changed });
  const hour = Math.floor((now + utcOffsetMinutes * 60_000) / HOUR_MS) % 24;
  if (page === null && hour !== NIGHT_HOUR) return null;
  const first = await firstDayOfOurs(readerOf(env), timeZone);
  return first === null || first >= from ? null : { next: dayAfter(from, -1) };
};

/** Days as they stand now: by the books, and by what objects still owe them. */
export async function judgedDays(env: Env, asked: { from: string; to: string; timeZone: string }) {
  const db = readerOf(env);
  const [facts, sales, closings, owed] = await Promise.all([
    dayFacts(db, asked, clockOf(env).now()),
    dailySales(db, asked),
    lastClosings(db, asked),
    owedRows(env),
  ]);
  const today = localDay(clockOf(env).now(), countryOf(env).utcOffsetMinutes);
  return judgeDays(
    facts.map((each) => ({ ...each, onTheirWay: each.onTheirWay + (isOfOutbox(each.day, today) ? owed : 0) })),
    sales,
    closings,
  );
}
