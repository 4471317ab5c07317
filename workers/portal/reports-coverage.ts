import { Hono } from "hono";
import { z } from "zod";
import { localDay } from "../../src/domain/local-day.ts";
import { judgeMonths } from "../../src/domain/metrics/deficit.ts";
import { sharePct } from "../../src/domain/metrics/growth.ts";
import { dayAfter, earlierDay, type Period, periodOf, periodsBetween } from "../../src/domain/metrics/periods.ts";
import { AUDIT_ROWS_MAX, foreignSites, silentMeters, siteMonths } from "../../src/queries/reports/coverage-audit.ts";
import { pendingDays } from "../../src/queries/reports/pending.ts";
import { recordCompleteness, type TypeCompleteness } from "../../src/queries/reports/record-completeness.ts";
import { type Acting, allow } from "../allow.ts";
import { query } from "../body.ts";
import type { Env } from "../env.ts";
import { clockOf, countryOf, readerOf } from "../ports.ts";
import { queryNumber } from "../query-number.ts";
import { aboutLines, columnsOf, fileOf, language, siteAndType } from "./reports-file.ts";
import { refuseSheet, type Sheeted, sheetFile, sheetHere } from "./reports-sheet.ts";

/** How far back completeness goes by itself, and at most. */
const DAYS = 90;
const DAYS_MAX = 3_660;
const MONTHS_MAX = 60;
const SILENT_DAYS_MAX = 365;

const { site } = siteAndType;
const day = z.iso.date("a day, as 2026-11-03");
const whole = (max: number) => queryNumber(1, max);
export const WindowQuery = z.strictObject({ from: day.optional(), to: day.optional(), site });
export const AuditQuery = z.strictObject({ months: whole(MONTHS_MAX).default(12), site, to: day.optional() });
type WindowQuery = z.infer<typeof WindowQuery>;
type AuditQuery = z.infer<typeof AuditQuery>;
const SilentQuery = z.strictObject({ days: whole(SILENT_DAYS_MAX).default(7), site });
const SOURCE = "hours of billing meters, by local day";

/** Of how much of the time the meters told something, and where they did not. */
export const reportsCoverage = new Hono<{ Bindings: Env; Variables: Acting }>()
  .get("/record-completeness", allow("reports.read"), query(WindowQuery), async (c) => {
    const answer = await completenessOf(c.env, c.req.valid("query"));
    return answer === "wrong_window" ? refuseSheet(c, WRONG_WINDOW) : c.json(answer);
  })
  .get(
    "/record-completeness/:file{csv|xlsx|pdf}",
    allow("reports.read"),
    query(WindowQuery.extend({ language })),
    async (c) => {
      const { language: spoken, ...asked } = c.req.valid("query");
      return sheetFile(c, await completenessSheet(c.env, asked), spoken);
    },
  )
  .get("/coverage-audit", allow("reports.read"), query(AuditQuery), async (c) =>
    c.json(await auditOf(c.env, c.req.valid("query"))),
  )
  .get(
    "/coverage-audit/:file{csv|xlsx|pdf}",
    allow("reports.read"),
    query(AuditQuery.extend({ language })),
    async (c) => {
      const { language: spoken, ...asked } = c.req.valid("query");
      return sheetFile(c, await auditSheet(c.env, asked), spoken);
    },
  )
  .get("/silent-meters", allow("reports.read"), query(SilentQuery), async (c) =>
    c.json(await silentOf(c.env, c.req.valid("query"))),
  )
  .get("/silent-meters/:file{csv|xlsx}", allow("reports.read"), query(SilentQuery), async (c) => {
    const { meters, since, ...said } = await silentOf(c.env, c.req.valid("query"));
    const rows = meters.map((row) => [...[row.account, row.site, row.meter, row.lastDay, row.hangsSince]]);
    const cut = said.isPartial ? [{ name: "only the first meters", value: AUDIT_ROWS_MAX, as: "count" as const }] : [];
    const about = aboutLines(c, said, [{ name: "silent since", value: since, as: "day" }, ...cut]);
    const name = `silent-meters-${c.env.COUNTRY}-${since}`;
    return fileOf(c, { name, columns: SILENT, rows, about, figures: ["records_silent"] });
  });

const SILENT = columnsOf({
  ...{ account: "text", site: "text", meter: "text", "last day": "day", "hangs since": "instant" },
});

const WRONG_WINDOW = {
  wrong: {
    field: "from",
    expected: `a day not after \`to\`, nor after yesterday, and at most ${DAYS_MAX} days before it`,
  },
};

/** A line a customer type. */
export async function completenessSheet(env: Env, asked: WindowQuery): Promise<Sheeted> {
  const answer = await completenessOf(env, asked);
  if (answer === "wrong_window") return WRONG_WINDOW;
  const { from, to, asOf, source, isPartial, coveragePct, pendingDays: pending } = answer;
  return sheetHere(env, {
    ...{ report: "completeness", from, to, site: asked.site ?? null, about: {} },
    ...{ asOf, source, isPartial, coveragePct, pendingDays: pending },
    rows: answer.types.map((row) => [
      ...[row.type, row.customers, row.accounts, row.accountsWithRecords, row.actualHours, row.expectedHours],
      ...[row.completenessPct, row.firstDay, row.lastDay, row.dateNotKnown],
    ]),
  });
}

/** A line a site and month. */
export async function auditSheet(env: Env, asked: AuditQuery): Promise<Sheeted> {
  const {
    from,
    asOfDay,
    asOf,
    source,
    isPartial,
    coveragePct,
    pendingDays: pending,
    months,
  } = await auditOf(env, asked);
  return sheetHere(env, {
    ...{ report: "coverage", from, to: asOfDay, site: asked.site ?? null, about: { months: asked.months } },
    ...{ asOf, source, isPartial, coveragePct, pendingDays: pending },
    rows: months.map((row) => [
      ...[row.site, row.month, row.hours, row.medianHours, row.expectedHours, row.isDeficit],
      row.elapsedBp < 10_000,
    ]),
  });
}

const whenOf = (env: Env) => {
  const { utcOffsetMinutes } = countryOf(env);
  const now = clockOf(env).now();
  return { now, utcOffsetMinutes, today: localDay(now, utcOffsetMinutes) };
};

/** Null where nothing is expected: of nobody nothing is complete. */
const completed = (row: TypeCompleteness) => ({
  ...row,
  completenessPct: sharePct(row.actualHours, row.expectedHours),
});

async function completenessOf(env: Env, asked: WindowQuery) {
  const { now, today } = whenOf(env);
  const yesterday = dayAfter(today, -1);
  // Today is not over: whoever counted it would call every meter incomplete.
  const to = asked.to === undefined || asked.to > yesterday ? yesterday : asked.to;
  const from = asked.from ?? dayAfter(to, 1 - DAYS);
  if (from > to || dayAfter(from, DAYS_MAX) < to) return "wrong_window";
  const db = readerOf(env);
  const order = { from, to, site: asked.site ?? null, timeZone: countryOf(env).timeZone };
  const [rows, waiting] = await Promise.all([recordCompleteness(db, order), pendingDays(db)]);
  const sum = (pick: (row: TypeCompleteness) => number) => rows.reduce((all, row) => all + pick(row), 0);
  const totals = {
    accounts: sum((row) => row.accounts),
    accountsWithRecords: sum((row) => row.accountsWithRecords),
    actualHours: sum((row) => row.actualHours),
    expectedHours: sum((row) => row.expectedHours),
    dateNotKnown: sum((row) => row.dateNotKnown),
  };
  const coveragePct = sharePct(totals.actualHours, totals.expectedHours);
  return {
    ...{
      asOf: now,
      asOfDay: to,
      source: SOURCE,
      coveragePct,
      isPartial: to !== (asked.to ?? to),
      pendingDays: waiting,
      from,
      to,
    },
    ...{ totals, types: rows.map(completed) },
  };
}

async function auditOf(env: Env, asked: AuditQuery) {
  const { now, today: thisDay, utcOffsetMinutes } = whenOf(env);
  const today = earlierDay(asked.to ?? thisDay, thisDay);
  const running = periodOf(today, "month").from;
  let from = running;
  for (let back = 0; back < asked.months; back++) from = periodOf(dayAfter(from, -1), "month").from;
  const periods = periodsBetween({ from, to: running, grain: "month" }, now, utcOffsetMinutes) as Period[];
  const elapsed = new Map(periods.map((period) => [period.from, period.elapsedBp]));
  const db = readerOf(env);
  const { siteCodes, closedSiteCodes } = countryOf(env);
  const [rows, foreign, waiting] = await Promise.all([
    siteMonths(db, { from, to: running, site: asked.site ?? null }),
    foreignSites(db, [...siteCodes, ...closedSiteCodes]),
    pendingDays(db),
  ]);
  const months = judgeMonths(rows.map((row) => ({ ...row, elapsedBp: elapsed.get(row.month) ?? 0 })));
  const judged = months.filter(({ medianHours }) => medianHours !== null).length;
  return {
    ...{ asOf: now, asOfDay: today, source: SOURCE, isPartial: true, pendingDays: waiting, from, foreign, months },
    /** Share of the months of which it can be said whether they are a deficit. */
    coveragePct: sharePct(judged, months.length),
    deficits: months.filter(({ isDeficit }) => isDeficit).length,
  };
}

async function silentOf(env: Env, asked: z.infer<typeof SilentQuery>) {
  const { now, today } = whenOf(env);
  const since = dayAfter(today, -asked.days);
  const order = { since, site: asked.site ?? null, timeZone: countryOf(env).timeZone };
  const found = await silentMeters(readerOf(env), order);
  const meters = found.slice(0, AUDIT_ROWS_MAX);
  return {
    ...{ asOf: now, asOfDay: today, source: SOURCE, coveragePct: null, isPartial: found.length > AUDIT_ROWS_MAX },
    ...{ since, never: meters.filter(({ lastDay }) => lastDay === null).length, meters },
  };
}
