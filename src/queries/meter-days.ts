import type { Reader } from "../ports/reader.ts";

/** A site-day of a source, as the map of gaps shows it. */
export type MeterDayRow = {
  site: string;
  day: string;
  source: string;
  expectedHours: number | null;
  receivedHours: number;
  complete: boolean;
  attempts: number;
  nextAt: number | null;
  lastError: string | null;
  freshAt: number | null;
  inWork: boolean;
  pages: number | null;
  details: unknown;
  updatedAt: number;
};

/** Days of one page of the map: a quarter of 20 sites. */
export const MAP_ROWS_MAX = 4_000;

/** All units of some days, newest day first. */
export const meterDaysBetween = (reader: Reader, from: string, to: string, site: string | null, now: number) =>
  reader.read<MeterDayRow>(
    `SELECT d.site_code AS site, d.day::text AS day, d.source, d.expected_hours AS "expectedHours",
      d.received_hours AS "receivedHours", d.complete, d.attempts, cc_ms(d.next_at) AS "nextAt", d.last_error AS "lastError",
      cc_ms(d.fresh_at) AS "freshAt", coalesce(d.lease_until > cc_at($4::bigint), false) AS "inWork",
      (SELECT r.pages FROM import_runs r WHERE r.source = d.source AND r.site_code = d.site_code AND r.day = d.day
        ORDER BY r.id DESC LIMIT 1) AS pages, d.details, cc_ms(d.updated_at) AS "updatedAt"
    FROM meter_days d WHERE d.day BETWEEN $1::date AND $2::date AND ($3::text = '' OR d.site_code = $3::text)
    ORDER BY d.day DESC, d.site_code, d.source LIMIT ${MAP_ROWS_MAX}`,
    [from, to, site ?? "", String(now)],
  );

/** The end of the newest hour that is stored of each site with a vendor: meter by meter along the key of its days. */
export const newestHours = (reader: Reader) =>
  reader.read<{ site: string; newestAt: number | null }>(
    `SELECT v.site_code AS site, cc_ms(max(h.hour) + interval '1 hour') AS "newestAt"
    FROM vendor_sites v LEFT JOIN accounts a ON a.site_code = v.site_code
      LEFT JOIN LATERAL (SELECT d.meter_id, d.day, d.energy_wh FROM vendor_days d WHERE d.account_id = a.id AND d.hours > 0
        ORDER BY d.day DESC LIMIT 1) AS d ON true
      LEFT JOIN LATERAL (SELECT (d.day + (max(u.nth) - 1) * interval '1 hour') AT TIME ZONE 'UTC' AS hour
        FROM unnest(d.energy_wh) WITH ORDINALITY AS u(wh, nth) WHERE u.wh IS NOT NULL) AS h ON d.meter_id IS NOT NULL
    GROUP BY v.site_code ORDER BY 1`,
  );

/** Of some cases, those that are open. */
export const openCasesOf = async (reader: Reader, keys: string[]): Promise<string[]> =>
  (
    await reader.read<{ key: string }>(
      `SELECT case_key AS key FROM reconciliation_cases
      WHERE state = 'open' AND case_key IN (SELECT jsonb_array_elements_text($1::jsonb))`,
      [JSON.stringify(keys)],
    )
  ).map(({ key }) => key);
