import { Hono } from "hono";
import { z } from "zod";
import { neonMeterDays } from "../../src/adapters/neon/meter-days.ts";
import { neonSourcePriorities } from "../../src/adapters/neon/source-priorities.ts";
import { neonVendorSites } from "../../src/adapters/neon/vendor-sites.ts";
import { IMPORT_SOURCES } from "../../src/domain/imports/source.ts";
import { ASKABLE, UNITS_ASKED_MAX, unitsBetween } from "../../src/domain/imports/units-of.ts";
import { DAY_MS, dayNamed } from "../../src/domain/imports/vendor-day.ts";
import { MAP_ROWS_MAX, meterDaysBetween } from "../../src/queries/meter-days.ts";
import { recordAct } from "../act.ts";
import { type Acting, allow } from "../allow.ts";
import { json, limited, query, saysJson } from "../body.ts";
import type { Env } from "../env.ts";
import { fail } from "../errors.ts";
import { sendUnits } from "../jobs/claim-imports.ts";
import { clockOf, databaseOf, readerOf } from "../ports.ts";
import { importFeedOf } from "../vendors.ts";
import { reason } from "./fields.ts";

const MAP_DAYS_MAX = 100;
const MAP_DAYS_DEFAULT = 14;
/** Messages that a queue takes in one call. */
const SENT_MAX = 100;

const day = z.iso.date("a day, as 2026-11-03");
const site = z.string().regex(/^[A-Z]{3}$/, "three capital letters");
const MapQuery = z.object({ from: day.optional(), to: day.optional(), site: site.optional() });
const FetchBody = z
  .object({
    from: day,
    to: day,
    site: site.nullish(),
    source: z.enum(ASKABLE as [string, ...string[]], `one of ${ASKABLE.join(", ")}`),
    /** Also days that are complete. */
    again: z.boolean().default(false),
    /** False: only makes and names the units; whoever asks fetches them step by step. */
    queue: z.boolean().default(true),
    reason,
  })
  .refine(({ from, to }) => from <= to, { path: ["to"], message: "a day not before `from`" });
const PriorityBody = z.object({
  sources: z
    .array(z.enum(IMPORT_SOURCES))
    .min(1)
    .refine((sources) => new Set(sources).size === sources.length, "each source once"),
  reason,
});
const SCOPE = /^(country|[A-Z]{3}|\d{4}[A-Z]{3})$/;

/** What is in of each site's days, and what is to be fetched again. */
export const imports = new Hono<{ Bindings: Env; Variables: Acting }>()
  .get("/days", allow("meters.read"), query(MapQuery), async (c) => {
    const now = clockOf(c.env).now();
    const { to = dayNamed(now), ...asked } = c.req.valid("query");
    const from = asked.from ?? dayNamed(Date.parse(to) - (MAP_DAYS_DEFAULT - 1) * DAY_MS);
    if (from > to || Date.parse(to) - Date.parse(from) >= MAP_DAYS_MAX * DAY_MS)
      return fail(c, 400, "bad_field", "check from", [
        { field: "from", value: from, expected: `not after \`to\`, and within ${MAP_DAYS_MAX} days before it` },
      ]);
    const days = await meterDaysBetween(readerOf(c.env), from, to, asked.site ?? null, now);
    return c.json({ asOf: now, from, to, days, isCut: days.length === MAP_ROWS_MAX });
  })
  .post("/fetch", allow("meters.write"), limited, saysJson, json(FetchBody), async (c) => {
    const { from, to, again, queue, reason: because, ...asked } = c.req.valid("json");
    const source = ASKABLE.find((each) => each === asked.source) ?? "koios";
    if (importFeedOf(c.env, source) === null)
      return fail(c, 409, "no_such_source", `this country does not have ${source}: its settings are not there`);
    const now = clockOf(c.env).now();
    const sites = (await neonVendorSites(databaseOf(c.env)).list()).filter(
      (each) => (asked.site ?? each.site) === each.site,
    );
    if (sites.length === 0) return fail(c, 404, "unknown_site", "no such site has its meters at a vendor");
    const units = unitsBetween(sites, source, from, to, now);
    if (units === null)
      return fail(
        c,
        422,
        "too_many",
        `these are more than ${UNITS_ASKED_MAX} site-days: ask for fewer days, or for one site`,
      );
    await recordAct(c, "import.fetch", `import:${asked.site ?? "all"}`, { from, to, source, again }, because);
    const known = await neonMeterDays(databaseOf(c.env)).ask(units, again, now);
    const waiting = known.filter(({ complete }) => !complete);
    if (queue)
      for (let at = 0; at < waiting.length; at += SENT_MAX)
        await sendUnits(
          c.env,
          waiting
            .slice(at, at + SENT_MAX)
            .map(({ complete: _complete, ...unit }) => ({ ...unit, freshAt: null, sentAt: now })),
        );
    return c.json({ units: known, complete: known.length - waiting.length, waiting: waiting.length, queued: queue });
  })
  .get("/priorities", allow("meters.read"), async (c) =>
    c.json({ standard: IMPORT_SOURCES, priorities: await neonSourcePriorities(databaseOf(c.env)).list() }),
  )
  .put("/priorities/:scope", allow("meters.write"), limited, saysJson, json(PriorityBody), async (c) => {
    const scope = c.req.param("scope");
    if (!SCOPE.test(scope))
      return fail(c, 400, "bad_field", "check scope", [
        { field: "scope", value: scope.slice(0, 20), expected: "country, a site as MAT, or an account as 0045MAT" },
      ]);
    const { sources, reason: because } = c.req.valid("json");
    await recordAct(c, "import.prioritise", `import:${scope}`, { sources }, because);
    await neonSourcePriorities(databaseOf(c.env)).put(scope, sources, clockOf(c.env).now());
    return c.json({ scope, sources });
  });
