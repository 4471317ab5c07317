import { METER_STATES, type MeterState, type Platform } from "../domain/meter-state.ts";
import type { MeterRole } from "../domain/reading.ts";
import { SPARKMETER } from "../domain/vendor.ts";
import type { Reader } from "../ports/reader.ts";
import { ms } from "./sql.ts";
import { HEARD_MINUTES, LEFT, leftOf, present } from "./status-energy.ts";

export const METERS_PAGE_MAX = 200;
/** A platform tells of its meters hours later, a day at the latest; then something is wrong. */
const PLATFORM_HEARD_HOURS = 26;

export type MeterOverride = {
  state: "keep_lit" | "keep_dark";
  actor: string;
  reason: string;
  /** Null: until somebody ends it. */
  until: number | null;
};

/** A meter as Postgres knows it now. Null is not known, never 0. */
export type MeterRow = {
  /** Its place in the list: goes in as `after`. */
  key: string;
  meterNumber: string;
  /** The gateway that takes its commands; null: it takes none from us. */
  thing: string | null;
  /** Null: nobody has placed it now. */
  account: string | null;
  site: string | null;
  holder: string | null;
  role: MeterRole | null;
  since: number | null;
  platform: Platform;
  /** The newest reading; of a platform's meter the end of its newest hour. */
  seenAt: number | null;
  heard: boolean;
  /** True: power is on. */
  connected: boolean | null;
  registerWh: number | null;
  /** What its account has left. */
  leftWh: number | null;
  /** A reading of it waits for a person. */
  held: boolean;
  darkWithCredit: boolean;
  override: MeterOverride | null;
  command: { action: string; state: string; because: string; requestedAt: number } | null;
};

export type MeterQuestion = {
  now: number;
  site: string | null;
  platform: Platform | null;
  /** Part of its number, its gateway, its account or its holder's name. */
  text: string;
};

/** Meters in order of site, account and number, a page after the one named; those that nobody has placed come last. */
export const metersOf = (
  db: Reader,
  question: MeterQuestion & { state: MeterState | null; after: string; limit: number },
): Promise<MeterRow[]> => {
  const params = paramsOf(question);
  // A state follows from all that is known of a meter, and a text may be anywhere: then each has to be looked at, of one site its own alone.
  const isPage = question.state === null && params[3] === "";
  const statement = isPage ? PAGE : question.site === null ? LIST : LIST_OF_SITE;
  return db.read(statement, [...params, question.state ?? "", question.after, String(question.limit)]);
};

/** The meter with exactly this number, placed or not. Null: there is none. */
export async function meterNow(
  db: Reader,
  { now, meterNumber }: { now: number; meterNumber: string },
): Promise<MeterRow | null> {
  const [row] = await db.read<MeterRow>(ONE, [String(now), meterNumber]);
  return row ?? null;
}

export const paramsOf = ({ now, site, platform, text }: MeterQuestion) => [
  String(now),
  site ?? "",
  platform ?? "",
  text.trim().replace(/^0+(?=\d)/, ""),
];

const SPARK = `m.meter_number ~ '${SPARKMETER.source.replaceAll("\\d", "[0-9]")}'`;

const KEY = "coalesce(a.site_code || a.account_number, '~') || '/' || m.meter_number";
/** Who has a meter `m`, from its placement `p` of now, if there is one. */
const HOLDER = `LEFT JOIN accounts a ON a.id = p.account_id LEFT JOIN customers c ON c.id = a.customer_id
      LEFT JOIN vendor_sites v ON v.site_code = a.site_code`;
const PLATFORM = `LEFT JOIN LATERAL (SELECT r.source FROM meter_readings r WHERE m.thing IS NULL AND NOT ${SPARK}
        AND r.meter_id = m.id AND r.account_id IS NOT NULL ORDER BY r.read_at DESC LIMIT 1) s ON true
      CROSS JOIN LATERAL (SELECT CASE WHEN ${SPARK} THEN coalesce(v.vendor, 'koios') WHEN s.source = 'steama' THEN 'steama'
        ELSE 'own' END AS platform) f`;
const FOUND = `SELECT ${KEY} AS key, m.id AS meter_id, m.meter_number, m.thing, p.account_id, p.role, p.valid_from,
      a.account_number, a.site_code, c.name AS holder, c.latitude, c.longitude, f.platform`;

/** All that the state of a meter follows from, of those that `found` has; `left` says what an account `n.account_id` has left. */
const knownOf = (found: string, left: string) => `found AS (${found}), known AS MATERIALIZED (
    SELECT n.*, t.seen_at, t.seen_at > cc_at($1::bigint) - CASE n.platform WHEN 'own' THEN interval '${HEARD_MINUTES} minutes'
        ELSE interval '${PLATFORM_HEARD_HOURS} hours' END AS heard,
      g.connected, g.register_wh, l.left_wh, g.held_wh IS NOT NULL OR w.meter IS NOT NULL AS held,
      g.connected = false AND n.role = 'primary' AND l.left_wh > 0 AND NOT EXISTS (SELECT FROM relay_commands q
        WHERE q.account_id = n.account_id AND q.meter_id = n.meter_id AND q.action = 'connect'
          AND q.requested_at > g.seen_at) AS dark_with_credit,
      CASE WHEN o.state <> 'auto' AND (o.expires_at IS NULL OR o.expires_at > cc_at($1::bigint)) THEN json_build_object(
        'state', o.state, 'actor', o.actor, 'reason', o.reason, 'until', cc_ms(o.expires_at)) END AS override
    FROM found n LEFT JOIN meter_registers g ON g.meter_id = n.meter_id AND g.account_id = n.account_id
      LEFT JOIN ${left}
      LEFT JOIN LATERAL (SELECT d.day, d.energy_wh FROM vendor_days d WHERE ${SPARK.replace("m.", "n.")} AND d.meter_id = n.meter_id
        AND d.account_id = n.account_id AND d.hours > 0 ORDER BY d.day DESC LIMIT 1) d ON true
      LEFT JOIN LATERAL (SELECT (d.day + max(u.nth) * interval '1 hour') AT TIME ZONE 'UTC' AS at
        FROM unnest(d.energy_wh) WITH ORDINALITY AS u(wh, nth) WHERE u.wh IS NOT NULL) h ON d.day IS NOT NULL
      CROSS JOIN LATERAL (SELECT coalesce(h.at, g.seen_at) AS seen_at) t
      LEFT JOIN (SELECT DISTINCT subject, details ->> 'meter' AS meter FROM reconciliation_cases
        WHERE case_kind = 'reading_quarantined' AND state = 'open') w ON w.subject = n.account_number AND w.meter = n.meter_number
      LEFT JOIN LATERAL (SELECT r.* FROM relay_overrides r WHERE r.account_id = n.account_id AND r.meter_id = n.meter_id
        ORDER BY r.at DESC, r.id DESC LIMIT 1) o ON true
  )`;

const WANTED = `($3::text = '' OR f.platform = $3::text)
      AND ($4::text = '' OR position(lower($4::text) IN lower(m.meter_number || ' ' || coalesce(m.thing, '') || ' '
        || coalesce(a.account_number, '') || ' ' || coalesce(c.name, ''))) > 0)`;

/** Every meter that the question is about, with all that its state follows from. */
export const KNOWN = knownOf(
  `${FOUND} FROM meters m LEFT JOIN meter_placements p ON p.meter_id = m.id AND ${present("p")} ${HOLDER} ${PLATFORM}
    WHERE ($2::text = '' OR a.site_code = $2::text) AND ${WANTED}`,
  `${LEFT} l ON l.account_id = n.account_id`,
);

/** The same of a question about one site, along the keys of its accounts: what a country has beside it costs nothing. */
export const KNOWN_OF_SITE = knownOf(
  `${FOUND} FROM accounts a JOIN meter_placements p ON p.account_id = a.id AND ${present("p")} JOIN meters m ON m.id = p.meter_id
      JOIN customers c ON c.id = a.customer_id LEFT JOIN vendor_sites v ON v.site_code = a.site_code ${PLATFORM}
    WHERE a.site_code = $2::text AND ${WANTED}`,
  `LATERAL ${leftOf("n.account_id")} l ON true`,
);

const IS: Record<MeterState, string> = {
  heard: "k.account_id IS NOT NULL AND coalesce(k.heard, false)",
  silent: "k.account_id IS NOT NULL AND NOT coalesce(k.heard, false)",
  dark: "k.connected = false",
  dark_with_credit: "k.dark_with_credit",
  override: "k.override IS NOT NULL",
  check: "k.role = 'check'",
  held: "k.held",
  unplaced: "k.account_id IS NULL",
};

const ROW = `SELECT k.key, k.meter_number AS "meterNumber", k.thing, k.account_number AS account, k.site_code AS site, k.holder, k.role,
    ${ms("k.valid_from", "since")}, k.platform, ${ms("k.seen_at", '"seenAt"')}, coalesce(k.heard, false) AS heard, k.connected,
    k.register_wh AS "registerWh", k.left_wh AS "leftWh", k.held, coalesce(k.dark_with_credit, false) AS "darkWithCredit",
    k.override, (SELECT json_build_object('action', c.action, 'state', c.state, 'because', c.because,
        'requestedAt', cc_ms(c.requested_at)) FROM relay_commands c
      WHERE c.account_id = k.account_id AND c.meter_id = k.meter_id ORDER BY c.seq DESC LIMIT 1) AS command
  FROM known k`;
const ROWS = `${ROW} WHERE k.key COLLATE "C" > $6::text COLLATE "C" AND CASE $5::text WHEN '' THEN true
    ${METER_STATES.map((state) => `WHEN '${state}' THEN ${IS[state]}`).join(" ")} ELSE false END
  ORDER BY k.key COLLATE "C" LIMIT $7::int`;

const LIST = `WITH ${KNOWN} ${ROWS}`;
const LIST_OF_SITE = `WITH ${KNOWN_OF_SITE} ${ROWS}`;

/** Along the keys of one meter: what a country has beside it costs nothing. */
const ONE = `WITH ${knownOf(
  `${FOUND} FROM meters m LEFT JOIN meter_placements p ON p.meter_id = m.id AND ${present("p")} ${HOLDER} ${PLATFORM} WHERE m.meter_number = $2::text`,
  `LATERAL ${leftOf("n.account_id")} l ON true`,
)} ${ROW}`;

/** Site and account of a key, and its meter; "MAK0045MAK/23099001". */
const AFTER = "left($6::text, 3), substr($6::text, 4, 7)";
/**
 * One page along the keys of sites and accounts, so that it costs what a page costs and not what the country does; those that nobody has
 * placed only where the page reaches them.
 */
const PAGE = `WITH placed AS MATERIALIZED (
    ${FOUND} FROM accounts a JOIN meter_placements p ON p.account_id = a.id AND ${present("p")} JOIN meters m ON m.id = p.meter_id
      JOIN customers c ON c.id = a.customer_id LEFT JOIN vendor_sites v ON v.site_code = a.site_code ${PLATFORM}
    WHERE $4::text = '' AND left($6::text, 1) <> '~' AND ($2::text = '' OR a.site_code = $2::text) AND ($3::text = '' OR f.platform = $3::text)
      AND (a.site_code, a.account_number) >= (${AFTER}) AND ((a.site_code, a.account_number) > (${AFTER})
        OR m.meter_number COLLATE "C" > substr($6::text, 12) COLLATE "C")
    ORDER BY a.site_code, a.account_number, m.meter_number COLLATE "C" LIMIT $7::int
  ), unplaced AS MATERIALIZED (
    ${FOUND} FROM meters m LEFT JOIN meter_placements p ON p.meter_id = m.id AND ${present("p")} ${HOLDER} ${PLATFORM}
    WHERE p.id IS NULL AND $2::text = '' AND ($3::text = '' OR f.platform = $3::text)
      AND (left($6::text, 1) <> '~' OR m.meter_number COLLATE "C" > substr($6::text, 3) COLLATE "C")
    ORDER BY m.meter_number COLLATE "C" LIMIT $7::int - (SELECT count(*) FROM placed)
  ), ${knownOf("SELECT * FROM placed UNION ALL SELECT * FROM unplaced", `LATERAL ${leftOf("n.account_id")} l ON true`)} ${ROWS}`;

/** Of meters `k` that are known, how many there are, and how many of each state. */
export const COUNTED = `count(*) AS all, ${METER_STATES.map(
  (state) => `count(*) FILTER (WHERE ${IS[state]}) AS ${state}`,
).join(", ")}`;
