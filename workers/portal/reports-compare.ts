import { localDay } from "../../src/domain/local-day.ts";
import {
  compareReports,
  type Difference,
  type FrozenReport,
  type FrozenRow,
  isSheet,
  type ReportWords,
  wordsOf,
} from "../../src/domain/metrics/frozen.ts";
import { periodOf } from "../../src/domain/metrics/periods.ts";
import { isMetric, type Measure, type MetricId, metricOf } from "../../src/domain/metrics/registry.ts";
import type { ReportAnswer } from "../../src/domain/metrics/report-answer.ts";
import type { ReportFigure } from "../../src/domain/metrics/reports.ts";
import type { SheetAnswer } from "../../src/domain/metrics/sheet-answer.ts";
import { compareSheets, type DifferenceTexts, differenceTexts } from "../../src/domain/metrics/sheet-compare.ts";
import { columnName } from "../../src/domain/metrics/sheet-texts.ts";
import { type LateRows, lateRows } from "../../src/queries/reports/late-rows.ts";
import type { Env } from "../env.ts";
import { readerOf } from "../ports.ts";
import { reportAnswer, type Spoken, WORDS } from "./reports-document.ts";
import { sheetAgain } from "./reports-sheets.ts";

/** Differences that are shown; how many there are is said. */
const DIFFERENCES_MAX = 500;

export type Compared = {
  /** Lines of figures, or cells of a table. */
  lines: number;
  differing: number;
  /** Names of what nobody computes any more. */
  notComputed: string[];
  /** Of a report of figures. */
  differences: (Difference & { lateSince: number | null })[];
  /** Of a report of one table. */
  cells: DifferenceTexts[];
  /** When the first late row of the whole time came; of a table alone. */
  lateSince: number | null;
};

/** What the same question says now, beside what it said then; or why nobody can ask it any more. */
export async function compared(
  env: Env,
  row: FrozenRow,
  report: FrozenReport,
  spoken: Spoken,
): Promise<Compared | { refused: object }> {
  const words = wordsOf(report, spoken, WORDS);
  const { answer } = report;
  return isSheet(answer)
    ? comparedSheet(env, { ...report, answer }, words)
    : comparedFigures(env, row, { ...report, answer }, words);
}

async function comparedSheet(
  env: Env,
  report: FrozenReport<SheetAnswer>,
  words: ReportWords,
): Promise<Compared | { refused: object }> {
  const now = await sheetAgain(env, report);
  if ("wrong" in now) return { refused: now.wrong };
  const { answer } = report;
  const { cells, differences, notComputed } = compareSheets(answer, now);
  const [late] = differences.length === 0 ? [] : await lateRows(readerOf(env), [answer], answer.asOf, answer.timeZone);
  return {
    ...{ lines: cells, differing: differences.length, differences: [] },
    notComputed: notComputed.map((name) => columnName(name, words)),
    cells: differences.slice(0, DIFFERENCES_MAX).map((each) => differenceTexts(each, answer, words)),
    lateSince: earliest([late?.moneySince ?? null, late?.energySince ?? null]),
  };
}

async function comparedFigures(
  env: Env,
  row: FrozenRow,
  report: FrozenReport<ReportAnswer>,
  words: ReportWords,
): Promise<Compared | { refused: object }> {
  const now = await figuresAgain(env, report);
  if ("refused" in now) return now;
  const { lines, differences, notComputed } = compareReports(report.answer, now.value);
  const shown = differences.slice(0, DIFFERENCES_MAX);
  const { timeZone, asOf } = report.answer;
  const stretches = shown.map(({ period, grain }) =>
    grain === "total" ? { from: row.from, to: row.to } : periodOf(period, grain),
  );
  const asked = [...new Map(stretches.map((each) => [`${each.from} ${each.to}`, each])).values()];
  const late = asked.length === 0 ? [] : await lateRows(readerOf(env), asked, asOf, timeZone);
  return {
    ...{ lines, differing: differences.length, cells: [], lateSince: null },
    notComputed: notComputed.map((id) => words[`name_${id}`] ?? id),
    differences: shown.map((each, nth) => {
      const found = late.find(({ from, to }) => from === stretches[nth]?.from && to === stretches[nth]?.to);
      return { ...each, lateSince: since(each.metric, found ?? null) };
    }),
  };
}

const OF_ENERGY: readonly (Measure | null)[] = ["metered_wh", "metered_hours"];
const OF_NEITHER: readonly (Measure | null)[] = [null, "connected_days", "days"];

/** When the first late row came of what the figure is made of. */
function since(id: MetricId, late: LateRows | null): number | null {
  if (late === null) return null;
  const { numerator, denominator } = metricOf(id);
  return earliest(
    [numerator, denominator].map((measure) => {
      if (OF_NEITHER.includes(measure)) return null;
      return OF_ENERGY.includes(measure) ? late.energySince : late.moneySince;
    }),
  );
}

const earliest = (instants: readonly (number | null)[]): number | null => {
  const known = instants.filter((at) => at !== null);
  return known.length === 0 ? null : Math.min(...known);
};

/** The same question as then, over the same days, by what is known and how it is computed now. */
function figuresAgain(env: Env, { asked, answer }: FrozenReport<ReportAnswer>) {
  const to = asked.to ?? localDay(answer.asOf, answer.utcOffsetMinutes);
  const figures = answer.figures.map(({ figure }) => ({
    ...figure,
    ids: figure.ids.filter((id) => isMetric(id) && metricOf(id).groupings.includes(figure.by)),
  })) as unknown as ReportFigure[];
  return reportAnswer(
    env,
    answer.report,
    { from: asked.from ?? undefined, to, site: asked.site ?? undefined },
    figures,
  );
}
