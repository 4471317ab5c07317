import { energyOfPosting, soldLater } from "../domain/fees/sold-later.ts";
import type { MeteredDay, PaymentShare, Window } from "../domain/odyssey.ts";
import type { Reader } from "../ports/reader.ts";
import { ms } from "./sql.ts";

/** Rows of a page, counted from 1, and how many there are in all. */
export type Page = { page: number; size: number };
export type Paged<T> = { total: number; rows: T[] };

/** The table of payments in the old system: its funders know a payment without a receipt by its number there alone. */
const OLD_TABLE = "transactions";

const WHOSE = `a.account_number AS account, a.site_code AS site, c.id AS "customerId", c.name, c.phones[1] AS phone,
  c.latitude, c.longitude`;

/**
 * Shares of receipts that were paid in the window, $1 to $2, and that an account of the sites $3 holds or held. Of each share the
 * last holder of the programme; whether it is the holder of now says `is_held`. A receipt whose own row has not come yet (generation
 * 0) has no share: the account that posted it holds it whole. What the old system took before the move stands in its own books, by the
 * name under which that system told it; a receipt that is held here is told by ours alone, and one that the old books have twice once.
 */
const SHARES = `paid AS (
    SELECT p.* FROM payments p WHERE p.paid_at >= cc_at($1::bigint) AND p.paid_at < cc_at($2::bigint)
  ), shares AS (
    SELECT DISTINCT ON (p.receipt, l.share) p.receipt, l.share, l.generation = p.generation AS is_held, p.paid_at, l.amount_minor,
      p.currency, p.provider, p.road, l.account_id, l.entry_key, p.receipt AS reference,
      false AS is_old, NULL::bigint AS old_wh
    FROM paid p JOIN payment_allocations l ON l.receipt = p.receipt JOIN accounts a ON a.id = l.account_id
    WHERE p.generation >= 1 AND l.generation <= p.generation AND a.site_code = ANY ($3::text[])
    ORDER BY p.receipt, l.share, l.generation DESC
  ), old AS (
    SELECT DISTINCT ON (coalesce(t.receipt, t.source || ' ' || t.source_id)) t.*, a.id AS account_id, p.provider
    FROM legacy_transactions t JOIN accounts a ON a.account_number = t.account_number LEFT JOIN payments p ON p.receipt = t.receipt
    WHERE t.paid_at >= cc_at($1::bigint) AND t.paid_at < cc_at($2::bigint) AND t.kind = 'payment' AND t.amount_minor > 0
      AND a.site_code = ANY ($3::text[]) AND coalesce(p.holder_kind, 'legacy') = 'legacy'
    ORDER BY coalesce(t.receipt, t.source || ' ' || t.source_id), t.id
  ), listed AS (
    SELECT * FROM shares
    UNION ALL
    SELECT p.receipt, 1, true, p.paid_at, p.amount_minor, p.currency, p.provider, p.road, p.account_id, NULL, p.receipt,
      false, NULL
    FROM paid p JOIN accounts a ON a.id = p.account_id WHERE p.generation = 0 AND a.site_code = ANY ($3::text[])
    UNION ALL
    SELECT coalesce(o.receipt, 'txn-' || CASE o.source WHEN '${OLD_TABLE}' THEN '' ELSE o.source || '-' END || o.source_id), 1, true, o.paid_at,
      o.amount_minor, o.currency, o.provider, 'legacy', o.account_id, NULL, o.receipt, true, o.energy_wh
    FROM old o
  )`;

/** Energy of the posting that a share made; of a receipt without shares whatever it moved; of the old books what they say. */
const ENERGY = `CASE WHEN l.is_old THEN l.old_wh WHEN l.entry_key IS NOT NULL THEN ${energyOfPosting("l.entry_key")}
    ELSE (SELECT sum(s.energy_wh)::bigint FROM (
      SELECT e.energy_wh FROM ledger_entries e WHERE e.receipt = l.receipt AND e.account_id = l.account_id AND e.book = 'customer_energy'
      UNION ALL SELECT x.energy_wh FROM ${soldLater("u.receipt = l.receipt AND u.account_id = l.account_id")} x
        WHERE x.book = 'customer_energy') s) END`;

/** A programme's payments of a window, in the order in which they were paid. Later pages only ever gain rows before them. */
export async function odysseyPayments(
  db: Reader,
  { from, to }: Window,
  sites: readonly string[],
  { page, size }: Page,
): Promise<Paged<PaymentShare>> {
  const params = [String(from), String(to), textArray(sites)];
  const [counted] = await db.read<{ total: number }>(`WITH ${SHARES} SELECT count(*) AS total FROM listed`, params);
  const rows = await db.read<PaymentShare>(
    `WITH ${SHARES}, asked AS MATERIALIZED (
      SELECT * FROM listed ORDER BY paid_at, receipt, share LIMIT $4::int OFFSET $5::bigint
    )
    SELECT l.receipt, l.reference, l.share, l.is_held AS "isHeld", ${ms("l.paid_at", '"paidAt"')}, l.amount_minor AS "amountMinor", l.currency,
      l.provider, l.road, ${ENERGY} AS "energyWh", ${WHOSE},
      (SELECT m.meter_number FROM meter_placements p JOIN meters m ON m.id = p.meter_id
        WHERE p.account_id = l.account_id AND p.role = 'primary' AND p.valid_from <= l.paid_at
          AND coalesce(p.valid_to, 'infinity') > l.paid_at ORDER BY p.valid_from DESC LIMIT 1) AS meter
    FROM asked l JOIN accounts a ON a.id = l.account_id JOIN customers c ON c.id = a.customer_id
    ORDER BY l.paid_at, l.receipt, l.share`,
    [...params, String(size), String((page - 1) * size)],
  );
  return { total: counted?.total ?? 0, rows };
}

/** Accounts of the sites $3 on the days $1, which begin at $2: whoever used something, or had a meter that bills and was not heard. */
const DAYS = `asked AS (
    SELECT d.day, cc_at(d.starts_at) AS starts_at, cc_at(d.starts_at + 86400000) AS ends_at
    FROM unnest($1::date[], $2::bigint[]) AS d(day, starts_at)
  ), listed AS (
    SELECT d.*, a.id AS account_id, a.account_number, m.energy_wh, coalesce(m.hours, 0) AS hours
    FROM asked d CROSS JOIN accounts a LEFT JOIN metered_days m ON m.day = d.day AND m.account_id = a.id
    WHERE a.site_code = ANY ($3::text[]) AND (m.account_id IS NOT NULL OR EXISTS (SELECT FROM meter_placements p
      WHERE p.account_id = a.id AND p.role = 'primary' AND p.valid_from < d.ends_at AND coalesce(p.valid_to, 'infinity') > d.starts_at))
  )`;

/** A programme's metered days, by day and account. The meter is the one that billed when the day ended: it has one account then. */
export async function odysseyDays(
  db: Reader,
  days: readonly { day: string; startsAt: number }[],
  sites: readonly string[],
  { page, size }: Page,
): Promise<Paged<MeteredDay>> {
  if (days.length === 0) return { total: 0, rows: [] };
  const params = [
    textArray(days.map(({ day }) => day)),
    textArray(days.map(({ startsAt }) => String(startsAt))),
    textArray(sites),
  ];
  const [counted] = await db.read<{ total: number }>(`WITH ${DAYS} SELECT count(*) AS total FROM listed`, params);
  const rows = await db.read<MeteredDay>(
    `WITH ${DAYS}, page AS MATERIALIZED (
      SELECT * FROM listed ORDER BY day, account_number LIMIT $4::int OFFSET $5::bigint
    )
    SELECT l.day::text AS day, ${ms("l.starts_at", '"startsAt"')}, l.energy_wh AS "energyWh", l.hours, ${WHOSE},
      (SELECT m.meter_number FROM meter_placements p JOIN meters m ON m.id = p.meter_id
        WHERE p.account_id = l.account_id AND p.role = 'primary' AND p.valid_from < l.ends_at
          AND coalesce(p.valid_to, 'infinity') >= l.ends_at ORDER BY p.valid_from DESC LIMIT 1) AS meter
    FROM page l JOIN accounts a ON a.id = l.account_id JOIN customers c ON c.id = a.customer_id
    ORDER BY l.day, l.account_number`,
    [...params, String(size), String((page - 1) * size)],
  );
  return { total: counted?.total ?? 0, rows };
}

/** Days and codes hold neither quotes nor commas. */
const textArray = (texts: readonly string[]) => `{${texts.join(",")}}`;
