import { Hono } from "hono";
import { z } from "zod";
import { localDay } from "../../src/domain/local-day.ts";
import {
  coverageOf,
  firstMonth,
  monthIndex,
  TENURE_RULES,
  type TenureGroup,
  type TenureRule,
  tenureOf,
} from "../../src/domain/metrics/tenure.ts";
import { pendingDays } from "../../src/queries/reports/pending.ts";
import { meteredHistories } from "../../src/queries/reports/tenure.ts";
import { type Acting, allow } from "../allow.ts";
import { query } from "../body.ts";
import type { Env } from "../env.ts";
import { clockOf, countryOf, readerOf } from "../ports.ts";
import { columnsOf, language } from "./reports-file.ts";
import { ofType, type Sheeted, sheetFile, sheetHere } from "./reports-sheet.ts";
import { profileFile } from "./reports-stream.ts";
import { type About, whom } from "./reports-window.ts";

export const TenureQuery = z.strictObject({
  ...whom,
  by: z.enum(["none", "site", "type"]).default("type"),
  rule: z.enum(TENURE_RULES).default("corrected"),
});
type TenureQuery = z.infer<typeof TenureQuery>;

/** `since`: the first month of which anything is known; null: of none. */
export type TenureAnswer = About & { rule: TenureRule; since: string | null; groups: TenureGroup[] };

/** Energy of a month by how long the account has been a customer. */
export const reportsTenure = new Hono<{ Bindings: Env; Variables: Acting }>()
  .get("/tenure", allow("reports.read"), query(TenureQuery), async (c) =>
    c.json(await answered(c.env, c.req.valid("query"))),
  )
  .get("/tenure/:file{xlsx|pdf}", allow("reports.read"), query(TenureQuery.extend({ language })), async (c) => {
    const { language: spoken, ...asked } = c.req.valid("query");
    return sheetFile(c, await tenureSheet(c.env, asked), spoken);
  })
  .get("/tenure/:file{csv|json|parquet}", allow("reports.read"), query(TenureQuery), async (c) => {
    const answer = await answered(c.env, c.req.valid("query"));
    const rows = answer.groups.flatMap(({ group, points }) =>
      points.map((p) => [
        ...[group ?? (answer.by === "none" ? "all" : ""), p.tenure, p.meanWh, p.deviationWh, p.upperWh, p.lowerWh],
        ...[p.minWh, p.maxWh, p.n, p.nd, p.nf],
      ]),
    );
    return profileFile(c, `tenure-${c.env.COUNTRY}-${answer.rule}-${answer.by}`, answer, COLUMNS, [rows]);
  });

const COLUMNS = columnsOf({
  ...{ group: "text", month: "count", mean: "energy", sd: "energy", upper: "energy", lower: "energy" },
  ...{ min: "energy", max: "energy", n: "count", nd: "count", nf: "count" },
});

/** The same as a table: a line a group and month. */
export async function tenureSheet(env: Env, asked: TenureQuery): Promise<Sheeted> {
  const answer = await answered(env, asked);
  const { site, type, by, rule, asOf, source, pendingDays: pending, coveragePct, isPartial, since, groups } = answer;
  const to = localDay(asOf, countryOf(env).utcOffsetMinutes);
  return sheetHere(env, {
    ...{ report: "tenure", site, from: since ?? to, to, asOf, source, pendingDays: pending, coveragePct, isPartial },
    about: {
      ...(by === "none" ? {} : { by }),
      rule: rule === "legacy" ? "old_rule" : rule,
      ...ofType({ type: type ?? undefined }),
    },
    rows: groups.flatMap(({ group, points }) =>
      points.map((p) => [
        ...[by === "none" ? "all" : group, p.tenure, p.meanWh, p.deviationWh, p.upperWh, p.lowerWh],
        ...[p.minWh, p.maxWh, p.n, p.nd, p.nf],
      ]),
    ),
  });
}

async function answered(env: Env, asked: TenureQuery): Promise<TenureAnswer> {
  const { timeZone, utcOffsetMinutes } = countryOf(env);
  const db = readerOf(env);
  const now = clockOf(env).now();
  const running = monthIndex(localDay(now, utcOffsetMinutes));
  const { by, rule } = asked;
  const [site, type] = [asked.site ?? null, asked.type ?? null];
  const [histories, pending] = await Promise.all([meteredHistories(db, { by, site, type, timeZone }), pendingDays(db)]);
  return {
    ...{ definition: `means_tenure_${rule}`, source: "metered_months", asOf: now, pendingDays: pending },
    coveragePct: coverageOf(histories, running),
    // The old rule takes the month that runs for a whole one.
    isPartial: rule === "legacy",
    ...{ by, site, type, rule, since: firstMonth(histories) },
    groups: tenureOf(histories, rule, running, by),
  };
}
