import { SPARKMETER } from "../domain/vendor.ts";
import type { Reader } from "../ports/reader.ts";
import { ms } from "./sql.ts";

const HOUR_MS = 3_600_000;
/** A meter that was read within this time is heard. Postgres learns of a reading at most a quarter of an hour late. */
export const HEARD_MINUTES = 30;
const HOURS_SHOWN = 24;
/** Accounts that run low or are dark, on the status page. */
const LOW_MAX = 15;

/** The meters that are placed now, by what they said last. */
export type Lights = {
  /** Of every role. */
  placed: number;
  heard: number;
  /** Of the primary ones alone. Unknown: it never said, or was never heard of. */
  lit: number;
  dark: number;
  unknown: number;
  /** Of those dark: the account has something left, and no connect was ordered since the meter said so. */
  darkWithCredit: number;
  /** Open cases of readings that wait for a person. */
  readingCases: number;
};

/** A prepaid account whose light is near its end or out. Null is not known, never 0. */
export type LowAccount = {
  account: string;
  site: string;
  /** The ledger's balance less what its primary meter counted and was not posted; below 0: used before anybody could stop it. */
  leftWh: number | null;
  /** The newest reading of its primary meter. */
  seenAt: number | null;
  connected: boolean | null;
  /** The newest of this meter on this account; null: none was ever ordered. */
  command: { action: string; state: string; because: string; requestedAt: number } | null;
};

/** What primary meters counted. Null: no meter covers it. */
export type Metered = {
  /** Of the local day so far, and by how many meters. */
  todayWh: number | null;
  todayMeters: number;
  /** Oldest first, the running hour last. Hours of UTC, which are local ones: our zones are whole hours apart from it. */
  hours: { hour: number; energyWh: number | null; meters: number }[];
};

/** Who is lit now. */
export async function lightsNow(db: Reader, now: number): Promise<Lights> {
  const [row] = await db.read<Lights>(LIGHTS, [String(now)]);
  if (row === undefined) throw new Error("a SELECT of sums answered no row");
  return row;
}

/** Live accounts with `warnWh` left or less, or whose light is out: those with least first. */
export const lowAccounts = (db: Reader, order: { now: number; warnWh: number }) =>
  db.read<LowAccount>(LOW, [String(order.now), String(order.warnWh)]);

/** What was metered today and in each of the last 24 hours. Looks at every meter: not for every two seconds. */
export async function meteredLately(db: Reader, order: { now: number; timeZone: string }): Promise<Metered> {
  const running = Math.floor(order.now / HOUR_MS) * HOUR_MS;
  const first = running - (HOURS_SHOWN - 1) * HOUR_MS;
  const [today, hours] = await Promise.all([
    db.read<{ energyWh: number | null; meters: number }>(TODAY, [String(order.now), order.timeZone]),
    db.read<Metered["hours"][number]>(HOURS, [String(first), String(running + HOUR_MS)]),
  ]);
  const known = new Map(hours.map((row) => [row.hour, row]));
  return {
    todayWh: today[0]?.energyWh ?? null,
    todayMeters: today[0]?.meters ?? 0,
    hours: Array.from({ length: HOURS_SHOWN }, (_, nth) => {
      const hour = first + nth * HOUR_MS;
      return known.get(hour) ?? { hour, energyWh: null, meters: 0 };
    }),
  };
}

export const present = (placement: string) =>
  `${placement}.valid_from <= cc_at($1::bigint) AND (${placement}.valid_to IS NULL OR ${placement}.valid_to > cc_at($1::bigint))`;

const leftWhere = (
  account: string,
) => `(SELECT b.account_id, (b.balance_wh - coalesce(u.unposted_wh, 0))::bigint AS left_wh
    FROM account_balances b LEFT JOIN (
      SELECT g.account_id, sum(greatest(g.register_wh, g.seen_wh) - g.posted_wh) AS unposted_wh
      FROM meter_registers g JOIN meter_placements p ON p.meter_id = g.meter_id AND p.account_id = g.account_id
        AND p.role = 'primary' AND p.valid_from <= g.read_at AND (p.valid_to IS NULL OR p.valid_to > g.read_at)
      ${account === "" ? "" : `WHERE g.account_id = ${account}`} GROUP BY g.account_id
    ) u ON u.account_id = b.account_id${account === "" ? "" : ` WHERE b.account_id = ${account}`})`;

/** What each account has left, as its own object reckons it: less what is metered and not posted by the meter that bills. */
export const LEFT = leftWhere("");

/** The same of one account, along its keys: for a page of them. */
export const leftOf = (account: string) => leftWhere(account);

/**
 * Of a placement `p`. A SparkMeter reports to its vendor, and never to us: nobody waits to hear it. What ties it to `p` stands in WHERE alone:
 * only then are all such meters found at once, and not looked for at each placement.
 */
export const OWN_METER = `NOT EXISTS (SELECT FROM vendor_sites v, accounts o, meters m
  WHERE m.id = p.meter_id AND o.id = p.account_id AND v.site_code = o.site_code AND m.meter_number ~ '${SPARKMETER.source.replaceAll("\\d", "[0-9]")}')`;

const LIGHTS = `SELECT count(*) AS placed,
    count(*) FILTER (WHERE g.seen_at > cc_at($1::bigint) - interval '${HEARD_MINUTES} minutes') AS heard,
    count(*) FILTER (WHERE p.role = 'primary' AND g.connected) AS lit,
    count(*) FILTER (WHERE p.role = 'primary' AND NOT g.connected) AS dark,
    count(*) FILTER (WHERE p.role = 'primary' AND g.connected IS NULL) AS unknown,
    count(*) FILTER (WHERE p.role = 'primary' AND NOT g.connected AND l.left_wh > 0
      AND NOT EXISTS (SELECT FROM relay_commands c WHERE c.account_id = p.account_id AND c.meter_id = p.meter_id
        AND c.action = 'connect' AND c.requested_at > g.seen_at)) AS "darkWithCredit",
    (SELECT count(*) FROM reconciliation_cases WHERE case_kind = 'reading_quarantined' AND state = 'open') AS "readingCases"
  FROM meter_placements p LEFT JOIN meter_registers g ON g.meter_id = p.meter_id AND g.account_id = p.account_id
    LEFT JOIN ${LEFT} l ON l.account_id = p.account_id
  WHERE ${present("p")} AND ${OWN_METER}`;

const LOW = `WITH billing AS MATERIALIZED (
    SELECT DISTINCT ON (p.account_id) p.account_id, p.meter_id FROM meter_placements p
    WHERE p.role = 'primary' AND ${present("p")} ORDER BY p.account_id, p.valid_from DESC, p.id DESC
  ), low AS MATERIALIZED (
    SELECT a.id, a.account_number, a.site_code, b.meter_id, l.left_wh, g.seen_at, g.connected
    FROM billing b JOIN accounts a ON a.id = b.account_id AND a.status = 'live'
      LEFT JOIN meter_registers g ON g.meter_id = b.meter_id AND g.account_id = b.account_id
      LEFT JOIN ${LEFT} l ON l.account_id = b.account_id
    WHERE l.left_wh <= $2::bigint OR NOT g.connected
    ORDER BY l.left_wh NULLS LAST, a.account_number LIMIT ${LOW_MAX}
  )
  SELECT w.account_number AS account, w.site_code AS site, w.left_wh AS "leftWh", ${ms("w.seen_at", '"seenAt"')}, w.connected,
    (SELECT json_build_object('action', c.action, 'state', c.state, 'because', c.because, 'requestedAt', cc_ms(c.requested_at))
      FROM relay_commands c WHERE c.account_id = w.id AND c.meter_id = w.meter_id
      ORDER BY c.seq DESC LIMIT 1) AS command
  FROM low w ORDER BY w.left_wh NULLS LAST, w.account_number`;

/** When a meter was the primary one of an account, also where it left and came back. */
const BILLED = `(SELECT meter_id, account_id, range_agg(tstzrange(valid_from, valid_to)) AS times FROM meter_placements
    WHERE role = 'primary' GROUP BY meter_id, account_id)`;

const TODAY = `WITH t AS (SELECT (cc_at($1::bigint) AT TIME ZONE $2::text)::date AS day), c AS MATERIALIZED (
    SELECT meter_id, account_id, energy_wh FROM consumption_daily WHERE day = (SELECT day FROM t)
  )
  SELECT sum(c.energy_wh)::bigint AS "energyWh", count(DISTINCT c.meter_id) AS meters FROM t CROSS JOIN c JOIN ${BILLED} b USING (meter_id, account_id)
  WHERE b.times && tstzrange(t.day::timestamp AT TIME ZONE $2::text, (t.day + 1)::timestamp AT TIME ZONE $2::text)`;

/** All meters at once, along the hours' own index: meter by meter a page is read for each hour of each. */
const HOURS = `WITH h AS MATERIALIZED (
    SELECT meter_id, account_id, hour, energy_wh FROM consumption_hourly WHERE hour >= cc_at($1::bigint) AND hour < cc_at($2::bigint)
  )
  SELECT ${ms("hour", "hour")}, sum(energy_wh)::bigint AS "energyWh", count(DISTINCT meter_id) AS meters
  FROM h JOIN ${BILLED} b USING (meter_id, account_id) WHERE b.times && tstzrange(h.hour, h.hour + interval '1 hour') GROUP BY hour`;
