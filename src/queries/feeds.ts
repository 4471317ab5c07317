import type { Reader } from "../ports/reader.ts";
import { ms } from "./sql.ts";
import { OWN_METER } from "./status-energy.ts";

/** Something that should keep coming: what came last. Null: it never came. */
export type Feed = {
  kind: "meters" | "vendor_days" | "vendor_balances" | "statement" | "sms";
  name: string;
  newestAt: number | null;
};

/** How old the newest of each feed is. Phones are asked themselves; vendors and statements stand here one by one. */
export const feeds = (db: Reader, now: number): Promise<Feed[]> => db.read<Feed>(FEEDS, [String(now)]);

const FEEDS = `SELECT kind, name, ${ms("newest", '"newestAt"')} FROM (
    SELECT 'meters' AS kind, a.site_code AS name, max(g.seen_at) AS newest
      FROM meter_placements p JOIN accounts a ON a.id = p.account_id
        LEFT JOIN meter_registers g ON g.meter_id = p.meter_id AND g.account_id = p.account_id
      WHERE p.valid_from <= cc_at($1::bigint) AND (p.valid_to IS NULL OR p.valid_to > cc_at($1::bigint)) AND ${OWN_METER}
      GROUP BY a.site_code
    UNION ALL SELECT 'vendor_days', site_code || ' ' || source, max(fresh_at) FROM meter_days
      WHERE day > ((cc_at($1::bigint) AT TIME ZONE 'UTC')::date - 30) GROUP BY site_code, source
    UNION ALL SELECT 'vendor_balances', vendor, max(read_at) FROM live_balances GROUP BY vendor
    UNION ALL SELECT 'statement', till_id || ' ' || provider, max(day::timestamp AT TIME ZONE 'UTC') FROM till_days WHERE covered GROUP BY till_id, provider
    UNION ALL SELECT 'sms', 'sms', (SELECT received_at FROM sms_inbound ORDER BY received_at DESC LIMIT 1)
  ) f ORDER BY kind, name`;
