import { soldLaterOf } from "../domain/fees/sold-later.ts";
import type { Reader } from "../ports/reader.ts";

/** Accounts of one page, and local days of one question. */
export const PARALLEL_ACCOUNTS_MAX = 500;
export const PARALLEL_DAYS_MAX = 31;

/** What these books say of an account on a local day on which something happened. */
export type BooksDay = {
  day: string;
  payments: number;
  amountMinor: number;
  /** Energy of payments of the day, less what was taken back and with what was sold later for one of them: as reports count it. */
  creditedWh: number;
  /** After the day's last entry; null: the day has none. */
  balanceWh: number | null;
};
/** `beforeWh`: the balance as the first day begins. */
export type BooksDays = { account: string; beforeWh: number; days: BooksDay[] };

/** Accounts after `after`, in order of their numbers. */
export const booksDays = (
  db: Reader,
  { after, from, to, timeZone }: { after: string; from: string; to: string; timeZone: string },
) => db.read<BooksDays>(DAYS, [after, from, to, timeZone]);

const DAYS = `WITH page AS (
    SELECT id, account_number FROM accounts WHERE account_number > $1::text ORDER BY 2 LIMIT ${PARALLEL_ACCOUNTS_MAX}
  ), times AS (
    SELECT $2::date::timestamp AT TIME ZONE $4::text AS begins, ($3::date + 1)::timestamp AT TIME ZONE $4::text AS ends
  ), paid AS (
    SELECT l.account_id, (p.paid_at AT TIME ZONE $4::text)::date AS day, count(*) AS payments,
      sum(l.amount_minor)::bigint AS amount_minor
    FROM times t JOIN payments p ON p.paid_at >= t.begins AND p.paid_at < t.ends
      JOIN payment_allocations l ON l.receipt = p.receipt AND l.generation = p.generation AND l.holder_kind = 'account'
    WHERE l.account_id IN (SELECT id FROM page) GROUP BY 1, 2
  ), entries AS (
    SELECT e.account_id, (e.occurred_at AT TIME ZONE $4::text)::date AS day,
      sum(CASE WHEN e.book = 'customer_energy' AND e.kind = 'payment' AND e.entry_key !~ '/energy[.][0-9]+$'
        THEN e.energy_wh + coalesce(b.energy_wh, 0) + coalesce(x.energy_wh, 0) ELSE 0 END)::bigint AS credited_wh,
      (array_agg(e.balance_after_wh ORDER BY e.seq DESC))[1] AS balance_wh
    FROM times t JOIN ledger_entries e ON e.occurred_at >= t.begins AND e.occurred_at < t.ends
      LEFT JOIN LATERAL (SELECT r.energy_wh FROM ledger_entries r WHERE e.kind = 'payment' AND r.entry_key = e.entry_key || ':reversal' OFFSET 0) b ON true
      LEFT JOIN LATERAL (SELECT sum(s.energy_wh) AS energy_wh FROM ${soldLaterOf("e.entry_key")} s WHERE e.kind = 'payment') x ON true
    WHERE e.account_id IN (SELECT id FROM page) GROUP BY 1, 2
  ), days AS (
    SELECT coalesce(d.account_id, e.account_id) AS account_id, json_agg(json_build_object('day', coalesce(d.day, e.day)::text,
      'payments', coalesce(d.payments, 0), 'amountMinor', coalesce(d.amount_minor, 0),
      'creditedWh', coalesce(e.credited_wh, 0), 'balanceWh', e.balance_wh) ORDER BY coalesce(d.day, e.day)) AS days
    FROM paid d FULL JOIN entries e ON e.account_id = d.account_id AND e.day = d.day GROUP BY 1
  )
  SELECT a.account_number AS account, coalesce(b.balance_after_wh, 0) AS "beforeWh", coalesce(d.days, '[]'::json) AS days
  FROM page a CROSS JOIN times t LEFT JOIN days d ON d.account_id = a.id
    LEFT JOIN LATERAL (SELECT e.balance_after_wh FROM ledger_entries e WHERE e.account_id = a.id AND e.occurred_at < t.begins
      ORDER BY e.seq DESC LIMIT 1) AS b ON true
  ORDER BY 1`;
