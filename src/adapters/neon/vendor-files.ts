import type { MonthFacts, SiteMonth, VendorFiles } from "../../ports/vendor-files.ts";
import type { Database, Statement } from "./database.ts";

const ADD_PAYMENTS = `INSERT INTO vendor_payments (payment_key, site_name, site_code, account_number, meter_serial, day, amount_minor,
    currency, kind, processed, created_by, upload_id, row_number)
  SELECT l.key, l."siteName", l.site, l.account, l.serial, l.day, l."amountMinor", $2::text, l.kind, l.processed, l.by,
    u.upload_id, u.row_number
  FROM upload_rows u CROSS JOIN LATERAL jsonb_to_record(u.line) AS l(key text, "siteName" text, site text, account text, serial text,
    day date, "amountMinor" bigint, kind text, processed boolean, by text)
  WHERE u.upload_id = $1::bigint AND u.line IS NOT NULL ORDER BY u.row_number ON CONFLICT DO NOTHING`;

/** Of two files of one kind the one that was brought later stands. */
const NOTE_MONTH = `INSERT INTO vendor_months AS v (site_code, month, currency, total_minor, payments_upload_id, readings_upload_id, state, computed_at)
  SELECT r.site, r.month, r.currency, r.total, CASE WHEN r.total IS NOT NULL THEN r.upload END,
    CASE WHEN r.total IS NULL THEN r.upload END, 'waiting', cc_at(r.at)
  FROM jsonb_to_record($1::jsonb) AS r(site text, month date, currency text, total bigint, upload bigint, at bigint)
  ON CONFLICT (site_code, month) DO UPDATE SET
    total_minor = CASE WHEN excluded.payments_upload_id >= coalesce(v.payments_upload_id, 0) THEN excluded.total_minor ELSE v.total_minor END,
    payments_upload_id = greatest(v.payments_upload_id, excluded.payments_upload_id),
    readings_upload_id = greatest(v.readings_upload_id, excluded.readings_upload_id)`;

const IN_MONTH = (
  column: string,
) => `${column} >= ($2::date::timestamp - make_interval(mins => $3::int)) AT TIME ZONE 'UTC'
  AND ${column} < ($2::date::timestamp + interval '1 month' - make_interval(mins => $3::int)) AT TIME ZONE 'UTC'`;

/** A meter without a customer's code is the account's that had it last in the month. */
const MONTH = `SELECT v.total_minor AS "totalMinor", CASE WHEN v.readings_upload_id IS NOT NULL THEN coalesce((
      SELECT json_agg(w ORDER BY w.key) FROM (
        SELECT coalesce(n.account, 'meter:' || n.serial) AS key, n.account, sum(n.energy) AS "energyWh" FROM (
          SELECT coalesce(l.account, p.account_number) AS account, l.serial, l."energyWh" AS energy
          FROM upload_rows u CROSS JOIN LATERAL jsonb_to_record(u.line) AS l(account text, serial text, "energyWh" bigint)
            LEFT JOIN LATERAL (SELECT a.account_number FROM meters m JOIN meter_placements q ON q.meter_id = m.id
                JOIN accounts a ON a.id = q.account_id
              WHERE l.account IS NULL AND m.meter_number = l.serial
                AND q.valid_from < ($2::date::timestamp + interval '1 month' - make_interval(mins => $3::int)) AT TIME ZONE 'UTC'
                AND (q.valid_to IS NULL OR q.valid_to > ($2::date::timestamp - make_interval(mins => $3::int)) AT TIME ZONE 'UTC')
              ORDER BY q.valid_from DESC LIMIT 1) AS p ON true
          WHERE u.upload_id = v.readings_upload_id AND u.line IS NOT NULL) AS n
        GROUP BY 1, 2) AS w), '[]') END AS weights,
    EXISTS (SELECT FROM vendor_payments p WHERE p.site_code = $1::text AND p.processed AND p.kind = 'payment'
        AND p.day >= $2::date AND p.day < $2::date + interval '1 month')
      OR EXISTS (SELECT FROM payments p JOIN accounts a ON a.id = p.account_id
        WHERE a.site_code = $1::text AND p.holder_kind = 'account' AND ${IN_MONTH("p.paid_at")})
      OR EXISTS (SELECT FROM legacy_transactions l
        WHERE l.kind = 'payment' AND right(l.account_number, 3) = $1::text AND ${IN_MONTH("l.paid_at")}) AS "hasReal"
  FROM vendor_months v WHERE v.site_code = $1::text AND v.month = $2::date`;

const MONTHS_OF = `SELECT DISTINCT v.site_code AS site, v.month::text AS month FROM upload_rows u
    CROSS JOIN LATERAL jsonb_to_record(u.line) AS l(site text, day date)
    JOIN vendor_months v ON v.site_code = l.site AND v.month = date_trunc('month', l.day)::date
  WHERE u.upload_id = $1::bigint AND u.line IS NOT NULL ORDER BY 1, 2`;

const ESTIMATED = `SELECT site_code AS site, month::text AS month FROM vendor_months
  WHERE state = 'estimated' AND (site_code, month::text) > ($1::text, $2::text) ORDER BY 1, 2 LIMIT $3::int`;

/** What is not estimated any more is kept, to compare with. */
const PUT_MONTH: Statement["query"][] = [
  `WITH e AS (SELECT * FROM jsonb_to_recordset($4::jsonb) AS r(key text, account text, "energyWh" bigint, "amountMinor" bigint)), old AS (
    UPDATE estimated_sales s SET state = 'replaced' WHERE s.site_code = $1::text AND s.month = $2::date
      AND NOT EXISTS (SELECT FROM e WHERE e.key = s.weight_key))
  INSERT INTO estimated_sales (site_code, month, weight_key, account_number, energy_wh, amount_minor, currency, state)
  SELECT $1::text, $2::date, e.key, e.account, e."energyWh", e."amountMinor", $3::text, 'estimated' FROM e ORDER BY e.key
  ON CONFLICT (site_code, month, weight_key) DO UPDATE SET account_number = excluded.account_number,
    energy_wh = excluded.energy_wh, amount_minor = excluded.amount_minor, currency = excluded.currency, state = 'estimated'`,
  `UPDATE vendor_months SET state = $3::text, computed_at = cc_at($4::bigint) WHERE site_code = $1::text AND month = $2::date`,
];

export const neonVendorFiles = (db: Database): VendorFiles => ({
  async addPayments(uploadId, currency) {
    await db.transaction([{ query: ADD_PAYMENTS, params: [String(uploadId), currency] }]);
  },

  async noteMonth({ site, month }, { uploadId, totalMinor, currency }, at) {
    const input = { site, month, currency, total: totalMinor, upload: uploadId, at };
    await db.transaction([{ query: NOTE_MONTH, params: [JSON.stringify(input)] }]);
  },

  async month({ site, month }, utcOffsetMinutes) {
    const [row] = await db.read<MonthFacts>(MONTH, [site, month, String(utcOffsetMinutes)]);
    return row ?? { totalMinor: null, weights: null, hasReal: false };
  },

  monthsOf: (uploadId) => db.read<SiteMonth>(MONTHS_OF, [String(uploadId)]),

  estimatedMonths: (after, limit) =>
    db.read<SiteMonth>(ESTIMATED, [after?.site ?? "", after?.month ?? "", String(limit)]),

  async putMonth({ site, month, currency }, state, estimates, at) {
    const [estimated = "", stands = ""] = PUT_MONTH;
    await db.transaction([
      { query: estimated, params: [site, month, currency, JSON.stringify(estimates)] },
      { query: stands, params: [site, month, state, String(at)] },
    ]);
  },
});
