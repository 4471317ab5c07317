import { Hono } from "hono";
import { z } from "zod";
import { neonLegacyBooks } from "../../src/adapters/neon/legacy-books.ts";
import { neonLegacyHistory } from "../../src/adapters/neon/legacy-history.ts";
import { OLD_TABLE } from "../../src/domain/legacy-reading.ts";
import { TOTAL_KINDS, TOTAL_PERIODS } from "../../src/domain/legacy-total.ts";
import { HISTORY_ROWS_MAX, moveInReadings, moveInTotals } from "../../src/services/move-in-history.ts";
import { json, limitedTo, saysJson } from "../body.ts";
import { changeOf } from "../change.ts";
import { actor } from "../door.ts";
import type { Env } from "../env.ts";
import { countryOf, databaseOf } from "../ports.ts";
import { meterField } from "./fields.ts";

/** Rows of one table. */
const ROWS_MAX = 1_000_000_000;
/** 5,000 rows are a tenth of this; more is a mistake. */
const PAGE_BYTES_MAX = 5 * 1024 * 1024;

const oldTable = z.string().regex(OLD_TABLE, "the old table, as access:tblmeterdata1 or postgres:meter_readings");
const page = <T extends z.ZodType>(row: T) => z.array(row).min(1).max(HISTORY_ROWS_MAX);

/** How far a table has come, under a job's name, so that it goes on there: asked with GET /legacy/claim/:job. */
const place = {
  job: z
    .string()
    .regex(/^[0-9a-f]{16,64}$/, "the job, in hex")
    .optional(),
  from: z.number().int().nonnegative().max(ROWS_MAX).default(0),
  total: z.number().int().nonnegative().max(ROWS_MAX).default(0),
};

const MetersBody = z.strictObject({ meters: page(meterField) });
/** What is in a row is judged row by row, so that one that does not read costs no other. */
const ReadingsBody = z.strictObject({
  ...place,
  source: oldTable,
  readings: page(z.looseObject({ meter: z.unknown(), readAt: z.unknown(), registerWh: z.unknown() })),
});
const TotalsBody = z.strictObject({
  ...place,
  origin: oldTable,
  kind: z.enum(TOTAL_KINDS),
  period: z.enum(TOTAL_PERIODS),
  totals: page(z.looseObject({ id: z.unknown(), startsAt: z.unknown() })),
});

/** What the old system had of meters beside their accounts, a page a call. The same page again changes nothing. */
export const opsMoveInHistory = new Hono<{ Bindings: Env; Variables: { actor: string } }>()
  .post("/move-in/meters", actor, limitedTo(PAGE_BYTES_MAX), saysJson, json(MetersBody), async (c) => {
    const { meters } = c.req.valid("json");
    const { made } = await neonLegacyHistory(databaseOf(c.env)).addMeters(meters, changeOf(c));
    return c.json({ made, known: new Set(meters).size - made });
  })
  .post("/move-in/readings", actor, limitedTo(PAGE_BYTES_MAX), saysJson, json(ReadingsBody), async (c) => {
    const body = c.req.valid("json");
    const by = changeOf(c);
    const done = await moveInReadings(neonLegacyHistory(databaseOf(c.env)), body, by);
    return c.json({ ...done, progress: await advance(c.env, body, body.readings.length, by.at) });
  })
  .post("/move-in/totals", actor, limitedTo(PAGE_BYTES_MAX), saysJson, json(TotalsBody), async (c) => {
    const ports = { history: neonLegacyHistory(databaseOf(c.env)), country: countryOf(c.env) };
    const body = c.req.valid("json");
    const by = changeOf(c);
    const done = await moveInTotals(ports, body, by);
    return c.json({ ...done, progress: await advance(c.env, body, body.totals.length, by.at) });
  });

/** Null where the page names no job. */
const advance = (
  env: Env,
  { job, from, total }: { job?: string | undefined; from: number; total: number },
  rows: number,
  at: number,
) => (job === undefined ? null : neonLegacyBooks(databaseOf(env)).advance(job, from, from + rows, total, at));
