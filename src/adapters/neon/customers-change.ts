import { COLUMNS, columnsOf, refuseGone, refuseUnknownSite, shown } from "./customers-fields.ts";
import { BY, refuseWhen, VERSION } from "./registry-write.ts";

const CHANGE = `jsonb_to_record($1::jsonb) AS r("customerId" bigint, version bigint, fields jsonb)`;
/** The customer as it is (c) and as it is to be (n). */
const NEXT = `${CHANGE} JOIN customers c ON c.id = r."customerId" CROSS JOIN LATERAL jsonb_populate_record(c, r.fields) AS n`;
const CHANGES = `(${columnsOf("c")}) IS DISTINCT FROM (${columnsOf("n")})`;

/** Every account of the customer is told: its object knows the phones and the language. */
export const UPDATE_CUSTOMER: string[] = [
  refuseWhen(
    "unknown",
    `'customer ' || r."customerId"`,
    `FROM ${CHANGE} WHERE NOT EXISTS (SELECT FROM customers c WHERE c.id = r."customerId")`,
  ),
  refuseGone(`${NEXT} WHERE ${CHANGES}`),
  refuseWhen(
    "exists",
    "'version ' || c.facts_version",
    `FROM ${NEXT} WHERE c.facts_version <> r.version AND ${CHANGES}`,
  ),
  refuseWhen(
    "exists",
    "'legacy id ' || h.legacy_id || ', customer ' || h.id",
    `FROM ${NEXT} JOIN customers h ON h.legacy_id = n.legacy_id AND h.id <> c.id`,
  ),
  refuseUnknownSite(CHANGE),
  `WITH was AS (SELECT ${shown("c")} AS before FROM ${NEXT}), made AS (
    UPDATE customers u SET (${COLUMNS}, facts_version) = ROW(${columnsOf("n")}, ${VERSION})
    FROM ${NEXT} WHERE u.id = c.id AND ${CHANGES} RETURNING u.*
  ), told AS (
    UPDATE accounts a SET facts_version = ${VERSION} FROM made WHERE a.customer_id = made.id)
  INSERT INTO mutations (actor, reason, at, action, subject, before, after)
  SELECT ${BY}, 'customer.change', 'customer:' || made.id, was.before, ${shown("made")} FROM made CROSS JOIN was`,
];

const END = `jsonb_to_record($1::jsonb) AS r(account text, at bigint)`;

export const TERMINATE_ACCOUNT: string[] = [
  refuseWhen(
    "unknown",
    "'account ' || r.account",
    `FROM ${END} WHERE NOT EXISTS (SELECT FROM accounts a WHERE a.account_number = r.account)`,
  ),
  refuseWhen(
    "refused",
    "r.account || ' was opened after that'",
    `FROM ${END} JOIN accounts a ON a.account_number = r.account
    WHERE a.status <> 'terminated' AND a.opened_at > cc_at(r.at)`,
  ),
  `WITH was AS (
    SELECT a.*, cc_at(r.at) AS at FROM ${END} JOIN accounts a ON a.account_number = r.account
    WHERE a.status <> 'terminated' FOR UPDATE OF a
  ), made AS (
    UPDATE accounts a SET status = 'terminated', terminated_at = was.at, facts_version = ${VERSION}
    FROM was WHERE a.id = was.id RETURNING a.*)
  INSERT INTO mutations (actor, reason, at, action, subject, before, after)
  SELECT ${BY}, 'account.terminate', 'account:' || made.account_number, to_jsonb(was) - 'at', to_jsonb(made)
  FROM made JOIN was ON was.id = made.id`,
];
