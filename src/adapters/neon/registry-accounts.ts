import { refuseWhenDebited } from "./registry-debited.ts";
import { AT, BY, refuseWhen, VERSION } from "./registry-write.ts";

const ROW = `jsonb_to_recordset($1::jsonb) AS r(account text, site text, status text, customer jsonb, meters jsonb,
  aliases jsonb, rates jsonb)`;
const METERS = `${ROW} CROSS JOIN LATERAL jsonb_to_recordset(r.meters) AS m("meterNumber" text, thing text, role text,
  "from" bigint, "to" bigint, "baseRegisterWh" bigint) JOIN accounts a ON a.account_number = r.account
  JOIN meters k ON k.meter_number = m."meterNumber"`;
const ALIASES = `${ROW} CROSS JOIN LATERAL jsonb_to_recordset(r.aliases) AS l(alias text, "from" bigint, "to" bigint)
  JOIN accounts a ON a.account_number = r.account`;
const RATES = `${ROW} CROSS JOIN LATERAL jsonb_to_recordset(r.rates) AS t("rateE4PerKwh" bigint, "validFrom" bigint)
  JOIN accounts a ON a.account_number = r.account`;

/** All that belongs to an account, for the audit's before and after. */
const CARD = `(SELECT jsonb_build_object('status', a.status, 'customer', jsonb_build_object('key', c.customer_key,
    'name', c.name, 'phones', c.phones, 'language', c.language),
  'meters', (SELECT jsonb_agg(jsonb_build_object('meter', k.meter_number, 'thing', k.thing, 'rating', k.rated_w, 'role', p.role,
      'from', p.valid_from, 'to', p.valid_to, 'base', p.base_register_wh) ORDER BY p.id)
    FROM meter_placements p JOIN meters k ON k.id = p.meter_id WHERE p.account_id = a.id),
  'aliases', (SELECT jsonb_agg(jsonb_build_object('alias', l.alias, 'from', l.valid_from, 'to', l.valid_to) ORDER BY l.id)
    FROM account_aliases l WHERE l.account_id = a.id),
  'rates', (SELECT jsonb_agg(jsonb_build_object('rate', t.rate, 'from', t.valid_from) ORDER BY t.id)
    FROM tariffs t WHERE t.account_id = a.id))
  FROM customers c WHERE c.id = a.customer_id)`;

/** The accounts named, and all others of the customers named: whose phone changes with them. */
const TOUCHED = `accounts a JOIN customers h ON h.id = a.customer_id
  WHERE a.account_number IN (SELECT r.account FROM ${ROW})
    OR h.customer_key IN (SELECT r.customer->>'key' FROM ${ROW})`;

/** What meters are, as these accounts have them; `which` leaves out some. */
export const putMeters = (which: string) => `INSERT INTO meters AS k (meter_number, thing, rated_w)
  SELECT DISTINCT ON (m."meterNumber") m."meterNumber", m.thing, m."ratingW"
  FROM ${ROW} CROSS JOIN LATERAL jsonb_to_recordset(r.meters) AS m("meterNumber" text, thing text, "ratingW" bigint)
  WHERE ${which} ORDER BY 1, 3
  ON CONFLICT (meter_number) DO UPDATE SET thing = excluded.thing, rated_w = coalesce(excluded.rated_w, k.rated_w)
  WHERE (k.thing, k.rated_w) IS DISTINCT FROM (excluded.thing, coalesce(excluded.rated_w, k.rated_w))`;
export const PUT_METERS = putMeters("true");

/** In order: what was, whose accounts are taken, customers, accounts, meters, placements (ended before begun), aliases, rates, audit and version. */
export const UPSERT_ACCOUNTS: string[] = [
  `SELECT set_config('cc.before', coalesce(jsonb_object_agg(a.account_number, ${CARD})::text, '{}'), true)
  FROM ${TOUCHED}`,

  // An account that a person opened stays its customer's: the bulk door would make another customer of the same person.
  refuseWhen(
    "exists",
    "'account ' || a.account_number || ' of customer ' || c.id",
    `FROM ${ROW} JOIN accounts a ON a.account_number = r.account JOIN customers c ON c.id = a.customer_id
    WHERE a.opening_key IS NOT NULL AND c.customer_key <> r.customer->>'key'`,
  ),

  // What was typed goes with the number it was typed for.
  `INSERT INTO customers AS c (customer_key, name, phones, language, site_code, facts_version)
  SELECT DISTINCT ON (r.customer->>'key') r.customer->>'key', r.customer->>'name',
    ARRAY(SELECT jsonb_array_elements_text(r.customer->'phones')), r.customer->>'language', r.site, ${VERSION}
  FROM ${ROW} ORDER BY 1
  ON CONFLICT (customer_key) DO UPDATE SET name = excluded.name, phones = excluded.phones, language = excluded.language,
    phones_typed = CASE WHEN c.phones = excluded.phones THEN c.phones_typed ELSE '{}' END,
    facts_version = excluded.facts_version
  WHERE (c.name, c.phones, c.language) IS DISTINCT FROM (excluded.name, excluded.phones, excluded.language)`,

  // Nobody knows when an account ended that came in as ended.
  `INSERT INTO accounts AS a (account_number, site_code, customer_id, status, facts_version)
  SELECT DISTINCT ON (r.account) r.account, r.site, c.id, r.status, ${VERSION}
  FROM ${ROW} JOIN customers c ON c.customer_key = r.customer->>'key' ORDER BY 1
  ON CONFLICT (account_number) DO UPDATE SET customer_id = excluded.customer_id, status = excluded.status,
    terminated_at = CASE WHEN excluded.status <> 'terminated' THEN NULL
      WHEN a.status = 'terminated' THEN a.terminated_at ELSE greatest(${AT}, a.opened_at) END
  WHERE (a.customer_id, a.status) IS DISTINCT FROM (excluded.customer_id, excluded.status)`,

  PUT_METERS,

  // Nobody is debited twice for the same energy: a meter leaves after what it has been debited for.
  refuseWhenDebited(
    `${METERS} JOIN meter_placements p ON p.meter_id = k.id AND p.account_id = a.id AND p.valid_from = cc_at(m."from")
      AND p.valid_to IS DISTINCT FROM cc_at(m."to") JOIN meter_registers g ON g.meter_id = k.id AND g.account_id = a.id`,
    'cc_at(m."to")',
  ),
  refuseWhenDebited(
    `${METERS} JOIN meter_registers g ON g.meter_id = k.id AND NOT EXISTS (SELECT FROM meter_placements p
      WHERE p.meter_id = k.id AND p.account_id = a.id AND p.valid_from = cc_at(m."from"))`,
    'cc_at(m."from")',
    'cc_at(m."to")',
  ),

  `UPDATE meter_placements p SET role = m.role, valid_to = cc_at(m."to"),
    base_register_wh = coalesce(m."baseRegisterWh", p.base_register_wh), facts_version = ${VERSION}
  FROM ${METERS} WHERE p.meter_id = k.id AND p.account_id = a.id AND p.valid_from = cc_at(m."from")
    AND (p.role, p.valid_to, p.base_register_wh)
      IS DISTINCT FROM (m.role, cc_at(m."to"), coalesce(m."baseRegisterWh", p.base_register_wh))`,

  `INSERT INTO meter_placements (meter_id, account_id, role, valid_from, valid_to, base_register_wh, facts_version)
  SELECT k.id, a.id, m.role, cc_at(m."from"), cc_at(m."to"), m."baseRegisterWh", ${VERSION} FROM ${METERS}
  WHERE NOT EXISTS (SELECT FROM meter_placements p
    WHERE p.meter_id = k.id AND p.account_id = a.id AND p.valid_from = cc_at(m."from"))`,

  // Both would debit what the account uses. No two changes of the registry run at once, so nothing slips in between.
  refuseWhen(
    "refused",
    "'two primary meters of ' || a.account_number || ' at once'",
    `FROM accounts a WHERE a.account_number IN (SELECT r.account FROM ${ROW}) AND EXISTS (
      SELECT FROM meter_placements p JOIN meter_placements o ON o.account_id = p.account_id AND o.meter_id <> p.meter_id
        AND tstzrange(o.valid_from, o.valid_to) && tstzrange(p.valid_from, p.valid_to)
      WHERE p.account_id = a.id AND p.role = 'primary' AND o.role = 'primary')`,
  ),

  `UPDATE account_aliases s SET valid_to = cc_at(l."to") FROM ${ALIASES}
  WHERE s.alias = l.alias AND s.account_id = a.id AND s.valid_from = cc_at(l."from")
    AND s.valid_to IS DISTINCT FROM cc_at(l."to")`,

  `INSERT INTO account_aliases (alias, account_id, valid_from, valid_to)
  SELECT l.alias, a.id, cc_at(l."from"), cc_at(l."to") FROM ${ALIASES}
  WHERE NOT EXISTS (SELECT FROM account_aliases s
    WHERE s.alias = l.alias AND s.account_id = a.id AND s.valid_from = cc_at(l."from"))`,

  `INSERT INTO tariffs (scope, account_id, rate, valid_from, created_by, reason, facts_version)
  SELECT 'account', a.id, t."rateE4PerKwh" / 10000.0, cc_at(t."validFrom"), b.actor, b.reason, ${VERSION}
  FROM ${RATES} CROSS JOIN (SELECT ${BY}) AS b(actor, reason, at) ON CONFLICT DO NOTHING`,

  refuseWhen(
    "exists",
    "'another rate of ' || r.account || ' begins at that instant'",
    `FROM ${RATES} JOIN tariffs s ON s.account_id = a.id AND s.valid_from = cc_at(t."validFrom")
    WHERE s.cancelled_at IS NULL AND (s.ends OR (s.rate * 10000)::bigint IS DISTINCT FROM t."rateE4PerKwh")`,
  ),

  // An account in which nothing changed keeps its version and gets no audit row.
  `WITH now AS (
    SELECT a.id, a.account_number, was.value AS before, ${CARD} AS after
    FROM jsonb_each(current_setting('cc.before')::jsonb) AS was RIGHT JOIN (
      SELECT a.* FROM ${TOUCHED}) AS a ON a.account_number = was.key
  ), changed AS (SELECT * FROM now WHERE before IS DISTINCT FROM after),
  told AS (UPDATE accounts a SET facts_version = ${VERSION} FROM changed WHERE changed.id = a.id)
  INSERT INTO mutations (actor, reason, at, action, subject, before, after)
  SELECT ${BY}, CASE WHEN before IS NULL THEN 'account.create' ELSE 'account.change' END,
    'account:' || account_number, before, after FROM changed ORDER BY account_number`,
];
