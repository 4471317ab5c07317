import { paymentOfEntry } from "../domain/fees/sold-later.ts";
import type { Profile, TariffEffect } from "../domain/tariff-effect.ts";
import type { Reader } from "../ports/reader.ts";
import { ownRates, wideRows } from "./tariffs.ts";

/** Accounts with rates of their own that a dry run looks at, one by one. */
const OWN_MAX = 20_000;

/** Accounts that are served, by the rows that decide for them: all, those of a site, or one. */
export async function tariffProfiles(
  reader: Reader,
  of: { site: string | null; account: string | null },
): Promise<Profile[]> {
  const [wide, own, counts] = await Promise.all([
    wideRows(reader),
    ownRates(reader, "", OWN_MAX),
    reader.read<{ site: string; accounts: number; served: string[] }>(
      `SELECT a.site_code AS site, count(*) FILTER (WHERE NOT o.own)::int AS accounts,
        coalesce(json_agg(a.account_number) FILTER (WHERE o.own OR a.account_number = $2::text), '[]') AS served
      FROM accounts a CROSS JOIN LATERAL (SELECT EXISTS (SELECT FROM tariffs t WHERE t.account_id = a.id
        AND t.cancelled_at IS NULL) AS own) AS o
      WHERE a.status <> 'terminated' AND ($1::text = '' OR a.site_code = $1::text)
        AND ($2::text = '' OR a.account_number = $2::text)
      GROUP BY 1 ORDER BY 1`,
      [of.site ?? "", of.account ?? ""],
    ),
  ]);
  const served = new Set(counts.flatMap((count) => count.served));
  const ratesAt = (site: string) => wide.filter((row) => row.site === null || row.site === site);
  if (of.account !== null) {
    const rows = own.find(({ account }) => account === of.account)?.rows ?? [];
    return counts.map(({ site }) => ({ site, account: of.account, accounts: 1, rates: [...ratesAt(site), ...rows] }));
  }
  const shared = counts
    .filter(({ accounts }) => accounts > 0)
    .map(({ site, accounts }) => ({ site, account: null, accounts, rates: ratesAt(site) }));
  const single = own
    .filter(({ account }) => served.has(account))
    .map(({ account, site, rows }) => ({ site, account, accounts: 1, rates: [...ratesAt(site), ...rows] }));
  return [...shared, ...single];
}

/**
 * What was paid in a time by accounts whose price would change, and what it bought and would buy. Energy that was sold later for what
 * nothing took of a payment is of the time in which it was sold, for it has the price of then; it is no payment more.
 */
export type BoughtUnder = {
  payments: number;
  amountMinor: number;
  /** As it was posted. */
  postedWh: number;
  /** At the price before the change, and at the one after it. */
  beforeWh: number;
  afterWh: number;
  /** Payments that would buy nothing, since nothing is vended then. */
  unvended: number;
};

/** Whole watt-hours, half to even, as energyForMoney() rounds each payment; a test compares the two. */
const energy = (rate: string) => `(SELECT n.whole + CASE WHEN 2 * n.rest > n.d OR (2 * n.rest = n.d AND n.whole % 2 = 1)
    THEN 1 ELSE 0 END FROM (SELECT div(e.amount_minor::numeric * 10000000, d) AS whole,
      mod(e.amount_minor::numeric * 10000000, d) AS rest, d FROM (SELECT 10::numeric ^ $4::int * ${rate} AS d) AS r) AS n)`;

/** Payments of the time that still stand, by whom the change reaches. */
export async function boughtUnder(
  reader: Reader,
  repriced: TariffEffect["repriced"],
  time: { from: number; to: number },
  minorDigits: 0 | 2,
): Promise<BoughtUnder> {
  const [row] = await reader.read<BoughtUnder>(
    `SELECT count(DISTINCT ${paymentOfEntry("e")})::int AS payments, coalesce(sum(e.amount_minor), 0)::bigint AS "amountMinor",
      coalesce(sum(e.energy_wh), 0)::bigint AS "postedWh",
      coalesce(sum(${energy('p."fromE4PerKwh"')}), 0)::bigint AS "beforeWh",
      coalesce(sum(${energy('p."toE4PerKwh"')}), 0)::bigint AS "afterWh",
      count(DISTINCT ${paymentOfEntry("e")}) FILTER (WHERE p."toE4PerKwh" IS NULL)::int AS unvended
    FROM jsonb_to_recordset($1::jsonb) AS p(site text, account text, "fromE4PerKwh" bigint, "toE4PerKwh" bigint)
      JOIN accounts a ON a.account_number = p.account OR (p.account IS NULL AND a.site_code = p.site
        AND NOT EXISTS (SELECT FROM tariffs t WHERE t.account_id = a.id AND t.cancelled_at IS NULL))
      JOIN ledger_entries e ON e.account_id = a.id AND e.book = 'customer_energy' AND e.kind = 'payment'
        AND e.occurred_at >= cc_at($2::bigint) AND e.occurred_at < cc_at($3::bigint)
    WHERE a.status <> 'terminated'
      AND NOT EXISTS (SELECT FROM ledger_entries v WHERE v.entry_key = e.entry_key || ':reversal')`,
    [JSON.stringify(repriced), String(time.from), String(time.to), String(minorDigits)],
  );
  if (row === undefined) throw new Error("an aggregate always answers one row");
  return row;
}
