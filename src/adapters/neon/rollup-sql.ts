import { soldLater } from "../../domain/fees/sold-later.ts";
import { ONE_BY_ONE } from "./hours.ts";

/**
 * How rollups are computed from rows; the one place that says so. `$1` are local days, or the first days of months, as an array, so that
 * the planner knows how many they are; `$2` is the country's zone. The job that keeps them and the command that verifies them use the same
 * words, and `tests/adapters/rollups.test.ts` a slow twin of them.
 *
 * Of two large sets none is joined with the other by a key that the planner could take for one row: statistics are old while years are
 * brought, and such a plan looks at each pair. Each row is followed along a key of a table instead, or a subquery is closed to the planner.
 */
export const DAYS = `days AS MATERIALIZED (SELECT day FROM unnest($1::date[]) AS day)`;
export const MONTHS = `months AS MATERIALIZED (SELECT month FROM unnest($1::date[]) AS month)`;

const START = "d.day::timestamp AT TIME ZONE $2::text";
const END = "(d.day + 1)::timestamp AT TIME ZONE $2::text";

const AMOUNTS = [
  "payments",
  "gross_minor",
  "reversed_minor",
  "electricity_minor",
  "fees_minor",
  "suspense_minor",
  "treasury_minor",
  "vended_wh",
] as const;
const SUMMED = AMOUNTS.map((column) => `sum(${column})::bigint AS ${column}`).join(", ");

/**
 * Months that get what their days gained or lost, in the same statement: a day that changes for everybody would else read everybody's month,
 * each time. `adds`: what a day counts for in each column.
 */
export type Carried = {
  table: string;
  key: string;
  keeps: string;
  adds: Readonly<Record<string, (row: string) => string>>;
};

/** A table that is computed: what names a row, the rest of it, and over what it is bounded. */
export type Rollup = {
  table: string;
  /** Columns that name a row, the day or month first. */
  key: readonly string[];
  values: readonly string[];
  /** CTEs that end in `computed` with exactly these columns, of the days or months asked. */
  computed: string;
  bound: "days" | "months" | "slice";
  carried?: Carried;
};

/**
 * Money by the local day on which it was paid, as it is held now. What the old system knew counts beside, unless the receipt is one
 * of ours: then it is the same money. What nothing took of a payment counts as its fees until energy is sold for it.
 */
const SALES = `${DAYS}, shares AS (
    SELECT d.day, p.receipt, p.provider AS channel, l.share, l.holder_kind, l.account_id, l.amount_minor
    FROM days d CROSS JOIN LATERAL (SELECT * FROM payments q WHERE q.paid_at >= ${START} AND q.paid_at < ${END}
        AND q.generation >= 1 AND q.holder_kind <> 'legacy' ${ONE_BY_ONE}) p
      CROSS JOIN LATERAL (SELECT * FROM payment_allocations q WHERE q.receipt = p.receipt AND q.generation = p.generation ${ONE_BY_ONE}) l
  ), ours AS (
    SELECT s.day, s.receipt, s.channel, s.account_id, count(*) FILTER (WHERE s.share = 1) AS payments, sum(s.amount_minor) AS gross_minor,
      sum(s.amount_minor) FILTER (WHERE s.holder_kind = 'account') AS held_minor,
      sum(s.amount_minor) FILTER (WHERE s.holder_kind = 'suspense') AS suspense_minor,
      sum(s.amount_minor) FILTER (WHERE s.holder_kind = 'treasury') AS treasury_minor,
      sum(s.amount_minor) FILTER (WHERE s.holder_kind = 'returned') AS returned_minor
    FROM shares s GROUP BY s.day, s.receipt, s.channel, s.account_id
  ), rows AS (
    SELECT o.day, a.account_number, a.site_code, o.channel, o.payments, o.gross_minor, coalesce(o.returned_minor, 0) AS reversed_minor,
      coalesce(o.held_minor, 0) - c.fees_minor AS electricity_minor, c.fees_minor,
      coalesce(o.suspense_minor, 0) AS suspense_minor, coalesce(o.treasury_minor, 0) AS treasury_minor, c.energy_wh AS vended_wh
    FROM ours o LEFT JOIN accounts a ON a.id = o.account_id
      CROSS JOIN LATERAL (SELECT coalesce(sum(x.energy_wh) FILTER (WHERE x.book = 'customer_energy'), 0) AS energy_wh,
          coalesce(sum(x.amount_minor) FILTER (WHERE x.book = 'customer_fees'), 0) AS fees_minor
        FROM (SELECT x.book, x.energy_wh, x.amount_minor FROM ledger_entries x
            WHERE x.receipt = o.receipt AND x.account_id = o.account_id AND x.kind IN ('payment', 'fee', 'reversal')
          UNION ALL SELECT x.book, x.energy_wh, x.amount_minor FROM ${soldLater("u.receipt = o.receipt AND u.account_id = o.account_id")} x) x) c
    UNION ALL
    SELECT d.day, t.account_number, s.code, 'legacy', (t.amount_minor > 0)::int, greatest(t.amount_minor, 0), greatest(-t.amount_minor, 0),
      CASE WHEN t.kind = 'payment' THEN t.amount_minor ELSE 0 END, CASE WHEN t.kind = 'fee' THEN t.amount_minor ELSE 0 END, 0, 0,
      CASE WHEN t.kind = 'payment' THEN coalesce(t.energy_wh, 0) ELSE 0 END
    FROM days d CROSS JOIN LATERAL (SELECT * FROM legacy_transactions q WHERE q.paid_at >= ${START} AND q.paid_at < ${END}
        AND q.kind IN ('payment', 'fee') AND q.amount_minor IS NOT NULL ${ONE_BY_ONE}) t
      LEFT JOIN sites s ON s.code = right(t.account_number, 3)
    WHERE NOT EXISTS (SELECT FROM payments p WHERE p.receipt = t.receipt AND p.holder_kind <> 'legacy' ${ONE_BY_ONE})
  ), computed AS (
    SELECT day, account_number, site_code, channel, ${SUMMED} FROM rows GROUP BY day, account_number, site_code, channel
  )`;

/**
 * By the meter that bills, as far as it did on that day: two meters on one account never double what it used. All rows of all days are read
 * at once, along the day: looked up meter by meter, the planner takes a meter and an account for one day and goes through all days of the
 * meter; day by day, a history that was brought meter by meter is read once for each day.
 * The highest hour is that of the day's own row where one meter billed all day; else its hours are looked at.
 */
const METERED = `used AS (
    SELECT d.*, p.is_whole, ${START} AS from_hour, ${END} AS to_hour
    FROM consumption_daily d
      CROSS JOIN LATERAL (SELECT bool_or(p.valid_from <= ${START} AND coalesce(p.valid_to, 'infinity') >= ${END}) AS is_whole
        FROM meter_placements p WHERE p.meter_id = d.meter_id AND p.account_id = d.account_id AND p.role = 'primary'
          AND tstzrange(p.valid_from, p.valid_to) && tstzrange(${START}, ${END})) p
    WHERE d.day = ANY ($1::date[]) AND p.is_whole IS NOT NULL
  ), summed AS (
    SELECT c.day, c.account_id, a.site_code, sum(c.energy_wh)::bigint AS energy_wh, least(sum(c.hours), 25)::int AS hours,
      least(sum(c.estimated_hours), sum(c.hours), 25)::int AS estimated_hours, min(c.from_hour) AS from_hour, min(c.to_hour) AS to_hour,
      CASE WHEN count(*) = 1 AND bool_and(c.is_whole) THEN max(c.peak_wh) END AS peak_wh
    FROM used c JOIN accounts a ON a.id = c.account_id
    GROUP BY c.day, c.account_id, a.site_code
  ), computed AS (
    SELECT s.day, s.account_id, s.site_code, s.energy_wh, s.hours, s.estimated_hours, coalesce(s.peak_wh,
      (SELECT max(h.wh) FROM (SELECT sum(x.energy_wh)::bigint AS wh FROM (
          SELECT DISTINCT p.meter_id, q.hour, q.energy_wh FROM meter_placements p CROSS JOIN LATERAL (
            SELECT u.hour, u.energy_wh FROM consumption_hourly u WHERE u.meter_id = p.meter_id AND u.account_id = p.account_id
              AND u.hour >= greatest(s.from_hour, date_trunc('hour', p.valid_from, 'UTC'))
              AND u.hour < least(s.to_hour, coalesce(p.valid_to, 'infinity')) ${ONE_BY_ONE}) q
          WHERE p.account_id = s.account_id AND p.role = 'primary') x GROUP BY x.hour) h)) AS peak_wh
    FROM summed s
  )`;

const MONTH_OF = (table: string) => `LATERAL (SELECT * FROM ${table} t
        WHERE t.day >= m.month AND t.day < (m.month + interval '1 month')::date ${ONE_BY_ONE}) q`;

const SALES_MONTHS = `${MONTHS}, computed AS (
    SELECT m.month, q.account_number, q.site_code, q.channel, ${SUMMED.replaceAll("sum(", "sum(q.")}
    FROM months m CROSS JOIN ${MONTH_OF("sales_account_days")} GROUP BY m.month, q.account_number, q.site_code, q.channel
  )`;

const MONTH_OF_DAYS = `sum(q.energy_wh)::bigint AS energy_wh, count(*)::int AS days, sum(q.hours)::int AS hours,
      sum(q.estimated_hours)::int AS estimated_hours`;

const METERED_MONTHS = `${MONTHS}, computed AS (
    SELECT m.month, q.account_id, q.site_code, ${MONTH_OF_DAYS}
    FROM months m CROSS JOIN ${MONTH_OF("metered_days")} GROUP BY m.month, q.account_id, q.site_code
  )`;

/** So many accounts, as the second parameter says, after the first one. */
const SLICE_OF = (after: string, max: string) => `slice AS MATERIALIZED (
    SELECT id FROM accounts WHERE id > ${after}::bigint ORDER BY id LIMIT ${max}::int
  )`;

/** The same along each account's key. `$2`, `$3`: the slice. */
const METERED_MONTHS_SLICE = `${MONTHS}, ${SLICE_OF("$2", "$3")}, computed AS (
    SELECT m.month, q.account_id, q.site_code, ${MONTH_OF_DAYS}
    FROM months m CROSS JOIN slice s CROSS JOIN LATERAL (SELECT * FROM metered_days t WHERE t.account_id = s.id
        AND t.day >= m.month AND t.day < (m.month + interval '1 month')::date ${ONE_BY_ONE}) q
    GROUP BY m.month, q.account_id, q.site_code
  )`;

/**
 * An account's day is of one meter, but where a meter was changed or went over to another account: those meters are counted by themselves,
 * each once. Who they may be is asked of all days at once, which may only be too many.
 */
const METERED_SITES = `${DAYS}, billing AS MATERIALIZED (
    SELECT p.meter_id, p.account_id, range_agg(tstzrange(p.valid_from, p.valid_to)) AS times,
      count(*) OVER (PARTITION BY p.account_id) > 1 OR count(*) OVER (PARTITION BY p.meter_id) > 1 AS is_shared
    FROM meter_placements p WHERE p.role = 'primary' AND p.valid_from < (SELECT max(${END}) FROM days d)
      AND (p.valid_to IS NULL OR p.valid_to > (SELECT min(${START}) FROM days d)) GROUP BY p.meter_id, p.account_id
  ), shared AS MATERIALIZED (SELECT * FROM billing WHERE is_shared
  ), computed AS (
    SELECT s.day, s.site_code, sum(s.energy_wh)::bigint AS energy_wh, sum(s.meters)::int AS meters FROM (
      SELECT q.day, q.site_code, sum(q.energy_wh) AS energy_wh,
        count(*) FILTER (WHERE NOT EXISTS (SELECT FROM shared x WHERE x.account_id = q.account_id)) AS meters
      FROM metered_days q WHERE q.day = ANY ($1::date[]) GROUP BY q.day, q.site_code
      UNION ALL
      SELECT d.day, a.site_code, 0, count(DISTINCT x.meter_id)
      FROM days d CROSS JOIN shared x JOIN accounts a ON a.id = x.account_id
        JOIN consumption_daily c ON c.meter_id = x.meter_id AND c.account_id = x.account_id AND c.day = d.day
      WHERE x.times && tstzrange(${START}, ${END}) GROUP BY d.day, a.site_code
    ) s GROUP BY s.day, s.site_code
  )`;

/** Along each billing meter's key: the hours of everybody's year are never read for a month. `$3`: so many accounts, `$4`, after this one. */
const METERED_MONTH_HOURS = `${MONTHS}, ${SLICE_OF("$3", "$4")}, billing AS MATERIALIZED (
    -- Stretches of whole hours: those that meet in an hour are one, so that no hour is found twice.
    SELECT s.meter_id, s.account_id, coalesce(lower(s.span), '-infinity') AS first, coalesce(upper(s.span), 'infinity') AS after
    FROM (SELECT p.meter_id, p.account_id, unnest(range_agg(tstzrange(date_trunc('hour', p.valid_from, 'UTC'),
        date_trunc('hour', p.valid_to - interval '1 microsecond', 'UTC') + interval '1 hour'))) AS span
      FROM meter_placements p JOIN slice ON slice.id = p.account_id WHERE p.role = 'primary' GROUP BY p.meter_id, p.account_id) s
  ), computed AS (
    SELECT m.month, b.account_id, extract(hour FROM c.hour AT TIME ZONE $2::text)::int AS hour_of_day,
      sum(c.energy_wh)::bigint AS energy_wh, count(*)::int AS hours
    FROM months m CROSS JOIN billing b
      CROSS JOIN LATERAL (SELECT q.hour, q.energy_wh FROM consumption_hourly q
        WHERE q.meter_id = b.meter_id AND q.account_id = b.account_id
          AND q.hour >= greatest(b.first, m.month::timestamp AT TIME ZONE $2::text)
          AND q.hour < least(b.after, (m.month + interval '1 month')::timestamp AT TIME ZONE $2::text) ${ONE_BY_ONE}) c
    GROUP BY 1, 2, 3
  )`;

const MONTHS_KEPT = {
  table: "metered_months",
  key: ["month", "account_id"],
  values: ["site_code", "energy_wh", "days", "hours", "estimated_hours"],
} as const;

/** In the order in which each needs the one before. */
export const ROLLUPS: readonly (Rollup & { of: "money" | "energy" })[] = [
  {
    of: "money",
    table: "sales_account_days",
    key: ["day", "account_number", "channel"],
    values: ["site_code", ...AMOUNTS],
    computed: SALES,
    bound: "days",
  },
  {
    of: "money",
    table: "sales_account_months",
    key: ["month", "account_number", "channel"],
    values: ["site_code", ...AMOUNTS],
    computed: SALES_MONTHS,
    bound: "months",
  },
  {
    of: "energy",
    table: "metered_days",
    key: ["day", "account_id"],
    values: ["site_code", "energy_wh", "hours", "estimated_hours", "peak_wh"],
    computed: METERED,
    bound: "days",
    carried: {
      ...{ table: MONTHS_KEPT.table, key: "account_id", keeps: "site_code" },
      adds: {
        energy_wh: (row) => `coalesce(${row}energy_wh, 0)`,
        days: (row) => `(${row}day IS NOT NULL)::int`,
        hours: (row) => `coalesce(${row}hours, 0)`,
        estimated_hours: (row) => `coalesce(${row}estimated_hours, 0)`,
      },
    },
  },
  {
    of: "energy",
    table: "metered_site_days",
    key: ["day", "site_code"],
    values: ["energy_wh", "meters"],
    computed: METERED_SITES,
    bound: "days",
  },
];

/** What the months of energy must be, all accounts of them; days carry what they gained over to them. */
export const MONTHS_BY_DAYS: Rollup & { of: "energy" } = {
  ...MONTHS_KEPT,
  of: "energy",
  computed: METERED_MONTHS,
  bound: "months",
};

/** The same of some accounts, computed whole beside their load curves: whatever a month was, it is right then. */
export const MONTHS_OF_SLICE: Rollup = { ...MONTHS_KEPT, computed: METERED_MONTHS_SLICE, bound: "slice" };

/** By itself, and some accounts at a time: it reads every hour of a month. */
export const MONTH_HOURS: Rollup = {
  table: "metered_month_hours",
  key: ["month", "account_id", "hour_of_day"],
  values: ["energy_wh", "hours"],
  computed: METERED_MONTH_HOURS,
  bound: "slice",
};
