import type { TicketCategory, TicketClass, TicketPriority, TicketSource, TicketState } from "../domain/ticket.ts";
import type { Reader } from "../ports/reader.ts";
import { asked } from "./sms-inbox.ts";
import { ms } from "./sql.ts";

export const TICKETS_PAGE_MAX = 100;
/** Lines of a ticket's history that are read; the newest where there are more. */
const EVENTS_MAX = 500;
const ASSIGNEES_MAX = 500;

export type TicketListed = {
  ticketId: number;
  key: string;
  class: TicketClass;
  category: TicketCategory;
  priority: TicketPriority;
  state: TicketState;
  source: TicketSource;
  rule: string | null;
  caseKey: string | null;
  site: string | null;
  account: string | null;
  customerId: number | null;
  customer: string | null;
  phone: string | null;
  summary: string;
  reportedBy: string;
  assignedTo: string | null;
  openedAt: number;
  failedAt: number | null;
  resolvedAt: number | null;
  cause: string | null;
  resolution: string | null;
  version: number;
};
export type TicketEvent = {
  eventId: number;
  kind: "opened" | "comment" | "assigned" | "changed" | "resolved" | "reopened";
  actor: string;
  details: Record<string, unknown>;
  at: number;
};
export type TicketsFilter = {
  /** A state; `unresolved`: any but resolved. Null: any. */
  state: TicketState | "unresolved" | null;
  assignedTo: string | null;
  site: string | null;
  class: TicketClass | null;
  category: TicketCategory | null;
  priority: TicketPriority | null;
  account: string | null;
  customerId: number | null;
  /** Part of what it says, or its number as T12. */
  text: string | null;
  /** Opened, UTC ms: from included, to not. */
  from: number | null;
  to: number | null;
};

const SELECT = `SELECT t.id AS "ticketId", t.ticket_key AS key, t.ticket_class AS class, t.category, t.priority, t.state, t.source, t.rule,
    t.case_key AS "caseKey", t.site_code AS site, a.account_number AS account, c.id AS "customerId", c.name AS customer, t.phone,
    t.summary, t.reported_by AS "reportedBy", t.assigned_to AS "assignedTo", ${ms("t.opened_at", '"openedAt"')},
    ${ms("t.failed_at", '"failedAt"')}, ${ms("t.resolved_at", '"resolvedAt"')}, t.cause, t.resolution, t.version
  FROM tickets t LEFT JOIN accounts a ON a.id = t.account_id LEFT JOIN customers c ON c.id = a.customer_id`;

/** Tickets, the newest first, a page before a number. */
export function listTickets(
  db: Reader,
  filter: TicketsFilter,
  before: number | null,
  limit: number,
): Promise<TicketListed[]> {
  const params: string[] = [];
  const where = asked(
    [
      ["t.id < ?::bigint", before],
      filter.state === "unresolved" ? ["t.state <> ?::text", "resolved"] : ["t.state = ?::text", filter.state],
      ["t.assigned_to = ?::text", filter.assignedTo],
      ["t.site_code = ?::text", filter.site],
      ["t.ticket_class = ?::text", filter.class],
      ["t.category = ?::text", filter.category],
      ["t.priority = ?::text", filter.priority],
      ["a.account_number = ?::text", filter.account],
      ["c.id = ?::bigint", filter.customerId],
      ["(position(lower(?::text) IN lower(t.summary)) > 0 OR 'T' || t.id = upper(?::text))", filter.text],
      ["t.opened_at >= cc_at(?::bigint)", filter.from],
      ["t.opened_at < cc_at(?::bigint)", filter.to],
    ],
    params,
  );
  params.push(String(limit));
  return db.read<TicketListed>(`${SELECT} WHERE true${where} ORDER BY t.id DESC LIMIT $${params.length}::int`, params);
}

export const findTicket = async (db: Reader, ticketId: number): Promise<TicketListed | null> =>
  (await db.read<TicketListed>(`${SELECT} WHERE t.id = $1::bigint`, [String(ticketId)]))[0] ?? null;

export const ticketOfKey = async (db: Reader, key: string): Promise<TicketListed | null> =>
  (await db.read<TicketListed>(`${SELECT} WHERE t.ticket_key = $1::text`, [key]))[0] ?? null;

/** What became of a ticket, in order. */
export const ticketEvents = (db: Reader, ticketId: number): Promise<TicketEvent[]> =>
  db.read<TicketEvent>(
    `SELECT * FROM (SELECT e.id AS "eventId", e.kind, e.actor, e.details, ${ms("e.at", "at")} FROM ticket_events e
      WHERE e.ticket_id = $1::bigint ORDER BY e.id DESC LIMIT ${EVENTS_MAX}) AS newest ORDER BY "eventId"`,
    [String(ticketId)],
  );

export type TicketMirror = {
  omId: string | null;
  omStatus: string | null;
  error: string | null;
  /** When it is tried again; null: not as it is. */
  nextAt: number | null;
};
/** How the ticket stands in the O&M system; null: it is not mirrored. */
export const ticketMirror = async (db: Reader, ticketId: number): Promise<TicketMirror | null> =>
  (
    await db.read<TicketMirror>(
      `SELECT m.om_id AS "omId", m.om_status AS "omStatus", m.error, CASE WHEN m.error IS NOT NULL AND m.attempts > 0 THEN cc_ms(m.next_at) END AS "nextAt"
      FROM om_mirrors m WHERE m.ticket_id = $1::bigint`,
      [String(ticketId)],
    )
  )[0] ?? null;

/** How many wait, by site and priority, and since when the oldest. */
export const openTicketCounts = (db: Reader) =>
  db.read<{ site: string | null; priority: TicketPriority; count: number; oldestAt: number }>(
    `SELECT t.site_code AS site, t.priority, count(*) AS count, ${ms("min(t.opened_at)", '"oldestAt"')} FROM tickets t
    WHERE t.state <> 'resolved' GROUP BY t.site_code, t.priority ORDER BY t.priority, t.site_code`,
  );

/** Who may be given a ticket: whoever works here now. `name` as it stands in the ticket is `actor`. */
export const ticketAssignees = (db: Reader) =>
  db.read<{ staffId: number; name: string; actor: string }>(
    `SELECT s.id AS "staffId", s.name, 'staff:' || s.id || ' ' || s.email AS actor FROM staff s
    WHERE s.active ORDER BY s.name, s.id LIMIT ${ASSIGNEES_MAX}`,
  );

/** The newest unresolved ticket of a phone (digits alone) whose key begins so; null: there is none. */
export const openTicketOf = async (
  db: Reader,
  phone: string,
  keyPrefix: string,
): Promise<{ ticketId: number; key: string } | null> =>
  (
    await db.read<{ ticketId: number; key: string }>(
      `SELECT t.id AS "ticketId", t.ticket_key AS key FROM tickets t
        WHERE t.phone = $1::text AND t.state <> 'resolved' AND starts_with(t.ticket_key, $2::text) ORDER BY t.opened_at DESC, t.id DESC LIMIT 1`,
      [phone, keyPrefix],
    )
  )[0] ?? null;

/** When the newest ticket of a phone under this key, or under it and an instant, was resolved, UTC ms; null: there is none. */
export const resolvedAtOf = async (db: Reader, phone: string, key: string): Promise<number | null> =>
  (
    await db.read<{ at: number | null }>(
      `SELECT cc_ms(max(t.resolved_at)) AS at FROM tickets t
        WHERE t.phone = $1::text AND (t.ticket_key = $2::text OR starts_with(t.ticket_key, $2::text || ':'))`,
      [phone, key],
    )
  )[0]?.at ?? null;
