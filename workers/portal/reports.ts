import { Hono } from "hono";
import { printReport } from "../../src/adapters/pdf/print-report.ts";
import { METRIC_IDS, metricOf } from "../../src/domain/metrics/registry.ts";
import { REPORTS } from "../../src/domain/metrics/reports.ts";
import names from "../../src/domain/metrics/words/en.ts";
import { type Acting, allow } from "../allow.ts";
import { query } from "../body.ts";
import type { Env } from "../env.ts";
import { fail } from "../errors.ts";
import {
  answered,
  answeredTogether,
  FigureQuery,
  type MetricAnswer,
  MetricQuery,
  type Refused,
} from "./reports-answer.ts";
import { DocumentQuery, reportDocument } from "./reports-document.ts";
import { fileOf } from "./reports-file.ts";

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
  .get("/documents/:report", allow("reports.read"), query(DocumentQuery), async (c) => {
    const report = REPORTS.find((each) => each === c.req.param("report"));
    if (report === undefined)
      return fail(c, 404, "unknown_report", "no such report", [
        { field: "report", expected: `one of ${REPORTS.join(", ")}` },
      ]);
    const made = await reportDocument(c.env, report, c.req.valid("query"));
    if ("refused" in made) return refuse(c, made.refused);
    return c.body(new Uint8Array(await printReport(made.document)), 200, {
      "Content-Type": "application/pdf",
      "Content-Disposition": `attachment; filename="${report}-${c.env.COUNTRY}-${made.from}-${made.to}.pdf"`,
      "Cache-Control": "no-store",
    });
  });

const refuse = (c: Parameters<typeof fail>[0], { field, value, expected }: Refused) =>
  field === "id"
    ? fail(c, 404, "unknown_metric", `no figure is called ${value.slice(0, 60)}`, [{ field, expected }])
    : fail(c, 400, "bad_field", `check ${field}`, [{ field, value, expected }]);

/** Whole units, as they are computed with: a sheet that adds them up gets the same sum. */
function metricFile(c: Parameters<typeof fileOf>[0], value: MetricAnswer): Response {
  const { metric, unit, currency, minorDigits, grain, by, asOf, from, to, rows } = value;
  const measured = currency === null ? unit : `${unit}, ${currency}, ${minorDigits} decimals`;
  return fileOf(
    c,
    `${metric}-${c.env.COUNTRY}-${grain}-${from}-${to}`,
    [
      ...[grain, by === "none" ? "of" : by, `${names[`name_${metric}`]} (${measured})`],
      ...["divided by", "running", "extended to its end"],
    ],
    rows.map(({ period, group, value: of, n, isPartial, prorated }) => [
      ...[period, group ?? (by === "none" ? "all" : null), of, n, isPartial ? "yes" : "no", prorated],
    ]),
    `As of ${new Date(asOf).toISOString()}.`,
    [metric],
  );
}
