import type { Reader } from "../../ports/reader.ts";

export type Stretch = { from: string; to: string };
/** When the first row of these days came after an instant; null: none did. */
export type LateRows = Stretch & { moneySince: number | null; energySince: number | null };

/**
 * Whether anything of some days came, or was moved, after an instant: payments and their shares, the old history, and days of meters that
 * were fetched. A reading that a meter sent by itself leaves no such trace.
 */
export const lateRows = (
  db: Reader,
  stretches: readonly Stretch[],
  since: number,
  timeZone: string,
): Promise<LateRows[]> =>
  db.read<LateRows>(
    `WITH asked AS (
      SELECT s->>'from' AS "from", s->>'to' AS "to", (s->>'from')::timestamp AT TIME ZONE $3::text AS begins,
        ((s->>'to')::date + 1)::timestamp AT TIME ZONE $3::text AS ends
      FROM jsonb_array_elements($1::jsonb) s
    )
    SELECT a."from", a."to", cc_ms(least(
        (SELECT min(p.recorded_at) FROM payments p WHERE p.paid_at >= a.begins AND p.paid_at < a.ends AND p.recorded_at > cc_at($2::bigint)),
        (SELECT min(h.at) FROM payments p JOIN payment_allocations h ON h.receipt = p.receipt
          WHERE p.paid_at >= a.begins AND p.paid_at < a.ends AND h.at > cc_at($2::bigint)),
        (SELECT min(l.recorded_at) FROM legacy_transactions l
          WHERE l.paid_at >= a.begins AND l.paid_at < a.ends AND l.recorded_at > cc_at($2::bigint)))) AS "moneySince",
      cc_ms((SELECT min(i.ended_at) FROM import_runs i WHERE i.day BETWEEN a."from"::date AND a."to"::date AND i.state = 'done'
        AND i.rows_taken > 0 AND i.ended_at > cc_at($2::bigint))) AS "energySince"
    FROM asked a ORDER BY 1, 2`,
    [JSON.stringify(stretches), String(since), timeZone],
  );
