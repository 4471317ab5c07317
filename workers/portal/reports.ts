import { Hono } from "hono";
import { printReport } from "../../src/adapters/pdf/print-report.ts";
import { BYTE_ORDER_MARK, csvLine, endLine, harmless } from "../../src/domain/export/csv.ts";
import { METRIC_IDS, metricOf } from "../../src/domain/metrics/registry.ts";
import { REPORTS } from "../../src/domain/metrics/reports.ts";
import names from "../../src/domain/metrics/words/en.ts";
import { type Acting, allow } from "../allow.ts";
import { query } from "../body.ts";
import type { Env } from "../env.ts";
import { fail } from "../errors.ts";
import { answered, type MetricAnswer, MetricQuery, type Refused } from "./reports-answer.ts";
import { DocumentQuery, reportDocument } from "./reports-document.ts";

/** Each figure by its id, over time and by group: what pages draw, and files have. */
export const reports = new Hono<{ Bindings: Env; Variables: Acting }>()
  .get("/metrics", allow("reports.read"), (c) => c.json({ metrics: METRIC_IDS.map((id) => ({ id, ...metricOf(id) })) }))
  .get("/metrics/:id", allow("reports.read"), query(MetricQuery), async (c) => {
    const answer = await answered(c.env, c.req.param("id"), c.req.valid("query"));
    return "refused" in answer ? refuse(c, answer.refused) : c.json(answer.value);
  })
  .get("/metrics/:id/csv", allow("reports.read"), query(MetricQuery), async (c) => {
    const answer = await answered(c.env, c.req.param("id"), c.req.valid("query"));
    if ("refused" in answer) return refuse(c, answer.refused);
    const { value } = answer;
    const name = `${value.metric}-${c.env.COUNTRY}-${value.grain}-${value.from}-${value.to}.csv`;
    return c.body(csvOf(value), 200, {
      "Content-Type": "text/csv; charset=utf-8",
      "Content-Disposition": `attachment; filename="${name}"`,
      "Cache-Control": "no-store",
    });
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
function csvOf({ metric, unit, currency, minorDigits, grain, by, asOf, rows }: MetricAnswer): string {
  const measured = currency === null ? unit : `${unit}, ${currency}, ${minorDigits} decimals`;
  const head = [
    ...[
      grain,
      by === "none" ? "of" : by,
      `${names[`name_${metric}`]} (${measured})`,
      "divided by",
      "running",
      "extended to its end",
    ],
  ];
  const lines = rows.map(({ period, group, value, n, isPartial, prorated }) =>
    csvLine(
      [
        period,
        group ?? (by === "none" ? "all" : ""),
        text(value),
        text(n),
        isPartial ? "yes" : "no",
        text(prorated),
      ].map((cell) => (cell === null ? null : harmless(cell))),
    ),
  );
  const about = `# ${metric}: ${names[`means_${metric}`]} As of ${new Date(asOf).toISOString()}.\r\n`;
  return `${BYTE_ORDER_MARK}${csvLine(head)}${lines.join("")}${about}${endLine(rows.length)}`;
}

const text = (value: number | null) => (value === null ? null : String(value));
