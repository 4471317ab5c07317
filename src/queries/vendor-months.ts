import type { Reader } from "../ports/reader.ts";
import type { MonthState } from "../ports/vendor-files.ts";
import { ms } from "./sql.ts";

/** Ten years of all sites of a country. */
const MONTHS_MAX = 3_000;
const ESTIMATES_MAX = 5_000;

export type VendorMonth = {
  site: string;
  month: string;
  totalMinor: number | null;
  state: MonthState;
  /** Of the estimates that stand; they add up to the total. */
  accounts: number;
  estimatedMinor: number;
  /** What the vendor's exports list of the month, reversals taken off. */
  listedMinor: number | null;
  computedAt: number;
};

/** Sites' months by the vendor's monthly files, newest first. `from` and `to` are first days of months. */
export const vendorMonths = (
  db: Reader,
  asked: { site: string | null; from: string; to: string },
): Promise<VendorMonth[]> =>
  db.read<VendorMonth>(
    `SELECT v.site_code AS site, v.month::text AS month, v.total_minor AS "totalMinor", v.state, e.accounts, e.minor AS "estimatedMinor",
        (SELECT sum(p.amount_minor) FROM vendor_payments p WHERE p.site_code = v.site_code AND p.processed
          AND p.day >= v.month AND p.day < v.month + interval '1 month') AS "listedMinor", ${ms("v.computed_at", '"computedAt"')}
      FROM vendor_months v CROSS JOIN LATERAL (SELECT count(*) AS accounts, coalesce(sum(s.amount_minor), 0) AS minor
        FROM estimated_sales s WHERE s.site_code = v.site_code AND s.month = v.month AND s.state = 'estimated') AS e
      WHERE v.month BETWEEN $2::date AND $3::date AND ($1::text = '' OR v.site_code = $1::text)
      ORDER BY v.month DESC, v.site_code LIMIT ${MONTHS_MAX}`,
    [asked.site ?? "", asked.from, asked.to],
  );

export type EstimateRow = {
  key: string;
  account: string | null;
  energyWh: number;
  amountMinor: number;
  state: "estimated" | "replaced";
};

/** What a site's month was distributed to, most first. */
export const monthEstimates = (db: Reader, site: string, month: string): Promise<EstimateRow[]> =>
  db.read<EstimateRow>(
    `SELECT weight_key AS key, account_number AS account, energy_wh AS "energyWh", amount_minor AS "amountMinor", state
      FROM estimated_sales WHERE site_code = $1::text AND month = $2::date ORDER BY amount_minor DESC, weight_key LIMIT ${ESTIMATES_MAX}`,
    [site, month],
  );
