import type { Reader } from "../../ports/reader.ts";

/** Hours that meters told of connected accounts of a type, beside those that they should have. */
export type TypeCompleteness = {
  /** As reports name it; null: of no type. */
  type: string | null;
  customers: number;
  accounts: number;
  accountsWithRecords: number;
  actualHours: number;
  expectedHours: number;
  firstDay: string | null;
  lastDay: string | null;
  /** Connected accounts of which nobody knows since when: of them nothing is expected, and nothing counted. */
  dateNotKnown: number;
};

/**
 * Expected: 24 hours of each day from the account's first whole day with light to the day before its end, within the window. Actual: hours of the
 * billing meter in exactly these days, so that there are never more than expected.
 */
const COMPLETENESS = `WITH spans AS MATERIALIZED (
    SELECT a.id, a.customer_id, g.connected_at IS NULL AS is_undated,
      greatest((g.connected_at AT TIME ZONE $1::text)::date + 1, $2::date) AS first,
      least(coalesce((coalesce(a.terminated_at, g.terminated_at) AT TIME ZONE $1::text)::date, 'infinity'::date), $3::date + 1) AS after,
      (coalesce(a.terminated_at, g.terminated_at) AT TIME ZONE $1::text)::date AS ended_on
    FROM accounts a JOIN account_stages g ON g.account_id = a.id
    WHERE jsonb_exists(g.reached, 'commissioned') AND ($4::text = '' OR a.site_code = $4::text)
  ), expected AS (
    SELECT s.id, s.customer_id, t.reported_as AS type, s.is_undated, s.first, s.after, greatest(s.after - s.first, 0) * 24 AS hours
    FROM spans s JOIN customers c ON c.id = s.customer_id AND c.withdrawn_at IS NULL LEFT JOIN customer_types t ON t.code = c.customer_type
    WHERE CASE WHEN s.is_undated THEN s.ended_on IS NULL OR s.ended_on > $2::date ELSE s.first < s.after END
  ), actual AS (
    SELECT m.account_id, sum(least(m.hours, 24))::bigint AS hours, min(m.day) AS first, max(m.day) AS last
    FROM metered_days m JOIN expected e ON e.id = m.account_id AND NOT e.is_undated AND m.day >= e.first AND m.day < e.after
    WHERE m.day BETWEEN $2::date AND $3::date GROUP BY m.account_id
  )
  SELECT e.type, count(DISTINCT e.customer_id)::int AS customers, count(*)::int AS accounts, count(a.account_id)::int AS "accountsWithRecords",
    coalesce(sum(a.hours), 0)::bigint AS "actualHours", coalesce(sum(e.hours) FILTER (WHERE NOT e.is_undated), 0)::bigint AS "expectedHours",
    min(a.first)::text AS "firstDay", max(a.last)::text AS "lastDay", count(*) FILTER (WHERE e.is_undated)::int AS "dateNotKnown"
  FROM expected e LEFT JOIN actual a ON a.account_id = e.id GROUP BY e.type ORDER BY e.type NULLS LAST`;

/** By customer type, from day to day; `to` is a day that is over. */
export const recordCompleteness = (
  db: Reader,
  asked: { from: string; to: string; site: string | null; timeZone: string },
): Promise<TypeCompleteness[]> =>
  db.read<TypeCompleteness>(COMPLETENESS, [asked.timeZone, asked.from, asked.to, asked.site ?? ""]);
