import type { Reader } from "../../ports/reader.ts";
import { ofSiteAndType, PEOPLE } from "./people.ts";

/** Customers of a site as of a day. Each is connected, waiting or ended, and the three add up to those registered. */
export type SiteCustomers = {
  /** Null: of no site. */
  site: string | null;
  name: string | null;
  district: string | null;
  registered: number;
  connected: number;
  waiting: number;
  /** Every account of theirs had ended by that day. */
  ended: number;
  /** Had their first light in the period. */
  newlyConnected: number;
  /** Had light at some time until that day. */
  everConnected: number;
  /** Of those, nobody knows since when: they count as connected, and in no period as new. */
  dateNotKnown: number;
};

const SITES = `${PEOPLE}, at AS (
    SELECT p.*, p.is_lit AND coalesce(p.lit_on, p.used_on, $2::date) <= $2::date
        AND NOT (p.is_dark AND (p.dark_on IS NULL OR p.dark_on <= $2::date)) AS on_day,
      p.is_ended AND (p.ended_on IS NULL OR p.ended_on <= $2::date) AS ended_by_day
    FROM people p WHERE (p.registered_on IS NULL OR p.registered_on <= $2::date) AND ${ofSiteAndType("$4", "$5")}
  ), counted AS (
    SELECT site, count(*)::int AS registered, count(*) FILTER (WHERE on_day)::int AS connected,
      count(*) FILTER (WHERE NOT on_day AND NOT ended_by_day)::int AS waiting,
      count(*) FILTER (WHERE NOT on_day AND ended_by_day)::int AS ended,
      count(*) FILTER (WHERE lit_on BETWEEN $3::date AND $2::date)::int AS newly_connected,
      count(*) FILTER (WHERE is_lit AND (lit_on IS NULL OR lit_on <= $2::date))::int AS ever_connected,
      count(*) FILTER (WHERE is_lit AND lit_on IS NULL)::int AS date_not_known
    FROM at GROUP BY site
  )
  SELECT coalesce(s.code, q.site) AS site, s.name, s.district, coalesce(q.registered, 0) AS registered, coalesce(q.connected, 0) AS connected,
    coalesce(q.waiting, 0) AS waiting, coalesce(q.ended, 0) AS ended, coalesce(q.newly_connected, 0) AS "newlyConnected",
    coalesce(q.ever_connected, 0) AS "everConnected", coalesce(q.date_not_known, 0) AS "dateNotKnown"
  FROM (SELECT * FROM sites WHERE $4::text = '' OR code = $4::text) s FULL JOIN counted q ON q.site = s.code
  ORDER BY site NULLS LAST`;

/** By site, those without a customer too; `to` is the day as of which they are counted, `from` the first day of the period. */
export const customerStatistics = (
  db: Reader,
  asked: { from: string; to: string; site: string | null; type: string | null; timeZone: string },
): Promise<SiteCustomers[]> =>
  db.read<SiteCustomers>(SITES, [asked.timeZone, asked.to, asked.from, asked.site ?? "", asked.type ?? ""]);
