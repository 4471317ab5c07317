import { type PersonalTable, WAITING_TABLES } from "../../domain/personal/tables.ts";
import type { Erasure, Erasures, ErasureWork, PersonOnFile } from "../../ports/erasures.ts";
import type { Database } from "./database.ts";
import { AT, BY, change, refuseWhen } from "./registry-write.ts";
import { plain } from "./second-person.ts";

const NEW = `jsonb_to_record($1::jsonb) AS r(id text, "customerId" bigint, document text)`;

const ORDER: string[] = [
  refuseWhen(
    "unknown",
    `'customer ' || r."customerId"`,
    `FROM ${NEW} WHERE NOT EXISTS (SELECT FROM customers c WHERE c.id = r."customerId" AND c.merged_into IS NULL)`,
  ),
  refuseWhen(
    "exists",
    "'erasure ' || e.id || ' is ' || e.state",
    `FROM ${NEW} JOIN erasures e ON e.customer_id = r."customerId" AND e.state IN ('waiting', 'approved') AND e.id <> r.id`,
  ),
  `WITH made AS (
    INSERT INTO erasures (id, customer_id, document, state, ordered_by, ordered_at)
    SELECT r.id, r."customerId", r.document, 'waiting', $2::text, ${AT} FROM ${NEW} ON CONFLICT (id) DO NOTHING RETURNING *)
  INSERT INTO mutations (actor, reason, at, action, subject, after)
  SELECT ${BY}, 'erasure.order', 'erasure:' || made.id, to_jsonb(made) - 'looks_for' FROM made`,
];

const WANTED = `jsonb_to_record($1::jsonb) AS r(id text, "looksFor" jsonb) JOIN erasures e ON e.id = r.id`;
const IS_APPROVAL = `coalesce(jsonb_typeof(r."looksFor") = 'object', false)`;

const DECIDE: string[] = [
  refuseWhen(
    "unknown",
    "'erasure ' || r.id",
    `FROM jsonb_to_record($1::jsonb) AS r(id text) WHERE NOT EXISTS (SELECT FROM erasures e WHERE e.id = r.id)`,
  ),
  `WITH locked AS (SELECT e.id FROM ${WANTED} FOR UPDATE OF e) SELECT NULL::text AS row FROM locked`,
  refuseWhen(
    "exists",
    "'same person'",
    `FROM ${WANTED} CROSS JOIN (SELECT ${BY}) AS b(actor, reason, at)
    WHERE e.state = 'waiting' AND ${IS_APPROVAL} AND ${plain("b.actor")} = ${plain("e.ordered_by")}`,
  ),
  refuseWhen(
    "exists",
    "'decided: ' || e.state",
    `FROM ${WANTED} WHERE e.state <> 'waiting' AND (e.state = 'refused') = (${IS_APPROVAL})`,
  ),
  `WITH made AS (
    UPDATE erasures u SET state = CASE WHEN ${IS_APPROVAL} THEN 'approved' ELSE 'refused' END,
      looks_for = CASE WHEN ${IS_APPROVAL} THEN r."looksFor" END, decided_by = $2::text, decided_at = ${AT}
    FROM ${WANTED} WHERE u.id = e.id AND e.state = 'waiting' RETURNING u.*)
  INSERT INTO mutations (actor, reason, at, action, subject, after)
  SELECT ${BY}, CASE made.state WHEN 'approved' THEN 'erasure.approve' ELSE 'erasure.refuse' END, 'erasure:' || made.id,
    to_jsonb(made) - 'looks_for' FROM made`,
];

const PASSED = `UPDATE erasures SET rows_changed = rows_changed + $2::integer, pass_changed = $2::integer, passed_at = cc_at($3::bigint),
    state = CASE WHEN $4::boolean THEN 'done' ELSE state END, looks_for = CASE WHEN $4::boolean THEN NULL ELSE looks_for END,
    done_at = CASE WHEN $4::boolean THEN cc_at($3::bigint) END
  WHERE id = $1::text AND state = 'approved'`;

const ROWS = `SELECT e.id, e.customer_id AS "customerId", e.document, e.state, e.ordered_by AS "orderedBy",
    cc_ms(e.ordered_at) AS "orderedAt", e.decided_by AS "decidedBy", cc_ms(e.decided_at) AS "decidedAt",
    e.rows_changed AS "rowsChanged", cc_ms(e.passed_at) AS "passedAt", cc_ms(e.done_at) AS "doneAt"
  FROM erasures e`;

const WORK = `SELECT e.id, e.customer_id AS "customerId", cc_ms(e.decided_at) AS "decidedAt", e.looks_for AS "looksFor",
    (SELECT coalesce(json_agg(a.account_number ORDER BY a.account_number), '[]') FROM accounts a JOIN customers c ON c.id = a.customer_id
      WHERE c.id = e.customer_id OR c.merged_into = e.customer_id) AS accounts
  FROM erasures e WHERE e.state = 'approved'`;

/** Who turned out to be this customer is this person too. A phone that somebody else gave as well says nothing of this one alone. */
const ON_FILE = `WITH one AS (SELECT c.* FROM customers c WHERE c.id = $1::bigint OR c.merged_into = $1::bigint),
  phone AS (SELECT DISTINCT p, EXISTS (SELECT FROM customers o WHERE o.phones @> ARRAY[p] AND o.withdrawn_at IS NULL
      AND o.id NOT IN (SELECT id FROM one)) AS is_shared FROM one CROSS JOIN LATERAL unnest(one.phones) AS p)
  SELECT (SELECT json_agg(DISTINCT n) FROM one CROSS JOIN LATERAL unnest(ARRAY[one.name, one.given_name || ' ' || one.family_name]) AS n
      WHERE n IS NOT NULL) AS names,
    (SELECT coalesce(json_agg(p), '[]') FROM phone WHERE NOT is_shared) AS phones,
    (SELECT count(*) FROM phone WHERE is_shared) AS "sharedPhones",
    (SELECT coalesce(json_agg(DISTINCT x), '[]') FROM one CROSS JOIN LATERAL unnest(ARRAY[one.email, one.national_id]) AS x
      WHERE x IS NOT NULL) AS codes
  WHERE EXISTS (SELECT FROM one)`;

export const neonErasures = (db: Database): Erasures => ({
  order: (order, by) => change(db, order, by, ORDER),
  decide: (id, looksFor, by) => change(db, { id, looksFor }, by, DECIDE),
  find: async (id) => (await db.read<Erasure>(`${ROWS} WHERE e.id = $1::text`, [id]))[0] ?? null,
  list: ({ customerId, state }, limit) =>
    db.read<Erasure>(
      `${ROWS} WHERE ($1::text = '' OR e.customer_id = nullif($1::text, '')::bigint) AND ($2::text = '' OR e.state = $2::text)
      ORDER BY e.ordered_at DESC, e.id LIMIT $3::int`,
      [customerId === null ? "" : String(customerId), state ?? "", String(limit)],
    ),
  onFile: async (customerId) => (await db.read<PersonOnFile>(ON_FILE, [String(customerId)]))[0] ?? null,
  approved: (limit) =>
    db.read<ErasureWork>(`${WORK} ORDER BY e.passed_at NULLS FIRST, e.decided_at, e.id LIMIT $1::int`, [String(limit)]),
  work: async (id) => (await db.read<ErasureWork>(`${WORK} AND e.id = $1::text`, [id]))[0] ?? null,
  async eraseFrom(id, table: PersonalTable, max) {
    const query = "SELECT cc_erase($1::text, $2::text, $3::integer)::text AS row";
    const [answer] = await db.transaction([{ query, params: [id, table, String(max)] }]);
    return Number(answer?.[0] ?? 0);
  },
  async waiting(id) {
    const query = "SELECT cc_erase($1::text, $2::text, 0)::text AS row";
    const answers = await db.transaction(WAITING_TABLES.map((table) => ({ query, params: [id, table] })));
    return answers.reduce((sum, [rows]) => sum + Number(rows ?? 0), 0);
  },
  async passed(id, changed, at, isLast) {
    await db.transaction([{ query: PASSED, params: [id, String(changed), String(at), String(isLast)] }]);
  },
});
