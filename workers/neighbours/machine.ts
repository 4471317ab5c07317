import { Hono } from "hono";
import { z } from "zod";
import { isDay } from "../../src/domain/local-day.ts";
import { MACHINE_PAGE_MAX, machineDays, machinePayments, machineTickets } from "../../src/queries/machine.ts";
import { webhookDeliveries } from "../../src/queries/webhooks.ts";
import { query } from "../body.ts";
import type { Env } from "../env.ts";
import { allowKey, type KeyHolder } from "../key-door.ts";
import { logPlace, placeOfLogged } from "../log-place.ts";
import { readerOf } from "../ports.ts";
import { queryNumber } from "../query-number.ts";

const DAYS_MAX = 31;
const DAY_MS = 86_400_000;

const limit = queryNumber(1, MACHINE_PAGE_MAX).default(MACHINE_PAGE_MAX);
const number = queryNumber(0, Number.MAX_SAFE_INTEGER).default(0);
const instant = z.iso.datetime({ offset: true, error: "an instant, as 2026-11-03T12:00:00Z" }).transform(Date.parse);
/** Where the page before ended: an instant in ms and a receipt, as `next` said. */
const place = z
  .string()
  .regex(/^\d{1,15}~.{1,300}$/, "`next` of the page before")
  .transform((text) => ({ paidAt: Number(text.split("~")[0]), receipt: text.slice(text.indexOf("~") + 1) }));

const PaymentsQuery = z
  .strictObject({ from: instant, to: instant, after: place.optional(), limit })
  .refine(({ from, to }) => from < to, { path: ["to"], message: "an instant after from" })
  .refine(({ from, to }) => to - from <= DAYS_MAX * DAY_MS, {
    path: ["to"],
    message: `at most ${DAYS_MAX} days after from`,
  });
const DaysQuery = z.strictObject({
  day: z.string().refine(isDay, "a day, as 2026-11-03"),
  after: z.string().max(7).default(""),
  limit,
});
const LogQuery = z.strictObject({ after: logPlace.optional(), limit });
const NumberedQuery = z.strictObject({ after: number, limit });

/** One more than is answered is asked for: whether there is a next page is known then. */
const paged = <Row>(rows: Row[], size: number, placeOf: (row: Row) => string | number) => {
  const page = rows.slice(0, size);
  const last = page.at(-1);
  return { rows: page, next: rows.length > size && last !== undefined ? placeOf(last) : null };
};

/** What other systems read with a key of their own (docs/neighbours.md): whole minor units and watt-hours, instants in ms. */
export const machine = new Hono<{ Bindings: Env; Variables: KeyHolder }>()
  .get("/payments", allowKey("payments.read"), query(PaymentsQuery), async (c) => {
    const { after = null, limit: size, ...window } = c.req.valid("query");
    const rows = await machinePayments(readerOf(c.env), window, after, size + 1);
    return c.json({
      country: c.env.COUNTRY,
      ...paged(rows, size, ({ paidAt, receipt }) => `${paidAt}~${receipt}`),
    });
  })
  .get("/readings", allowKey("readings.read"), query(DaysQuery), async (c) => {
    const { day, after, limit: size } = c.req.valid("query");
    const rows = await machineDays(readerOf(c.env), day, after, size + 1);
    return c.json({ country: c.env.COUNTRY, day, ...paged(rows, size, ({ account }) => account) });
  })
  .get("/tickets", allowKey("tickets.read"), query(NumberedQuery), async (c) => {
    const { after, limit: size } = c.req.valid("query");
    const rows = await machineTickets(readerOf(c.env), after, size + 1);
    return c.json({ country: c.env.COUNTRY, ...paged(rows, size, ({ ticket }) => ticket) });
  })
  .get("/webhook-deliveries", allowKey("webhooks.read"), query(LogQuery), async (c) => {
    const { after = null, limit: size } = c.req.valid("query");
    const rows = await webhookDeliveries(readerOf(c.env), { endpoint: "", state: "", after }, size + 1);
    return c.json({ country: c.env.COUNTRY, ...paged(rows, size, placeOfLogged) });
  });
