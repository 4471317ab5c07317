import { localDay } from "../local-day.ts";
import type { MetricAnswer } from "./answer.ts";
import type { ReportChart, ReportDocument } from "./document.ts";
import { cumulated, type Lines, linesOf, ofLastPeriod, periodName, readAs } from "./lines.ts";
import { filled, idsOf, type ReportAnswer } from "./report-answer.ts";
import type { ReportFigure } from "./reports.ts";
import type { MetricWords } from "./words/keys.ts";

/** Today and yesterday change all the time, and have what changed within minutes. */
const PENDING_DAYS_QUIET = 2;

/** A report on paper: its figures, what they are, and from what they come. */
export function documentOf(answer: ReportAnswer, words: MetricWords, language: string): ReportDocument {
  const { report, countryName, timeZone, utcOffsetMinutes, from, to, site, asOf, pendingDays } = answer;
  const at = `${localDay(asOf, utcOffsetMinutes)} ${new Date(asOf + utcOffsetMinutes * 60_000).toISOString().slice(11, 16)}`;
  return {
    language,
    title: filled(words.doc_title, { report: words[`report_${report}`], country: countryName }),
    under: [
      filled(words.doc_time, { from, to }),
      site === null ? words.doc_all_sites : filled(words.doc_site, { site }),
      filled(words.doc_as_of, { at, zone: timeZone }),
      words.doc_source,
      ...(pendingDays > PENDING_DAYS_QUIET ? [filled(words.doc_pending, { n: String(pendingDays) })] : []),
      words[`lead_${report}`],
    ],
    figures: answer.figures.map(({ figure, answers }) => chartOf(figure, answers, words)),
    tables: [],
    means: {
      heading: words.doc_means,
      terms: idsOf(answer).map((id) => ({ name: words[`name_${id}`], says: words[`means_${id}`] })),
    },
    none: words.doc_none,
    running: words.doc_running,
    page: (n, of) => filled(words.doc_page, { n: String(n), of: String(of) }),
    madeAt: asOf,
  };
}

function chartOf(figure: ReportFigure, answers: readonly MetricAnswer[], words: MetricWords): ReportChart {
  const { title, ids, by, grain, kind = "bar", stacked = false, cumulative = false, overGroups = false } = figure;
  const parts = answers.map(({ rows, ...rest }) => ({ ...rest, rows: cumulative ? cumulated(rows) : rows }));
  const [first] = parts;
  const rows = parts.flatMap((part) => part.rows);
  const unit = readAs(first?.unit ?? "count", first?.currency ?? null, first?.minorDigits ?? 2, rows);
  const groupName = (group: string | null) => group ?? (by === "none" ? words[`name_${ids[0]}`] : words.doc_no_group);
  const common = { title: words[`title_${title}`], unit, kind, stacked };
  if (overGroups && first !== undefined) {
    const { period, rows: own } = ofLastPeriod(first.rows);
    const lines = [{ name: periodName(period, grain), values: own.map(({ value }) => value) }];
    return { ...common, names: own.map(({ group }) => groupName(group)), lines, isRunning: false };
  }
  const drawn: Lines[] =
    ids.length === 1
      ? [linesOf(rows, first?.addsUp ?? false, groupName, words.doc_others)]
      : parts.map((part) => linesOf(part.rows, false, () => words[`name_${part.metric}`], ""));
  return {
    ...common,
    names: (drawn[0]?.periods ?? []).map((period) => periodName(period, grain)),
    lines: drawn.flatMap(({ series }) => series),
    isRunning: kind === "bar" && rows.at(-1)?.isPartial === true,
  };
}
