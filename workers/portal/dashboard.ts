import { Hono } from "hono";
import { localDay } from "../../src/domain/local-day.ts";
import { keptFor } from "../../src/queries/kept.ts";
import { type Owed, owedBesideEnergy } from "../../src/queries/owed.ts";
import { type SiteDays, siteDays } from "../../src/queries/site-days.ts";
import { type OpenTickets, openTickets, type TicketDay, ticketDays } from "../../src/queries/ticket-days.ts";
import { waiting } from "../../src/queries/waiting.ts";
import { type Acting, allow } from "../allow.ts";
import type { Env } from "../env.ts";
import { clockOf, countryOf, readerOf } from "../ports.ts";

/** It adds up a month's payments and looks at every meter: whoever looks meanwhile sees the sums of a moment ago, and as of when. */
const DAYS_MS_MAX = 20_000;

/** One country a deployment, so one answer an isolate. */
const kept = keptFor<SiteDays>(DAYS_MS_MAX);
const keptTickets = keptFor<{ open: OpenTickets[]; days: TicketDay[] }>(DAYS_MS_MAX);
/** It adds up all that was ever owed. */
const OWED_MS_MAX = 60_000;
const keptOwed = keptFor<Owed[]>(OWED_MS_MAX);

/** The first screen: each site day by day, and what waits for a person. */
export const dashboard = new Hono<{ Bindings: Env; Variables: Acting }>()
  .get("/", allow("reports.read"), async (c) => {
    const now = clockOf(c.env).now();
    const db = readerOf(c.env);
    const { asOf, value } = await kept(now, () => siteDays(db, { now, timeZone: countryOf(c.env).timeZone }));
    return c.json({ asOf, ...value });
  })
  .get("/owed", allow("reports.read"), async (c) => {
    const { asOf, value } = await keptOwed(clockOf(c.env).now(), () => owedBesideEnergy(readerOf(c.env)));
    return c.json({ asOf, isOn: countryOf(c.env).features.fees, owed: value });
  })
  .get("/waiting", allow("reports.read"), async (c) => {
    const asOf = clockOf(c.env).now();
    return c.json({ asOf, waiting: await waiting(readerOf(c.env)) });
  })
  .get("/tickets", allow("tickets.read"), async (c) => {
    const now = clockOf(c.env).now();
    const { timeZone, utcOffsetMinutes } = countryOf(c.env);
    const db = readerOf(c.env);
    const { asOf, value } = await keptTickets(now, async () => {
      const [open, days] = await Promise.all([openTickets(db), ticketDays(db, { now, timeZone })]);
      return { open, days };
    });
    return c.json({ asOf, today: localDay(asOf, utcOffsetMinutes), ...value });
  });
