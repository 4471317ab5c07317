import { Hono } from "hono";
import { z } from "zod";
import { averageDayWh, WINDOWS } from "../../src/domain/energy-window.ts";
import { energyWindow } from "../../src/queries/my-energy.ts";
import { MY_PAYMENTS_MAX, myPayments } from "../../src/queries/my-payments.ts";
import { type ActingCustomer, allowCustomer } from "../allow.ts";
import { query } from "../body.ts";
import type { Env } from "../env.ts";
import { fail } from "../errors.ts";
import { clockOf, countryOf, readerOf } from "../ports.ts";
import { queryNumber } from "../query-number.ts";

const PAGE_DEFAULT = 10;

const EnergyQuery = z.object({ window: z.enum(WINDOWS, `one of ${WINDOWS.join(", ")}`).default("7d") });
const whole = (most: number) => queryNumber(1, most);
const PaymentsQuery = z.object({
  before: whole(Number.MAX_SAFE_INTEGER).optional(),
  limit: whole(MY_PAYMENTS_MAX).default(PAGE_DEFAULT),
});

/** The own account's figures: what it used, and what was paid. No other account can be named. */
export const myData = new Hono<{ Bindings: Env; Variables: ActingCustomer }>()
  .get("/energy", allowCustomer(), query(EnergyQuery), async (c) => {
    const { window } = c.req.valid("query");
    const { account } = c.get("customer");
    const { timeZone, utcOffsetMinutes } = countryOf(c.env);
    const now = clockOf(c.env).now();
    const energy = await energyWindow(readerOf(c.env), { account, window, now, timeZone, utcOffsetMinutes });
    if (energy === null) return fail(c, 404, "unknown", "no such account here");
    const average = window === "30d" ? averageDayWh(energy) : null;
    return c.json({ account, asOf: now, timeZone, utcOffsetMinutes, averageDayWh: average, ...energy });
  })
  .get("/payments", allowCustomer(), query(PaymentsQuery), async (c) => {
    const { before = null, limit } = c.req.valid("query");
    const { account } = c.get("customer");
    const page = await myPayments(readerOf(c.env), { account, before, limit });
    return c.json({ account, asOf: clockOf(c.env).now(), ...page });
  });
