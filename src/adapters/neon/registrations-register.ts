import { COLUMNS, columnsOf, shown } from "./customers-fields.ts";
import { CHARGE_CONNECTION, CHARGE_READYBOARD } from "./fees.ts";
import { AT, BY, BY_INDEX, refuseWhen, VERSION } from "./registry-write.ts";
import { WELCOME } from "./welcome.ts";

const INPUT = `jsonb_to_record($1::jsonb) AS i("batchId" bigint, "after" integer, "to" integer)`;
const BATCH = `${INPUT} JOIN registration_batches b ON b.id = i."batchId" AND b.state = 'committing'`;
const WAITING = `${BATCH} JOIN registration_rows r ON r.batch_id = b.id AND r.state = 'waiting'
    AND r.row_number > i."after" AND r.row_number <= i."to"`;
const IS_TAKEN = `r.fields IS NOT NULL AND (b.takes_twins OR r.twins = '[]'::jsonb)`;
const KEY = `'batch:' || r.batch_id || ':' || r.row_number`;
/** Rows whose customer this transaction has made. */
const MADE = `${INPUT} JOIN registration_rows r ON r.batch_id = i."batchId" AND r.state = 'registered' AND r.account_id IS NULL`;
/** The same rows once they have their accounts: a version is one transaction's own. */
const TAKEN = `${INPUT} JOIN registration_rows r ON r.batch_id = i."batchId" AND r.state = 'registered'
  JOIN accounts a ON a.id = r.account_id AND a.facts_version = ${VERSION}`;
const OF_CUSTOMER = "JOIN customers c ON c.id = r.customer_id";
const OF_ACCOUNT = `JOIN accounts a ON a.opening_key = ${KEY}`;

/**
 * Rows of a batch become customers with accounts, set by set: thousands take a few seconds. Those after
 * one row, up to another; numbers are given inside the transaction, so one that fails leaves no gap. Each statement finds its rows by what
 * the one before wrote, through an index: joined to each other inside one statement, thousands of rows meet every other.
 */
export const REGISTER_ROWS: string[] = [
  BY_INDEX,
  // One at a time: the queue may bring the same page twice.
  `WITH locked AS (SELECT b.id FROM ${BATCH} FOR UPDATE OF b) SELECT NULL::text AS row FROM locked`,
  refuseWhen(
    "refused",
    `count(*) || ' rows cannot be taken, the first is row ' || min(r.row_number)`,
    `FROM ${WAITING} WHERE b.mode = 'all' AND NOT (${IS_TAKEN}) HAVING count(*) > 0`,
  ),
  `INSERT INTO customers (customer_key, source, ${COLUMNS}, facts_version, created_at)
  SELECT p.key, 'file', ${columnsOf("n")}, ${VERSION}, ${AT}
  FROM (SELECT ${KEY} AS key, r.row_number, r.fields FROM ${WAITING} WHERE ${IS_TAKEN}) AS p
    CROSS JOIN LATERAL jsonb_populate_record(NULL::customers, p.fields) AS n ORDER BY p.row_number`,
  `UPDATE registration_rows u SET state = 'registered', customer_id = c.id
  FROM ${WAITING} JOIN customers c ON c.customer_key = ${KEY}
  WHERE u.batch_id = r.batch_id AND u.row_number = r.row_number`,
  `WITH page AS MATERIALIZED (
    SELECT r.*, ${KEY} AS key, row_number() OVER (PARTITION BY r.site_code ORDER BY r.row_number) AS nth FROM ${MADE}
  ), firsts AS MATERIALIZED (
    SELECT s.site_code, next_account_numbers(s.site_code, s.rows) AS first
    FROM (SELECT site_code, count(*)::integer AS rows FROM page GROUP BY 1 ORDER BY 1) AS s)
  INSERT INTO accounts (account_number, site_code, customer_id, status, opened_at, opening_key, facts_version, created_at)
  SELECT lpad((f.first + page.nth - 1)::text, 4, '0') || page.site_code, page.site_code, page.customer_id, 'live',
    coalesce(page.opened_at, ${AT}), page.key, ${VERSION}, ${AT}
  FROM page JOIN firsts f USING (site_code) ORDER BY page.row_number`,
  WELCOME(`${MADE} ${OF_ACCOUNT} ${OF_CUSTOMER}`),
  CHARGE_CONNECTION(`${MADE} ${OF_ACCOUNT}`),
  CHARGE_READYBOARD(`${MADE} AND r.fields -> 'readyboard' = 'true' ${OF_ACCOUNT}`),
  `UPDATE registration_rows u SET account_id = a.id FROM ${MADE} ${OF_ACCOUNT}
  WHERE u.batch_id = r.batch_id AND u.row_number = r.row_number`,
  `UPDATE registration_batches b SET touched_at = ${AT} FROM jsonb_to_record($1::jsonb) AS i("batchId" bigint)
  WHERE b.id = i."batchId"`,
  // Last of all: whoever writes an audit row holds the end of the chain until the commit.
  `INSERT INTO mutations (actor, reason, at, action, subject, after)
  SELECT ${BY}, 'customer.create', 'customer:' || c.id, ${shown("c")} FROM ${TAKEN} ${OF_CUSTOMER} ORDER BY c.id`,
  `INSERT INTO mutations (actor, reason, at, action, subject, after)
  SELECT ${BY}, 'account.create', 'account:' || a.account_number, to_jsonb(a) FROM ${TAKEN} ORDER BY a.id`,
];
