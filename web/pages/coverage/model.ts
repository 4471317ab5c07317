import type { InferResponseType } from "hono/client";
import type { api } from "../../api.ts";
import type { Series } from "../../charts/figure.ts";

type Client = ReturnType<typeof api>["reports"];
export type Completeness = InferResponseType<Client["record-completeness"]["$get"], 200>;
export type TypeRow = Completeness["types"][number];
export type Audit = InferResponseType<Client["coverage-audit"]["$get"], 200>;
export type Month = Audit["months"][number];
export type SilentMeter = InferResponseType<Client["silent-meters"]["$get"], 200>["meters"][number];

export const TABS = ["completeness", "sites", "silent"] as const;
/** Days of silence that can be asked for. */
export const SILENT_DAYS = ["1", "3", "7", "14", "30", "90"] as const;

/** "97.5 %"; not known is "–". */
export const percent = (value: number | null): string => (value === null ? "–" : `${value.toFixed(1)} %`);

/** Below nine tenths somebody should look, below half something is broken. */
export const toneOf = (value: number | null) => {
  if (value === null) return "quiet";
  if (value >= 90) return "good";
  return value >= 50 ? "warn" : "bad";
};

/** The sites with the most hours as lines over the months; what a site does not have yet is a gap. */
export const LINES_MAX = 6;
export function linesOf(months: readonly Month[]): { months: string[]; series: Series[]; isCut: boolean } {
  const names = [...new Set(months.map(({ month }) => month))].toSorted();
  const sites = [...Map.groupBy(months, ({ site }) => site)]
    .map(([site, own]) => ({ site, own, sum: own.reduce((all, { hours }) => all + hours, 0) }))
    .toSorted((a, b) => b.sum - a.sum);
  const series = sites.slice(0, LINES_MAX).map(({ site, own }) => {
    const byMonth = new Map(own.map(({ month, hours }) => [month, hours]));
    return { name: site, values: names.map((month) => byMonth.get(month) ?? null) };
  });
  return { months: names, series, isCut: sites.length > LINES_MAX };
}
