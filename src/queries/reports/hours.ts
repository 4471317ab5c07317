import type { Reader } from "../../ports/reader.ts";
import type { ProfileOrder } from "./profile-sql.ts";

/** Accounts of one question: a year of each is 8,760 hours, and together they are a megabyte. */
export const ACCOUNTS_A_PAGE = 8;

/** Hours of an account that the same meter told; two in the hour of a swap stand as `23099001+23099002`. */
export type HourRun = {
  accountId: number;
  account: string;
  site: string;
  type: string | null;
  meters: string;
  /** Hours since 1970 UTC, Wh, and 1 where it is estimated. In order. */
  hours: [number, number, 0 | 1][];
};
export type HourPage = { runs: HourRun[]; last: number | null };

/**
 * Known hours of some accounts, by the meter that bills, each account's hour once; those after `after` in the order of their numbers.
 * `last`: after whom to ask next; null: there is nobody more.
 */
export async function hourPage(
  db: Reader,
  { from, to, site, type, timeZone }: Omit<ProfileOrder, "by">,
  after: number,
  limit = ACCOUNTS_A_PAGE,
): Promise<HourPage> {
  const rows = await db.read<Omit<HourRun, "meters" | "hours"> & { runs: [string, HourRun["hours"]][] }>(
    `WITH page AS MATERIALIZED (
      SELECT a.id, a.account_number, a.site_code, t.reported_as FROM accounts a LEFT JOIN customers c ON c.id = a.customer_id
        LEFT JOIN customer_types t ON t.code = c.customer_type
      WHERE a.id > $6::bigint AND ($3::text = '' OR a.site_code = $3::text)
        AND ($4::text = '' OR t.reported_as = $4::text OR t.code = $4::text)
      ORDER BY a.id LIMIT $7::int
    ), billing AS MATERIALIZED (
      SELECT m.meter_id, m.account_id, x.meter_number, range_agg(tstzrange(m.valid_from, m.valid_to)) AS times
      FROM page p JOIN meter_placements m ON m.account_id = p.id JOIN meters x ON x.id = m.meter_id
      WHERE m.role = 'primary' GROUP BY 1, 2, 3
    ), hours AS (
      SELECT b.account_id, c.hour, sum(c.energy_wh)::bigint AS wh, bool_or(c.estimated)::int AS estimated,
        string_agg(b.meter_number, '+' ORDER BY b.meter_number) AS meters
      FROM billing b CROSS JOIN LATERAL (SELECT q.hour, q.energy_wh, q.estimated FROM consumption_hourly q
        WHERE q.meter_id = b.meter_id AND q.account_id = b.account_id AND q.hour >= $1::timestamp AT TIME ZONE $5::text
          AND q.hour < ($2::date + 1)::timestamp AT TIME ZONE $5::text OFFSET 0) c
      WHERE b.times && tstzrange(c.hour, c.hour + interval '1 hour') GROUP BY 1, 2
    ), runs AS (
      SELECT account_id, meters, min(hour) AS first,
        jsonb_agg(jsonb_build_array((extract(epoch FROM hour) / 3600)::int, wh, estimated) ORDER BY hour) AS hours
      FROM hours GROUP BY 1, 2
    )
    SELECT p.id AS "accountId", p.account_number AS account, p.site_code AS site, p.reported_as AS type,
      coalesce((SELECT jsonb_agg(jsonb_build_array(r.meters, r.hours) ORDER BY r.first) FROM runs r WHERE r.account_id = p.id), '[]'::jsonb) AS runs
    FROM page p ORDER BY p.id`,
    [from, to, site ?? "", type ?? "", timeZone, String(after), String(limit)],
  );
  return {
    runs: rows.flatMap(({ runs, ...who }) => runs.map(([meters, hours]) => ({ ...who, meters, hours }))),
    last: rows.length < limit ? null : (rows.at(-1)?.accountId ?? null),
  };
}
