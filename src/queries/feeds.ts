import { FILE_SOURCE, IMPORT_SOURCES, SOURCES } from "../domain/imports/source.ts";
import type { Reader } from "../ports/reader.ts";
import { ms } from "./sql.ts";
import { OWN_METER } from "./status-energy.ts";

/** Something that should keep coming: what came last. Null: it never came. */
export type Feed = {
  kind: "meters" | "vendor_days" | "vendor_balances" | "statement" | "sms";
  name: string;
  newestAt: number | null;
};

/**
 * How old the newest of each feed is. Phones are asked themselves; vendors and statements stand here one by one. What nobody reads
 * any more is no feed: a site without a vendor, a vendor that is not among `vendors` (those that this deployment is configured for),
 * a till all of whose phones are revoked, a provider that a till no longer has.
 */
export const feeds = (db: Reader, now: number, vendors: readonly string[]): Promise<Feed[]> =>
  db.read<Feed>(FEEDS, [String(now), JSON.stringify(vendors)]);

/** By which sources a vendor's days come by themselves; a file that a person brought says nothing of the vendor. */
const SOURCES_OF = JSON.stringify(
  IMPORT_SOURCES.flatMap((source) =>
    SOURCES[source].vendor === null || source === FILE_SOURCE ? [] : [{ source, vendor: SOURCES[source].vendor }],
  ),
);
/** Newest days of a site, of all its sources, among which is its newest hour: an older day may have been fetched later. */
const DAYS_LOOKED_AT = 60;

/** However long ago it was: a vendor that is dead for months is as late as one that is dead for a day. */
const VENDOR_DAYS = `SELECT 'vendor_days', v.site_code || ' ' || v.vendor, (SELECT max(d.fresh_at) FROM (
      SELECT m.fresh_at FROM meter_days m JOIN jsonb_to_recordset('${SOURCES_OF}'::jsonb) AS s(source text, vendor text)
        ON s.source = m.source AND s.vendor = v.vendor
      WHERE m.site_code = v.site_code AND m.fresh_at IS NOT NULL ORDER BY m.day DESC LIMIT ${DAYS_LOOKED_AT}) d)
  FROM vendor_sites v WHERE v.vendor IN (SELECT jsonb_array_elements_text($2::jsonb))`;

const VENDOR_BALANCES = `SELECT 'vendor_balances', v.vendor, (SELECT max(l.read_at) FROM live_balances l WHERE l.vendor = v.vendor)
  FROM (SELECT DISTINCT vendor FROM vendor_sites) v WHERE v.vendor IN (SELECT jsonb_array_elements_text($2::jsonb))`;

const STATEMENTS = `SELECT 'statement', d.till_id || ' ' || d.provider, max(d.day::timestamp AT TIME ZONE 'UTC')
  FROM till_days d JOIN tills t ON t.id = d.till_id AND d.provider = ANY (t.providers)
  WHERE d.covered AND (NOT EXISTS (SELECT FROM gateway_phones p WHERE p.till_id = t.id)
    OR EXISTS (SELECT FROM gateway_phones p WHERE p.till_id = t.id AND p.revoked_at IS NULL))
  GROUP BY d.till_id, d.provider`;

const FEEDS = `SELECT kind, name, ${ms("newest", '"newestAt"')} FROM (
    SELECT 'meters' AS kind, a.site_code AS name, max(g.seen_at) AS newest
      FROM meter_placements p JOIN accounts a ON a.id = p.account_id
        LEFT JOIN meter_registers g ON g.meter_id = p.meter_id AND g.account_id = p.account_id
      WHERE p.valid_from <= cc_at($1::bigint) AND (p.valid_to IS NULL OR p.valid_to > cc_at($1::bigint)) AND ${OWN_METER}
      GROUP BY a.site_code
    UNION ALL ${VENDOR_DAYS}
    UNION ALL ${VENDOR_BALANCES}
    UNION ALL ${STATEMENTS}
    UNION ALL SELECT 'sms', 'sms', (SELECT received_at FROM sms_inbound ORDER BY received_at DESC LIMIT 1)
  ) f ORDER BY kind, name`;
