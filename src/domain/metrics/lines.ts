import type { MetricRow } from "./answer.ts";
import type { Grain, MetricUnit } from "./registry.ts";

/** More lines than this nobody tells apart: the largest stand for themselves. */
export const SERIES_MAX = 6;
const MWH_FROM_WH = 10_000_000;

/** How whole units are read: a value by `divisor`, with so many digits. */
export type ReadAs = { name: string; divisor: 1 | 100 | 1_000 | 10_000 | 1_000_000; digits: number };

/** How whole units of a metric are read. Energy that is large is read in MWh. */
export function readAs(
  unit: MetricUnit,
  currency: string | null,
  minorDigits: 0 | 2,
  rows: readonly Pick<MetricRow, "value">[] = [],
): ReadAs {
  if (unit === "money") return { name: currency ?? "", divisor: minorDigits === 2 ? 100 : 1, digits: minorDigits };
  if (unit === "rate") return { name: `${currency ?? ""}/kWh`, divisor: 10_000, digits: 2 };
  if (unit === "basis") return { name: "%", divisor: 100, digits: 1 };
  if (unit === "count") return { name: "", divisor: 1, digits: 0 };
  const isLarge = rows.some(({ value }) => Math.abs(value ?? 0) >= MWH_FROM_WH);
  return isLarge ? { name: "MWh", divisor: 1_000_000, digits: 2 } : { name: "kWh", divisor: 1_000, digits: 2 };
}

/** Null is a gap. */
export type Line = { name: string; values: (number | null)[] };
export type Lines = { periods: string[]; series: Line[]; isCut: boolean };

/**
 * Rows as lines of a chart, one a group. Above SERIES_MAX groups the smaller ones are one line of their sum, or, of what does not add up,
 * are left out.
 */
export function linesOf(
  rows: readonly MetricRow[],
  addsUp: boolean,
  nameOf: (group: string | null) => string,
  othersName: string,
): Lines {
  const periods = [...new Set(rows.map(({ period }) => period))].toSorted();
  const groups = [...Map.groupBy(rows, ({ group }) => group)].map(([group, own]) => {
    const byPeriod = new Map(own.map(({ period, value }) => [period, value]));
    return { group, values: periods.map((period) => byPeriod.get(period) ?? null) };
  });
  if (groups.length <= SERIES_MAX)
    return { periods, series: groups.map(({ group, values }) => ({ name: nameOf(group), values })), isCut: false };
  const bySize = groups.toSorted((a, b) => sizeOf(b.values) - sizeOf(a.values));
  const kept = addsUp ? SERIES_MAX - 1 : SERIES_MAX;
  const series = bySize.slice(0, kept).map(({ group, values }) => ({ name: nameOf(group), values }));
  if (!addsUp) return { periods, series, isCut: true };
  const rest = bySize.slice(kept);
  const values = periods.map((_, place) => summed(rest.map((each) => each.values[place] ?? null)));
  return { periods, series: [...series, { name: othersName, values }], isCut: true };
}

/** What has come together since the first period; where a period is not known, nor is the sum up to it. */
export function cumulated(rows: readonly MetricRow[]): MetricRow[] {
  const sums = new Map<string | null, number>();
  return rows.map((row) => {
    if (row.value === null) return { ...row, prorated: null };
    const sum = (sums.get(row.group) ?? 0) + row.value;
    sums.set(row.group, sum);
    return { ...row, value: sum, prorated: null };
  });
}

/** The rows of the last period that is over, the largest first; where none is over, of the running one. */
export function ofLastPeriod(rows: readonly MetricRow[]): { period: string; rows: MetricRow[] } {
  const over = rows.filter(({ isPartial }) => !isPartial);
  const period =
    (over.length > 0 ? over : rows)
      .map((row) => row.period)
      .toSorted()
      .at(-1) ?? "";
  const own = rows.filter((row) => row.period === period && row.value !== null);
  return { period, rows: own.toSorted((a, b) => (b.value ?? 0) - (a.value ?? 0)) };
}

/** A period as people say it: `2026-11-03`, `2026-11`, `2026 Q4`, `2026`. */
export function periodName(period: string, grain: Grain): string {
  if (grain === "month") return period.slice(0, 7);
  if (grain === "quarter") return `${period.slice(0, 4)} Q${Math.ceil(Number(period.slice(5, 7)) / 3)}`;
  return grain === "year" ? period.slice(0, 4) : period;
}

const sizeOf = (values: readonly (number | null)[]) =>
  values.reduce<number>((sum, value) => sum + Math.abs(value ?? 0), 0);
const summed = (values: readonly (number | null)[]): number | null =>
  values.every((value) => value === null) ? null : values.reduce<number>((sum, value) => sum + (value ?? 0), 0);
