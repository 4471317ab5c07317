import { Hono } from "hono";
import type { MetricAnswer } from "../../src/domain/metrics/answer.ts";
import { METRIC_IDS, metricOf } from "../../src/domain/metrics/registry.ts";
import type { ReportAnswer } from "../../src/domain/metrics/report-answer.ts";
import { metricBook } from "../../src/domain/metrics/report-book.ts";
import { REPORTS } from "../../src/domain/metrics/reports.ts";
import names from "../../src/domain/metrics/words/en.ts";
import { type Acting, allow } from "../allow.ts";
import { query } from "../body.ts";
import type { Env } from "../env.ts";
import { type Failed, fail } from "../errors.ts";
import {
  answered,
  answeredTogether,
  FigureQuery,
  MetricBookQuery,
  MetricQuery,
  type Refused,
} from "./reports-answer.ts";
import { DocumentQuery, reportAnswer, WORDS } from "./reports-document.ts";
import { aboutLines, bookAnswer, fileOf, placeOf } from "./reports-file.ts";
import { printed, workbook } from "./reports-paper.ts";

/** Each figure by its id, over time and by group: what pages draw, and files have. */
export const reports = new Hono<{ Bindings: Env; Variables: Acting }>()
  .get("/metrics", allow("reports.read"), (c) => c.json({ metrics: METRIC_IDS.map((id) => ({ id, ...metricOf(id) })) }))
  .get("/figures", allow("reports.read"), query(FigureQuery), async (c) => {
    const { ids, ...asked } = c.req.valid("query");
    const answer = await answeredTogether(c.env, ids, asked);
    return "refused" in answer ? refuse(c, answer.refused) : c.json({ figures: answer.values });
  })
  .get("/metrics/:id", allow("reports.read"), query(MetricQuery), async (c) => {
    const answer = await answered(c.env, c.req.param("id"), c.req.valid("query"));
    return "refused" in answer ? refuse(c, answer.refused) : c.json(answer.value);
  })
  .get("/metrics/:id/csv", allow("reports.read"), query(MetricQuery), async (c) => {
    const answer = await answered(c.env, c.req.param("id"), c.req.valid("query"));
    if ("refused" in answer) return refuse(c, answer.refused);
    return metricFile(c, answer.value);
  })
  .get("/metrics/:id/xlsx", allow("reports.read"), query(MetricBookQuery), async (c) => {
    const { language, ...asked } = c.req.valid("query");
    const answer = await answered(c.env, c.req.param("id"), asked);
    if ("refused" in answer) return refuse(c, answer.refused);
    const narrowed = { site: asked.site ?? null, type: asked.type ?? null };
    return bookAnswer(fileName(c, answer.value), metricBook(answer.value, placeOf(c.env), narrowed, WORDS[language]));
  })
  .get("/documents/:report", allow("reports.read"), query(DocumentQuery), async (c) => {
    const made = await reported(c, c.req.param("report"), c.req.valid("query"));
    return made instanceof Response
      ? made
      : printed(made, c.env, WORDS[c.req.valid("query").language], c.req.valid("query").language);
  })
  .get("/documents/:report/xlsx", allow("reports.read"), query(DocumentQuery), async (c) => {
    const made = await reported(c, c.req.param("report"), c.req.valid("query"));
    if (made instanceof Response) return made;
    return workbook(made, c.env, WORDS[c.req.valid("query").language]);
  });

/** The report that is asked for, as it is now; or what is wrong with the question. */
export async function reported(
  c: Parameters<typeof fail>[0],
  asked: string,
  about: Parameters<typeof reportAnswer>[2],
): Promise<ReportAnswer | Failed> {
  const report = REPORTS.find((each) => each === asked);
  if (report === undefined)
    return fail(c, 404, "unknown_report", "no such report", [
      { field: "report", expected: `one of ${REPORTS.join(", ")}` },
    ]);
  const made = await reportAnswer(c.env, report, about);
  return "refused" in made ? refuse(c, made.refused) : made.value;
}

const refuse = (c: Parameters<typeof fail>[0], { field, value, expected }: Refused) =>
  field === "id"
    ? fail(c, 404, "unknown_metric", `no figure is called ${value.slice(0, 60)}`, [{ field, expected }])
    : fail(c, 400, "bad_field", `check ${field}`, [{ field, value, expected }]);

const fileName = (c: Parameters<typeof fileOf>[0], { metric, grain, from, to }: MetricAnswer) =>
  `${metric}-${c.env.COUNTRY}-${grain}-${from}-${to}`;

/** Whole units, as they are computed with: a sheet that adds them up gets the same sum. */
function metricFile(c: Parameters<typeof fileOf>[0], value: MetricAnswer): Response {
  const { metric, unit, currency, minorDigits, grain, by, rows } = value;
  const measured = currency === null ? unit : `${unit}, ${currency}, ${minorDigits} decimals`;
  const text = (name: string) => ({ name, as: "text" as const });
  return fileOf(c, {
    name: fileName(c, value),
    columns: [
      ...[grain, by === "none" ? "of" : by, `${names[`name_${metric}`]} (${measured})`].map(text),
      ...["divided by", "running", "extended to its end"].map(text),
    ],
    rows: rows.map(({ period, group, value: of, n, isPartial, prorated }) => [
      ...[period, group ?? (by === "none" ? "all" : null), of, n, isPartial, prorated],
    ]),
    about: aboutLines(c, value),
    figures: [metric],
  });
}
