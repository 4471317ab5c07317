import type { Reader } from "../../ports/reader.ts";
import { WHOLE_HOURS } from "./profile-sql.ts";

/** Accounts of one question: a day of each is 24 hours, and together they are a megabyte. */
export const ACCOUNTS_A_PAGE = 2_000;
const ROWS_A_PAGE = 50_000;
const DAY_HOURS = 24;

export type HourAccount = { accountId: number; account: string; site: string; type: string | null };
export type HourOf = { site: string | null; type: string | null };

/** Accounts in the order of their numbers, after the one with that number. */
export const hourAccounts = (db: Reader, { site, type }: HourOf, after: number): Promise<HourAccount[]> =>
  db.read<HourAccount>(
    `SELECT a.id AS "accountId", a.account_number AS account, a.site_code AS site, t.reported_as AS type
    FROM accounts a LEFT JOIN customers c ON c.id = a.customer_id LEFT JOIN customer_types t ON t.code = c.customer_type
    WHERE a.id > $3::bigint AND ($1::text = '' OR a.site_code = $1::text)
      AND ($2::text = '' OR t.reported_as = $2::text OR t.code = $2::text)
    ORDER BY a.id LIMIT ${ACCOUNTS_A_PAGE}`,
    [site ?? "", type ?? "", String(after)],
  );

/** Days of one question about so many accounts. */
export const daysAPage = (accounts: number) =>
  Math.max(1, Math.floor(ROWS_A_PAGE / (DAY_HOURS * Math.max(1, accounts))));

/** Hours of an account that the same meter told; two in the hour of a swap stand as `23099001+23099002`. */
export type HourRun = {
  accountId: number;
  meters: string;
  /** `490899 512 0,…`: hours since 1970 UTC, Wh, and 1 where it is estimated. In order; a text, which costs less than numbers in JSON. */
  hours: string;
};

/**
 * Known hours of some accounts in some local days, by the meter that bills, each account's hour once. Days, not accounts, are what a page
 * goes on by: hours of a day lie together, whether they came an hour or a meter at a time; a year of one meter may lie in as many places as
 * it has hours.
 */
export const hourRuns = (
  db: Reader,
  { from, to, timeZone }: { from: string; to: string; timeZone: string },
  accounts: readonly HourAccount[],
): Promise<HourRun[]> =>
  db.read<HourRun>(
    `SELECT p.id AS "accountId", h.meters,
      string_agg((extract(epoch FROM h.hour) / 3600)::int || ' ' || h.wh || ' ' || h.estimated, ',' ORDER BY h.hour) AS hours
    FROM unnest($3::bigint[]) AS p(id) CROSS JOIN LATERAL (
      SELECT c.hour, sum(c.energy_wh)::bigint AS wh, bool_or(c.estimated)::int AS estimated,
        string_agg(b.meter_number, '+' ORDER BY b.meter_number) AS meters
      FROM (SELECT m.meter_id, x.meter_number, ${WHOLE_HOURS} AS span FROM meter_placements m JOIN meters x ON x.id = m.meter_id
          WHERE m.account_id = p.id AND m.role = 'primary' GROUP BY m.meter_id, x.meter_number) b
        CROSS JOIN LATERAL (SELECT q.hour, q.energy_wh, q.estimated FROM consumption_hourly q
          WHERE q.meter_id = b.meter_id AND q.account_id = p.id
            AND q.hour >= greatest(coalesce(lower(b.span), '-infinity'), $1::timestamp AT TIME ZONE $4::text)
            AND q.hour < least(coalesce(upper(b.span), 'infinity'), ($2::date + 1)::timestamp AT TIME ZONE $4::text) OFFSET 0) c
      GROUP BY c.hour OFFSET 0) h
    GROUP BY 1, 2 ORDER BY 1, min(h.hour)`,
    [from, to, `{${accounts.map(({ accountId }) => accountId).join(",")}}`, timeZone],
  );
