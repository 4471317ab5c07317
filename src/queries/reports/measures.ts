import type { Added, Sums } from "../../domain/metrics/answer.ts";
import type { Period } from "../../domain/metrics/periods.ts";
import type { Grain, Grouping, Measure } from "../../domain/metrics/registry.ts";
import type { Reader } from "../../ports/reader.ts";

export type MeasureOrder = {
  measures: readonly Measure[];
  grain: Grain;
  /** In order, without gaps. */
  periods: readonly Period[];
  by: Grouping;
  /** A site's code; null: all. */
  site: string | null;
  /** A customer type as reports name it; null: all. */
  type: string | null;
  /** The newest local day that has begun. */
  today: string;
  timeZone: string;
};

type Row = Sums & { period: string; grp: string };

/**
 * What metrics are made of, by period and group. A sum is 0 where nothing happened, from the first period on of which anything is known;
 * before that, and of energy wherever no hour is covered, it is null.
 */
export async function addMeasures(db: Reader, order: MeasureOrder): Promise<Added[]> {
  const asked = new Set(order.measures);
  const wants = (list: readonly Measure[]) => list.some((measure) => asked.has(measure));
  const [sales, metered, ever, connected] = await Promise.all([
    wants([...SALES, "paying"]) ? db.read<Row>(salesOf(order), paramsOf(order)) : [],
    wants(METERED) ? db.read<Row>(meteredOf(order), paramsOf(order)) : [],
    wants(["base_ever"]) ? db.read<Row>(everOf(order), paramsOf(order)) : [],
    wants(["connected_days", "days"])
      ? db.read<Row>(connectedOf(order), [
          ...paramsOf(order),
          JSON.stringify(order.periods),
          order.timeZone,
          order.today,
        ])
      : [],
  ]);
  const rows = [...sales, ...metered, ...ever, ...connected];
  const groups = new Set(rows.map(({ grp }) => grp));
  const bySales = Map.groupBy(sales, keyOf);
  const byMetered = Map.groupBy(metered, keyOf);
  const byConnected = Map.groupBy(connected, keyOf);
  const firstSold = sales.map(({ period }) => period).toSorted()[0];
  const everBy = new Map([...groups].map((grp) => [grp, ever.filter((each) => each.grp === grp)]));
  return order.periods.flatMap((period) =>
    [...groups].map((grp) => {
      const key = keyOf({ period: period.from, grp });
      const sold = bySales.get(key)?.[0] ?? (firstSold !== undefined && period.from >= firstSold ? NOTHING_SOLD : {});
      const sums: Sums = { ...sold, ...byMetered.get(key)?.[0], ...byConnected.get(key)?.[0] };
      if (asked.has("base_ever"))
        sums.base_ever = (everBy.get(grp) ?? []).reduce(
          (sum, each) => (each.period <= period.to ? sum + (each.base_ever ?? 0) : sum),
          0,
        );
      if (asked.has("days")) sums.days = period.days;
      return { period: period.from, group: grp === "" ? null : grp, sums };
    }),
  );
}

const SALES: readonly Measure[] = [
  "paid_minor",
  "electricity_minor",
  "fees_minor",
  "suspense_minor",
  "treasury_minor",
  "payments",
  "vended_wh",
];
const METERED: readonly Measure[] = ["metered_wh", "metered_hours"];
const NOTHING_SOLD: Sums = Object.fromEntries([...SALES, "paying"].map((measure) => [measure, 0]));

const keyOf = ({ period, grp }: { period: string; grp: string }) => `${period} ${grp}`;

const paramsOf = ({ periods, site, type }: MeasureOrder) => [
  periods[0]?.from ?? "",
  periods.at(-1)?.to ?? "",
  site ?? "",
  type ?? "",
];

/** First day of the period of a day or month, as text. */
const periodOf = (grain: Grain, column: string) => {
  if (grain === "total") return "$1::text";
  return grain === "day" || grain === "month" ? `${column}::text` : `date_trunc('${grain}', ${column})::date::text`;
};
const groupOf = (by: Grouping, columns: Record<Exclude<Grouping, "none">, string>) =>
  by === "none" ? "''" : `coalesce(${columns[by]}, '')`;

/** Who a row's account belongs to, where the figure asks: reports add up the tiers of households. */
const PEOPLE = `LEFT JOIN customers c ON c.id = a.customer_id LEFT JOIN customer_types t ON t.code = c.customer_type`;
const FILTER = (site: string) =>
  `($3::text = '' OR ${site} = $3::text) AND ($4::text = '' OR t.reported_as = $4::text OR t.code = $4::text)`;
/** "total" goes exactly from day to day, so it is made of days, as "day" is. */
const bounds = (grain: Grain) =>
  grain === "day" || grain === "total"
    ? { sales: "sales_account_days", metered: "metered_days", at: "day" }
    : { sales: "sales_account_months", metered: "metered_months", at: "month" };

function salesOf({ grain, by }: MeasureOrder): string {
  const { sales, at } = bounds(grain);
  const group = groupOf(by, { site: "q.site_code", type: "t.reported_as", channel: "q.channel" });
  return `SELECT ${periodOf(grain, `q.${at}`)} AS period, ${group} AS grp, sum(q.gross_minor - q.reversed_minor)::bigint AS paid_minor,
      sum(q.electricity_minor)::bigint AS electricity_minor, sum(q.fees_minor)::bigint AS fees_minor,
      sum(q.suspense_minor)::bigint AS suspense_minor, sum(q.treasury_minor)::bigint AS treasury_minor,
      sum(q.payments)::bigint AS payments, sum(q.vended_wh)::bigint AS vended_wh,
      count(DISTINCT q.account_number) FILTER (WHERE q.electricity_minor + q.fees_minor > 0)::int AS paying
    FROM ${sales} q LEFT JOIN accounts a ON a.account_number = q.account_number ${PEOPLE}
    WHERE q.${at} BETWEEN $1::date AND $2::date AND ${FILTER("q.site_code")} GROUP BY 1, 2`;
}

function meteredOf({ grain, by }: MeasureOrder): string {
  const { metered, at } = bounds(grain);
  const group = groupOf(by, { site: "q.site_code", type: "t.reported_as", channel: "NULL::text" });
  return `SELECT ${periodOf(grain, `q.${at}`)} AS period, ${group} AS grp, sum(q.energy_wh)::bigint AS metered_wh, sum(q.hours)::bigint AS metered_hours
    FROM ${metered} q JOIN accounts a ON a.id = q.account_id ${PEOPLE}
    WHERE q.${at} BETWEEN $1::date AND $2::date AND ${FILTER("q.site_code")} GROUP BY 1, 2`;
}

/** Accounts by the first month in which they ever paid, from the beginning: an old payment that comes late raises earlier periods too. */
function everOf({ grain, by }: MeasureOrder): string {
  const days = grain === "day" || grain === "total";
  const group = groupOf(by, { site: "f.site_code", type: "t.reported_as", channel: "NULL::text" });
  const [table, at] = days ? ["sales_account_days", "day"] : ["sales_account_months", "month"];
  return `SELECT f.first::text AS period, ${group} AS grp, count(*)::int AS base_ever
    FROM (SELECT account_number, max(site_code) AS site_code, min(${at}) AS first FROM ${table}
        WHERE account_number IS NOT NULL AND electricity_minor + fees_minor > 0 AND ${at} <= $2::date GROUP BY account_number) f
      LEFT JOIN accounts a ON a.account_number = f.account_number ${PEOPLE}
    WHERE $1::text <> '' AND ${FILTER("f.site_code")} GROUP BY 1, 2`;
}

/**
 * Days on which accounts were connected: from their commissioning, or where nobody recorded it from the first day that they used or paid
 * for power, until they were terminated; days to come are none.
 */
function connectedOf({ by }: MeasureOrder): string {
  const group = groupOf(by, { site: "s.site_code", type: "t.reported_as", channel: "NULL::text" });
  return `WITH spans AS MATERIALIZED (
      SELECT a.id, a.site_code, a.customer_id,
        coalesce((g.connected_at AT TIME ZONE $6::text)::date, least(
          (SELECT min(day) FROM metered_days m WHERE m.account_id = a.id),
          (SELECT min(day) FROM sales_account_days d WHERE d.account_number = a.account_number))) AS first,
        coalesce((a.terminated_at AT TIME ZONE $6::text)::date, 'infinity') AS after
      FROM accounts a LEFT JOIN account_stages g ON g.account_id = a.id
    ), periods AS (
      SELECT p->>'from' AS period, (p->>'from')::date AS first, least((p->>'to')::date, $7::date) AS last
      FROM jsonb_array_elements($5::jsonb) p
    )
    SELECT p.period, ${group} AS grp, sum(least(s.after, p.last + 1) - greatest(s.first, p.first))::bigint AS connected_days
    FROM periods p JOIN spans s ON s.first <= p.last AND s.after > p.first AND s.first < s.after
      JOIN accounts a ON a.id = s.id ${PEOPLE}
    WHERE $1::text <> '' AND $2::text <> '' AND ${FILTER("s.site_code")} GROUP BY 1, 2`;
}
