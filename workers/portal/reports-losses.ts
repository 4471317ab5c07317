import { Hono } from "hono";
import { z } from "zod";
import { localDay } from "../../src/domain/local-day.ts";
import { type Loss, type LossDay, lossOf, monthsOf } from "../../src/domain/metrics/losses.ts";
import { dayAfter, earlierDay, periodOf } from "../../src/domain/metrics/periods.ts";
import { TOTAL } from "../../src/domain/metrics/sheet-answer.ts";
import { lossDays, suppliedSites } from "../../src/queries/reports/losses.ts";
import { type Acting, allow } from "../allow.ts";
import { query } from "../body.ts";
import type { Env } from "../env.ts";
import { clockOf, countryOf, readerOf } from "../ports.ts";
import { queryNumber } from "../query-number.ts";
import { fromAndTo, inOrder, language, OUT_OF_ORDER } from "./reports-file.ts";
import { refuseSheet, type Sheeted, sheetFile, sheetHere } from "./reports-sheet.ts";

/** Days of hours that one question reads, of one site. */
const DAYS_READ = 31;
const DAYS_MAX = { day: 31, month: 366 } as const;
const DAYS_BACK = { day: 30, month: 150 } as const;
/** Below it losses say more of silent meters than of wires. */
const KNOWN_PCT_MIN = 80;
const SOURCE = "hours of the supply's meter and of billing meters";

export const LossQuery = z
  .strictObject({
    site: z.string().regex(/^[A-Z]{3}$/, "a site's code, as MAK"),
    grain: z.enum(["day", "month"]).default("day"),
    known: queryNumber(KNOWN_PCT_MIN, 100).default(100),
    ...fromAndTo,
  })
  .refine(inOrder, OUT_OF_ORDER);
const LossFileQuery = LossQuery.safeExtend({ language });
type LossQuery = z.infer<typeof LossQuery>;

/** What a site was fed beside what its customers' meters counted, in the same hours. */
export const reportsLosses = new Hono<{ Bindings: Env; Variables: Acting }>()
  .get("/supplied-sites", allow("reports.read"), async (c) =>
    c.json({ asOf: clockOf(c.env).now(), sites: await suppliedSites(readerOf(c.env)) }),
  )
  .get("/losses", allow("reports.read"), query(LossQuery), async (c) => {
    const answer = await lossesAnswer(c.env, c.req.valid("query"));
    return answer === "too_long" ? refuseSheet(c, tooLong(c.req.valid("query"))) : c.json(answer);
  })
  .get("/losses/:file{csv|xlsx|pdf}", allow("reports.read"), query(LossFileQuery), async (c) => {
    const { language: spoken, ...asked } = c.req.valid("query");
    return sheetFile(c, await lossesSheet(c.env, asked), spoken);
  });

const tooLong = ({ grain }: LossQuery) => ({
  wrong: { field: "to", expected: `at most ${DAYS_MAX[grain]} days from \`from\`` },
});

/** The same as a table: a line a day or month, and all of them together last. */
export async function lossesSheet(env: Env, asked: LossQuery): Promise<Sheeted> {
  const answer = await lossesAnswer(env, asked);
  if (answer === "too_long") return tooLong(asked);
  const { site, grain, known, from, to, asOf, source, hasSupply, rows, total, coveragePct, isPartial } = answer;
  const cells = (row: Loss, name: string) => [
    ...[name, row.suppliedWh, row.usedWh, row.lostWh, row.lossBp],
    ...[row.comparedHours, row.supplyHours, row.hours, row.supplyWh, row.coverageBp],
  ];
  return sheetHere(env, {
    ...{ report: "losses", site, from, to, asOf, source, pendingDays: 0, coveragePct, isPartial },
    about: { grain, known, supply_metered: hasSupply ? "yes" : "no" },
    rows: hasSupply ? [...rows.map((row) => cells(row, row.period)), cells(total, TOTAL)] : [],
  });
}

export async function lossesAnswer(env: Env, { site, grain, known, ...asked }: LossQuery) {
  const { utcOffsetMinutes } = countryOf(env);
  const now = clockOf(env).now();
  const today = localDay(now, utcOffsetMinutes);
  const [last, first] = [asked.to ?? today, asked.from ?? dayAfter(asked.to ?? today, -DAYS_BACK[grain])];
  const [from, to] = grain === "day" ? [first, last] : [periodOf(first, "month").from, periodOf(last, "month").to];
  if (to > dayAfter(from, DAYS_MAX[grain] - 1)) return "too_long";
  const hasSupply = (await suppliedSites(readerOf(env))).includes(site);
  const days = hasSupply ? await daysOf(env, { site, from, to: earlierDay(to, today), knownPct: known }) : [];
  const rows =
    grain === "day"
      ? days.map((day) => lossOf(day.day, [day]))
      : monthsOf(days).map(([month, own]) => lossOf(month, own));
  const total = lossOf(from, days);
  return {
    ...{ site, grain, from, to, known, asOf: now, source: SOURCE, hasSupply, rows, total },
    coveragePct: total.coverageBp === null ? null : total.coverageBp / 100,
    isPartial: to >= today,
  };
}

/** A month of hours after another. */
export async function daysOf(env: Env, order: { site: string; from: string; to: string; knownPct: number }) {
  const { timeZone } = countryOf(env);
  const now = clockOf(env).now();
  const days: LossDay[] = [];
  for (let from = order.from; from <= order.to; from = dayAfter(from, DAYS_READ)) {
    const end = dayAfter(from, DAYS_READ - 1);
    days.push(...(await lossDays(readerOf(env), { ...order, from, to: earlierDay(end, order.to), timeZone, now })));
  }
  return days;
}
