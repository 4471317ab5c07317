import { COLUMNS, columnsOf, refuseGone, refuseUnknownSite, shown } from "./customers-fields.ts";
import { CHARGE_CONNECTION, CHARGE_READYBOARD } from "./fees.ts";
import { knownMeter } from "./meters-known.ts";
import { BY, refuseWhen, VERSION } from "./registry-write.ts";
import { WELCOME } from "./welcome.ts";

/** A number that somebody chose may lie so far above a site's highest: one slip must not use up all numbers of a site. */
export const GIVEN_AHEAD_MAX = 100;

const OPENING = `CROSS JOIN LATERAL jsonb_to_record(r.account) AS o(site text, account text, status text, "openedAt" bigint)`;
const NEW = `jsonb_to_record($1::jsonb) AS r(key text, source text, fields jsonb, account jsonb, readyboard boolean)`;
const NEW_OPENING = `${NEW} JOIN customers c ON c.customer_key = r.key ${OPENING}`;
const MORE = `jsonb_to_record($1::jsonb) AS r(key text, "customerId" bigint, account jsonb)`;
const MORE_OPENING = `${MORE} JOIN customers c ON c.id = r."customerId" ${OPENING}`;

/** The highest number that a site has given, by itself or by hand. */
const HIGHEST = `greatest(coalesce((SELECT last_number FROM account_counters WHERE site_code = o.site), 0),
  (SELECT max(left(account_number, 4)::integer) FROM accounts WHERE site_code = o.site))`;

const opening = (source: string): string[] => [
  refuseWhen(
    "unknown",
    "'site ' || o.site",
    `FROM ${source} WHERE o.site IS NOT NULL
      AND NOT EXISTS (SELECT FROM sites s WHERE s.code = o.site)`,
  ),
  refuseWhen(
    "exists",
    "'account ' || a.account_number",
    `FROM ${source} JOIN accounts a ON a.account_number = o.account WHERE a.opening_key IS DISTINCT FROM r.key`,
  ),
  refuseWhen(
    "exists",
    "'this key opened ' || a.account_number",
    `FROM ${source} JOIN accounts a ON a.opening_key = r.key
    WHERE a.customer_id <> c.id OR a.site_code <> o.site OR o.account <> a.account_number`,
  ),
  refuseWhen(
    "refused",
    `o.account || ' is far above the highest number of ' || o.site || ', ' || ${HIGHEST}`,
    `FROM ${source} WHERE left(o.account, 4)::integer > ${HIGHEST} + ${GIVEN_AHEAD_MAX}`,
  ),
  // The number is given inside the transaction that uses it: one that fails leaves no gap.
  `WITH made AS (
    INSERT INTO accounts (account_number, site_code, customer_id, status, opened_at, opening_key, facts_version, created_at)
    SELECT coalesce(o.account, next_account_number(o.site)), o.site, c.id, o.status,
      coalesce(cc_at(o."openedAt"), cc_at($4::bigint)), r.key, ${VERSION}, cc_at($4::bigint)
    FROM ${source} WHERE o.site IS NOT NULL AND NOT EXISTS (SELECT FROM accounts a WHERE a.opening_key = r.key)
    RETURNING *)
  INSERT INTO mutations (actor, reason, at, action, subject, after)
  SELECT ${BY}, 'account.create', 'account:' || made.account_number, to_jsonb(made) FROM made`,
];

const METER = `jsonb_to_record($1::jsonb) AS r(key text, meter jsonb)
  CROSS JOIN LATERAL jsonb_to_record(r.meter) AS f("meterNumber" text, "from" bigint, "baseRegisterWh" bigint, thing text,
    "ratingW" bigint)
  JOIN accounts a ON a.opening_key = r.key AND jsonb_typeof(r.meter) = 'object'`;

/** The first meter hangs from the account's first instant, or from another that is named. */
const FIRST_METER: string[] = [
  refuseWhen(
    "exists",
    `'meter ' || f."meterNumber" || ' is on ' || h.account_number || ' then or later'`,
    `FROM ${METER} JOIN meters k ON k.meter_number = f."meterNumber" JOIN meter_placements p ON p.meter_id = k.id
      AND p.account_id <> a.id AND (p.valid_to IS NULL OR p.valid_to > coalesce(cc_at(f."from"), a.opened_at))
    JOIN accounts h ON h.id = p.account_id`,
  ),
  ...knownMeter({
    // Told again, it changes no meter that hangs there by now.
    source: `${METER} AND NOT EXISTS (SELECT FROM meter_placements p WHERE p.account_id = a.id)`,
    number: 'f."meterNumber"',
    thing: "f.thing",
    rating: 'f."ratingW"',
  }),
  `WITH made AS (
    INSERT INTO meter_placements (meter_id, account_id, role, valid_from, base_register_wh, facts_version)
    SELECT k.id, a.id, 'primary', coalesce(cc_at(f."from"), a.opened_at), f."baseRegisterWh", ${VERSION}
    FROM ${METER} JOIN meters k ON k.meter_number = f."meterNumber"
    WHERE NOT EXISTS (SELECT FROM meter_placements p WHERE p.account_id = a.id) ON CONFLICT DO NOTHING RETURNING *)
  INSERT INTO mutations (actor, reason, at, action, subject, after)
  SELECT ${BY}, 'meter.place', 'account:' || a.account_number, to_jsonb(made) || jsonb_build_object('meter', k.meter_number)
  FROM made JOIN meters k ON k.id = made.meter_id JOIN accounts a ON a.id = made.account_id`,
];

/** The customer, then the account. What was asked is in the audit row as a hash: the same key with other content is seen. */
export const REGISTER_CUSTOMER: string[] = [
  refuseWhen(
    "exists",
    "'this key registered something else, customer ' || c.id",
    `FROM ${NEW} JOIN customers c ON c.customer_key = r.key WHERE NOT EXISTS (SELECT FROM mutations m
      WHERE m.subject = 'customer:' || c.id AND m.action = 'customer.create' AND m.after->>'request' = md5($1::text))`,
  ),
  refuseWhen(
    "exists",
    "'legacy id ' || c.legacy_id || ', customer ' || c.id",
    `FROM ${NEW} JOIN customers c ON c.legacy_id = (r.fields->>'legacy_id')::integer WHERE c.customer_key <> r.key`,
  ),
  refuseUnknownSite(NEW),
  `WITH made AS (
    INSERT INTO customers (customer_key, source, ${COLUMNS}, facts_version, created_at)
    SELECT r.key, r.source, ${columnsOf("n")}, ${VERSION}, cc_at($4::bigint)
    FROM ${NEW} CROSS JOIN LATERAL jsonb_populate_record(NULL::customers, r.fields) AS n
    ON CONFLICT (customer_key) DO NOTHING RETURNING *)
  INSERT INTO mutations (actor, reason, at, action, subject, after)
  SELECT ${BY}, 'customer.create', 'customer:' || made.id,
    ${shown("made")} || jsonb_build_object('request', md5($1::text)) FROM made`,
  ...opening(NEW_OPENING),
  ...FIRST_METER,
  // Those who were moved in paid the old system, or did not: its flags say so, and people charge by them.
  CHARGE_CONNECTION(
    `${NEW} JOIN customers c ON c.customer_key = r.key AND r.source = 'portal' JOIN accounts a ON a.opening_key = r.key`,
  ),
  CHARGE_READYBOARD(
    `${NEW} JOIN customers c ON c.customer_key = r.key AND r.source = 'portal' AND r.readyboard JOIN accounts a ON a.opening_key = r.key`,
  ),
  // Those who were moved in know their number.
  WELCOME(
    `${NEW} JOIN customers c ON c.customer_key = r.key AND r.source = 'portal' JOIN accounts a ON a.opening_key = r.key`,
  ),
];

export const OPEN_ACCOUNT: string[] = [
  refuseWhen(
    "unknown",
    `'customer ' || r."customerId"`,
    `FROM ${MORE} WHERE NOT EXISTS (SELECT FROM customers c WHERE c.id = r."customerId")`,
  ),
  refuseGone(`${MORE} JOIN customers c ON c.id = r."customerId"
    WHERE NOT EXISTS (SELECT FROM accounts a WHERE a.opening_key = r.key)`),
  ...opening(MORE_OPENING),
  CHARGE_CONNECTION(
    `${MORE} JOIN customers c ON c.id = r."customerId" AND c.source IN ('portal', 'file') JOIN accounts a ON a.opening_key = r.key`,
  ),
];
