import type { AboutLine, Book, BookTable } from "../export/book.ts";
import type { Column, Place, Value } from "../export/table.ts";
import type { MetricAnswer, MetricRow } from "./answer.ts";
import { cumulated, ofLastPeriod, periodName } from "./lines.ts";
import { type MetricId, metricOf } from "./registry.ts";
import { filled, idsOf, type ReportAnswer } from "./report-answer.ts";
import type { ReportFigure } from "./reports.ts";
import type { MetricWords } from "./words/keys.ts";

/** A whole report as a workbook: what it is, and a sheet for each figure. */
export function reportBook(answer: ReportAnswer, words: MetricWords): Book {
  const { report, countryName, coverageBp } = answer;
  const title = filled(words.doc_title, { report: words[`report_${report}`], country: countryName });
  return {
    ...{ title, place: answer },
    about: {
      heading: words.doc_means,
      lines: aboutOf(answer, words, [{ name: words.name_coverage, value: coverageBp, as: "basis" }]),
      terms: termsOf(idsOf(answer), words),
    },
    tables: answer.figures.map(({ figure, answers }) =>
      figureTable(words[`title_${figure.title}`], figure, answers, words),
    ),
  };
}

type Narrowed = { site: string | null; type: string | null };

/** One figure as a workbook. */
export function metricBook(answer: MetricAnswer, place: Place, narrowed: Narrowed, words: MetricWords): Book {
  const title = words[`name_${answer.metric}`];
  const figure = { ids: [answer.metric] as const, by: answer.by as ReportFigure["by"], grain: answer.grain };
  return {
    ...{ title, place },
    about: {
      heading: words.doc_means,
      lines: aboutOf({ ...answer, ...narrowed }, words, [
        { name: words.doc_type, value: narrowed.type ?? words.doc_all },
      ]),
      terms: termsOf([answer.metric], words),
    },
    tables: [figureTable(title, figure, [answer], words)],
  };
}

type Said = Pick<ReportAnswer, "from" | "to" | "site" | "asOf" | "pendingDays">;

function aboutOf(
  { from, to, site, asOf, pendingDays }: Said,
  words: MetricWords,
  more: readonly AboutLine[],
): AboutLine[] {
  return [
    { name: words.doc_from, value: from, as: "day" },
    { name: words.doc_to, value: to, as: "day" },
    { name: words.doc_place, value: site ?? words.doc_all },
    ...more,
    { name: words.doc_at, value: asOf, as: "instant" },
    { name: words.doc_made_of, value: words.doc_source },
    { name: words.doc_not_added, value: pendingDays, as: "count" },
    { name: words.doc_empty, value: words.doc_empty_means },
  ];
}

const termsOf = (ids: readonly MetricId[], words: MetricWords) =>
  ids.map((id) => ({ name: words[`name_${id}`], says: words[`means_${id}`] }));

/** A row for each period and group, a column for each figure; what they were divided by stands beside them. */
function figureTable(
  title: string,
  figure: Pick<ReportFigure, "ids" | "by" | "grain" | "cumulative" | "overGroups">,
  answers: readonly MetricAnswer[],
  words: MetricWords,
): BookTable {
  const { by, grain, cumulative = false, overGroups = false } = figure;
  const parts = answers.map((answer) => {
    const { denominator, isFlow } = metricOf(answer.metric);
    const rows = overGroups ? ofLastPeriod(answer.rows).rows : cumulative ? cumulated(answer.rows) : answer.rows;
    return {
      name: words[`name_${answer.metric}`],
      as: answer.unit,
      over: denominator === null ? null : denominator === "vended_wh" ? ("energy" as const) : ("count" as const),
      isExtended: isFlow && !cumulative && !overGroups,
      rows: new Map(rows.map((row) => [keyOf(row), row])),
    };
  });
  const columns: Column[] = [
    { name: words.doc_period, as: "text", width: 12 },
    { name: words.doc_first_day, as: "day", width: 12 },
    ...(by === "none" ? [] : [{ name: words[GROUP_NAMES[by]], as: "text" as const, width: 12 }]),
    ...parts.flatMap(({ name, as, over }): Column[] => [
      { name, as },
      ...(over === null ? [] : [{ name: filled(words.doc_divided_by, { name }), as: over }]),
    ]),
    { name: words.doc_is_running, as: "bool", width: 12 },
    ...parts.flatMap(({ name, as, isExtended }): Column[] =>
      isExtended ? [{ name: filled(words.doc_extended, { name }), as }] : [],
    ),
  ];
  const all = new Map(parts.flatMap(({ rows }) => [...rows]));
  const rows = [...all].map(([key, { period, group, isPartial }]): Value[] => {
    const own = parts.map((part) => ({ ...part, row: part.rows.get(key) }));
    return [
      ...[periodName(period, grain), period, ...(by === "none" ? [] : [group ?? words.doc_no_group])],
      ...own.flatMap(({ over, row }) => [row?.value ?? null, ...(over === null ? [] : [row?.n ?? null])]),
      isPartial,
      ...own.flatMap(({ isExtended, row }) => (isExtended ? [row?.prorated ?? null] : [])),
    ];
  });
  return { title, columns, rows };
}

const GROUP_NAMES = { site: "doc_place", type: "doc_type", channel: "doc_channel" } as const;
const keyOf = ({ period, group }: MetricRow) => `${period} ${group ?? ""}`;
