import { RATING_W_DEFAULT } from "../../domain/register.ts";
import { SPARKMETER, type Vendor } from "../../domain/vendor.ts";
import type { ForeignPayment, OurCredit } from "../../domain/vendor-drift.ts";
import type { WalletAccount, WalletBooks, WalletCheck } from "../../ports/wallet-books.ts";
import type { Database } from "./database.ts";

/** So far back hours are looked for: what is older is on the gap map. */
const MISSING_DAYS_MAX = 45;
/** Usual use is that of so many days. */
const USUAL_DAYS = 14;
/** Rows of one kind that one account's comparison takes. */
const ROWS_MAX = 200;

/** The same expression in both worlds. */
const PATTERN = SPARKMETER.source.replaceAll("\\d", "[0-9]");

type Row = {
  accountId: number;
  account: string;
  site: string;
  vendor: Vendor;
  oursWh: number;
  rateE4PerKwh: number | null;
  ratedW: number | null;
  usedWh: number;
  usualWhPerHour: number | null;
  undelivered: OurCredit[];
  unreturned: OurCredit[];
  foreign: ForeignPayment[];
  missing: { day: string; hours: number }[];
};

/** $1: JSON {after, account, limit, now, pattern}. Of a vendor's meter the number says that it is one; the site says whose. */
const ACCOUNTS = `WITH asked AS (
    SELECT * FROM jsonb_to_record($1::jsonb) AS q(after text, account text, "limit" int, now bigint, pattern text)
  ), chosen AS (
    SELECT a.id, a.account_number, a.site_code, v.vendor, m.id AS meter_id, m.rated_w, p.valid_from
    FROM asked q CROSS JOIN accounts a JOIN vendor_sites v ON v.site_code = a.site_code
      JOIN meter_placements p ON p.account_id = a.id AND p.role = 'primary'
        AND p.valid_from <= cc_at(q.now) AND (p.valid_to IS NULL OR p.valid_to > cc_at(q.now))
      JOIN meters m ON m.id = p.meter_id AND m.meter_number ~ q.pattern
    WHERE a.status = 'live' AND a.account_number > q.after AND (q.account IS NULL OR a.account_number = q.account)
    ORDER BY a.account_number LIMIT (SELECT "limit" FROM asked)
  ), known AS (
    SELECT c.id, c.valid_from,
      -- What waits agrees but for what is late: an account whose newest hours are always late would never have agreed.
      (SELECT max(w.read_at) FROM wallet_checks w WHERE w.account_id = c.id AND w.verdict IN ('agree', 'waits')) AS agreed_at,
      -- What was used before that is in the opening.
      (SELECT e.occurred_at FROM ledger_entries e WHERE e.account_id = c.id AND e.kind = 'opening' AND e.seq = 1) AS opened_at
    FROM chosen c
  ), since AS (
    SELECT k.*, greatest(k.valid_from, k.opened_at,
      (SELECT cc_at((t.value #>> '{}')::bigint) FROM country_settings t WHERE t.key = 'cutover_at')) AS begins_at
    FROM known k
  )
  SELECT c.id AS "accountId", c.account_number AS account, c.site_code AS site, c.vendor,
    coalesce(b.balance_wh, 0) AS "oursWh", c.rated_w AS "ratedW",
    (SELECT (t.rate * 10000)::bigint FROM tariffs t WHERE t.id = cc_tariff_at(c.id, cc_at(q.now))) AS "rateE4PerKwh",
    coalesce((SELECT -sum(e.energy_wh) FROM ledger_entries e WHERE e.account_id = c.id AND e.kind = 'consumption'
      AND (s.agreed_at IS NULL OR e.occurred_at > s.agreed_at)), 0) AS "usedWh",
    (SELECT sum(h.energy_wh) / count(*) FROM consumption_hourly h WHERE h.meter_id = c.meter_id AND h.account_id = c.id
      AND h.hour > cc_at(q.now) - make_interval(days => ${USUAL_DAYS}) AND h.hour <= cc_at(q.now))::bigint AS "usualWhPerHour",
    ${ourCredits("k.state IN ('queued', 'sent', 'blocked', 'rejected', 'dead') AND k.unwanted_at IS NULL", "undelivered")},
    ${ourCredits("k.state IN ('taking_back', 'rejected', 'dead') AND k.unwanted_at IS NOT NULL", "unreturned")},
    (SELECT coalesce(json_agg(json_build_object('vendorId', f.receipt, 'amountMinor', f.amount_minor,
        'at', cc_ms(f.paid_at), 'kind', 'payment', 'isTwin', f.because = 'second_person') ORDER BY f.paid_at), '[]')
      FROM (SELECT p.receipt, p.amount_minor, p.paid_at, u.because FROM suspense_cases u
          JOIN payments p ON p.receipt = u.receipt AND p.road = 'mirror'
        WHERE u.state = 'open' AND c.account_number = ANY (u.hint_accounts) LIMIT ${ROWS_MAX}) f) AS foreign,
    (SELECT coalesce(json_agg(json_build_object('day', g.day, 'hours', g.hours) ORDER BY g.day), '[]')
      FROM (SELECT d.day::date::text AS day,
          (extract(epoch FROM least(d.day + interval '1 day', date_trunc('hour', cc_at(q.now)))
            - greatest(d.day, date_trunc('hour', s.begins_at + interval '59 minutes 59 seconds'))) / 3600)::int
          - (SELECT count(*)::int FROM consumption_hourly h WHERE h.meter_id = c.meter_id AND h.account_id = c.id
            AND h.hour >= greatest(d.day, s.begins_at) AND h.hour < d.day + interval '1 day') AS hours
        FROM generate_series(date_trunc('day', greatest(s.begins_at,
            cc_at(q.now) - make_interval(days => ${MISSING_DAYS_MAX})) AT TIME ZONE 'UTC') AT TIME ZONE 'UTC',
          cc_at(q.now), interval '1 day') AS d(day)) g
      WHERE g.hours > 0) AS missing
  FROM chosen c JOIN since s ON s.id = c.id LEFT JOIN account_balances b ON b.account_id = c.id CROSS JOIN asked q
  ORDER BY c.account_number`;

function ourCredits(which: string, name: string): string {
  return `(SELECT coalesce(json_agg(json_build_object('externalId', o.external_id, 'energyWh', o.energy_wh, 'state', o.state)
      ORDER BY o.queued_at), '[]')
    FROM (SELECT k.external_id, e.energy_wh, k.state, k.queued_at FROM vendor_credits k
        JOIN ledger_entries e ON e.entry_key = k.external_id
      WHERE k.account_id = c.id AND ${which} ORDER BY k.queued_at LIMIT ${ROWS_MAX}) o) AS "${name}"`;
}

const CHECKS = `jsonb_to_recordset($1::jsonb) AS r("accountId" bigint, account text, vendor text, "readAt" bigint,
  "walletMinor" bigint, "rateE4PerKwh" int, "theirRateE4PerKwh" int, "oursWh" bigint, "theirsWh" bigint, verdict text, causes jsonb)`;

/** An older look never replaces a newer one. */
const KEEP = `INSERT INTO wallet_checks AS w (account_id, day, vendor, read_at, wallet_minor, currency, rate_e4_per_kwh,
    their_rate_e4_per_kwh, ours_wh, theirs_wh, verdict, causes)
  SELECT r."accountId", (cc_at(r."readAt") AT TIME ZONE 'UTC')::date, r.vendor, cc_at(r."readAt"), r."walletMinor", $2::text,
    r."rateE4PerKwh", r."theirRateE4PerKwh", r."oursWh", r."theirsWh", r.verdict, r.causes
  FROM ${CHECKS} ON CONFLICT ON CONSTRAINT wallet_checks_key DO UPDATE SET vendor = excluded.vendor,
    read_at = excluded.read_at, wallet_minor = excluded.wallet_minor, rate_e4_per_kwh = excluded.rate_e4_per_kwh,
    their_rate_e4_per_kwh = excluded.their_rate_e4_per_kwh, ours_wh = excluded.ours_wh, theirs_wh = excluded.theirs_wh,
    verdict = excluded.verdict, causes = excluded.causes
  WHERE w.read_at <= excluded.read_at`;

const DETAILS = `jsonb_build_object('vendor', r.vendor, 'readAt', r."readAt", 'walletMinor', r."walletMinor",
  'oursWh', r."oursWh", 'theirsWh', r."theirsWh", 'deltaWh', r."theirsWh" - r."oursWh", 'causes', r.causes)`;

/** What waits would have opened no case: only time is wanted. An account whose newest hours are always late never does better. */
const IS_SETTLED = "r.verdict IN ('agree', 'waits')";
/** The open case goes on with what is seen now, and ends when there is nothing in it for a person. */
const CASES_GO_ON = `UPDATE reconciliation_cases k SET details = k.details || ${DETAILS}, version = k.version + 1,
    state = CASE WHEN ${IS_SETTLED} THEN 'closed' ELSE 'open' END,
    closed_at = CASE WHEN ${IS_SETTLED} THEN cc_at(r."readAt") END
  FROM ${CHECKS} WHERE k.case_kind = 'wallet_drift' AND k.subject = r.account AND k.state = 'open'
    AND r.verdict IN ('agree', 'waits', 'differ') AND (k.details ->> 'readAt')::bigint <= r."readAt"`;

/** Named by the look that found it: one an account while it is open. */
const CASES_OPEN = `INSERT INTO reconciliation_cases (case_key, case_kind, subject, details, state, opened_at, closed_at, version)
  SELECT 'wallet_drift:' || r.account || ':' || r."readAt", 'wallet_drift', r.account, ${DETAILS}, 'open', cc_at(r."readAt"), NULL, 1
  FROM ${CHECKS} WHERE r.verdict = 'differ' AND NOT EXISTS (SELECT FROM reconciliation_cases k
    WHERE k.case_kind = 'wallet_drift' AND k.subject = r.account AND k.state = 'open')
  ON CONFLICT (case_key) DO NOTHING`;

export const neonWalletBooks = (db: Database): WalletBooks => {
  const ask = async (after: string, account: string | null, limit: number, now: number) =>
    (await db.read<Row>(ACCOUNTS, [JSON.stringify({ after, account, limit, now, pattern: PATTERN })])).map(accountOf);
  return {
    page: (after, limit, now) => ask(after, null, limit, now),
    one: async (account, now) => (await ask("", account, 1, now))[0] ?? null,
    async keep(checks: readonly WalletCheck[], currency: string) {
      const rows = JSON.stringify(checks);
      await db.transaction([
        { query: KEEP, params: [rows, currency] },
        { query: CASES_GO_ON, params: [rows] },
        { query: CASES_OPEN, params: [rows] },
      ]);
    },
  };
};

const accountOf = ({ accountId, account, site, vendor, ratedW, ...facts }: Row): WalletAccount => ({
  accountId,
  account,
  site,
  vendor,
  facts: { ...facts, ratedWhPerHour: ratedW ?? RATING_W_DEFAULT },
});
