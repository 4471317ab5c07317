import type { AboutLine, Book } from "../export/book.ts";
import type { Value } from "../export/table.ts";
import { localDay } from "../local-day.ts";
import type { ReportChart, ReportDocument, ReportTable } from "./document.ts";
import { type ReadAs, readAs } from "./lines.ts";
import { filled } from "./report-answer.ts";
import { type SheetAnswer, TOTAL, UNDATED } from "./sheet-answer.ts";
import { cellText, codeText, columnName, columnText, spokenRows } from "./sheet-texts.ts";
import type { SheetWords } from "./sheet-words/keys.ts";
import { type SheetChart, sheetOf } from "./sheets.ts";
import type { MetricWords } from "./words/keys.ts";

/** More lines than this nobody reads on paper; how many there are is said, and a workbook has all of them. */
export const ROWS_PRINTED_MAX = 1_000;
type Words = MetricWords & SheetWords;

/** A report of one table on paper: what it is, what is drawn of it, its lines, and what its figures are. */
export function sheetDocument(answer: SheetAnswer, words: Words, language: string): ReportDocument {
  const { report, from, to, site, asOf, pendingDays, timeZone, utcOffsetMinutes } = answer;
  const at = `${localDay(asOf, utcOffsetMinutes)} ${cellText(asOf, { as: "instant" }, answer, words).slice(11)}`;
  return {
    language,
    title: titleOf(answer, words),
    under: [
      filled(words.doc_time, { from, to }),
      site === null ? words.doc_all_sites : filled(words.doc_site, { site }),
      ...aboutOf(answer, words).map(({ name, value }) => `${name}: ${value}`),
      filled(words.doc_as_of, { at, zone: timeZone }),
      words[`source_${report}`],
      ...(answer.coveragePct === null ? [] : [`${words.name_coverage}: ${answer.coveragePct} %`]),
      ...(pendingDays > 0 ? [filled(words.doc_pending, { n: String(pendingDays) })] : []),
      words[`lead_${report}`],
    ],
    figures: sheetOf(report).charts.flatMap((chart) => chartOf(chart, answer, words)),
    tables: [tableOf(answer, words)],
    means: { heading: words.doc_means, terms: termsOf(answer, words) },
    none: words.doc_none,
    running: words.doc_running,
    page: (n, of) => filled(words.doc_page, { n: String(n), of: String(of) }),
    madeAt: asOf,
  };
}

/** The same as a workbook: what it is, and its lines with their types. */
export function sheetBook(answer: SheetAnswer, words: Words): Book {
  const title = words[`report_${answer.report}`];
  const columns = answer.columns.map((column) => ({ ...column, name: columnName(column.name, words) }));
  return {
    ...{ title: titleOf(answer, words), place: answer },
    about: {
      heading: words.doc_means,
      lines: [
        { name: words.doc_from, value: answer.from, as: "day" },
        { name: words.doc_to, value: answer.to, as: "day" },
        { name: words.doc_place, value: answer.site ?? words.doc_all },
        ...aboutOf(answer, words),
        ...(answer.coveragePct === null
          ? []
          : [{ name: words.name_coverage, value: answer.coveragePct, as: "percent" } as const]),
        { name: words.doc_at, value: answer.asOf, as: "instant" },
        { name: words.doc_made_of, value: words[`source_${answer.report}`] },
        { name: words.doc_is_running, value: answer.isPartial, as: "bool" },
        { name: words.doc_not_added, value: answer.pendingDays, as: "count" },
        { name: words.doc_empty, value: words.doc_empty_means },
      ],
      terms: termsOf(answer, words),
    },
    tables: [{ title, columns, rows: spokenRows(answer, words) }],
  };
}

const titleOf = ({ report, countryName }: SheetAnswer, words: Words) =>
  filled(words.doc_title, { report: words[`report_${report}`], country: countryName });

const termsOf = ({ figures }: SheetAnswer, words: Words) =>
  figures.map((id) => ({ name: words[`name_${id}`], says: words[`means_${id}`] }));

const aboutOf = ({ about }: SheetAnswer, words: Words): AboutLine[] =>
  Object.entries(about).map(([name, value]) => ({
    name: words[`about_${name}` as keyof Words] ?? name,
    value: codeText(String(value), words),
  }));

function tableOf(answer: SheetAnswer, words: Words): ReportTable {
  const { columns, rows } = answer;
  const printed = spokenRows({ ...answer, rows: rows.slice(0, ROWS_PRINTED_MAX) }, words);
  return {
    title: words[`report_${answer.report}`],
    columns: columns.map((column) => ({
      head: columnText(column, answer, words),
      isNumber: column.as !== "text" && column.as !== "day" && column.as !== "bool" && column.as !== "instant",
    })),
    rows: printed.map((row) => columns.map((column, n) => cellText(row[n] ?? null, column, answer, words))),
    note:
      rows.length > ROWS_PRINTED_MAX
        ? filled(words.doc_rows_cut, { n: String(ROWS_PRINTED_MAX), of: String(rows.length) })
        : rows.length === 0
          ? words.doc_no_rows
          : null,
  };
}

/** Nothing where the table has no such columns any more. */
function chartOf(chart: SheetChart, answer: SheetAnswer, words: Words): ReportChart[] {
  const nth = (name: string) => answer.columns.findIndex((column) => column.name === name);
  const [over, by, values] = [nth(chart.over), chart.by === undefined ? null : nth(chart.by), chart.values.map(nth)];
  if (over < 0 || (by !== null && by < 0) || values.some((value) => value < 0)) return [];
  const rows = answer.rows.filter(
    (row) => !row.slice(0, answer.names).some((name) => name === TOTAL || name === UNDATED),
  );
  const spoken = (value: Value | undefined) =>
    value === null || value === undefined ? words.doc_no_group : String(value);
  const isCode = sheetOf(answer.report).codes?.includes(chart.over) === true;
  const isOfDays = answer.columns[over]?.as === "day";
  const found = [...new Set(rows.map((row) => spoken(row[over])))];
  const places = isOfDays ? found.toSorted() : found;
  const groups = by === null ? [null] : [...new Set(rows.map((row) => spoken(row[by])))].toSorted();
  const lines = values.flatMap((value, n) =>
    groups.map((group) => ({
      name: group === null ? columnName(chart.values[n] ?? "", words) : codeText(group, words),
      values: places.map((place) =>
        summed(
          rows
            .filter((row) => spoken(row[over]) === place && (by === null || spoken(row[by]) === group))
            .map((row) => row[value] ?? null),
        ),
      ),
    })),
  );
  const unit = unitOf(answer, values[0] ?? 0, lines);
  return [
    {
      ...{ title: words[`sheet_${chart.title}`], unit, kind: chart.kind ?? "bar", stacked: chart.stacked ?? false },
      ...{
        names: isCode ? places.map((place) => codeText(place, words)) : places,
        lines,
        isRunning: chart.runs === true && answer.isPartial,
      },
    },
  ];
}

function unitOf(answer: SheetAnswer, column: number, lines: readonly { values: readonly (number | null)[] }[]): ReadAs {
  const as = answer.columns[column]?.as;
  if (as === "dollars") return { name: "USD", divisor: 100, digits: 2 };
  if (as === "power") return { name: "W", divisor: 1_000, digits: 0 };
  if (as === "percent") return { name: "%", divisor: 1, digits: 0 };
  const unit = as === "money" || as === "energy" || as === "basis" ? as : "count";
  const rows = lines.flatMap(({ values }) => values.map((value) => ({ value })));
  return readAs(unit, answer.currency, answer.minorDigits, rows);
}

/** Null: nobody knows any of them. */
function summed(values: readonly Value[]): number | null {
  const known = values.filter((value) => typeof value === "number");
  return known.length === 0 ? null : known.reduce((sum, value) => sum + value, 0);
}
