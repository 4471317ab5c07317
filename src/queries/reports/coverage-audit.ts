import type { Reader } from "../../ports/reader.ts";

const SITE_MONTHS = `SELECT s.code AS site, m.month::date::text AS month, coalesce(q.hours, 0)::bigint AS hours
  FROM (SELECT DISTINCT site_code AS code FROM metered_months WHERE month BETWEEN $1::date AND $2::date) s
    CROSS JOIN generate_series($1::date, $2::date, interval '1 month') AS m(month)
    LEFT JOIN (SELECT site_code, month, sum(hours) AS hours FROM metered_months WHERE month BETWEEN $1::date AND $2::date GROUP BY 1, 2) q
      ON q.site_code = s.code AND q.month = m.month
  WHERE $3::text = '' OR s.code = $3::text ORDER BY 1, 2`;

/** Hours that each site's billing meters told in each month, 0 where none; from the site's first month in which there is one. */
export async function siteMonths(
  db: Reader,
  asked: { from: string; to: string; site: string | null },
): Promise<{ site: string; month: string; hours: number }[]> {
  type Row = { site: string; month: string; hours: number };
  const rows = await db.read<Row>(SITE_MONTHS, [asked.from, asked.to, asked.site ?? ""]);
  const begun = new Set<string>();
  return rows.filter(({ site, hours }) => {
    if (hours > 0) begun.add(site);
    return begun.has(site);
  });
}

/** Accounts and meters of a list; there may be more. */
export const AUDIT_ROWS_MAX = 500;

export type SilentMeter = {
  account: string;
  site: string;
  meter: string;
  /** The last local day of which it told anything; null: never. */
  lastDay: string | null;
  hangsSince: number;
};

/** Along each meter's own key: nobody's year of days is read. */
const SILENT = `SELECT a.account_number AS account, a.site_code AS site, m.meter_number AS meter, l.day::text AS "lastDay", cc_ms(w.valid_from) AS "hangsSince"
  FROM meter_placements w JOIN meters m ON m.id = w.meter_id JOIN accounts a ON a.id = w.account_id
    LEFT JOIN LATERAL (SELECT d.day FROM consumption_daily d WHERE d.meter_id = w.meter_id AND d.account_id = w.account_id
      ORDER BY d.day DESC LIMIT 1) l ON true
  WHERE w.role = 'primary' AND w.valid_to IS NULL AND a.status <> 'terminated' AND ($2::text = '' OR a.site_code = $2::text)
    AND coalesce(l.day, (w.valid_from AT TIME ZONE $3::text)::date) < $1::date
  ORDER BY l.day NULLS FIRST, a.account_number LIMIT ${AUDIT_ROWS_MAX + 1}`;

/** Meters that hang and have told nothing since a day, those that never did first. */
export const silentMeters = (
  db: Reader,
  asked: { since: string; site: string | null; timeZone: string },
): Promise<SilentMeter[]> => db.read<SilentMeter>(SILENT, [asked.since, asked.site ?? "", asked.timeZone]);

const ELSEWHERE = `SELECT DISTINCT site_code AS site FROM metered_months WHERE site_code <> ALL (string_to_array($1::text, ' ')) ORDER BY 1`;

/** Sites of hours that are none of this country's. */
export const foreignSites = async (db: Reader, own: readonly string[]): Promise<string[]> =>
  (await db.read<{ site: string }>(ELSEWHERE, [own.join(" ")])).map(({ site }) => site);
