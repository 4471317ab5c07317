/** What the queries of profiles share. `$1`, `$2`: first and last local day; `$3`: site; `$4`: type; empty for all. `$5`: the zone. */
export type ProfileBy = "none" | "site" | "type";
export type ProfileOrder = {
  from: string;
  to: string;
  by: ProfileBy;
  /** A site's code; null: all. */
  site: string | null;
  /** A customer type as reports name it, or a tier of it; null: all. */
  type: string | null;
  timeZone: string;
};

export const paramsOf = ({ from, to, site, type, timeZone }: ProfileOrder): string[] => [
  from,
  to,
  site ?? "",
  type ?? "",
  timeZone,
];

/** Reports add up the tiers of households: they are one group. */
export const GROUP: Record<ProfileBy, string> = {
  none: "NULL::text",
  site: "a.site_code",
  type: "t.reported_as",
};

/** Accounts that are asked for, with their group. A CTE: `people`. */
export const peopleOf = (by: ProfileBy) => `people AS MATERIALIZED (
    SELECT a.id, a.terminated_at, ${GROUP[by]} AS grp FROM accounts a LEFT JOIN customers c ON c.id = a.customer_id
      LEFT JOIN customer_types t ON t.code = c.customer_type
    WHERE ($3::text = '' OR a.site_code = $3::text) AND ($4::text = '' OR t.reported_as = $4::text OR t.code = $4::text)
  )`;

/**
 * Of each meter the stretches of whole hours in which it billed an account of `people`: those that meet in an hour are one, so that no hour
 * is found twice. A CTE: `billing`.
 */
export const BILLING = `billing AS MATERIALIZED (
    SELECT s.meter_id, s.account_id, s.grp, coalesce(lower(s.span), '-infinity') AS first, coalesce(upper(s.span), 'infinity') AS after
    FROM (SELECT m.meter_id, m.account_id, p.grp, unnest(range_agg(tstzrange(date_trunc('hour', m.valid_from, 'UTC'),
        date_trunc('hour', m.valid_to - interval '1 microsecond', 'UTC') + interval '1 hour'))) AS span
      FROM meter_placements m JOIN people p ON p.id = m.account_id WHERE m.role = 'primary' GROUP BY m.meter_id, m.account_id, p.grp) s
  )`;

/** Along the meter's key: OFFSET 0 keeps the planner from turning the join round. Between two instants, `from` and `to`. */
export const billedHours = (from: string, to: string) => `LATERAL (SELECT q.hour, q.energy_wh FROM consumption_hourly q
      WHERE q.meter_id = b.meter_id AND q.account_id = b.account_id AND q.hour >= greatest(b.first, ${from})
        AND q.hour < least(b.after, ${to}) OFFSET 0)`;

/** The known hours of `people`, by the meter that bills, each account's hour once. CTEs: `billing` and `hours`. */
export const HOURS = `${BILLING}, hours AS (
    SELECT b.account_id, b.grp, c.hour, sum(c.energy_wh)::bigint AS energy_wh
    FROM billing b CROSS JOIN ${billedHours("$1::timestamp AT TIME ZONE $5::text", "($2::date + 1)::timestamp AT TIME ZONE $5::text")} c
    GROUP BY 1, 2, 3
  )`;

/** Days of `people` of which enough is known to speak of them. A CTE: `days`. */
export const daysWith = (hoursMin: number) => `days AS (
    SELECT q.day, q.account_id, p.grp, q.energy_wh FROM metered_days q JOIN people p ON p.id = q.account_id
    WHERE q.day BETWEEN $1::date AND $2::date AND q.hours >= ${hoursMin}
  )`;
