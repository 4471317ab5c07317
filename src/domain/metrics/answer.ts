import { divideHalfEven } from "../money.ts";
import type { Period } from "./periods.ts";
import type { Grain, Measure, Metric, MetricId, MetricUnit } from "./registry.ts";

/** What was added up of one group in one period. `measure` null: nothing covers it, so nobody knows. */
export type Sums = Partial<Record<Measure, number | null>>;
/** `group` null: of money or people that belong to none. */
export type Added = { period: string; group: string | null; sums: Sums };

export type MetricRow = {
  /** First day of the period. */
  period: string;
  group: string | null;
  /** In the metric's unit; null: not known, or by nothing. */
  value: number | null;
  /** What it was divided by; null where it is no ratio, or nobody knows. */
  n: number | null;
  isPartial: boolean;
  /** Of a running period, what it comes to if the rest is like what is over; null where it is over, or too short yet to say. */
  prorated: number | null;
};

/** A figure as it was answered: what pages draw, files hold, and is frozen. */
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

/** Below a tenth of a period nobody should extend it: on the first day that would multiply by thirty. */
export const PRORATED_FROM_BP = 1_000;
/** People sleep: half a day says nothing of the other half. */
const PRORATED_DAYS_MIN = 28;

/** The value of a metric in every period and group, none left out: a chart has its gaps where nothing is known. */
export function answerMetric(
  metric: Metric,
  periods: readonly Period[],
  added: readonly Added[],
  minorDigits: 0 | 2,
): MetricRow[] {
  const named = [...new Set(added.map(({ group }) => group))].toSorted(byName);
  // Of nothing at all, every period is a gap.
  const groups = named.length === 0 ? [null] : named;
  const found = new Map(added.map((each) => [keyOf(each.period, each.group), each.sums]));
  return periods.flatMap((period) =>
    groups.map((group) => {
      const sums = found.get(keyOf(period.from, group)) ?? {};
      const value = metricValue(metric, sums, period, minorDigits);
      const isLong = period.days >= PRORATED_DAYS_MIN && period.elapsedBp >= PRORATED_FROM_BP;
      return {
        period: period.from,
        group,
        value,
        n: metric.denominator === null ? null : (sums[metric.denominator] ?? null),
        isPartial: period.isPartial,
        prorated:
          period.isPartial && metric.isFlow && isLong && value !== null
            ? divided(BigInt(value) * 10_000n, BigInt(period.elapsedBp))
            : null,
      };
    }),
  );
}

function metricValue(metric: Metric, sums: Sums, period: Period, minorDigits: 0 | 2): number | null {
  const numerator = sums[metric.numerator] ?? null;
  if (metric.denominator === null || numerator === null) return numerator;
  const denominator = sums[metric.denominator] ?? null;
  if (denominator === null || denominator <= 0) return null;
  const [times, by] = scaleOf(metric, period, minorDigits);
  return divided(BigInt(numerator) * times, BigInt(denominator) * by);
}

function scaleOf({ scale }: Metric, period: Period, minorDigits: 0 | 2): [bigint, bigint] {
  if (scale === "days") return [BigInt(period.days), 1n];
  if (scale === "price") return [minorDigits === 2 ? 100_000n : 10_000_000n, 1n];
  return [BigInt(scale[0]), BigInt(scale[1])];
}

const divided = (value: bigint, by: bigint) => Number(divideHalfEven(value, by));
const keyOf = (period: string, group: string | null) => `${period} ${group ?? ""}`;
/** By name, what belongs to none last. */
const byName = (a: string | null, b: string | null) =>
  a === b ? 0 : a === null ? 1 : b === null ? -1 : a < b ? -1 : 1;
