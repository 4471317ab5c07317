import type { Fee } from "../../domain/fees/debt.ts";
import { FEE_REFUSALS } from "../../domain/fees/order.ts";
import { MACHINE_ACTOR } from "../../domain/person.ts";
import type { FeeOrderRow, Fees, FeeVerification } from "../../ports/fees.ts";
import type { Database } from "./database.ts";
import { PUT_SETTING } from "./registry-settings.ts";
import { AT, BY, change, refuseWhen } from "./registry-write.ts";
import { decidedBySecond } from "./second-person.ts";

/** From when on (UTC ms) a registration charges the connection; without it none does. */
export const FEES_FROM = "fees_from";

/**
 * What an account ("a") that a person has just registered owes for one of the fees, once an account: charged at the country's
 * price when the account answers. Those who were moved in owe what the old books say, which is charged by hand.
 */
const charge = (
  part: Fee,
  source: string,
) => `INSERT INTO fee_orders (id, account_id, act, part, currency, reason, state, ordered_by, ordered_at)
  SELECT '${part}-' || a.account_number, a.id, 'charge', '${part}', d.currency, 'registered', 'approved', 'registration', ${AT}
  FROM ${source} CROSS JOIN database_country d
  WHERE EXISTS (SELECT FROM country_settings s WHERE s.key = '${FEES_FROM}' AND jsonb_typeof(s.value) = 'number'
    AND cc_at((s.value #>> '{}')::bigint) <= ${AT})
  ON CONFLICT (id) DO NOTHING`;
export const CHARGE_CONNECTION = (source: string) => charge("connection", source);
/** Of those who take a readyboard: `source` has no others. */
export const CHARGE_READYBOARD = (source: string) => charge("readyboard", source);

const NEW = `jsonb_to_record($1::jsonb) AS r(id text, account text, act text, part text, "amountMinor" bigint, currency text,
  document text) LEFT JOIN accounts a ON a.account_number = r.account`;

export const ORDER: string[] = [
  refuseWhen("unknown", "'account ' || r.account", `FROM ${NEW} WHERE a.id IS NULL`),
  refuseWhen(
    "exists",
    "'order ' || r.id",
    `FROM ${NEW} JOIN fee_orders o ON o.id = r.id WHERE (o.account_id, o.act, o.part, o.document)
      IS DISTINCT FROM (a.id, r.act, r.part, r.document) OR o.amount_minor <> r."amountMinor"`,
  ),
  `WITH made AS (
    INSERT INTO fee_orders (id, account_id, act, part, amount_minor, currency, reason, document, state, ordered_by, ordered_at)
    SELECT r.id, a.id, r.act, r.part, r."amountMinor", r.currency, $3::text, r.document,
      CASE WHEN r.act = 'charge' THEN 'approved' ELSE 'waiting' END, $2::text, cc_at($4::bigint)
    FROM ${NEW} ON CONFLICT (id) DO NOTHING RETURNING *)
  INSERT INTO mutations (actor, reason, at, action, subject, after)
  SELECT ${BY}, 'fee_order.' || made.act, 'account:' || a.account_number, to_jsonb(made)
  FROM made JOIN accounts a ON a.id = made.account_id`,
];

const DECIDE = decidedBySecond("fee_orders", { called: "order", act: "fee_order" });

/**
 * What the account posted stands in its ledger for ever: it is the last word also where another call was refused and wrote that first,
 * and no refusal writes over it. An order that a person refused never reached the account, and stays refused.
 * An agreement that was charged is a fact of its account: the account is told how it is repaid.
 */
const ANSWERED = `WITH made AS (UPDATE fee_orders SET state = $2::text, because = nullif($3::text, ''),
    amount_minor = coalesce(amount_minor, nullif($4::text, '')::bigint),
    posted_at = CASE WHEN $2::text = 'posted' THEN cc_at($5::bigint) END
  WHERE id = $1::text AND (state = 'approved' OR ($2::text = 'posted' AND state = 'refused'
    AND because IN (${FEE_REFUSALS.map((because) => `'${because}'`).join(", ")}))) RETURNING id, account_id, state)
  UPDATE accounts a SET facts_version = next_facts_version() FROM made JOIN debt_agreements g ON g.id = made.id
  WHERE a.id = made.account_id AND made.state = 'posted'`;

const ROWS = `SELECT o.id, a.account_number AS account, o.act, o.part, o.amount_minor AS "amountMinor", o.currency, o.reason,
    o.document, o.state, o.because, o.ordered_by AS "orderedBy", cc_ms(o.ordered_at) AS "orderedAt",
    o.decided_by AS "decidedBy", cc_ms(o.decided_at) AS "decidedAt", cc_ms(o.posted_at) AS "postedAt"
  FROM fee_orders o JOIN accounts a ON a.id = o.account_id`;

/**
 * A part whose whole payment was the price of that very fee: nothing but the amount says that it is one. Of a first generation, or
 * of what a later text released: what a person has moved was not taken for a price.
 */
const RECOGNISED = `ledger_entries e JOIN payments p ON p.receipt = e.receipt JOIN accounts a ON a.id = e.account_id
    JOIN ledger_entries m ON m.entry_key = e.posting_id
    CROSS JOIN LATERAL (SELECT m.amount_minor + (SELECT sum(x.amount_minor) FROM ledger_entries x
      WHERE x.posting_id = e.posting_id AND x.book = 'customer_fees') AS minor) w
  WHERE e.book = 'customer_fees' AND e.kind = 'payment' AND e.entry_key ~ '#[0-9]+[.][0-9]+/fee[.](connection|readyboard)$'
    AND (e.entry_key ~ '#1[.][0-9]+/' OR e.actor = '${MACHINE_ACTOR}')
    AND w.minor = CASE WHEN e.entry_key LIKE '%.connection' THEN $1::bigint ELSE $2::bigint END
    AND NOT EXISTS (SELECT FROM ledger_entries v WHERE v.entry_key = e.entry_key || ':reversal')`;

const VERIFICATIONS = `SELECT e.entry_key AS "entryKey", e.receipt, a.account_number AS account,
    substring(e.entry_key FROM '/fee[.](.+)$') AS part, w.minor::bigint AS "amountMinor", e.amount_minor AS "feeMinor",
    cc_ms(e.occurred_at) AS "paidAt", v.verdict, v.note, v.verified_by AS "verifiedBy", cc_ms(v.verified_at) AS "verifiedAt"
  FROM ${RECOGNISED.replace("\n  WHERE", "\n    LEFT JOIN fee_verifications v ON v.entry_key = e.entry_key\n  WHERE")}
    AND (v.entry_key IS NULL) = ($3::text = 'waiting')
    AND ($4::text = '' OR (e.occurred_at, e.entry_key) > (SELECT f.occurred_at, f.entry_key FROM ledger_entries f WHERE f.entry_key = $4::text))
  ORDER BY e.occurred_at, e.entry_key LIMIT $5::int`;

const FOUND = `jsonb_to_record($1::jsonb) AS r("entryKey" text, verdict text)
  LEFT JOIN ledger_entries e ON e.entry_key = r."entryKey" AND e.book = 'customer_fees' AND e.kind = 'payment'`;
const VERIFY: string[] = [
  refuseWhen("unknown", `'part ' || r."entryKey"`, `FROM ${FOUND} WHERE e.entry_key IS NULL`),
  refuseWhen(
    "exists",
    "v.verdict || ' by ' || v.verified_by",
    `FROM ${FOUND} JOIN fee_verifications v ON v.entry_key = r."entryKey" WHERE v.verdict <> r.verdict`,
  ),
  `WITH made AS (
    INSERT INTO fee_verifications (entry_key, verdict, note, verified_by, verified_at)
    SELECT r."entryKey", r.verdict, $3::text, $2::text, cc_at($4::bigint) FROM ${FOUND} ON CONFLICT DO NOTHING RETURNING *)
  INSERT INTO mutations (actor, reason, at, action, subject, after)
  SELECT ${BY}, 'fee_verification.' || made.verdict, 'receipt:' || e.receipt, to_jsonb(made)
  FROM made JOIN ledger_entries e ON e.entry_key = made.entry_key`,
];

export const neonFees = (db: Database): Fees => ({
  order: (order, by) => change(db, order, by, ORDER),
  decide: (id, approve, by) => change(db, { id, approve }, by, DECIDE),
  async answered(id, { state, because, amountMinor, at }) {
    const minor = amountMinor === null ? "" : String(amountMinor);
    await db.transaction([{ query: ANSWERED, params: [id, state, because ?? "", minor, String(at)] }]);
  },
  find: async (id) => (await db.read<FeeOrderRow>(`${ROWS} WHERE o.id = $1::text`, [id]))[0] ?? null,
  list: ({ state, account, after }, limit) =>
    db.read<FeeOrderRow>(
      `${ROWS} WHERE ($1::text = '' OR o.state = $1::text) AND ($2::text = '' OR a.account_number = $2::text)
        AND ($3::text = '' OR (o.ordered_at, o.id) < (SELECT l.ordered_at, l.id FROM fee_orders l WHERE l.id = $3::text))
      ORDER BY o.ordered_at DESC, o.id DESC LIMIT $4::int`,
      [state ?? "", account ?? "", after, String(limit)],
    ),
  approvedBefore: (at, limit) =>
    db.read<FeeOrderRow>(
      `${ROWS} WHERE o.state = 'approved' AND coalesce(o.decided_at, o.ordered_at) < cc_at($1::bigint)
      ORDER BY o.ordered_at, o.id LIMIT $2::int`,
      [String(at), String(limit)],
    ),
  chargedFrom: async () =>
    (
      await db.read<{ at: number }>(
        `SELECT (value #>> '{}')::bigint AS at FROM country_settings
        WHERE key = '${FEES_FROM}' AND jsonb_typeof(value) = 'number'`,
        [],
      )
    )[0]?.at ?? null,
  setChargedFrom: (at, by) => change(db, { key: FEES_FROM, value: at ?? false }, by, PUT_SETTING),
  verifications: ({ connectionMinor, readyboardMinor }, { waiting, after }, limit) =>
    db.read<FeeVerification>(VERIFICATIONS, [
      String(connectionMinor),
      String(readyboardMinor),
      waiting ? "waiting" : "",
      after,
      String(limit),
    ]),
  verify: (entryKey, verdict, by) => change(db, { entryKey, verdict }, by, VERIFY),
});
