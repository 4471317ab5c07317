import { z } from "zod";
import type { Country } from "../../src/domain/country.ts";
import { localDay } from "../../src/domain/local-day.ts";
import type { ReportChart, ReportDocument } from "../../src/domain/metrics/document.ts";
import { cumulated, type Lines, linesOf, ofLastPeriod, periodName, readAs } from "../../src/domain/metrics/lines.ts";
import type { MetricId } from "../../src/domain/metrics/registry.ts";
import { FIGURES, isOfSites, type Report, type ReportFigure } from "../../src/domain/metrics/reports.ts";
import en from "../../src/domain/metrics/words/en.ts";
import fr from "../../src/domain/metrics/words/fr.ts";
import type { MetricWords } from "../../src/domain/metrics/words/keys.ts";
import st from "../../src/domain/metrics/words/st.ts";
import { askingOnce } from "../../src/queries/reports/once.ts";
import type { Env } from "../env.ts";
import { clockOf, countryOf, readerOf } from "../ports.ts";
import { answeredTogether, type MetricAnswer, type Refused } from "./reports-answer.ts";
import { fromAndTo, inOrder, OUT_OF_ORDER, siteAndType } from "./reports-file.ts";

const WORDS: Record<"en" | "fr" | "st", MetricWords> = { en, fr, st };
/** Today and yesterday change all the time, and have what changed within minutes. */
const PENDING_DAYS_QUIET = 2;
export const DocumentQuery = z
  .strictObject({ ...fromAndTo, site: siteAndType.site, language: z.enum(["en", "fr", "st"]).default("en") })
  .refine(inOrder, OUT_OF_ORDER);
type DocumentQuery = z.infer<typeof DocumentQuery>;

/** A whole report as a document: its figures of now, what they are, and from what they come. */
export async function reportDocument(
  env: Env,
  report: Report,
  asked: DocumentQuery,
): Promise<{ document: ReportDocument; from: string; to: string } | { refused: Refused }> {
  const words = WORDS[asked.language];
  const { site, from, to } = asked;
  const country = countryOf(env);
  const now = clockOf(env).now();
  const chosen = FIGURES[report].filter((figure) => site === undefined || isOfSites(figure));
  const charts: ReportChart[] = [];
  const all: MetricAnswer[] = [];
  const db = askingOnce(readerOf(env));
  for (const figure of chosen) {
    const { ids, grain, by } = figure;
    const answer = await answeredTogether(env, ids, { grain, by, from, to, site, type: undefined }, db);
    if ("refused" in answer) return answer;
    all.push(...answer.values);
    charts.push(chartOf(figure, answer.values, words));
  }
  const [first, last] = [
    all.map((each) => each.from).toSorted()[0] ?? "",
    all
      .map((each) => each.to)
      .toSorted()
      .at(-1) ?? "",
  ];
  const pending = Math.max(0, ...all.map(({ pendingDays }) => pendingDays));
  const ids = [...new Set(chosen.flatMap((figure) => figure.ids))];
  return {
    from: first,
    to: last,
    document: {
      language: asked.language,
      title: filled(words.doc_title, { report: words[`report_${report}`], country: country.name }),
      under: [
        filled(words.doc_time, { from: first, to: last }),
        site === undefined ? words.doc_all_sites : filled(words.doc_site, { site }),
        filled(words.doc_as_of, { at: localTime(now, country), zone: country.timeZone }),
        words.doc_source,
        ...(pending > PENDING_DAYS_QUIET ? [filled(words.doc_pending, { n: String(pending) })] : []),
        words[`lead_${report}`],
      ],
      figures: charts,
      means: {
        heading: words.doc_means,
        terms: ids.map((id) => ({ name: nameOf(id, words), says: words[`means_${id}`] })),
      },
      none: words.doc_none,
      running: words.doc_running,
      page: (n, of) => filled(words.doc_page, { n: String(n), of: String(of) }),
      madeAt: now,
    },
  };
}

function chartOf(figure: ReportFigure, answers: MetricAnswer[], words: MetricWords): ReportChart {
  const { title, ids, by, grain, kind = "bar", stacked = false, cumulative = false, overGroups = false } = figure;
  const parts = answers.map(({ rows, ...rest }) => ({ ...rest, rows: cumulative ? cumulated(rows) : rows }));
  const [first] = parts;
  const rows = parts.flatMap((part) => part.rows);
  const unit = readAs(first?.unit ?? "count", first?.currency ?? null, first?.minorDigits ?? 2, rows);
  const groupName = (group: string | null) => group ?? (by === "none" ? nameOf(ids[0], words) : words.doc_no_group);
  const common = { title: words[`title_${title}`], unit, kind, stacked };
  if (overGroups && first !== undefined) {
    const { period, rows: own } = ofLastPeriod(first.rows);
    const lines = [{ name: periodName(period, grain), values: own.map(({ value }) => value) }];
    return { ...common, names: own.map(({ group }) => groupName(group)), lines, isRunning: false };
  }
  const drawn: Lines[] =
    ids.length === 1
      ? [linesOf(rows, first?.addsUp ?? false, groupName, words.doc_others)]
      : parts.map((part) => linesOf(part.rows, false, () => nameOf(part.metric, words), ""));
  return {
    ...common,
    names: (drawn[0]?.periods ?? []).map((period) => periodName(period, grain)),
    lines: drawn.flatMap(({ series }) => series),
    isRunning: kind === "bar" && rows.at(-1)?.isPartial === true,
  };
}

const nameOf = (id: MetricId, words: MetricWords) => words[`name_${id}`];
const filled = (text: string, values: Record<string, string>) =>
  text.replaceAll(/\{(\w+)\}/g, (whole, name: string) => values[name] ?? whole);
const localTime = (at: number, { utcOffsetMinutes }: Country) =>
  `${localDay(at, utcOffsetMinutes)} ${new Date(at + utcOffsetMinutes * 60_000).toISOString().slice(11, 16)}`;
