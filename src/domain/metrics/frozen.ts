import { canonicalJson } from "../canonical-json.ts";
import type { Language } from "../country.ts";
import type { MetricAnswer, MetricRow } from "./answer.ts";
import { METRICS, type MetricId } from "./registry.ts";
import { idsOf, type ReportAnswer } from "./report-answer.ts";
import { FIGURES, type Report, type ReportFigure } from "./reports.ts";
import type { SheetAnswer } from "./sheet-answer.ts";
import type { SheetWords } from "./sheet-words/keys.ts";
import { SHEETS, type Sheet } from "./sheets.ts";
import type { MetricWords } from "./words/keys.ts";

/** `more`: what else it was narrowed to, by the names of the question. */
export type AskedReport = {
  from: string | null;
  to: string | null;
  site: string | null;
  more?: Record<string, string | number>;
};
export type ReportWords = MetricWords & SheetWords;
type AllWords = Record<Language, ReportWords>;
/** A report of figures, or one of a table. */
export type AnyAnswer = ReportAnswer | SheetAnswer;
export const isSheet = (answer: AnyAnswer): answer is SheetAnswer => "columns" in answer;

/** A report that must not change any more: what was asked, what was answered, and in which words its figures were defined then. */
export type FrozenReport<Of extends AnyAnswer = AnyAnswer> = {
  version: 1;
  asked: AskedReport;
  answer: Of;
  words: Record<Language, Partial<ReportWords>>;
};

/** A report that was frozen, as people are told of it. */
export type FrozenRow = {
  frozenId: number;
  report: Report | Sheet;
  /** A site's code; null: all. */
  site: string | null;
  from: string;
  to: string;
  asOf: number;
  /** Which definitions it was computed by. */
  definitions: string;
  objectKey: string;
  sha256: string;
  bytes: number;
  reason: string;
  actor: string;
  frozenAt: number;
};

export function frozenOf<Of extends AnyAnswer>(asked: AskedReport, answer: Of, all: AllWords): FrozenReport<Of> {
  const { report } = answer;
  const own = isSheet(answer)
    ? {
        ids: answer.figures,
        keys: [`source_${report}`, ...answer.columns.map(({ name }) => `col_${name}`)],
      }
    : {
        ids: idsOf(answer),
        keys: ["doc_source", ...answer.figures.map(({ figure }) => `title_${figure.title}`)],
      };
  const keys = [
    ...[`report_${report}`, `lead_${report}`, ...own.keys],
    ...own.ids.flatMap((id) => [`name_${id}`, `means_${id}`]),
  ] as (keyof ReportWords)[];
  const of = (words: ReportWords) => Object.fromEntries(keys.map((key) => [key, words[key]])) as Partial<ReportWords>;
  return { version: 1, asked, answer, words: { en: of(all.en), fr: of(all.fr), st: of(all.st) } };
}

/** Words of its own time before those of today. */
export const wordsOf = (frozen: FrozenReport, language: Language, all: AllWords): ReportWords => ({
  ...all[language],
  ...frozen.words[language],
});

/** What says whether two reports are the same: everything but when they were asked. */
export function samenessOf({ asked, answer: told, words }: FrozenReport): string {
  if (isSheet(told)) {
    const { asOf: _, pendingDays: __, ...answer } = told;
    return canonicalJson({ asked, answer, words });
  }
  const { asOf: _, pendingDays: __, figures, ...answer } = told;
  // What a running period comes to grows more certain by the minute: it is no other figure for that.
  const timeless = ({ asOf: ___, pendingDays: ____, rows, ...rest }: MetricAnswer) => ({
    ...rest,
    rows: rows.map(({ prorated: _____, ...row }) => row),
  });
  const own = figures.map(({ figure, answers }) => ({ figure, answers: answers.map(timeless) }));
  return canonicalJson({ asked, answer: { ...answer, figures: own }, words });
}

/** What the figures are computed from and how they are defined; its hash names the version. */
export const definitionsText = (all: AllWords): string => {
  const means = Object.entries(all.en).filter(([key]) => key.startsWith("means_"));
  return canonicalJson({ metrics: METRICS, figures: FIGURES, sheets: SHEETS, means: Object.fromEntries(means) });
};

type Of = Pick<MetricAnswer, "metric" | "unit" | "currency" | "minorDigits" | "grain">;
type Told = { value: number | null; n: number | null; isPartial: boolean };
/** A line that is not what it was. `was` or `is` null: there was no such line. */
export type Difference = Of & {
  title: ReportFigure["title"];
  period: string;
  group: string | null;
  was: Told | null;
  is: Told | null;
};
export type Comparison = { lines: number; differences: Difference[]; notComputed: MetricId[] };

/** Figure by figure and line by line; `now` has the figures that `then` has, or lacks those that nobody computes any more. */
export function compareReports(then: ReportAnswer, now: ReportAnswer): Comparison {
  const differences: Difference[] = [];
  const notComputed: MetricId[] = [];
  let lines = 0;
  for (const [nth, { figure, answers }] of then.figures.entries())
    for (const old of answers) {
      const fresh = now.figures[nth]?.answers.find(({ metric }) => metric === old.metric);
      if (fresh === undefined) {
        notComputed.push(old.metric);
        continue;
      }
      const { metric, unit, currency, minorDigits, grain } = old;
      const [before, after] = [byKey(old.rows), byKey(fresh.rows)];
      for (const key of new Set([...before.keys(), ...after.keys()])) {
        lines += 1;
        const [was, is] = [before.get(key), after.get(key)];
        if (was?.value === is?.value && was?.n === is?.n) continue;
        // A group of which nobody knew, or knows, anything has no line in the other.
        if ((was?.value ?? null) === null && (is?.value ?? null) === null) continue;
        const { period, group } = (was ?? is) as MetricRow;
        differences.push({
          ...{ title: figure.title, metric, unit, currency, minorDigits, grain, period, group },
          ...{ was: toldOf(was), is: toldOf(is) },
        });
      }
    }
  return { lines, differences, notComputed };
}

const toldOf = (row: MetricRow | undefined): Told | null =>
  row === undefined ? null : { value: row.value, n: row.n, isPartial: row.isPartial };
const byKey = (rows: readonly MetricRow[]) => new Map(rows.map((row) => [`${row.period} ${row.group ?? ""}`, row]));
