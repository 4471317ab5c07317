import type { Reader } from "../ports/reader.ts";
import { HEARD_MINUTES, OWN_METER } from "./status-energy.ts";

/** Local days that the dashboard shows, the running one last; eight more than a month so that a weekday has its last. */
export const DAYS_SHOWN = 38;

/** A site and its meters, as of now. A SparkMeter reports to its vendor and is never "heard" here. */
export type SiteNow = {
  site: string;
  name: string;
  accounts: number;
  /** Our own meters that are placed there, and of them those read within half an hour. */
  placed: number;
  heard: number;
  /** Of the primary ones, by what they said last. Unknown: it never said. */
  lit: number;
  dark: number;
  unknown: number;
};

/** A site's local day. Money by the instant of the payment, less what was taken back; energy by what meters counted. Null: no meter covers it. */
export type SiteDay = {
  site: string;
  day: string;
  creditedMinor: number;
  payments: number;
  energyWh: number | null;
  meters: number;
};

/** What came in on a local day, by the instant of the payment, whoever holds it now. */
export type ReceivedDay = { day: string; amountMinor: number; payments: number };

export type SiteDays = { today: string; sites: SiteNow[]; days: SiteDay[]; received: ReceivedDay[] };

/** How each site does, day by day. Looks at every meter: not for every look. */
export async function siteDays(db: Reader, order: { now: number; timeZone: string }): Promise<SiteDays> {
  const at = [String(order.now), order.timeZone];
  const [sites, money, energy, received, today] = await Promise.all([
    db.read<SiteNow>(SITES, [String(order.now)]),
    db.read<Pick<SiteDay, "site" | "day" | "creditedMinor" | "payments">>(MONEY, at),
    db.read<Pick<SiteDay, "site" | "day" | "energyWh" | "meters">>(ENERGY, at),
    db.read<ReceivedDay>(RECEIVED, at),
    db.read<{ day: string }>("SELECT (cc_at($1::bigint) AT TIME ZONE $2::text)::date::text AS day", at),
  ]);
  return { today: today[0]?.day ?? "", sites, days: joined(money, energy), received };
}

/** One row a site and day, whichever of the two is known of it. */
function joined(
  money: readonly Pick<SiteDay, "site" | "day" | "creditedMinor" | "payments">[],
  energy: readonly Pick<SiteDay, "site" | "day" | "energyWh" | "meters">[],
): SiteDay[] {
  const rows = new Map<string, SiteDay>();
  for (const each of money) rows.set(`${each.site} ${each.day}`, { ...each, energyWh: null, meters: 0 });
  for (const { site, day, energyWh, meters } of energy) {
    const key = `${site} ${day}`;
    rows.set(key, { ...(rows.get(key) ?? { site, day, creditedMinor: 0, payments: 0 }), energyWh, meters });
  }
  return [...rows.values()];
}

const FIRST = `((cc_at($1::bigint) AT TIME ZONE $2::text)::date - ${DAYS_SHOWN - 1})`;
const SINCE = `(${FIRST}::timestamp AT TIME ZONE $2::text)`;

const SITES = `SELECT s.code AS site, s.name,
    coalesce(n.accounts, 0) AS accounts,
    count(p.id) AS placed,
    count(*) FILTER (WHERE g.seen_at > cc_at($1::bigint) - interval '${HEARD_MINUTES} minutes') AS heard,
    count(*) FILTER (WHERE p.role = 'primary' AND g.connected) AS lit,
    count(*) FILTER (WHERE p.role = 'primary' AND NOT g.connected) AS dark,
    count(*) FILTER (WHERE p.role = 'primary' AND g.connected IS NULL) AS unknown
  FROM sites s LEFT JOIN (
      SELECT p.id, p.meter_id, p.account_id, p.role, a.site_code FROM meter_placements p
        JOIN accounts a ON a.id = p.account_id
      WHERE p.valid_from <= cc_at($1::bigint) AND (p.valid_to IS NULL OR p.valid_to > cc_at($1::bigint)) AND ${OWN_METER}
    ) p ON p.site_code = s.code
    LEFT JOIN meter_registers g ON g.meter_id = p.meter_id AND g.account_id = p.account_id
    -- All sites at once: site by site, their accounts lie all over the table.
    LEFT JOIN (SELECT site_code, count(*) AS accounts FROM accounts WHERE status <> 'terminated' GROUP BY site_code) n ON n.site_code = s.code
  GROUP BY s.code, s.name, n.accounts ORDER BY s.code`;

const MONEY = `SELECT a.site_code AS site, (e.occurred_at AT TIME ZONE $2::text)::date::text AS day,
    sum(e.amount_minor)::bigint AS "creditedMinor", count(DISTINCT e.receipt) FILTER (WHERE e.kind = 'payment') AS payments
  FROM ledger_entries e JOIN accounts a ON a.id = e.account_id
  WHERE e.book IN ('customer_energy', 'customer_fees') AND e.kind IN ('payment', 'reversal') AND e.occurred_at >= ${SINCE}
  GROUP BY 1, 2`;

/** As far as a meter was the one that bills. Days that wait to be added up, or are not, are taken from what meters counted. */
const ENERGY = `WITH touched AS MATERIALIZED (
    SELECT DISTINCT (at AT TIME ZONE 'UTC')::date AS day FROM rollup_touched WHERE what = 'energy' AND at >= ${FIRST}::timestamp AT TIME ZONE 'UTC'
    UNION SELECT s.day FROM (SELECT ${FIRST} + n AS day FROM generate_series(0, ${DAYS_SHOWN}) AS n) s
    WHERE NOT EXISTS (SELECT FROM metered_site_days q WHERE q.day = s.day)
  ), billing AS MATERIALIZED (
    SELECT p.meter_id, p.account_id, a.site_code, range_agg(tstzrange(p.valid_from, p.valid_to)) AS times
    FROM meter_placements p JOIN accounts a ON a.id = p.account_id
    WHERE p.role = 'primary' AND (p.valid_to IS NULL OR p.valid_to > ${SINCE})
    GROUP BY p.meter_id, p.account_id, a.site_code
  )
  SELECT q.site_code AS site, q.day::text AS day, q.energy_wh AS "energyWh", q.meters FROM metered_site_days q
  WHERE q.day >= ${FIRST} AND q.day <> ALL (ARRAY(SELECT day FROM touched))
  UNION ALL
  SELECT b.site_code, d.day::text, sum(d.energy_wh)::bigint, count(DISTINCT d.meter_id) FROM touched t
    CROSS JOIN LATERAL (SELECT c.* FROM consumption_daily c WHERE c.day = t.day OFFSET 0) d
    JOIN billing b ON b.meter_id = d.meter_id AND b.account_id = d.account_id
  WHERE b.times && tstzrange(d.day::timestamp AT TIME ZONE $2::text, (d.day + 1)::timestamp AT TIME ZONE $2::text)
  GROUP BY b.site_code, d.day`;

const RECEIVED = `SELECT (paid_at AT TIME ZONE $2::text)::date::text AS day, sum(amount_minor)::bigint AS "amountMinor", count(*) AS payments
  FROM payments WHERE holder_kind NOT IN ('legacy', 'returned') AND paid_at >= ${SINCE} GROUP BY 1`;
