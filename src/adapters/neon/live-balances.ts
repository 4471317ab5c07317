import { SPARKMETER } from "../../domain/vendor.ts";
import type { KeptLook, LiveAccount, LiveBalances } from "../../ports/live-balances.ts";
import type { Database } from "./database.ts";

/** Usual use is that of so many whole days. */
const USUAL_DAYS = 14;
/** The same expression in both worlds. */
const PATTERN = SPARKMETER.source.replaceAll("\\d", "[0-9]");

type Row = Omit<LiveAccount, "look"> & {
  walletMinor: number | null;
  balanceWh: number | null;
  readAt: number | null;
};

/** $1: JSON {account, limit, now, pattern}. Daily sums, for this is asked of all accounts every five minutes. */
const ACCOUNTS = `WITH asked AS (
    SELECT * FROM jsonb_to_record($1::jsonb) AS q(account text, "limit" int, now bigint, pattern text)
  )
  SELECT a.id AS "accountId", a.account_number AS account, v.vendor, coalesce(b.balance_wh, 0) AS "ledgerWh",
    (SELECT (t.rate * 10000)::bigint FROM tariffs t WHERE t.id = cc_tariff_at(a.id, cc_at(q.now))) AS "rateE4PerKwh",
    (SELECT sum(d.energy_wh) / nullif(sum(d.hours), 0) FROM consumption_daily d WHERE d.account_id = a.id
      AND d.day > (cc_at(q.now) AT TIME ZONE 'UTC')::date - ${USUAL_DAYS})::bigint AS "usualWhPerHour",
    l.wallet_minor AS "walletMinor", l.balance_wh AS "balanceWh", cc_ms(l.read_at) AS "readAt"
  FROM asked q CROSS JOIN accounts a JOIN vendor_sites v ON v.site_code = a.site_code
    JOIN meter_placements p ON p.account_id = a.id AND p.role = 'primary'
      AND p.valid_from <= cc_at(q.now) AND (p.valid_to IS NULL OR p.valid_to > cc_at(q.now))
    JOIN meters m ON m.id = p.meter_id AND m.meter_number ~ q.pattern
    LEFT JOIN account_balances b ON b.account_id = a.id
    LEFT JOIN live_balances l ON l.account_id = a.id AND l.vendor = v.vendor
  WHERE a.status = 'live' AND (q.account IS NULL OR a.account_number = q.account)
  ORDER BY a.account_number LIMIT (SELECT "limit" FROM asked)`;

const KEEP = `INSERT INTO live_balances AS l (account_id, vendor, wallet_minor, currency, rate_e4_per_kwh, balance_wh, read_at)
  SELECT r."accountId", r.vendor, r."walletMinor", $2::text, r."rateE4PerKwh", r."balanceWh", cc_at(r."readAt")
  FROM jsonb_to_recordset($1::jsonb) AS r("accountId" bigint, vendor text, "walletMinor" bigint, "rateE4PerKwh" int,
    "balanceWh" bigint, "readAt" bigint)
  ON CONFLICT (account_id) DO UPDATE SET vendor = excluded.vendor, wallet_minor = excluded.wallet_minor,
    currency = excluded.currency, rate_e4_per_kwh = excluded.rate_e4_per_kwh, balance_wh = excluded.balance_wh,
    read_at = excluded.read_at
  WHERE l.read_at <= excluded.read_at`;

export function neonLiveBalances(db: Database): LiveBalances {
  const ask = async (account: string | null, limit: number, now: number): Promise<LiveAccount[]> =>
    (await db.read<Row>(ACCOUNTS, [JSON.stringify({ account, limit, now, pattern: PATTERN })])).map(
      ({ walletMinor, balanceWh, readAt, ...row }) => ({
        ...row,
        look: readAt === null ? null : { walletMinor, balanceWh, readAt },
      }),
    );
  return {
    candidates: (now, limit) => ask(null, limit, now),
    one: async (account, now) => (await ask(account, 1, now))[0] ?? null,
    async keep(looks: readonly KeptLook[], currency: string) {
      await db.transaction([{ query: KEEP, params: [JSON.stringify(looks), currency] }]);
    },
  };
}
