import type { SiteConnections } from "../domain/neighbour-figures.ts";
import type { Reader } from "../ports/reader.ts";

/**
 * What each site has of each type of customer at an instant (UTC ms): accounts that had not ended, and of these those with a primary
 * meter, a readyboard and light. A site without accounts is one row without a type.
 */
export const siteConnections = (db: Reader, at: number): Promise<SiteConnections[]> =>
  db.read<SiteConnections>(
    `SELECT s.code AS site, s.name, s.district, c.customer_type AS type, count(a.id)::int AS accounts,
      count(a.id) FILTER (WHERE EXISTS (SELECT FROM meter_placements p WHERE p.account_id = a.id AND p.role = 'primary'
        AND p.valid_from <= cc_at($1::bigint) AND (p.valid_to IS NULL OR p.valid_to > cc_at($1::bigint))))::int AS "withMeter",
      count(a.id) FILTER (WHERE (g.reached ->> 'readyboard_installed')::bigint <= $1::bigint)::int AS "withReadyboard",
      count(a.id) FILTER (WHERE g.connected_at <= cc_at($1::bigint))::int AS "withLight"
    FROM sites s
      LEFT JOIN accounts a ON a.site_code = s.code AND (a.opened_at IS NULL OR a.opened_at <= cc_at($1::bigint))
        AND (a.status <> 'terminated' OR a.terminated_at > cc_at($1::bigint))
      LEFT JOIN customers c ON c.id = a.customer_id
      LEFT JOIN account_stages g ON g.account_id = a.id
    GROUP BY s.code, s.name, s.district, c.customer_type ORDER BY s.code, c.customer_type`,
    [String(at)],
  );

/** What all accounts used from a local day to another, both included, in Wh; null: no day of these is known. */
export async function usedWh(db: Reader, from: string, to: string): Promise<number | null> {
  // Whole months stand added up; only what is left of the first and the last is added here.
  const rows = await db.read<{ energyWh: number | null }>(
    `WITH bounds AS (SELECT $1::date AS first, $2::date AS last,
        (date_trunc('month', $1::date - 1) + interval '1 month')::date AS whole_from, date_trunc('month', $2::date + 1)::date AS whole_to)
    SELECT sum(q.wh)::bigint AS "energyWh" FROM bounds b CROSS JOIN LATERAL (
      SELECT sum(m.energy_wh) AS wh FROM metered_months m WHERE m.month >= b.whole_from AND m.month < b.whole_to
      UNION ALL SELECT sum(d.energy_wh) FROM metered_days d WHERE d.day >= b.first AND d.day <= b.last
        AND (d.day < b.whole_from OR d.day >= b.whole_to)) q`,
    [from, to],
  );
  return rows[0]?.energyWh ?? null;
}

export type CountrySize = { customers: number; meters: number; databaseBytes: number };

/** How large a country is at an instant (UTC ms): customers with an account that has not ended, meters that hang somewhere, bytes of its database. */
export async function countrySize(db: Reader, now: number): Promise<CountrySize> {
  const [size] = await db.read<CountrySize>(
    `SELECT (SELECT count(DISTINCT customer_id)::int FROM accounts WHERE status <> 'terminated') AS customers,
      (SELECT count(DISTINCT p.meter_id)::int FROM meter_placements p WHERE p.valid_from <= cc_at($1::bigint)
        AND (p.valid_to IS NULL OR p.valid_to > cc_at($1::bigint))) AS meters,
      pg_database_size(current_database())::bigint AS "databaseBytes"`,
    [String(now)],
  );
  if (size === undefined) throw new Error("a question without FROM has one row");
  return size;
}
