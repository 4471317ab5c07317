import type { AccountHistory, MeteredMonth } from "../../domain/metrics/tenure.ts";
import type { Reader } from "../../ports/reader.ts";
import { type ProfileBy, peopleOf } from "./profile-sql.ts";

export type TenureOrder = { by: ProfileBy; site: string | null; type: string | null; timeZone: string };
type Row = { grp: string | null; until: number | null; months: [number, number, number][] };

/** Every account's months, one row an account. `$1` and `$2` are not asked: a tenure has no window. */
export async function meteredHistories(
  db: Reader,
  { by, site, type, timeZone }: TenureOrder,
): Promise<AccountHistory[]> {
  const rows = await db.read<Row>(
    `WITH ${peopleOf(by)} SELECT p.grp, ${monthOf("p.terminated_at AT TIME ZONE $5::text")} AS until,
      jsonb_agg(jsonb_build_array(${monthOf("q.month")}, q.energy_wh, q.hours) ORDER BY q.month) AS months
    FROM people p JOIN metered_months q ON q.account_id = p.id WHERE $1::text = '' AND $2::text = ''
    GROUP BY p.id, p.grp, p.terminated_at ORDER BY p.id`,
    ["", "", site ?? "", type ?? "", timeZone],
  );
  return rows.map(({ grp, until, months }) => ({
    group: grp,
    until,
    months: months.map(([month, energyWh, hours]): MeteredMonth => ({ month, energyWh, hours })),
  }));
}

/** Months are counted as the domain counts them. */
const monthOf = (column: string) => `(extract(year FROM ${column}) * 12 + extract(month FROM ${column}) - 1)::int`;
