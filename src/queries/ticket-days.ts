import type { TicketClass } from "../domain/ticket.ts";
import type { Reader } from "../ports/reader.ts";
import { ms } from "./sql.ts";

/** Local days of which it is said how many were opened and resolved, the running one last. */
export const TICKET_DAYS = 30;

/** What is open at a site, by class; site "": of no site. */
export type OpenTickets = { site: string; class: TicketClass; open: number; urgent: number; oldestAt: number };
/** What was opened and what was resolved on a local day at a site; a day without either is not there. */
export type TicketDay = { site: string; day: string; opened: number; resolved: number };

export const openTickets = (db: Reader): Promise<OpenTickets[]> =>
  db.read<OpenTickets>(
    `SELECT coalesce(t.site_code, '') AS site, t.ticket_class AS class, count(*)::int AS open,
      count(*) FILTER (WHERE t.priority = 'P1')::int AS urgent, ${ms("min(t.opened_at)", '"oldestAt"')}
    FROM tickets t WHERE t.state <> 'resolved' GROUP BY 1, 2 ORDER BY 1, 2`,
  );

export const ticketDays = (db: Reader, order: { now: number; timeZone: string }): Promise<TicketDay[]> =>
  db.read<TicketDay>(
    `WITH since AS (SELECT (cc_at($1::bigint) AT TIME ZONE $2::text)::date - ${TICKET_DAYS - 1} AS day), steps AS (
      SELECT coalesce(t.site_code, '') AS site, (t.opened_at AT TIME ZONE $2::text)::date AS day, 1 AS opened, 0 AS resolved FROM tickets t
      UNION ALL SELECT coalesce(t.site_code, ''), (t.resolved_at AT TIME ZONE $2::text)::date, 0, 1 FROM tickets t WHERE t.resolved_at IS NOT NULL)
    SELECT s.site, s.day::text AS day, sum(s.opened)::int AS opened, sum(s.resolved)::int AS resolved FROM steps s JOIN since ON s.day >= since.day
    GROUP BY 1, 2 ORDER BY 2, 1`,
    [String(order.now), order.timeZone],
  );
