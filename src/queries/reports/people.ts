import { firstUse } from "./first-use.ts";

/**
 * One row a customer, `people`, over all their accounts, so that somebody with none, one or two accounts or meters counts once. Begins a
 * WITH; $1 is the country's time zone. Who turned out to be another customer, or whose registration was undone, is nobody, and so is a
 * site itself, at whose account the meter of its supply hangs.
 *
 * `site`: of the first account, or where they live who have none. `lit_on`: the local day of the first light; null with `is_lit`: nobody
 * knows, and `used_on` is when it was first seen in use, if ever. Light is what somebody recorded, or what was used or bought. `is_dark`: every account that had light has ended; `is_ended`: every account has.
 */
export const PEOPLE = `WITH houses AS MATERIALIZED (
    SELECT DISTINCT a.customer_id FROM meter_placements m JOIN accounts a ON a.id = m.account_id WHERE m.role = 'supply'
  ), per_account AS (
    SELECT a.id, a.customer_id, a.site_code, g.reached,
      coalesce(jsonb_exists(g.reached, 'commissioned'), false) OR u.used_on IS NOT NULL AS is_lit, u.used_on,
      (g.connected_at AT TIME ZONE $1::text)::date AS lit_on,
      a.status = 'terminated' OR coalesce(jsonb_exists(g.reached, 'terminated'), false) AS is_ended,
      (coalesce(a.terminated_at, g.terminated_at) AT TIME ZONE $1::text)::date AS ended_on,
      (least(to_timestamp((g.reached->>'registered')::bigint / 1000.0), a.opened_at) AT TIME ZONE $1::text)::date AS registered_on
    FROM accounts a LEFT JOIN account_stages g ON g.account_id = a.id
      CROSS JOIN LATERAL (SELECT CASE WHEN g.connected_at IS NULL THEN ${firstUse("a")} END AS used_on) u
  ), people AS (
    SELECT c.id, c.name, coalesce((array_agg(p.site_code ORDER BY p.id) FILTER (WHERE p.id IS NOT NULL))[1], c.site_code) AS site,
      t.reported_as AS type, count(p.id)::int AS accounts,
      least(min(p.registered_on), CASE WHEN c.source IN ('portal', 'file') THEN (c.created_at AT TIME ZONE $1::text)::date END) AS registered_on,
      coalesce(bool_or(p.is_lit), false) AS is_lit, min(p.lit_on) AS lit_on, min(p.used_on) AS used_on,
      coalesce(bool_and(p.is_ended) FILTER (WHERE p.is_lit), false) AS is_dark,
      CASE WHEN bool_and(p.is_ended AND p.ended_on IS NOT NULL) FILTER (WHERE p.is_lit) THEN max(p.ended_on) FILTER (WHERE p.is_lit) END AS dark_on,
      coalesce(bool_and(p.is_ended) FILTER (WHERE p.id IS NOT NULL), false) AS is_ended,
      CASE WHEN bool_and(p.is_ended AND p.ended_on IS NOT NULL) FILTER (WHERE p.id IS NOT NULL) THEN max(p.ended_on) END AS ended_on
    FROM customers c LEFT JOIN per_account p ON p.customer_id = c.id LEFT JOIN customer_types t ON t.code = c.customer_type
    WHERE c.withdrawn_at IS NULL AND c.id NOT IN (SELECT customer_id FROM houses) GROUP BY c.id, t.reported_as
  )`;

/** Of one site and of one type as reports name it, where they are asked for. */
export const ofSiteAndType = (site: string, type: string) =>
  `(${site}::text = '' OR p.site = ${site}::text) AND (${type}::text = '' OR p.type = ${type}::text)`;
