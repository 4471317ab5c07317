import { createHash } from "node:crypto";
import { Hono } from "hono";
import { z } from "zod";
import { neonFrozenReports } from "../../src/adapters/neon/frozen-reports.ts";
import {
  type AnyAnswer,
  type AskedReport,
  definitionsText,
  type FrozenReport,
  type FrozenRow,
  frozenOf,
  wordsOf,
} from "../../src/domain/metrics/frozen.ts";
import { REPORTS } from "../../src/domain/metrics/reports.ts";
import { SHEET_NAMES } from "../../src/domain/metrics/sheets.ts";
import type { FrozenFiles, FrozenReports } from "../../src/ports/frozen-reports.ts";
import { log } from "../../src/ports/log.ts";
import { freezeReport, type OpenRefusal, openFrozen } from "../../src/services/freeze-report.ts";
import { type Acting, allow } from "../allow.ts";
import { json, limited, query, saysJson } from "../body.ts";
import { changeOf } from "../change.ts";
import type { Env } from "../env.ts";
import { type Failed, fail } from "../errors.ts";
import { hashedFiles } from "../hashed-files.ts";
import { clockOf, databaseOf } from "../ports.ts";
import { queryNumber } from "../query-number.ts";
import { idOf, keyOf, noKey } from "./acts.ts";
import { reason } from "./fields.ts";
import { type C, refuse } from "./refusals.ts";
import { reported } from "./reports.ts";
import { FunnelQuery } from "./reports-cohorts.ts";
import { compared } from "./reports-compare.ts";
import { CountryQuery } from "./reports-country.ts";
import { AuditQuery, WindowQuery } from "./reports-coverage.ts";
import { WORDS, whatReport } from "./reports-document.ts";
import { inOrder, language, OUT_OF_ORDER } from "./reports-file.ts";
import { LoadQuery } from "./reports-load.ts";
import { LossQuery } from "./reports-losses.ts";
import { paperOf, printed, reportName, workbook } from "./reports-paper.ts";
import { GrowthQuery, QuarterQuery } from "./reports-people.ts";
import { SalesQuery } from "./reports-sales.ts";
import { refuseSheet } from "./reports-sheet.ts";
import { makeSheet } from "./reports-sheets.ts";
import { SitesQuery } from "./reports-sites.ts";
import { TenureQuery } from "./reports-tenure.ts";

const PAGE = 50;
/** Hexadecimal digits that name a version of the definitions. */
const VERSION_CHARS = 12;

const FreezeBody = z.discriminatedUnion("report", [
  z.strictObject({ report: z.enum(REPORTS), ...whatReport, reason }).refine(inOrder, OUT_OF_ORDER),
  SalesQuery.safeExtend({ report: z.literal("daily_sales"), reason }),
  SitesQuery.safeExtend({ report: z.literal("sites"), reason }),
  LossQuery.safeExtend({ report: z.literal("losses"), reason }),
  CountryQuery.extend({ report: z.literal("country"), reason }),
  QuarterQuery.extend({ report: z.literal("statistics"), reason }),
  GrowthQuery.extend({ report: z.literal("growth"), reason }),
  FunnelQuery.extend({ report: z.literal("funnel"), reason }),
  WindowQuery.extend({ report: z.literal("completeness"), reason }),
  AuditQuery.extend({ report: z.literal("coverage"), reason }),
  TenureQuery.extend({ report: z.literal("tenure"), reason }),
  LoadQuery.extend({ report: z.literal("load_curve"), reason }),
]);
const ListQuery = z.strictObject({ cursor: queryNumber(0, Number.MAX_SAFE_INTEGER).default(0) });
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
    const body = c.req.valid("json");
    const files = filesOf(c.env);
    if (files === null) return noStore(c, "no store for them is bound in this deployment");
    const answer = await answerOf(c, body);
    if (answer instanceof Response) return answer;
    const done = await freezeReport(
      { reports: reportsOf(c.env), files },
      frozenOf(askedOf(body), answer, WORDS),
      { actKey, definitions: definitionsOf() },
      changeOf(c, body.reason),
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
    const { page: _, ...paper } = paperOf(report.answer, wordsOf(report, spoken, WORDS), spoken);
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
    return printed(opened.report.answer, c.env, wordsOf(opened.report, spoken, WORDS), spoken);
  })
  .get("/frozen/:id{[0-9]+}/xlsx", allow("reports.read"), query(FileQuery), async (c) => {
    const opened = await open(c);
    if (opened instanceof Response) return opened;
    const words = wordsOf(opened.report, c.req.valid("query").language, WORDS);
    return workbook(opened.report.answer, c.env, words);
  })
  .get("/frozen/:id{[0-9]+}/compare", allow("reports.read"), query(FileQuery), async (c) => {
    const opened = await open(c);
    if (opened instanceof Response) return opened;
    const { row, report } = opened;
    const told = await compared(c.env, row, report, c.req.valid("query").language);
    if ("refused" in told) return fail(c, 422, "not_again", "this report cannot be computed again", told.refused);
    return c.json({
      ...{ frozen: shown(row), comparedAt: clockOf(c.env).now(), definitionsNow: definitionsOf() },
      isSame: told.differing === 0 && told.notComputed.length === 0,
      ...told,
    });
  });

type Body = z.infer<typeof FreezeBody>;
/** What a body asked for, as a frozen report says it. */
function askedOf({ report: _, reason: __, ...asked }: Body): AskedReport {
  const { from = null, to = null, site = null, ...more } = asked as Partial<Record<string, string>>;
  return { from, to, site, ...(Object.keys(more).length === 0 ? {} : { more: more as Record<string, string> }) };
}

async function answerOf(c: C, { report, reason: _, ...asked }: Body): Promise<AnyAnswer | Failed> {
  const sheet = SHEET_NAMES.find((each) => each === report);
  if (sheet === undefined) return reported(c, report, asked);
  const answer = await makeSheet((c as C & { env: Env }).env, sheet, asked);
  return "wrong" in answer ? refuseSheet(c, answer) : answer;
}

async function open(c: C): Promise<{ row: FrozenRow; report: FrozenReport; text: string } | Failed> {
  const { env } = c as C & { env: Env };
  const row = await reportsOf(env).find(idOf(c));
  if (row === null) return fail(c, 404, "unknown", "no such frozen report here");
  const files = filesOf(env);
  if (files === null) return noStore(c, "no store for them is bound in this deployment");
  const opened = await openFrozen(files, row);
  if (opened.ok) return { row, ...opened.value };
  log.error("frozen_report", { frozenId: row.frozenId, error: opened.error });
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
