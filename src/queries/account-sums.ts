import { receiptOfEntry } from "../domain/fees/sold-later.ts";
import type { Reader } from "../ports/reader.ts";
import { ms } from "./sql.ts";

/** What an account paid, was sold and used, over a stretch of local days. */
export type AccountSum = {
  paidMinor: number;
  soldWh: number;
  /** By the primary meter's readings; null: nothing covers these days. */
  usedWh: number | null;
};

export type AccountSums = {
  today: AccountSum;
  week: AccountSum;
  all: AccountSum;
  /** When the newest reading came of which a day is made; null: none. */
  usedAt: number | null;
};

type Row = AccountSum & { span: "today" | "week" | "all"; usedAt: number | null };

/**
 * Today, the last seven local days (today among them), and all time. Money and energy sold are those of payments, fees too, less what
 * was taken back and with what was sold later for one, on the day they were paid, as in reports. Null: no such account.
 */
export async function accountSums(
  reader: Reader,
  { account, now, timeZone }: { account: string; now: number; timeZone: string },
): Promise<AccountSums | null> {
  const rows = await reader.read<Row>(SUMS, [account, String(now), timeZone]);
  const of = (span: Row["span"]) => rows.find((row) => row.span === span);
  const [today, week, all] = [of("today"), of("week"), of("all")];
  if (today === undefined || week === undefined || all === undefined) return null;
  const sum = ({ paidMinor, soldWh, usedWh }: Row): AccountSum => ({ paidMinor, soldWh, usedWh });
  return { today: sum(today), week: sum(week), all: sum(all), usedAt: all.usedAt };
}

const SUMS = `WITH account AS (SELECT id FROM accounts WHERE account_number = $1::text),
  clock AS (SELECT (cc_at($2::bigint) AT TIME ZONE $3::text)::date AS today),
  spans AS (
    SELECT 'today' AS span, today AS first FROM clock UNION ALL SELECT 'week', today - 6 FROM clock
    UNION ALL SELECT 'all', NULL
  ), paid AS (
    SELECT (coalesce(p.paid_at, e.occurred_at) AT TIME ZONE $3::text)::date AS day, sum(e.amount_minor) AS minor, sum(e.energy_wh) AS wh
    FROM account a JOIN ledger_entries e ON e.account_id = a.id
      LEFT JOIN LATERAL (SELECT q.paid_at FROM payments q WHERE q.receipt = ${receiptOfEntry("e")} OFFSET 0) p ON true
    WHERE e.book IN ('customer_energy', 'customer_fees') AND e.kind IN ('payment', 'reversal') GROUP BY 1
  ), used AS (
    SELECT c.day, sum(c.energy_wh) AS wh FROM account a JOIN consumption_daily c ON c.account_id = a.id
    WHERE EXISTS (SELECT FROM meter_placements p WHERE p.meter_id = c.meter_id AND p.account_id = c.account_id
      AND p.role = 'primary' AND p.valid_from < (c.day + 1)::timestamp AT TIME ZONE $3::text
      AND (p.valid_to IS NULL OR p.valid_to > c.day::timestamp AT TIME ZONE $3::text))
    GROUP BY c.day
  )
  SELECT s.span,
    (SELECT coalesce(sum(p.minor), 0) FROM paid p WHERE s.first IS NULL OR p.day >= s.first)::bigint AS "paidMinor",
    (SELECT coalesce(sum(p.wh), 0) FROM paid p WHERE s.first IS NULL OR p.day >= s.first)::bigint AS "soldWh",
    (SELECT sum(u.wh) FROM used u WHERE s.first IS NULL OR u.day >= s.first)::bigint AS "usedWh",
    (SELECT ${ms("max(r.read_at)", "at")} FROM account a JOIN meter_registers r ON r.account_id = a.id) AS "usedAt"
  FROM account CROSS JOIN spans s`;
