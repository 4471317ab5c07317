import { z } from "zod";
import { localDay } from "../../src/domain/local-day.ts";
import { answerMetric, type MetricAnswer } from "../../src/domain/metrics/answer.ts";
import { dayAfter, PERIODS_MAX, periodOf, periodsBetween } from "../../src/domain/metrics/periods.ts";
import { GRAINS, GROUPINGS, type Grain, isMetric, METRIC_IDS, metricOf } from "../../src/domain/metrics/registry.ts";
import type { Reader } from "../../src/ports/reader.ts";
import { addMeasures } from "../../src/queries/reports/measures.ts";
import { askingOnce } from "../../src/queries/reports/once.ts";
import { pendingDays } from "../../src/queries/reports/pending.ts";
import type { Env } from "../env.ts";
import { clockOf, countryOf, readerOf } from "../ports.ts";
import { fromAndTo, inOrder, language, OUT_OF_ORDER, siteAndType } from "./reports-file.ts";

/** How far back a figure goes when nobody says from when. */
const DAYS_BACK: Record<Grain, number> = { day: 30, month: 365, quarter: 730, year: 1_826, total: 365 };

const what = {
  grain: z.enum(GRAINS).default("month"),
  by: z.enum(GROUPINGS).default("none"),
  ...fromAndTo,
  ...siteAndType,
};
export const MetricQuery = z.strictObject(what).refine(inOrder, OUT_OF_ORDER);
export const MetricBookQuery = z.strictObject({ ...what, language }).refine(inOrder, OUT_OF_ORDER);
export type MetricQuery = z.infer<typeof MetricQuery>;
/** Figures of one drawing. */
export const FigureQuery = MetricQuery.safeExtend({
  ids: z
    .string()
    .regex(/^[a-z_]+(,[a-z_]+){0,7}$/, "at most eight names of figures, with commas")
    .transform((ids) => ids.split(",")),
});

export type Refused = { field: string; value: string; expected: string };

/** A figure as it is asked: by page, file and document alike. `db`: where several are asked, one that asks the same once. */
export async function answered(
  env: Env,
  id: string,
  asked: MetricQuery,
  db: Reader = readerOf(env),
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

/** Several figures of one drawing, in their order: what they have in common is asked once. */
export async function answeredTogether(
  env: Env,
  ids: readonly string[],
  asked: MetricQuery,
  db: Reader = askingOnce(readerOf(env)),
): Promise<{ values: MetricAnswer[] } | { refused: Refused }> {
  const answers = await Promise.all(ids.map((id) => answered(env, id, asked, db)));
  const values: MetricAnswer[] = [];
  for (const answer of answers) {
    if ("refused" in answer) return answer;
    values.push(answer.value);
  }
  return { values };
}
