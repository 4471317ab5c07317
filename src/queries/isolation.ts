import { COUNTRIES, type Country, withClosedSites } from "../domain/country.ts";
import type { ForeignRow, KnownCase } from "../domain/isolation-cases.ts";
import type { Reader } from "../ports/reader.ts";

/** Rows that are counted of one kind; more is "at least". */
const COUNTED_MAX = 1_000;

/**
 * Sites that this country's file does not name, with their accounts; the same in tables that hold a site's code without a
 * reference; money in another currency of the days since; sites at a vendor that the country does not have. Codes of other
 * countries are looked for by index where a table is large.
 */
const FOREIGN = `WITH own AS (SELECT string_to_array($1::text, ' ') AS sites, $2::text AS currency),
  other AS (SELECT unnest(string_to_array($3::text, ' ')) AS site)
  SELECT 'site' AS what, s.code AS which, (SELECT count(*) FROM (SELECT FROM accounts a WHERE a.site_code = s.code LIMIT ${COUNTED_MAX}) AS n)::int AS rows
    FROM sites s, own WHERE s.code <> ALL (own.sites)
  UNION ALL SELECT 'vendor_payments', o.site, (SELECT count(*) FROM (SELECT FROM vendor_payments v WHERE v.site_code = o.site LIMIT ${COUNTED_MAX}) AS n)::int
    FROM other o WHERE EXISTS (SELECT FROM vendor_payments v WHERE v.site_code = o.site)
  UNION ALL SELECT 'metered_months', m.site_code, count(*)::int FROM metered_months m, own
    WHERE m.site_code <> ALL (own.sites) GROUP BY m.site_code
  UNION ALL SELECT 'tills', t.id, 1 FROM tills t, own WHERE t.currency <> own.currency
  UNION ALL SELECT 'payments', p.currency, count(*)::int FROM payments p, own
    WHERE p.paid_at >= cc_at($4::bigint) AND p.currency <> own.currency GROUP BY p.currency
  UNION ALL SELECT 'vendor_sites', v.vendor, count(*)::int FROM vendor_sites v
    WHERE v.vendor <> ALL (string_to_array($5::text, ' ')) GROUP BY v.vendor
  ORDER BY 1, 2`;

/** Cases of foreign rows that are read at once. */
const CASES_MAX = 2_000;

/** The open cases of foreign rows, and those of these keys whatever their state. */
export const isolationCasesKnown = (reader: Reader, keys: readonly string[]): Promise<KnownCase[]> =>
  reader.read<KnownCase>(
    `SELECT case_key AS "caseKey", state, cc_ms(opened_at) AS "openedAt", version, details FROM reconciliation_cases
    WHERE case_kind = 'foreign_row' AND (state = 'open' OR case_key IN (SELECT jsonb_array_elements_text($1::jsonb)))
    ORDER BY opened_at LIMIT ${CASES_MAX}`,
    [JSON.stringify(keys)],
  );

/** What of this database is another country's. Payments are looked at from an instant (UTC ms) on. */
export function foreignRows(reader: Reader, country: Country, since: number): Promise<ForeignRow[]> {
  const own = withClosedSites(country).siteCodes;
  const others = Object.values(COUNTRIES)
    .flatMap((each) => withClosedSites(each).siteCodes)
    .filter((code) => !own.includes(code));
  const vendors = Object.keys(country.vendors);
  return reader.read<ForeignRow>(FOREIGN, [
    own.join(" "),
    country.currency,
    others.join(" "),
    String(since),
    vendors.join(" "),
  ]);
}
