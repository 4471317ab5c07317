import type { Reader } from "../ports/reader.ts";

export const TWINS_PAGE_MAX = 50;
/** A phone that more customers share is a shop's or a village's, and says nothing of twins. */
const SHARED_BY_MAX = 10;
/** How alike two names are, 0 to 1, before a shared number makes them likely one person. */
const LIKENESS_MIN = 0.4;

type Twin = { customerId: number; name: string; site: string | null; accounts: string[]; legacyId: number | null };

/** Two customers who are likely one person. Somebody looks; nothing is ever merged by itself. */
export type TwinPair = {
  one: Twin;
  other: Twin;
  /** What they share. */
  because: ("phone" | "national id")[];
  /** 0 to 1, two decimals. */
  likeness: number;
};

const twin = (alias: string) => `json_build_object('customerId', ${alias}.id, 'name', ${alias}.name,
    'site', ${alias}.site_code, 'legacyId', ${alias}.legacy_id, 'accounts', (SELECT coalesce(json_agg(a.account_number
      ORDER BY a.account_number), '[]') FROM accounts a WHERE a.customer_id = ${alias}.id))`;

/** In order of the older customer, then the newer one; a page after a pair. */
export const likelyTwins = (
  reader: Reader,
  after: { one: number; other: number } | null,
  limit: number,
): Promise<TwinPair[]> =>
  reader.read<TwinPair>(
    `WITH numbers AS (
      SELECT c.id, 'phone' AS because, right(phone, 8) AS number FROM customers c, unnest(c.phones) AS phone WHERE c.withdrawn_at IS NULL
      UNION ALL
      SELECT c.id, 'national id', cc_compact(c.national_id) FROM customers c WHERE c.national_id IS NOT NULL AND c.withdrawn_at IS NULL
    ), shared AS (
      SELECT because, array_agg(id) AS ids FROM numbers WHERE number <> '' GROUP BY because, number
      HAVING count(*) BETWEEN 2 AND ${SHARED_BY_MAX}
    ), pairs AS (
      SELECT one, other, json_agg(DISTINCT because ORDER BY because) AS because
      FROM shared, unnest(ids) AS one, unnest(ids) AS other
      WHERE one < other AND (one, other) > ($1::bigint, $2::bigint)
        -- What somebody has decided already is not asked again.
        AND NOT EXISTS (SELECT FROM customer_merges m WHERE m.one_id = one AND m.other_id = other
          AND m.state IN ('dismissed', 'accepted')) GROUP BY 1, 2
    )
    SELECT ${twin("o")} AS one, ${twin("t")} AS other, p.because,
      round(similarity(o.sort_name, t.sort_name)::numeric, 2) AS likeness
    FROM pairs p JOIN customers o ON o.id = p.one JOIN customers t ON t.id = p.other
    WHERE similarity(o.sort_name, t.sort_name) >= ${LIKENESS_MIN}
    ORDER BY p.one, p.other LIMIT $3::int`,
    [String(after?.one ?? 0), String(after?.other ?? 0), String(Math.min(limit, TWINS_PAGE_MAX))],
  );
