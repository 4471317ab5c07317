import { Hono } from "hono";
import { z } from "zod";
import { neonVendorSites } from "../../src/adapters/neon/vendor-sites.ts";
import { importRunsOf, RUNS_PAGE_MAX } from "../../src/queries/import-runs.ts";
import { newestHours } from "../../src/queries/meter-days.ts";
import { STALE_MS } from "../../src/services/claim-imports.ts";
import { type Acting, allow } from "../allow.ts";
import { query } from "../body.ts";
import type { Env } from "../env.ts";
import { clockOf, databaseOf, readerOf } from "../ports.ts";
import { queryNumber } from "../query-number.ts";
import { budgetNames, budgetOf, vendorsHere } from "../vendors.ts";

const RunsQuery = z.object({
  site: z
    .string()
    .regex(/^[A-Z]{3}$/, "three capital letters")
    .optional(),
  state: z.enum(["running", "done", "failed"]).optional(),
  /** The last row of the page before. */
  cursor: z
    .string()
    .regex(/^\d{1,15}$/, "the `next` of the page before")
    .transform(Number)
    .optional(),
  limit: queryNumber(1, RUNS_PAGE_MAX).default(50),
});

/** How the vendors fare, how old each site's newest hour is, and what the attempts at days became. */
export const importsHealth = new Hono<{ Bindings: Env; Variables: Acting }>()
  .get("/health", allow("meters.read"), async (c) => {
    const now = clockOf(c.env).now();
    const [budgets, sites, newest] = await Promise.all([
      Promise.all(budgetNames(c.env).map((name) => budgetOf(c.env, name).health())),
      neonVendorSites(databaseOf(c.env)).list(),
      newestHours(readerOf(c.env)),
    ]);
    // Which settings a deployment has is for its operators; here it counts whether they are there.
    const vendors = vendorsHere(c.env).map(({ vendor, configured }) => ({ vendor, configured }));
    const fresh = sites.map(({ site, vendor }) => {
      const newestAt = newest.find((each) => each.site === site)?.newestAt ?? null;
      return { site, vendor, newestAt, isStale: newestAt === null || now - newestAt > STALE_MS };
    });
    return c.json({ asOf: now, vendors, budgets, sites: fresh, staleAfterMs: STALE_MS });
  })
  .get("/runs", allow("meters.read"), query(RunsQuery), async (c) => {
    const { site = null, state = null, cursor = null, limit } = c.req.valid("query");
    const runs = await importRunsOf(readerOf(c.env), { site, state, before: cursor, limit });
    return c.json({ runs, next: runs.length === limit ? (runs.at(-1)?.id ?? null) : null });
  });
