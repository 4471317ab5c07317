import { type Context, Hono } from "hono";
import { z } from "zod";
import {
  daysOf,
  metricRecord,
  PAGE_MAX,
  PAGE_SIZE,
  paymentRecord,
  readWindow,
  VERSION,
  type Window,
} from "../../src/domain/odyssey.ts";
import { log } from "../../src/ports/log.ts";
import { activeProgrammes } from "../../src/queries/api-keys.ts";
import { odysseyDays, odysseyPayments, type Page, type Paged } from "../../src/queries/odyssey.ts";
import { anyone } from "../allow.ts";
import { query } from "../body.ts";
import type { Env } from "../env.ts";
import { fail } from "../errors.ts";
import { allowKey, type KeyHolder } from "../key-door.ts";
import { clockOf, countryOf, readerOf } from "../ports.ts";
import { queryNumber } from "../query-number.ts";

const PullQuery = z.object({
  from: z.string().max(40).optional(),
  to: z.string().max(40).optional(),
  page: queryNumber(1, PAGE_MAX).default(1),
  page_size: queryNumber(1, PAGE_SIZE.max).default(PAGE_SIZE.common),
});
type Pull = z.infer<typeof PullQuery>;
type Dataset = "electricity-payment" | "meter-metrics";
type C = Context<{ Bindings: Env; Variables: KeyHolder }>;

/** The Odyssey standard, for a funder's platform with a programme's key (docs/neighbours.md). */
export const odyssey = new Hono<{ Bindings: Env; Variables: KeyHolder }>()
  .get("/health", anyone("the standard's own check: how many programmes there are, and no name of any"), async (c) => {
    const about = { service: "odyssey-standard-api", version: VERSION, timestamp: iso(clockOf(c.env).now()) };
    try {
      return c.json({ status: "ok", ...about, active_programs: await activeProgrammes(readerOf(c.env)) });
    } catch (thrown) {
      log.warn("odyssey health", { error: thrown });
      return c.json({ status: "db_error", ...about, error: "the database does not answer" }, 503);
    }
  })
  .get("/electricity-payment", allowKey("odyssey.read"), query(PullQuery), (c) =>
    pulled(c, c.req.valid("query"), "electricity-payment", async (window, sites, page) => {
      const { total, rows } = await odysseyPayments(readerOf(c.env), window, sites, page);
      return { total, rows: rows.map((row) => paymentRecord(row, countryOf(c.env).minorDigits)) };
    }),
  )
  .get("/meter-metrics", allowKey("odyssey.read"), query(PullQuery), (c) =>
    pulled(c, c.req.valid("query"), "meter-metrics", async (window, sites, page) => {
      const days = daysOf(window, clockOf(c.env).now(), countryOf(c.env).utcOffsetMinutes);
      const { total, rows } = await odysseyDays(readerOf(c.env), days, sites, page);
      return { total, rows: rows.map(metricRecord) };
    }),
  );

type Read = (window: Window, sites: readonly string[], page: Page) => Promise<Paged<object>>;

async function pulled(c: C, asked: Pull, dataset: Dataset, read: Read) {
  const window = readWindow(asked.from, asked.to);
  if (!window.ok) return fail(c, 400, "bad_field", `check ${window.error.field}`, [window.error]);
  const { programme } = c.var.key;
  // A key for this door names one: a rule of its table.
  if (programme === null) return fail(c, 403, "not_allowed", "this key is of no programme");
  const page = { page: asked.page, size: asked.page_size };
  const { total, rows } = await read(window.value, programme.sites, page);
  return c.json({
    dataset,
    program: programme.code,
    country: c.env.COUNTRY,
    from: iso(window.value.from),
    to: iso(window.value.to),
    page: page.page,
    page_size: page.size,
    total,
    count: rows.length,
    data: rows,
    next_page: page.page * page.size < total && page.page < PAGE_MAX ? nextPage(c, dataset, window.value, page) : null,
  });
}

/** With the country before the path: so it leads here also on a host that several countries share. */
function nextPage(c: C, dataset: Dataset, { from, to }: Window, { page, size }: Page): string {
  const next = new URL(`/${c.env.COUNTRY.toLowerCase()}/api/odyssey/v1/${dataset}`, c.req.url);
  next.search = new URLSearchParams({
    ...{ from: iso(from), to: iso(to) },
    ...{ page: String(page + 1), page_size: String(size) },
  }).toString();
  return next.href;
}

const iso = (at: number) => new Date(at).toISOString();
