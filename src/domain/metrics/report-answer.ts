import type { Place } from "../export/table.ts";
import type { MetricAnswer } from "./answer.ts";
import type { MetricId } from "./registry.ts";
import type { Report, ReportFigure } from "./reports.ts";

/** A whole report as it was answered: every file of it is made of this and of words, and of nothing else. */
export type ReportAnswer = Place & {
  report: Report;
  countryName: string;
  from: string;
  to: string;
  /** A site's code; null: all. */
  site: string | null;
  asOf: number;
  /** Days that were not added up. */
  pendingDays: number;
  /** Known hours of all hours of connected accounts, in hundredths of a per cent; null: nobody knows. */
  coverageBp: number | null;
  figures: { figure: ReportFigure; answers: MetricAnswer[] }[];
};

/** The figures that a report is made of, each once. */
export const idsOf = ({ figures }: ReportAnswer): MetricId[] => [
  ...new Set(figures.flatMap(({ figure }) => figure.ids)),
];

export const filled = (text: string, values: Record<string, string>) =>
  text.replaceAll(/\{(\w+)\}/g, (whole, name: string) => values[name] ?? whole);
