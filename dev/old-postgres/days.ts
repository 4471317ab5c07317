import type { Country } from "../../src/domain/country.ts";
import { wholeUnits } from "../../src/domain/decimal.ts";
import type { AccountSaid } from "../parallel/compare.ts";
import { meteredDays, meteredWh, prioritiesOf, spellingsOf, toldWh } from "./balances.ts";
import type { OldPostgres } from "./source.ts";

const WH_DECIMALS = 3;
const SPELT = "JOIN unnest($1::text[], $2::text[]) AS s(written, account) ON s.written = t.account_number";
const WITHIN = (column: string) => `${column} >= $3::timestamptz AND ${column} < $4::timestamptz`;
const DAY = (column: string) => `to_char(${column} + make_interval(mins => $5::int), 'YYYY-MM-DD')`;

const PAID = `SELECT s.account, ${DAY("t.transaction_date")} AS day,
    (count(*) FILTER (WHERE t.is_payment AND t.source::text NOT IN ('balance_seed', 'opening_anchor')))::text AS payments,
    coalesce(sum(t.transaction_amount) FILTER (WHERE t.is_payment), 0)::text AS amount,
    coalesce(sum(t.kwh_value) FILTER (WHERE t.is_payment), 0)::text AS kwh,
    coalesce(sum(t.transaction_amount) FILTER (WHERE NOT t.is_payment), 0)::text AS used
  FROM transactions t ${SPELT} WHERE ${WITHIN("t.transaction_date")} AND coalesce(t.kwh_value, 0) <> 'NaN' GROUP BY 1, 2`;

type Window = { country: Country; days: readonly string[] };

/**
 * What the old system says of its accounts, day by day, by its own rows and with all that is wrong with them: its engine's
 * balance, which is everything credited less everything used.
 */
export async function oldDays(old: OldPostgres, { country, days }: Window): Promise<Map<string, AccountSaid>> {
  const [begins, ends] = [startOf(days.at(0) ?? "", country), startOf(days.at(-1) ?? "", country) + 86_400_000];
  const spelt = await spellingsOf(old, "transactions", country);
  const [iso, until] = [new Date(begins).toISOString(), new Date(ends).toISOString()];
  const told = await toldWh(old, spelt, begins);
  const priorities = await prioritiesOf(old, country);
  const before = (await meteredWh(old, country, priorities, begins)).wh;
  const rows = await old.all(PAID, [...spelt, iso, until, country.utcOffsetMinutes]);
  const byAccount = Map.groupBy(rows, ({ account }) => account ?? "");
  const used = await meteredDays(old, country, priorities, { from: begins, before: ends });
  const said = new Map<string, AccountSaid>();
  for (const account of new Set([...told.keys(), ...byAccount.keys(), ...used.keys()])) {
    const beforeWh = (told.get(account) ?? 0) - (before.get(account) ?? 0);
    const paid = new Map((byAccount.get(account) ?? []).map((row) => [row.day ?? "", row]));
    let balanceWh = beforeWh;
    const ofAccount = new Map<
      string,
      { payments: number; amountMinor: number; creditedWh: number; balanceWh: number }
    >();
    for (const day of days) {
      const row = paid.get(day);
      const creditedWh = wholeUnits(row?.kwh ?? "0", WH_DECIMALS) ?? 0;
      const usedWh = (wholeUnits(row?.used ?? "0", WH_DECIMALS) ?? 0) + (used.get(account)?.get(day) ?? 0);
      balanceWh += creditedWh - usedWh;
      const amountMinor = wholeUnits(row?.amount ?? "0", country.minorDigits) ?? 0;
      ofAccount.set(day, { payments: Number(row?.payments ?? 0), amountMinor, creditedWh, balanceWh });
    }
    said.set(account, { beforeWh, days: ofAccount });
  }
  return said;
}

const startOf = (day: string, { utcOffsetMinutes }: Country) =>
  Date.parse(`${day}T00:00:00Z`) - utcOffsetMinutes * 60_000;
