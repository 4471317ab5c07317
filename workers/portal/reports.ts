import { Hono } from "hono";
import { z } from "zod";
import { BYTE_ORDER_MARK, csvLine, endLine, harmless } from "../../src/domain/export/csv.ts";
import { localDay } from "../../src/domain/local-day.ts";
import { answerMetric, type MetricRow } from "../../src/domain/metrics/answer.ts";
import { dayAfter, PERIODS_MAX, periodOf, periodsBetween } from "../../src/domain/metrics/periods.ts";
import {
  GRAINS,
  GROUPINGS,
  type Grain,
  isMetric,
  METRIC_IDS,
  type MetricId,
  type MetricUnit,
  metricOf,
} from "../../src/domain/metrics/registry.ts";
import names from "../../src/domain/metrics/words/en.ts";
import { addMeasures } from "../../src/queries/reports/measures.ts";
import { pendingDays } from "../../src/queries/reports/pending.ts";
import { type Acting, allow } from "../allow.ts";
import { query } from "../body.ts";
import type { Env } from "../env.ts";
import { fail } from "../errors.ts";
import { clockOf, countryOf, readerOf } from "../ports.ts";

/** How far back a figure goes when nobody says from when. */
const DAYS_BACK: Record<Grain, number> = { day: 30, month: 365, quarter: 730, year: 1_826, total: 365 };

const day = z.iso.date("a day, as 2026-11-03");
const MetricQuery = z
  .strictObject({
    grain: z.enum(GRAINS).default("month"),
    by: z.enum(GROUPINGS).default("none"),
    from: day.optional(),
    to: day.optional(),
    site: z
      .string()
      .regex(/^[A-Z]{3}$/, "a site's code, as MAK")
      .optional(),
    type: z
      .string()
      .regex(/^[A-Z0-9]{2,6}$/, "a customer type, as HH or SME")
      .optional(),
  })
  .refine(({ from, to }) => from === undefined || to === undefined || from <= to, {
    path: ["to"],
    message: "a day not before `from`",
  });
type MetricQuery = z.infer<typeof MetricQuery>;

export type MetricAnswer = {
  metric: MetricId;
  unit: MetricUnit;
  addsUp: boolean;
  /** Of money; null: the figure is not about money. */
  currency: string | null;
  minorDigits: 0 | 2;
  grain: Grain;
  by: string;
  from: string;
  to: string;
  asOf: number;
  /** Days that are not added up yet. */
  pendingDays: number;
  rows: MetricRow[];
};

/** Each figure by its id, over time and by group: what pages draw, and files have. */
export const reports = new Hono<{ Bindings: Env; Variables: Acting }>()
  .get("/metrics", allow("reports.read"), (c) => c.json({ metrics: METRIC_IDS.map((id) => ({ id, ...metricOf(id) })) }))
  .get("/metrics/:id", allow("reports.read"), query(MetricQuery), async (c) => {
    const answer = await answered(c.env, c.req.param("id"), c.req.valid("query"));
    return "refused" in answer ? refuse(c, answer.refused) : c.json(answer.value);
  })
  .get("/metrics/:id/csv", allow("reports.read"), query(MetricQuery), async (c) => {
    const answer = await answered(c.env, c.req.param("id"), c.req.valid("query"));
    if ("refused" in answer) return refuse(c, answer.refused);
    const { value } = answer;
    const name = `${value.metric}-${c.env.COUNTRY}-${value.grain}-${value.from}-${value.to}.csv`;
    return c.body(csvOf(value), 200, {
      "Content-Type": "text/csv; charset=utf-8",
      "Content-Disposition": `attachment; filename="${name}"`,
      "Cache-Control": "no-store",
    });
  });

type Refused = { field: string; value: string; expected: string };
const refuse = (c: Parameters<typeof fail>[0], { field, value, expected }: Refused) =>
  field === "id"
    ? fail(c, 404, "unknown_metric", `no figure is called ${value.slice(0, 60)}`, [{ field, expected }])
    : fail(c, 400, "bad_field", `check ${field}`, [{ field, value, expected }]);

async function answered(
  env: Env,
  id: string,
  asked: MetricQuery,
): Promise<{ value: MetricAnswer } | { refused: Refused }> {
  if (!isMetric(id)) return { refused: { field: "id", value: id, expected: `one of ${METRIC_IDS.join(", ")}` } };
  const metric = metricOf(id);
  const { grain, by } = asked;
  if (!metric.groupings.includes(by))
    return { refused: { field: "by", value: by, expected: `one of ${metric.groupings.join(", ")}` } };
  const { timeZone, utcOffsetMinutes, currency, minorDigits } = countryOf(env);
  const now = clockOf(env).now();
  const today = localDay(now, utcOffsetMinutes);
  const to = asked.to ?? today;
  const first = asked.from ?? dayAfter(to, -DAYS_BACK[grain]);
  const from = grain === "total" ? first : periodOf(first, grain).from;
  const periods = periodsBetween({ from, to, grain }, now, utcOffsetMinutes);
  if (periods === "too_many")
    return { refused: { field: "from", value: from, expected: `a day that gives at most ${PERIODS_MAX} periods` } };
  const db = readerOf(env);
  const measures = [metric.numerator, ...(metric.denominator === null ? [] : [metric.denominator])];
  const site = asked.site ?? null;
  const [added, pending] = await Promise.all([
    addMeasures(db, { measures, grain, periods, by, site, type: asked.type ?? null, today, timeZone }),
    pendingDays(db),
  ]);
  const isMoney = metric.unit === "money" || metric.unit === "rate";
  return {
    value: {
      ...{ metric: id, unit: metric.unit, addsUp: metric.addsUp, currency: isMoney ? currency : null, minorDigits },
      ...{ grain, by, from, to: periods.at(-1)?.to ?? to, asOf: now, pendingDays: pending },
      rows: answerMetric(metric, periods, added, minorDigits),
    },
  };
}

/** Whole units, as they are computed with: a sheet that adds them up gets the same sum. */
function csvOf({ metric, unit, currency, minorDigits, grain, by, asOf, rows }: MetricAnswer): string {
  const measured = currency === null ? unit : `${unit}, ${currency}, ${minorDigits} decimals`;
  const head = [
    ...[
      grain,
      by === "none" ? "of" : by,
      `${names[`name_${metric}`]} (${measured})`,
      "divided by",
      "running",
      "extended to its end",
    ],
  ];
  const lines = rows.map(({ period, group, value, n, isPartial, prorated }) =>
    csvLine(
      [
        period,
        group ?? (by === "none" ? "all" : ""),
        text(value),
        text(n),
        isPartial ? "yes" : "no",
        text(prorated),
      ].map((cell) => (cell === null ? null : harmless(cell))),
    ),
  );
  const about = `# ${metric}: ${names[`means_${metric}`]} As of ${new Date(asOf).toISOString()}.\r\n`;
  return `${BYTE_ORDER_MARK}${csvLine(head)}${lines.join("")}${about}${endLine(rows.length)}`;
}

const text = (value: number | null) => (value === null ? null : String(value));
