import { Hono } from "hono";
import { z } from "zod";
import { localDay } from "../../src/domain/local-day.ts";
import { COHORT_STATUSES, type Cohort, type CohortStatus, cohortOf } from "../../src/domain/metrics/cohort.ts";
import { funnelOf } from "../../src/domain/metrics/funnel.ts";
import { sharePct } from "../../src/domain/metrics/growth.ts";
import {
  COHORT_BATCH,
  type CohortCustomer,
  cohortCustomer,
  cohortCustomers,
} from "../../src/queries/reports/customer-cohorts.ts";
import { customerFunnel } from "../../src/queries/reports/customer-funnel.ts";
import { type Acting, allow } from "../allow.ts";
import { query } from "../body.ts";
import type { Env } from "../env.ts";
import { fail } from "../errors.ts";
import { clockOf, countryOf, readerOf } from "../ports.ts";
import { aboutLines, columnsOf, fileOf, language, siteAndType } from "./reports-file.ts";
import { ofType, type Sheeted, sheetFile, sheetHere } from "./reports-sheet.ts";

/** Customers of a page of the list, and of the file. */
const PAGE = 50;
const FILE_MAX = 50_000;
/** Where one status is looked for, many may have to be passed over. */
const LOOKED_AT = 1_000;

export const FunnelQuery = z.strictObject(siteAndType);
const CohortsQuery = z.strictObject({
  ...siteAndType,
  status: z.enum(COHORT_STATUSES as [CohortStatus, ...CohortStatus[]]).optional(),
});
const ListQuery = CohortsQuery.extend({
  cursor: z
    .string()
    .regex(/^\d{1,15}$/, "the `next` of a page before")
    .optional(),
});
type Narrowed = { site?: string | undefined; type?: string | undefined };
type Placed = CohortCustomer & Cohort;

const FUNNEL_SOURCE = "commissioning of accounts";
const SOURCE = "ledger, old books, commissioning of accounts";

/** How far customers came, and where each of them stands with the fees. */
export const reportsCohorts = new Hono<{ Bindings: Env; Variables: Acting }>()
  .get("/customer-funnel", allow("reports.read"), query(FunnelQuery), async (c) =>
    c.json(await funnelAnswer(c.env, c.req.valid("query"))),
  )
  .get(
    "/customer-funnel/:file{csv|xlsx|pdf}",
    allow("reports.read"),
    query(FunnelQuery.extend({ language })),
    async (c) => {
      const { language: spoken, ...asked } = c.req.valid("query");
      return sheetFile(c, await funnelSheet(c.env, asked), spoken);
    },
  )
  .get("/customer-cohorts/counts", allow("reports.read"), query(FunnelQuery), async (c) => {
    const { head, all } = await everybody(c.env, c.req.valid("query"));
    const counts = COHORT_STATUSES.map((status) => ({
      status,
      customers: all.filter((row) => row.status === status).length,
    }));
    const known = all.filter(({ status }) => !status.startsWith("fee_unknown")).length;
    return c.json({
      ...head,
      coveragePct: head.fees === null ? null : sharePct(known, all.length),
      isPartial: all.length >= FILE_MAX,
      total: all.length,
      counts,
    });
  })
  .get("/customer-cohorts/:file{csv|xlsx}", allow("reports.read"), query(CohortsQuery), async (c) => {
    const { status, ...asked } = c.req.valid("query");
    const { head, all } = await everybody(c.env, asked);
    const rows = all.filter((row) => status === undefined || row.status === status);
    const name = `customer-cohorts-${c.env.COUNTRY}-${head.asOfDay}`;
    const cut =
      all.length >= FILE_MAX ? [{ name: "only the first customers", value: FILE_MAX, as: "count" as const }] : [];
    const figures = ["customers_cohort", "customers_fee_unknown"] as const;
    return fileOf(c, { name, columns: COHORTS, rows: rows.map(cells), about: aboutLines(c, head, cut), figures });
  })
  .get("/customer-cohorts", allow("reports.read"), query(ListQuery), async (c) => {
    const { status, cursor, ...asked } = c.req.valid("query");
    const { head, order, place } = asking(c.env, asked);
    const rows: Placed[] = [];
    const batch = status === undefined ? PAGE + 1 : LOOKED_AT;
    let after = Number(cursor ?? 0);
    for (let looked = 0; looked < FILE_MAX && rows.length <= PAGE; looked += batch) {
      const found = await cohortCustomers(readerOf(c.env), order, after, batch);
      rows.push(...found.map(place).filter((row) => status === undefined || row.status === status));
      after = found.at(-1)?.customerId ?? after;
      if (found.length < batch) break;
    }
    const page = rows.slice(0, PAGE);
    const next = rows.length > PAGE ? String(page.at(-1)?.customerId) : null;
    return c.json({ ...head, customers: page, next });
  })
  .get("/customer-cohorts/:id{[0-9]{1,15}}", allow("reports.read"), async (c) => {
    const { head, order, place } = asking(c.env, {});
    const found = await cohortCustomer(readerOf(c.env), order, Number(c.req.param("id")));
    return found === null
      ? fail(c, 404, "unknown_customer", "no customer has this number")
      : c.json({ ...head, customer: place(found) });
  });

/** A line a step, as of now. */
export async function funnelSheet(env: Env, asked: Narrowed): Promise<Sheeted> {
  const { steps, asOf, asOfDay, source, isPartial, coveragePct } = await funnelAnswer(env, asked);
  return sheetHere(env, {
    ...{ report: "funnel", from: asOfDay, to: asOfDay, site: asked.site ?? null, about: ofType(asked) },
    ...{ asOf, source, isPartial, coveragePct, pendingDays: 0 },
    rows: steps.map((row) => [row.step, row.customers, row.dropOffPct, row.reachedPct, row.dateNotKnown]),
  });
}

async function funnelAnswer(env: Env, { site, type }: Narrowed) {
  const { timeZone, utcOffsetMinutes } = countryOf(env);
  const now = clockOf(env).now();
  const counts = await customerFunnel(readerOf(env), { site: site ?? null, type: type ?? null, timeZone });
  const steps = funnelOf(counts);
  const all = steps.reduce((sum, step) => sum + step.customers, 0);
  const undated = steps.reduce((sum, step) => sum + step.dateNotKnown, 0);
  return {
    ...{ asOf: now, asOfDay: localDay(now, utcOffsetMinutes), source: FUNNEL_SOURCE, isPartial: false },
    /** Share of the steps whose day is known. */
    coveragePct: sharePct(all - undated, all),
    terminated: counts.find(({ step }) => step === "terminated")?.customers ?? 0,
    steps,
  };
}

/** Whoever asks, for a list, one customer or all: the same facts, placed by the same function. */
function asking(env: Env, { site, type }: Narrowed) {
  const { timeZone, utcOffsetMinutes, currency, minorDigits } = countryOf(env);
  const now = clockOf(env).now();
  const today = localDay(now, utcOffsetMinutes);
  const fees = countryOf(env).fees;
  return {
    head: { asOf: now, asOfDay: today, source: SOURCE, currency, minorDigits, fees },
    order: { site: site ?? null, type: type ?? null, timeZone, today },
    place: (customer: CohortCustomer): Placed => ({ ...customer, ...cohortOf(customer, fees) }),
  };
}

async function everybody(env: Env, asked: Narrowed) {
  const { head, order, place } = asking(env, asked);
  const all: Placed[] = [];
  for (let after = 0; all.length < FILE_MAX; ) {
    const found = await cohortCustomers(readerOf(env), order, after, COHORT_BATCH);
    all.push(...found.map(place));
    after = found.at(-1)?.customerId ?? after;
    if (found.length < COHORT_BATCH) break;
  }
  return { head, all: all.slice(0, FILE_MAX) };
}

const COHORTS = columnsOf({
  ...{ customer: "count", name: "text", accounts: "text", site: "text", type: "text", registered: "day" },
  ...{ connected: "day", ended: "day", status: "text", "fee paid": "money", "fee due": "money", "fee debt": "money" },
  ...{ "electricity paid": "money", "first fee": "day", contract: "bool" },
});
const cells = (row: Placed) => [
  ...[row.customerId, row.name, row.accounts.map(({ account }) => account).join(" "), row.site, row.type],
  ...[row.registeredOn, row.connectedOn, row.endedOn, row.status, row.feePaidMinor, row.feeDueMinor, row.feeDebtMinor],
  ...[row.electricityMinor, row.firstFeeOn, row.hasContract],
];
