import { Hono } from "hono";
import { z } from "zod";
import { dayStart, isDay, localDay } from "../../src/domain/local-day.ts";
import { omConsumption, omOverview, siteStatus } from "../../src/domain/neighbour-figures.ts";
import { countrySize, siteConnections, usedWh } from "../../src/queries/neighbour-figures.ts";
import { query } from "../body.ts";
import type { Env } from "../env.ts";
import { allowKey, type KeyHolder } from "../key-door.ts";
import { clockOf, countryOf, readerOf } from "../ports.ts";

/** Before it no meter of ours was read: what is asked for up to a day is all that was ever used. */
const FIRST_DAY = "2000-01-01";
const DAY_MS = 86_400_000;

const day = z.string().refine(isDay, "a day, as 2026-11-03");
const OverviewQuery = z.strictObject({ as_of: day.optional() });
const ConsumptionQuery = z
  .strictObject({ start: day, end: day })
  .refine(({ start, end }) => start <= end, { path: ["end"], message: "a day not before start" });
const NoQuery = z.strictObject({});

const INTEGRATION = allowKey("figures.read", "X-CC-Integration-Key");
const COSTS = allowKey("figures.read", "X-API-Key");

/** The addresses at which other systems of the company have always asked, with keys of their own (docs/neighbours.md). */
export const figures = new Hono<{ Bindings: Env; Variables: KeyHolder }>()
  .get("/integration/om/overview", INTEGRATION, query(OverviewQuery), async (c) => {
    const { asOf, endsAt } = dayAsked(c.env, c.req.valid("query").as_of);
    const db = readerOf(c.env);
    const [rows, wh] = await Promise.all([siteConnections(db, endsAt), usedWh(db, FIRST_DAY, asOf)]);
    return c.json(omOverview(asOf, rows, wh));
  })
  .get("/integration/om/consumption", INTEGRATION, query(ConsumptionQuery), async (c) => {
    const { start, end } = c.req.valid("query");
    return c.json(omConsumption(start, end, await usedWh(readerOf(c.env), start, end)));
  })
  .get("/integration/doe/site-status", INTEGRATION, query(NoQuery), async (c) => {
    const { asOf, endsAt } = dayAsked(c.env, undefined);
    return c.json(siteStatus(asOf, await siteConnections(readerOf(c.env), endsAt)));
  })
  .get("/admin/cost-signals", COSTS, query(NoQuery), async (c) => {
    const now = clockOf(c.env).now();
    const { customers, meters, databaseBytes } = await countrySize(readerOf(c.env), now);
    return c.json({
      country_code: c.env.COUNTRY,
      active_customers: customers,
      active_meters: meters,
      db_size_bytes: databaseBytes,
      generated_at: new Date(now).toISOString(),
    });
  });

/** A local day, today where none is asked for, and the instant up to which it counts: its end, or now. */
function dayAsked(env: Env, asked: string | undefined): { asOf: string; endsAt: number } {
  const now = clockOf(env).now();
  const { utcOffsetMinutes } = countryOf(env);
  const asOf = asked ?? localDay(now, utcOffsetMinutes);
  return { asOf, endsAt: Math.min(now, dayStart(asOf, utcOffsetMinutes) + DAY_MS - 1) };
}
