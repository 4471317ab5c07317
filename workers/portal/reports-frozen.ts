import { createHash } from "node:crypto";
import { Hono } from "hono";
import { z } from "zod";
import { neonFrozenReports } from "../../src/adapters/neon/frozen-reports.ts";
import { localDay } from "../../src/domain/local-day.ts";
import {
  compareReports,
  definitionsText,
  type FrozenReport,
  type FrozenRow,
  frozenOf,
  wordsOf,
} from "../../src/domain/metrics/frozen.ts";
import { periodOf } from "../../src/domain/metrics/periods.ts";
import { isMetric, type Measure, type MetricId, metricOf } from "../../src/domain/metrics/registry.ts";
import { reportBook } from "../../src/domain/metrics/report-book.ts";
import { documentOf } from "../../src/domain/metrics/report-document.ts";
import { REPORTS, type ReportFigure } from "../../src/domain/metrics/reports.ts";
import type { FrozenFiles, FrozenReports } from "../../src/ports/frozen-reports.ts";
import { type LateRows, lateRows } from "../../src/queries/reports/late-rows.ts";
import { freezeReport, type OpenRefusal, openFrozen } from "../../src/services/freeze-report.ts";
import { type Acting, allow } from "../allow.ts";
import { json, limited, query, saysJson } from "../body.ts";
import { changeOf } from "../change.ts";
import type { Env } from "../env.ts";
import { type Failed, fail } from "../errors.ts";
import { hashedFiles } from "../hashed-files.ts";
import { clockOf, databaseOf, readerOf } from "../ports.ts";
import { idOf, keyOf, noKey } from "./acts.ts";
import { reason } from "./fields.ts";
import { type C, refuse } from "./refusals.ts";
import { paperOf, reported, reportName } from "./reports.ts";
import { reportAnswer, WORDS, whatReport } from "./reports-document.ts";
import { bookAnswer, inOrder, language, OUT_OF_ORDER } from "./reports-file.ts";

const PAGE = 50;
/** Lines of a comparison that are shown; how many there are is said. */
const DIFFERENCES_MAX = 500;
/** Hexadecimal digits that name a version of the definitions. */
const VERSION_CHARS = 12;

const FreezeBody = z.strictObject({ report: z.enum(REPORTS), ...whatReport, reason }).refine(inOrder, OUT_OF_ORDER);
const ListQuery = z.strictObject({ cursor: z.coerce.number().int().min(0).max(Number.MAX_SAFE_INTEGER).default(0) });
const FileQuery = z.strictObject({ language });

const reportsOf = (env: Env): FrozenReports => neonFrozenReports(databaseOf(env));
/** Null: this deployment has no store for them. */
const filesOf = (env: Env): FrozenFiles | null =>
  env.REPORTS === undefined ? null : hashedFiles(env.REPORTS, "application/json");
const definitionsOf = () => createHash("sha256").update(definitionsText(WORDS)).digest("hex").slice(0, VERSION_CHARS);

/** Reports that must not change any more: frozen with their hash, opened, made into files, and computed again to compare. */
export const reportsFrozen = new Hono<{ Bindings: Env; Variables: Acting }>()
  .get("/frozen", allow("reports.read"), query(ListQuery), async (c) => {
    const found = await reportsOf(c.env).list(c.req.valid("query").cursor, PAGE + 1);
    const frozen = found.slice(0, PAGE);
    return c.json({
      frozen: frozen.map(shown),
      definitions: definitionsOf(),
      next: found.length > PAGE ? (frozen.at(-1)?.frozenId ?? null) : null,
    });
  })
  .post("/frozen", allow("reports.freeze"), limited, saysJson, json(FreezeBody), async (c) => {
    const actKey = keyOf(c);
    if (actKey === null) return noKey(c);
    const { report, reason: why, ...asked } = c.req.valid("json");
    const files = filesOf(c.env);
    if (files === null) return noStore(c, "no store for them is bound in this deployment");
    const answer = await reported(c, report, asked);
    if (answer instanceof Response) return answer;
    const { from = null, to = null, site = null } = asked;
    const done = await freezeReport(
      { reports: reportsOf(c.env), files },
      frozenOf({ from, to, site }, answer, WORDS),
      { actKey, definitions: definitionsOf() },
      changeOf(c, why),
    );
    if (done.ok)
      return c.json(
        { status: done.value.status, frozen: shown(done.value.frozen) },
        done.value.status === "created" ? 201 : 200,
      );
    return done.error.kind === "no_store" ? noStore(c, done.error.because) : refuse(c, done.error);
  })
  .get("/frozen/:id{[0-9]+}", allow("reports.read"), query(FileQuery), async (c) => {
    const opened = await open(c);
    if (opened instanceof Response) return opened;
    const { row, report } = opened;
    const spoken = c.req.valid("query").language;
    const { page: _, ...paper } = documentOf(report.answer, wordsOf(report, spoken, WORDS), spoken);
    return c.json({ frozen: shown(row), ...paper, definitionsNow: definitionsOf() });
  })
  .get("/frozen/:id{[0-9]+}/json", allow("reports.read"), async (c) => {
    const opened = await open(c);
    if (opened instanceof Response) return opened;
    return c.body(opened.text, 200, {
      "Content-Type": "application/json",
      "Content-Disposition": `attachment; filename="${reportName(opened.report.answer, c.env)}-${opened.row.sha256.slice(0, 8)}.json"`,
    });
  })
  .get("/frozen/:id{[0-9]+}/pdf", allow("reports.read"), query(FileQuery), async (c) => {
    const opened = await open(c);
    if (opened instanceof Response) return opened;
    const spoken = c.req.valid("query").language;
    return paperOf(opened.report.answer, c.env, wordsOf(opened.report, spoken, WORDS), spoken);
  })
  .get("/frozen/:id{[0-9]+}/xlsx", allow("reports.read"), query(FileQuery), async (c) => {
    const opened = await open(c);
    if (opened instanceof Response) return opened;
    const words = wordsOf(opened.report, c.req.valid("query").language, WORDS);
    return bookAnswer(reportName(opened.report.answer, c.env), reportBook(opened.report.answer, words));
  })
  .get("/frozen/:id{[0-9]+}/compare", allow("reports.read"), async (c) => {
    const opened = await open(c);
    if (opened instanceof Response) return opened;
    const { row, report } = opened;
    const now = await again(c.env, report);
    if ("refused" in now) return fail(c, 422, "not_again", "this report cannot be computed again", now.refused);
    const { lines, differences, notComputed } = compareReports(report.answer, now.value);
    const shownOnes = differences.slice(0, DIFFERENCES_MAX);
    const { timeZone, asOf } = report.answer;
    const stretches = shownOnes.map(({ period, grain }) =>
      grain === "total" ? { from: row.from, to: row.to } : periodOf(period, grain),
    );
    const asked = [...new Map(stretches.map((each) => [`${each.from} ${each.to}`, each])).values()];
    const late = asked.length === 0 ? [] : await lateRows(readerOf(c.env), asked, asOf, timeZone);
    return c.json({
      frozen: shown(row),
      comparedAt: clockOf(c.env).now(),
      definitionsNow: definitionsOf(),
      isSame: differences.length === 0 && notComputed.length === 0,
      ...{ lines, differing: differences.length, notComputed },
      differences: shownOnes.map((each, nth) => {
        const found = late.find(({ from, to }) => from === stretches[nth]?.from && to === stretches[nth]?.to);
        return { ...each, lateSince: since(each.metric, found ?? null) };
      }),
    });
  });

const OF_ENERGY: readonly (Measure | null)[] = ["metered_wh", "metered_hours"];
const OF_NEITHER: readonly (Measure | null)[] = [null, "connected_days", "days"];

/** When the first late row came of what the figure is made of. */
function since(id: MetricId, late: LateRows | null): number | null {
  if (late === null) return null;
  const { numerator, denominator } = metricOf(id);
  const found = [numerator, denominator].flatMap((measure) => {
    if (OF_NEITHER.includes(measure)) return [];
    return (OF_ENERGY.includes(measure) ? late.energySince : late.moneySince) ?? [];
  });
  return found.length === 0 ? null : Math.min(...found);
}

/** The same question as then, over the same days, by what is known and how it is computed now. */
function again(env: Env, { asked, answer }: FrozenReport) {
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

async function open(c: C): Promise<{ row: FrozenRow; report: FrozenReport; text: string } | Failed> {
  const { env } = c as C & { env: Env };
  const row = await reportsOf(env).find(idOf(c));
  if (row === null) return fail(c, 404, "unknown", "no such frozen report here");
  const files = filesOf(env);
  if (files === null) return noStore(c, "no store for them is bound in this deployment");
  const opened = await openFrozen(files, row);
  if (opened.ok) return { row, ...opened.value };
  console.error(JSON.stringify({ at: "frozen_report", frozenId: row.frozenId, error: opened.error }));
  return refuseOpen(c, opened.error);
}

function refuseOpen(c: C, refusal: OpenRefusal): Failed {
  if (refusal.kind === "no_store") return noStore(c, refusal.because);
  if (refusal.kind === "no_file")
    return fail(
      c,
      503,
      "no_file",
      "the file of this frozen report is not there any more: tell whoever looks after the store",
    );
  const { expected, found } = refusal;
  return fail(c, 500, "not_as_frozen", "the stored file is not the one that was frozen: trust none of its figures", {
    expected,
    found,
  });
}

const noStore = (c: C, because: string) =>
  fail(c, 503, "no_store", "the store of frozen reports does not answer; nothing was frozen, send the same again", {
    because,
  });
const shown = ({ objectKey: _, ...row }: FrozenRow) => row;
