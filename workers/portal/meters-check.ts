import { Hono } from "hono";
import { z } from "zod";
import { CHECK_DAYS_MAX, checkPairs, PAIRS_PAGE_MAX } from "../../src/queries/check-meters.ts";
import { allow } from "../allow.ts";
import { query } from "../body.ts";
import type { Env } from "../env.ts";
import { clockOf, readerOf } from "../ports.ts";

const DAYS_DEFAULT = 30;

const Query = z.object({
  days: z.coerce.number().int().min(1).max(CHECK_DAYS_MAX).default(DAYS_DEFAULT),
  cursor: z
    .string()
    .regex(/^\d{4}[A-Z]{3}\/[^/\s]{1,60}$/, "the `next` of the page before")
    .optional(),
});

/** `GET /api/meters/check-comparison?days=30`: each check meter beside the primary meter of its account, a page a call. */
export const metersCheck = new Hono<{ Bindings: Env }>().get(
  "/check-comparison",
  allow("meters.read"),
  query(Query),
  async (c) => {
    const { days, cursor } = c.req.valid("query");
    const now = clockOf(c.env).now();
    const [account, checkMeter] = cursor?.split("/") ?? [];
    const after = account === undefined || checkMeter === undefined ? null : { account, checkMeter };
    const pairs = await checkPairs(readerOf(c.env), { now, days, after });
    const last = pairs.length === PAIRS_PAGE_MAX ? pairs.at(-1) : undefined;
    return c.json({ days, asOf: now, pairs, next: last === undefined ? null : `${last.account}/${last.checkMeter}` });
  },
);
