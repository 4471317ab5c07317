import type { VendorSite, VendorSites } from "../../ports/vendor-sites.ts";
import type { Database } from "./database.ts";
import { beginRun } from "./refresh-runs.ts";
import { BY, change, refuseWhen, VERSION } from "./registry-write.ts";

const SITES_MAX = 500;

const WANTED = `jsonb_to_record($1::jsonb) AS r(site text, vendor text, "vendorSiteId" text)`;

const PUT: string[] = [
  refuseWhen(
    "unknown",
    `'site ' || r.site`,
    `FROM ${WANTED} LEFT JOIN sites s ON s.code = r.site WHERE s.code IS NULL`,
  ),
  // With another's id a site would be fed with that one's readings.
  refuseWhen(
    "exists",
    `'site ' || v.site_code || ' has this id already'`,
    `FROM ${WANTED} JOIN vendor_sites v ON v.vendor = r.vendor AND v.vendor_site_id = r."vendorSiteId"
      WHERE v.site_code <> r.site`,
  ),
  `WITH was AS (SELECT v.* FROM ${WANTED} JOIN vendor_sites v ON v.site_code = r.site), made AS (
    INSERT INTO vendor_sites AS v (site_code, vendor, vendor_site_id, facts_version, created_at)
    SELECT r.site, r.vendor, r."vendorSiteId", ${VERSION}, cc_at($4::bigint) FROM ${WANTED}
    ON CONFLICT (site_code) DO UPDATE SET vendor = excluded.vendor, vendor_site_id = excluded.vendor_site_id,
      facts_version = excluded.facts_version
    WHERE (v.vendor, v.vendor_site_id) IS DISTINCT FROM (excluded.vendor, excluded.vendor_site_id) RETURNING *)
  INSERT INTO mutations (actor, reason, at, action, subject, before, after)
  SELECT ${BY}, 'vendor_site.put', 'site:' || made.site_code, to_jsonb(was), to_jsonb(made)
  FROM made LEFT JOIN was ON true`,
  // An account decides for itself, the database down, whether its credits go to a vendor: each has to know.
  beginRun(`SELECT 'vendor_site:' || v.facts_version AS unit, v.site_code AS site, NULL::text AS account
    FROM ${WANTED} JOIN vendor_sites v ON v.site_code = r.site WHERE v.facts_version = ${VERSION}`),
];

export const neonVendorSites = (db: Database): VendorSites => ({
  put: (site, by) => change(db, site, by, PUT),
  list: () =>
    db.read<VendorSite>(
      `SELECT site_code AS site, vendor, vendor_site_id AS "vendorSiteId", facts_version AS version
      FROM vendor_sites ORDER BY site_code LIMIT ${SITES_MAX}`,
    ),
});
