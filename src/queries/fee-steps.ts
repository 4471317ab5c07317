import type { Fee } from "../domain/fees/debt.ts";
import { FEE_STEPS_BY } from "../domain/fees/paid-step.ts";
import type { Reader } from "../ports/reader.ts";

/** A fee of an account whose step does not say what the books say. */
export type FeeStepDue = {
  account: string;
  part: Fee;
  outstandingMinor: number;
  paidMinor: number;
  /** When the last payment of it was made, UTC ms; null: none was. */
  paidAt: number | null;
};

/**
 * Fees that were charged here and whose step is missing though nothing of them is owed any more, or stands by the books' own hand though
 * something is, by account after `after`. What people recorded stays theirs.
 */
export const feeStepsDue = (db: Reader, after: string, limit: number): Promise<FeeStepDue[]> =>
  db.read<FeeStepDue>(DUE, [after, String(limit)]);

/** The same sums as standingsOf() of src/domain/fees/debt.ts; a test compares them. */
const DUE = `WITH lines AS (
    SELECT e.account_id, e.amount_minor, e.kind, e.entry_key, e.occurred_at,
      coalesce(substring(e.entry_key FROM '/fee[.](connection|readyboard)(?::reversal)?$'),
        substring(e.entry_key FROM '^fee:[a-z]+:(connection|readyboard):')) AS part
    FROM ledger_entries e WHERE e.book = 'customer_fees'
  ), stands AS (
    SELECT l.account_id, l.part, -sum(l.amount_minor) AS outstanding,
      coalesce(sum(l.amount_minor) FILTER (WHERE l.kind <> 'fee' OR l.entry_key LIKE 'fee:refund:%'), 0) AS paid,
      max(l.occurred_at) FILTER (WHERE l.kind = 'payment') AS paid_at
    FROM lines l WHERE l.part IS NOT NULL GROUP BY 1, 2 HAVING bool_or(l.entry_key LIKE 'fee:charge:%')
  ), steps AS (
    SELECT s.*, a.account_number AS account, (SELECT e.actor FROM commissioning_events e
      WHERE e.account_id = a.id AND e.step = s.part || '_fee_paid' AND e.kind = 'done' AND NOT EXISTS (
        SELECT FROM commissioning_events w WHERE w.account_id = e.account_id AND w.kind = 'withdrawn' AND w.refers_to = e.seq)
      ORDER BY e.seq DESC LIMIT 1) AS by_whom,
      EXISTS (SELECT FROM commissioning_events e WHERE e.account_id = a.id AND e.step = s.part || '_fee_paid' AND e.kind = 'done' AND NOT EXISTS (
        SELECT FROM commissioning_events w WHERE w.account_id = e.account_id AND w.kind = 'withdrawn' AND w.refers_to = e.seq)) AS is_reached
    FROM stands s JOIN accounts a ON a.id = s.account_id WHERE a.status <> 'terminated' AND a.account_number > $1::text)
  SELECT t.account, t.part, t.outstanding::bigint AS "outstandingMinor", t.paid::bigint AS "paidMinor", cc_ms(t.paid_at) AS "paidAt"
  FROM steps t WHERE CASE WHEN t.outstanding <= 0 AND t.paid > 0 THEN NOT t.is_reached ELSE t.by_whom = '${FEE_STEPS_BY}' END
  ORDER BY t.account, t.part LIMIT $2::int`;
