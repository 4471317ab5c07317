import { energyOfPosting } from "../domain/fees/sold-later.ts";
import type { Reader } from "../ports/reader.ts";
import { ms } from "./sql.ts";

/** Rows of one page. */
export const MACHINE_PAGE_MAX = 500;

export type MachineHolder = { holder: string; account: string | null; amountMinor: number; energyWh: number | null };
export type MachinePayment = {
  receipt: string;
  generation: number;
  provider: string;
  road: string;
  amountMinor: number;
  currency: string;
  paidAt: number;
  blocked: boolean;
  holders: MachineHolder[];
};

/** Receipts that were paid from `from` up to before `to` (UTC ms), in that order, after (paidAt, receipt); who holds each now. */
export const machinePayments = (
  db: Reader,
  { from, to }: { from: number; to: number },
  after: { paidAt: number; receipt: string } | null,
  limit: number,
): Promise<MachinePayment[]> =>
  db.read<MachinePayment>(
    `SELECT p.receipt, p.generation, p.provider, p.road, p.amount_minor AS "amountMinor", p.currency, ${ms("p.paid_at", '"paidAt"')}, p.blocked,
      (SELECT coalesce(json_agg(json_build_object('holder', l.holder_kind, 'account', a.account_number, 'amountMinor', l.amount_minor,
          'energyWh', ${energyOfPosting("l.entry_key")})
          ORDER BY l.share), '[]')
        FROM payment_allocations l LEFT JOIN accounts a ON a.id = l.account_id
        WHERE l.receipt = p.receipt AND l.generation = p.generation) AS holders
    FROM (SELECT * FROM payments q WHERE q.paid_at >= cc_at($1::bigint) AND q.paid_at < cc_at($2::bigint) AND q.generation >= 1
        AND ($3::text = '' OR (q.paid_at, q.receipt) > (cc_at(nullif($3::text, '')::bigint), $4::text))
      ORDER BY q.paid_at, q.receipt LIMIT $5::int) p
    ORDER BY p.paid_at, p.receipt`,
    [String(from), String(to), String(after?.paidAt ?? ""), after?.receipt ?? "", String(limit)],
  );

export type MachineDay = { account: string; site: string; energyWh: number; hours: number; estimatedHours: number };

/** What accounts used on a local day, by account, after `after` (the empty text: from the first). No row: nobody knows. */
export const machineDays = (db: Reader, day: string, after: string, limit: number): Promise<MachineDay[]> =>
  db.read<MachineDay>(
    `SELECT a.account_number AS account, m.site_code AS site, m.energy_wh AS "energyWh", m.hours, m.estimated_hours AS "estimatedHours"
    FROM metered_days m JOIN accounts a ON a.id = m.account_id WHERE m.day = $1::date AND a.account_number > $2::text
    ORDER BY a.account_number LIMIT $3::int`,
    [day, after, String(limit)],
  );

export type MachineTicket = {
  ticket: number;
  state: string;
  class: string;
  category: string;
  priority: string;
  site: string | null;
  account: string | null;
  openedAt: number;
  resolvedAt: number | null;
};

/** Tickets by their number, after `after`; without what people wrote in them. */
export const machineTickets = (db: Reader, after: number, limit: number): Promise<MachineTicket[]> =>
  db.read<MachineTicket>(
    `SELECT t.id AS ticket, t.state, t.ticket_class AS class, t.category, t.priority, t.site_code AS site, a.account_number AS account,
      ${ms("t.opened_at", '"openedAt"')}, ${ms("t.resolved_at", '"resolvedAt"')}
    FROM tickets t LEFT JOIN accounts a ON a.id = t.account_id WHERE t.id > $1::bigint ORDER BY t.id LIMIT $2::int`,
    [String(after), String(limit)],
  );
