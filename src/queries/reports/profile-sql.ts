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

/** Stretches of whole hours in which a meter `m` billed: those that meet in an hour are one, so that no hour is found twice. */
export const WHOLE_HOURS = `unnest(range_agg(tstzrange(date_trunc('hour', m.valid_from, 'UTC'),
            date_trunc('hour', m.valid_to - interval '1 microsecond', 'UTC') + interval '1 hour')))`;

/**
 * The known hours of `people`, by the meter that bills, each account's hour once: one account after the other, along each meter's key, so that
 * nothing is sorted on the disk. A CTE: `hours`.
 */
export const HOURS = `hours AS (
    SELECT p.id AS account_id, p.grp, h.hour, h.energy_wh
    FROM people p CROSS JOIN LATERAL (
      SELECT c.hour, sum(c.energy_wh)::bigint AS energy_wh
      FROM (SELECT m.meter_id, ${WHOLE_HOURS} AS span
          FROM meter_placements m WHERE m.account_id = p.id AND m.role = 'primary' GROUP BY m.meter_id) b
        CROSS JOIN LATERAL (SELECT q.hour, q.energy_wh FROM consumption_hourly q
          WHERE q.meter_id = b.meter_id AND q.account_id = p.id
            AND q.hour >= greatest(coalesce(lower(b.span), '-infinity'), $1::timestamp AT TIME ZONE $5::text)
            AND q.hour < least(coalesce(upper(b.span), 'infinity'), ($2::date + 1)::timestamp AT TIME ZONE $5::text) OFFSET 0) c
      GROUP BY c.hour OFFSET 0) h
  )`;

/** Days of `people` of which enough is known to speak of them. A CTE: `days`. */
export const daysWith = (hoursMin: number, more = "") => `days AS (
    SELECT q.day, q.account_id, p.grp, q.energy_wh${more} FROM metered_days q JOIN people p ON p.id = q.account_id
    WHERE q.day BETWEEN $1::date AND $2::date AND q.hours >= ${hoursMin}
  )`;
