import { soldLater } from "../../domain/fees/sold-later.ts";
import type { Channel, Closing, DayFacts, SiteSales } from "../../domain/metrics/day-closing.ts";
import type { Reader } from "../../ports/reader.ts";
import { ms } from "../sql.ts";

/** Local days from one to another, both included. `from` and `to` stand in the first two parameters, the country's zone in the third. */
export type SalesDays = { from: string; to: string; timeZone: string };
export type DaySales = { day: string; channel: Channel } & SiteSales;

/** A till is in use for so many days after it took money. */
const IN_USE_DAYS = 31;

/** What was sold on each day by site and channel, as the rollups have it. */
export const dailySales = (db: Reader, { from, to }: SalesDays): Promise<DaySales[]> =>
  db.read<DaySales>(
    `SELECT day::text AS day, channel, site_code AS site, payments, gross_minor AS "grossMinor", reversed_minor AS "reversedMinor",
        electricity_minor AS "electricityMinor", fees_minor AS "feesMinor", suspense_minor AS "suspenseMinor",
        treasury_minor AS "treasuryMinor", vended_wh AS "vendedWh"
      FROM sales_daily WHERE day BETWEEN $1::date AND $2::date ORDER BY day DESC, channel, site_code NULLS LAST`,
    [from, to],
  );

const local = (instant: string) => `(${instant} AT TIME ZONE $3::text)::date`;
/** Ours, of these days; a stand-in of an account's own posting has no operator yet. */
const OURS = `payments p WHERE p.paid_at >= ($1::date - ${IN_USE_DAYS - 1})::timestamp AT TIME ZONE $3::text
  AND p.paid_at < ($2::date + 1)::timestamp AT TIME ZONE $3::text`;

const FACTS = `WITH days AS (
    SELECT DISTINCT day, channel FROM sales_account_days WHERE day BETWEEN $1::date AND $2::date
    UNION SELECT day, provider FROM till_days WHERE day BETWEEN $1::date AND $2::date
  ), held AS (
    SELECT day, channel, sum(suspense_minor)::bigint AS suspense FROM sales_account_days
    WHERE day BETWEEN $1::date AND $2::date GROUP BY day, channel
  ), taken AS (
    SELECT DISTINCT ${local("p.paid_at")} AS day, p.provider, p.till_id FROM ${OURS} AND p.generation >= 1 AND p.till_id IS NOT NULL
  ), touched AS (
    SELECT DISTINCT ${local("at")} AS day FROM rollup_touched WHERE what = 'money'
  ), standing_in AS (
    SELECT ${local("p.paid_at")} AS day, count(*) AS n FROM ${OURS} AND p.generation = 0 GROUP BY 1
  ), unlisted AS (
    SELECT ${local("p.paid_at")} AS day, p.provider, count(*) AS n FROM ${OURS}
      AND p.generation >= 1 AND p.holder_kind <> 'legacy' AND p.till_id IS NULL
      AND NOT EXISTS (SELECT FROM statement_lines s WHERE s.receipt = p.receipt AND s.kind = 'payment') GROUP BY 1, 2
  )
  SELECT d.day::text AS day, d.channel, d.day < ${local("cc_at($4::bigint)")} AS "isOver", coalesce(g.n, 0)::int AS "onTheirWay",
    EXISTS (SELECT FROM touched t WHERE t.day = d.day) AS "isTouched", coalesce(h.suspense, 0)::bigint AS "suspenseMinor",
    u.tills::int AS tills, u.final::int AS "tillsFinal", u.differ::int AS "tillsDiffer", coalesce(l.n, 0)::int AS unlisted
  FROM days d LEFT JOIN held h ON h.day = d.day AND h.channel = d.channel LEFT JOIN standing_in g ON g.day = d.day
    LEFT JOIN unlisted l ON l.day = d.day AND l.provider = d.channel
    CROSS JOIN LATERAL (
      SELECT count(*) AS tills, count(*) FILTER (WHERE y.state = 'final') AS final,
        count(*) FILTER (WHERE y.state = 'open' AND y.covered) AS differ
      FROM (SELECT DISTINCT t.till_id FROM taken t WHERE t.provider = d.channel AND t.day BETWEEN d.day - ${IN_USE_DAYS - 1} AND d.day
          UNION SELECT o.till_id FROM till_days o WHERE o.provider = d.channel AND o.day = d.day) used
        LEFT JOIN till_days y ON y.till_id = used.till_id AND y.provider = d.channel AND y.day = d.day
    ) u
  ORDER BY d.day DESC, d.channel`;

/** What is known of each day and channel that has sales or a statement. */
export const dayFacts = (db: Reader, asked: SalesDays, now: number): Promise<(DayFacts & { day: string })[]> =>
  db.read<DayFacts & { day: string }>(FACTS, [asked.from, asked.to, asked.timeZone, String(now)]);

export type DayClosing = Closing & { day: string; channel: Channel };

/** The last closing of each day and channel that was ever closed. */
export const lastClosings = (db: Reader, { from, to }: Pick<SalesDays, "from" | "to">): Promise<DayClosing[]> =>
  db.read<DayClosing>(
    `SELECT DISTINCT ON (day, channel) day::text AS day, channel, nth, ${ms("closed_at", '"closedAt"')},
        ${ms("reopened_at", '"reopenedAt"')}, sales
      FROM sales_closings WHERE day BETWEEN $1::date AND $2::date ORDER BY day, channel, nth DESC`,
    [from, to],
  );

/** What became of credits at vendors' platforms, by the day, site and channel of their payments; also of what was sold later for one. */
export type DayCredits = {
  day: string;
  channel: Channel;
  site: string;
  delivered: number;
  pending: number;
  failed: number;
};

export const dayCredits = (db: Reader, { from, to, timeZone }: SalesDays): Promise<DayCredits[]> =>
  db.read<DayCredits>(
    `SELECT ${local("p.paid_at")}::text AS day, p.provider AS channel, a.site_code AS site,
        count(*) FILTER (WHERE v.state = 'confirmed')::int AS delivered,
        count(*) FILTER (WHERE v.state IN ('queued', 'sent', 'blocked'))::int AS pending,
        count(*) FILTER (WHERE v.state IN ('rejected', 'dead'))::int AS failed
      FROM payments p CROSS JOIN LATERAL (
          SELECT q.entry_key FROM ledger_entries q WHERE q.receipt = p.receipt AND q.account_id IS NOT NULL
          UNION ALL SELECT x.entry_key FROM ${soldLater("u.receipt = p.receipt")} x) e
        JOIN vendor_credits v ON v.external_id = e.entry_key JOIN accounts a ON a.id = v.account_id
      WHERE p.paid_at >= $1::date::timestamp AT TIME ZONE $3::text AND p.paid_at < ($2::date + 1)::timestamp AT TIME ZONE $3::text
        AND p.generation >= 1 GROUP BY 1, 2, 3`,
    [from, to, timeZone],
  );

/** The oldest local day on which we took money ourselves; null: none yet. */
export async function firstDayOfOurs(db: Reader, timeZone: string): Promise<string | null> {
  const [row] = await db.read<{ day: string | null }>(
    "SELECT (min(paid_at) AT TIME ZONE $1::text)::date::text AS day FROM payments WHERE holder_kind <> 'legacy'",
    [timeZone],
  );
  return row?.day ?? null;
}
