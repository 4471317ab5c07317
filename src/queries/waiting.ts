import type { Reader } from "../ports/reader.ts";
import { ms } from "./sql.ts";

/** One kind of thing that waits for a person: how many, since when the oldest, and where money hangs on it, how much. */
export type Waiting = {
  kind: string;
  count: number;
  oldestAt: number | null;
  amountMinor: number | null;
};

/** What waits for a person, by kind; a kind of which nothing waits is not there. Cases stand as `case:` and their kind. */
export const waiting = (db: Reader): Promise<Waiting[]> => db.read<Waiting>(WAITING);

const WAITING = `SELECT kind, count, ${ms("oldest", '"oldestAt"')}, minor AS "amountMinor" FROM (
    SELECT 'suspense' AS kind, count(*) AS count, min(opened_at) AS oldest, coalesce(sum(amount_minor), 0)::bigint AS minor
      FROM suspense_cases WHERE state = 'open'
    UNION ALL SELECT 'case:' || case_kind, count(*), min(opened_at), NULL FROM reconciliation_cases WHERE state = 'open' GROUP BY case_kind
    UNION ALL SELECT 'correction', count(*), min(ordered_at), coalesce(sum(worth_minor), 0)::bigint FROM corrections WHERE state = 'waiting'
    UNION ALL SELECT 'fee_order', count(*), min(ordered_at), coalesce(sum(amount_minor), 0)::bigint FROM fee_orders WHERE state = 'waiting'
    UNION ALL SELECT 'dead_letter', count(*), min(died_at), NULL FROM dead_letters WHERE handled_at IS NULL
    UNION ALL SELECT 'merge', count(*), min(proposed_at), NULL FROM customer_merges WHERE state = 'proposed'
    UNION ALL SELECT 'registration', count(*), min(created_at), NULL FROM registration_batches WHERE state = 'checked'
    UNION ALL SELECT 'till_day', count(*), min(day::timestamp AT TIME ZONE 'UTC'), sum(abs(difference_minor))::bigint FROM till_days
      WHERE state = 'open' AND covered
  ) w WHERE count > 0 ORDER BY oldest`;
