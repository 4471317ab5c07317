import { Hono } from "hono";
import { z } from "zod";
import { CHECK_HOURS_DAYS_MAX, checkHours } from "../../src/queries/check-hours.ts";
import { CHECK_DAYS_MAX, checkPairs, PAIRS_PAGE_MAX } from "../../src/queries/check-meters.ts";
import { allow } from "../allow.ts";
import { query } from "../body.ts";
import type { Env } from "../env.ts";
import { clockOf, readerOf } from "../ports.ts";
import { queryNumber } from "../query-number.ts";
import { accountField, meterField } from "./fields.ts";

const DAYS_DEFAULT = 30;

const Query = z.object({
  days: queryNumber(1, CHECK_DAYS_MAX).default(DAYS_DEFAULT),
  cursor: z
    .string()
    .regex(/^\d{4}[A-Z]{3}\/[^/\s]{1,60}$/, "the `next` of the page before")
    .optional(),
});

const HoursQuery = z.object({
  account: accountField,
  check: meterField,
  primary: meterField,
  days: queryNumber(1, CHECK_HOURS_DAYS_MAX).default(7),
});

/** Each check meter beside the primary meter of its account, a page a call; and the hours of one such pair. */
export const metersCheck = new Hono<{ Bindings: Env }>()
  .get("/check-comparison", allow("meters.read"), query(Query), async (c) => {
    const { days, cursor } = c.req.valid("query");
    const now = clockOf(c.env).now();
    const [account, checkMeter] = cursor?.split("/") ?? [];
    const after = account === undefined || checkMeter === undefined ? null : { account, checkMeter };
    const pairs = await checkPairs(readerOf(c.env), { now, days, after });
    const last = pairs.length === PAIRS_PAGE_MAX ? pairs.at(-1) : undefined;
    return c.json({ days, asOf: now, pairs, next: last === undefined ? null : `${last.account}/${last.checkMeter}` });
  })
  .get("/check-hours", allow("meters.read"), query(HoursQuery), async (c) => {
    const { account, check: checkMeter, primary: primaryMeter, days } = c.req.valid("query");
    const now = clockOf(c.env).now();
    const hours = await checkHours(readerOf(c.env), { account, checkMeter, primaryMeter }, { now, days });
    return c.json({ asOf: now, days, hours });
  });
