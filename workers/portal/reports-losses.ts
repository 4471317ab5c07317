import { type Context, Hono } from "hono";
import { z } from "zod";
import { localDay } from "../../src/domain/local-day.ts";
import { type Loss, type LossDay, lossOf, monthsOf } from "../../src/domain/metrics/losses.ts";
import { dayAfter, earlierDay, periodOf } from "../../src/domain/metrics/periods.ts";
import { lossDays, suppliedSites } from "../../src/queries/reports/losses.ts";
import { type Acting, allow } from "../allow.ts";
import { query } from "../body.ts";
import type { Env } from "../env.ts";
import { fail } from "../errors.ts";
import { clockOf, countryOf, readerOf } from "../ports.ts";
import { aboutLines, columnsOf, fileOf, fromAndTo, inOrder, OUT_OF_ORDER } from "./reports-file.ts";

/** Days of hours that one question reads, of one site. */
const DAYS_READ = 31;
const DAYS_MAX = { day: 31, month: 366 } as const;
const DAYS_BACK = { day: 30, month: 150 } as const;
/** Below it losses say more of silent meters than of wires. */
const KNOWN_PCT_MIN = 80;
const SOURCE = "hours of the supply's meter and of billing meters";

const LossQuery = z
  .strictObject({
    site: z.string().regex(/^[A-Z]{3}$/, "a site's code, as MAK"),
    grain: z.enum(["day", "month"]).default("day"),
    known: z.coerce
      .number(`a whole number from ${KNOWN_PCT_MIN} to 100`)
      .int()
      .min(KNOWN_PCT_MIN, `a whole number from ${KNOWN_PCT_MIN} to 100`)
      .max(100)
      .default(100),
    ...fromAndTo,
  })
  .refine(inOrder, OUT_OF_ORDER);
type LossQuery = z.infer<typeof LossQuery>;

/** What a site was fed beside what its customers' meters counted, in the same hours. */
export const reportsLosses = new Hono<{ Bindings: Env; Variables: Acting }>()
  .get("/supplied-sites", allow("reports.read"), async (c) =>
    c.json({ asOf: clockOf(c.env).now(), sites: await suppliedSites(readerOf(c.env)) }),
  )
  .get("/losses", allow("reports.read"), query(LossQuery), async (c) => {
    const answer = await lossesAnswer(c.env, c.req.valid("query"));
    return answer === "too_long" ? tooLong(c, c.req.valid("query")) : c.json(answer);
  })
  .get("/losses/:file{csv|xlsx}", allow("reports.read"), query(LossQuery), async (c) => {
    const answer = await lossesAnswer(c.env, c.req.valid("query"));
    if (answer === "too_long") return tooLong(c, c.req.valid("query"));
    const { site, from, to, hasSupply, rows, total } = answer;
    const cells = (row: Loss, name: string) => [
      ...[name, row.suppliedWh, row.usedWh, row.lostWh, row.lossBp],
      ...[row.comparedHours, row.supplyHours, row.hours, row.supplyWh, row.coverageBp],
    ];
    return fileOf(c, {
      name: `losses-${site}-${from}-${to}`,
      columns: LOSSES,
      rows: hasSupply ? [...rows.map((row) => cells(row, row.period)), cells(total, "total")] : [],
      about: aboutLines(c, answer, [{ name: "a meter counts the supply", value: hasSupply, as: "bool" }]),
      figures: ["losses", "supply", "supply_used"],
    });
  });

const LOSSES = columnsOf({
  ...{ period: "day", "supplied in compared hours": "energy", "used in compared hours": "energy", lost: "energy" },
  ...{ losses: "basis", "compared hours": "count", "hours of supply": "count", hours: "count" },
  ...{ "supplied in all hours": "energy", "accounts' hours known": "basis" },
});

function tooLong(c: Context, { grain }: LossQuery) {
  return fail(c, 400, "bad_field", "check to", [
    { field: "to", expected: `at most ${DAYS_MAX[grain]} days from \`from\`` },
  ]);
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
