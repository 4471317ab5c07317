import type { Added, Sums } from "../../domain/metrics/answer.ts";
import type { Period } from "../../domain/metrics/periods.ts";
import type { Grain, Grouping, Measure } from "../../domain/metrics/registry.ts";
import type { Reader } from "../../ports/reader.ts";
import { firstUse } from "./first-use.ts";

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
  const [sales, paying, metered, ever, connected] = await Promise.all([
    wants([...SALES, "paying"]) ? db.read<Row>(salesOf(order), paramsOf(order)) : [],
    wants(["paying"]) ? db.read<Row>(payingOf(order), paramsOf(order)) : [],
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
  const byPaying = Map.groupBy(paying, keyOf);
  const byMetered = Map.groupBy(metered, keyOf);
  const byConnected = Map.groupBy(connected, keyOf);
  const firstSold = sales.map(({ period }) => period).toSorted()[0];
  const everBy = new Map([...groups].map((grp) => [grp, ever.filter((each) => each.grp === grp)]));
  return order.periods.flatMap((period) =>
    [...groups].map((grp) => {
      const key = keyOf({ period: period.from, grp });
      const isSold = firstSold !== undefined && period.from >= firstSold;
      const sold = { ...(isSold ? NOTHING_SOLD : {}), ...bySales.get(key)?.[0] };
      const sums: Sums = {
        ...sold,
        ...byPaying.get(key)?.[0],
        ...byMetered.get(key)?.[0],
        ...byConnected.get(key)?.[0],
      };
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

/** Who a row's account belongs to, where the figure asks for it, and only there: reports add up the tiers of households. */
const people = ({ by, type }: MeasureOrder, accounts: string) =>
  by === "type" || type !== null
    ? `${accounts} LEFT JOIN customers c ON c.id = a.customer_id LEFT JOIN customer_types t ON t.code = c.customer_type`
    : "";
const filter = ({ type }: MeasureOrder, site: string) =>
  `($3::text = '' OR ${site} = $3::text) AND ${type === null ? "$4::text = ''" : "(t.reported_as = $4::text OR t.code = $4::text)"}`;
/** "total" goes exactly from day to day, so it is made of days, as "day" is. */
const bounds = (grain: Grain) =>
  grain === "day" || grain === "total"
    ? { sales: "sales_account_days", metered: "metered_days", at: "day" }
    : { sales: "sales_account_months", metered: "metered_months", at: "month" };

const SALES_SUMS = {
  paid_minor: "gross_minor - q.reversed_minor",
  electricity_minor: "electricity_minor",
  fees_minor: "fees_minor",
  suspense_minor: "suspense_minor",
  treasury_minor: "treasury_minor",
  payments: "payments",
  vended_wh: "vended_wh",
};
const METERED_SUMS = { metered_wh: "energy_wh", metered_hours: "hours" };

/** By the days or months of the table first, and these then by period: a period is found for some of them and not for each row. */
function addedUp(
  { grain, at }: { grain: Grain; at: string },
  sums: Record<string, string>,
  { group, from, where }: { group: string; from: string; where: string },
): string {
  const names = Object.keys(sums);
  return `SELECT ${periodOf(grain, "r.at")} AS period, r.grp, ${names.map((name) => `sum(r.${name})::bigint AS ${name}`).join(", ")}
    FROM (SELECT q.${at} AS at, ${group} AS grp, ${names.map((name) => `sum(q.${sums[name]}) AS ${name}`).join(", ")}
      FROM ${from} WHERE q.${at} BETWEEN $1::date AND $2::date AND ${where} GROUP BY 1, 2) r GROUP BY 1, 2`;
}

const ofSales = (order: MeasureOrder) => ({
  group: groupOf(order.by, { site: "q.site_code", type: "t.reported_as", channel: "q.channel" }),
  from: `${bounds(order.grain).sales} q ${people(order, "LEFT JOIN accounts a ON a.account_number = q.account_number")}`,
  where: filter(order, "q.site_code"),
});

/** All sums of it, whichever of them is asked: so that the figures of a report ask in the same words. */
function salesOf(order: MeasureOrder): string {
  return addedUp({ grain: order.grain, at: bounds(order.grain).at }, SALES_SUMS, ofSales(order));
}

/** Accounts that paid for power or fees in a period, each once. */
function payingOf(order: MeasureOrder): string {
  const { grain } = order;
  const { at } = bounds(grain);
  const { group, from, where } = ofSales(order);
  return `SELECT r.period, r.grp, count(*)::int AS paying
    FROM (SELECT DISTINCT ${periodOf(grain, `q.${at}`)} AS period, ${group} AS grp, q.account_number
      FROM ${from} WHERE q.${at} BETWEEN $1::date AND $2::date AND q.account_number IS NOT NULL AND q.electricity_minor + q.fees_minor > 0
        AND ${where}) r GROUP BY 1, 2`;
}

function meteredOf(order: MeasureOrder): string {
  const { metered, at } = bounds(order.grain);
  return addedUp({ grain: order.grain, at }, METERED_SUMS, {
    group: groupOf(order.by, { site: "q.site_code", type: "t.reported_as", channel: "NULL::text" }),
    from: `${metered} q ${people(order, "JOIN accounts a ON a.id = q.account_id")}`,
    where: filter(order, "q.site_code"),
  });
}

/** Accounts by the first month in which they ever paid, from the beginning: an old payment that comes late raises earlier periods too. */
function everOf(order: MeasureOrder): string {
  const { sales, at } = bounds(order.grain);
  const group = groupOf(order.by, { site: "f.site_code", type: "t.reported_as", channel: "NULL::text" });
  return `SELECT f.first::text AS period, ${group} AS grp, count(*)::int AS base_ever
    FROM (SELECT account_number, max(site_code) AS site_code, min(${at}) AS first FROM ${sales}
        WHERE account_number IS NOT NULL AND electricity_minor + fees_minor > 0 AND ${at} <= $2::date GROUP BY account_number) f
      ${people(order, "LEFT JOIN accounts a ON a.account_number = f.account_number")}
    WHERE $1::text <> '' AND ${filter(order, "f.site_code")} GROUP BY 1, 2`;
}

/**
 * Days on which accounts were connected: from their commissioning, or where nobody recorded it from the first day that they used or bought
 * power, until they were terminated; days to come are none.
 */
function connectedOf(order: MeasureOrder): string {
  const group = groupOf(order.by, { site: "s.site_code", type: "t.reported_as", channel: "NULL::text" });
  return `WITH spans AS MATERIALIZED (
      SELECT a.id, a.site_code, a.customer_id,
        coalesce((g.connected_at AT TIME ZONE $6::text)::date, ${firstUse("a")}) AS first,
        coalesce((a.terminated_at AT TIME ZONE $6::text)::date, 'infinity') AS after
      FROM accounts a LEFT JOIN account_stages g ON g.account_id = a.id
    ), periods AS (
      SELECT p->>'from' AS period, (p->>'from')::date AS first, least((p->>'to')::date, $7::date) AS last
      FROM jsonb_array_elements($5::jsonb) p
    )
    SELECT p.period, ${group} AS grp, sum(least(s.after, p.last + 1) - greatest(s.first, p.first))::bigint AS connected_days
    FROM periods p JOIN spans s ON s.first <= p.last AND s.after > p.first AND s.first < s.after
      ${people(order, "JOIN accounts a ON a.id = s.id")}
    WHERE $1::text <> '' AND $2::text <> '' AND ${filter(order, "s.site_code")} GROUP BY 1, 2`;
}
