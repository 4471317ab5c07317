import { shown } from "./customers-fields.ts";
import { AT, BY, BY_INDEX, VERSION } from "./registry-write.ts";

/** Objects know of these rows ($2): they are told, or undone. Of $3 the account got something while it was undone. */
export const TOLD_ROWS = `UPDATE registration_rows SET
    state = CASE state WHEN 'ended' THEN 'undone' ELSE 'told' END,
    because = CASE WHEN $3::jsonb @> to_jsonb(row_number) THEN 'money or energy came while it was undone: look at the account' ELSE because END
  WHERE batch_id = $1::bigint AND state IN ('registered', 'ended')
    AND row_number IN (SELECT value::integer FROM jsonb_array_elements_text($2::jsonb))`;

const PAGE = `jsonb_to_record($1::jsonb) AS i("batchId" bigint, rows jsonb, used jsonb)
  JOIN registration_rows r ON r.batch_id = i."batchId" AND r.state IN ('registered', 'told', 'kept')
    AND r.row_number = ANY (ARRAY(SELECT value::integer FROM jsonb_array_elements_text(i.rows)))
  JOIN accounts a ON a.id = r.account_id JOIN customers c ON c.id = r.customer_id`;

/** What hangs on a row's account or customer since; null: nothing, so it can go. */
const USED = `CASE
    WHEN i.used @> to_jsonb(r.row_number) OR EXISTS (SELECT FROM ledger_entries e WHERE e.account_id = a.id AND e.kind <> 'fee')
      THEN 'it has entries'
    WHEN EXISTS (SELECT FROM payments p WHERE p.account_id = a.id)
      OR EXISTS (SELECT FROM payment_allocations l WHERE l.account_id = a.id) THEN 'it has payments'
    WHEN EXISTS (SELECT FROM meter_placements p WHERE p.account_id = a.id) THEN 'it has a meter'
    WHEN EXISTS (SELECT FROM tariffs t WHERE t.account_id = a.id) THEN 'it has a rate of its own'
    WHEN EXISTS (SELECT FROM account_aliases l WHERE l.account_id = a.id) THEN 'it has an alias'
    WHEN c.id <> a.customer_id THEN 'its account has another holder'
    WHEN EXISTS (SELECT FROM accounts o WHERE o.customer_id = c.id AND o.id <> a.id) THEN 'the customer has another account'
    WHEN EXISTS (SELECT FROM customers o WHERE o.merged_into = c.id) THEN 'another customer was merged into it'
    -- OFFSET 0: by subject first, or all mutations would be walked in their order.
    ELSE (SELECT m.action || ' by ' || m.actor FROM (SELECT * FROM mutations h
        WHERE h.subject IN ('customer:' || c.id, 'account:' || a.account_number) OFFSET 0) AS m
      WHERE m.action NOT IN ('customer.create', 'account.create') ORDER BY m.id LIMIT 1)
  END`;

/**
 * What nobody has used since ends: the account is terminated and the customer withdrawn, so the number stays used and is
 * never given again. The rest is kept and says why.
 */
export const UNDO_ROWS: string[] = [
  BY_INDEX,
  `UPDATE registration_rows u SET state = 'kept', because = k.because
    FROM (SELECT r.batch_id, r.row_number, ${USED} AS because FROM ${PAGE}) AS k
    WHERE u.batch_id = k.batch_id AND u.row_number = k.row_number AND k.because IS NOT NULL`,
  `WITH page AS (
    SELECT r.batch_id, r.row_number, r.customer_id, r.account_id, to_jsonb(a) AS account, ${shown("c")} AS customer
    FROM ${PAGE} WHERE ${USED} IS NULL FOR UPDATE OF r, a, c
  ), ended AS (
    UPDATE accounts a SET status = 'terminated', terminated_at = greatest(a.opened_at, b.at), facts_version = ${VERSION}
    FROM page, (SELECT ${BY}) AS b(actor, reason, at) WHERE a.id = page.account_id RETURNING a.*
  ), gone AS (
    UPDATE customers c SET withdrawn_at = b.at, facts_version = ${VERSION}
    FROM page, (SELECT ${BY}) AS b(actor, reason, at) WHERE c.id = page.customer_id RETURNING c.*
  ), quiet AS (
    UPDATE welcome_sms w SET state = 'left', because = 'the registration was undone' FROM page
    WHERE w.customer_id = page.customer_id AND w.state = 'waiting'
  ), marked AS (
    UPDATE registration_rows r SET state = 'ended', because = NULL FROM page
    WHERE r.batch_id = page.batch_id AND r.row_number = page.row_number)
  INSERT INTO mutations (actor, reason, at, action, subject, before, after)
  SELECT ${BY}, 'account.undo', 'account:' || ended.account_number, page.account, to_jsonb(ended)
  FROM ended JOIN page ON page.account_id = ended.id
  UNION ALL
  SELECT ${BY}, 'customer.undo', 'customer:' || gone.id, page.customer, ${shown("gone")}
  FROM gone JOIN page ON page.customer_id = gone.id`,
  `UPDATE registration_batches b SET touched_at = ${AT} FROM jsonb_to_record($1::jsonb) AS i("batchId" bigint)
  WHERE b.id = i."batchId"`,
];
