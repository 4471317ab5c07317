import type { Contradiction, DayLineRow, Statements } from "../../ports/statements.ts";
import type { Database } from "./database.ts";

/** Lines of one call; more than a till has in a hundred days. */
const LINES_MAX = 50_000;

/** Where a receipt's money is now. A stand-in of an account's own posting has no shares yet: the account has it all. */
const HELD = `LEFT JOIN LATERAL (SELECT
      coalesce(sum(a.amount_minor) FILTER (WHERE a.holder_kind = 'account'), CASE WHEN p.generation = 0 THEN p.amount_minor END, 0) AS accounts,
      coalesce(sum(a.amount_minor) FILTER (WHERE a.holder_kind = 'suspense'), 0) AS suspense,
      coalesce(sum(a.amount_minor) FILTER (WHERE a.holder_kind = 'treasury'), 0) AS treasury,
      coalesce(sum(a.amount_minor) FILTER (WHERE a.holder_kind = 'legacy'), 0) AS legacy,
      coalesce(json_agg(o.account_number ORDER BY a.share) FILTER (WHERE o.id IS NOT NULL), '[]') AS numbers,
      min(a.because) FILTER (WHERE a.holder_kind = 'suspense') AS because
    FROM payments p LEFT JOIN payment_allocations a ON a.receipt = p.receipt AND a.generation = p.generation
      LEFT JOIN accounts o ON o.id = coalesce(a.account_id, p.account_id)
    WHERE p.receipt = l.receipt GROUP BY p.receipt) AS h ON l.counts`;

/** A payment is one till's: that of the phone whose SMS brought it, else nobody knows which while two tills list it. */
const ELSEWHERE = `CASE (SELECT p.till_id = s.till_id FROM payments p WHERE p.receipt = s.receipt AND p.road IN ('sms', 'contract_sms'))
    WHEN true THEN false WHEN false THEN true ELSE EXISTS (SELECT FROM statement_lines o
      WHERE o.receipt = s.receipt AND o.kind = 'payment' AND (o.till_id, o.provider) <> (s.till_id, s.provider)
        AND (o.till_id, o.provider) IN (SELECT u.till_id, u.provider FROM upload_rows x JOIN uploads u ON u.id = x.upload_id
          WHERE x.receipt = s.receipt)) END`;

/** A reversal takes back what we, or a statement of its till, have with its amount: any other is for a person to find. */
const NAMES = `s.linked_receipt IS NOT NULL AND (EXISTS (SELECT FROM payments p WHERE p.receipt = s.linked_receipt AND p.amount_minor = s.amount_minor)
    OR EXISTS (SELECT FROM statement_lines o WHERE (o.till_id, o.provider, o.receipt, o.kind) = (s.till_id, s.provider, s.linked_receipt, 'payment')
      AND o.amount_minor = s.amount_minor))`;

/** Lines, and receipts of ours that no statement of the till has. What left under a payment's own receipt is that payment's fee. */
const LINES = `WITH line AS (
    SELECT s.day, s.at, s.receipt, s.kind, s.amount_minor AS statement, ${NAMES} AS names,
      s.kind <> 'reversal' AND (s.kind = 'payment' AND NOT ${ELSEWHERE} OR s.kind <> 'payment' AND NOT EXISTS (
        SELECT FROM statement_lines o WHERE (o.till_id, o.provider, o.receipt, o.kind) = (s.till_id, s.provider, s.receipt, 'payment')))
        AS counts,
      s.kind = 'payment' AND EXISTS (SELECT FROM statement_lines r WHERE r.linked_receipt = s.receipt
        AND r.kind = 'reversal' AND r.amount_minor = s.amount_minor) AS reversed
    FROM statement_lines s WHERE s.till_id = $1::text AND s.provider = $2::text AND s.day BETWEEN $3::date AND $4::date
    UNION ALL
    SELECT (p.paid_at AT TIME ZONE 'UTC' + make_interval(mins => $5::int))::date, p.paid_at, p.receipt, 'missing', 0, false, true, false
    FROM payments p WHERE p.till_id = $1::text AND p.provider = $2::text AND p.generation > 0
      AND p.paid_at >= ($3::date::timestamp - make_interval(mins => $5::int)) AT TIME ZONE 'UTC'
      AND p.paid_at < ($4::date::timestamp + interval '1 day' - make_interval(mins => $5::int)) AT TIME ZONE 'UTC'
      AND NOT EXISTS (SELECT FROM statement_lines s WHERE s.receipt = p.receipt AND s.till_id = p.till_id AND s.provider = p.provider)
  )
  SELECT l.day::text AS day, cc_ms(l.at) AS at, l.receipt, l.kind, l.statement AS "statementMinor", l.names, l.reversed,
    CASE WHEN h.accounts IS NOT NULL THEN json_build_object('accountsMinor', h.accounts, 'suspenseMinor', h.suspense,
      'treasuryMinor', h.treasury, 'legacyMinor', h.legacy) END AS held,
    h.accounts + h.suspense + h.treasury + h.legacy AS "oursMinor", coalesce(h.numbers, '[]') AS accounts, h.because
  FROM line l ${HELD} ORDER BY l.day, l.at, l.receipt, l.kind LIMIT ${LINES_MAX + 1}`;

const ADD_LINES = `WITH line AS (
    SELECT u.row_number, l.* FROM upload_rows u, jsonb_to_record(u.line) AS l(receipt text, kind text, "amountMinor" bigint,
      at bigint, "balanceMinor" bigint, "payerPhone" text, linked text)
    WHERE u.upload_id = $1::bigint AND u.line IS NOT NULL
  )
  INSERT INTO statement_lines (till_id, provider, receipt, kind, amount_minor, currency, at, day, balance_minor, payer_phone,
    linked_receipt, upload_id, row_number)
  SELECT $2::text, $3::text, l.receipt, l.kind, l."amountMinor", $4::text, cc_at(l.at),
    (cc_at(l.at) AT TIME ZONE 'UTC' + make_interval(mins => $5::int))::date, l."balanceMinor", l."payerPhone", l.linked,
    $1::bigint, l.row_number
  FROM line l ORDER BY l.row_number ON CONFLICT DO NOTHING`;

const CONTRADICTING = `SELECT u.row_number AS row, s.receipt, s.kind, s.day::text AS day,
    (u.line->>'amountMinor')::bigint AS "amountMinor", s.amount_minor AS "knownMinor", s.upload_id AS "knownUploadId" FROM upload_rows u
    JOIN statement_lines s ON (s.till_id, s.provider, s.receipt, s.kind) = ($2::text, $3::text, u.receipt, u.line->>'kind')
  WHERE u.upload_id = $1::bigint AND u.line IS NOT NULL AND u.result IS DISTINCT FROM 'contradicts' AND s.amount_minor <> (u.line->>'amountMinor')::bigint ORDER BY 1`;

/**
 * A file with a row that nobody could read does not list its days. The newest that lists a day must have all that earlier ones
 * have of it, and no case may be open of two that say different things.
 */
const COVERED = `SELECT d::date::text AS day FROM generate_series($3::date::timestamp, $4::date::timestamp, interval '1 day') AS d
  WHERE NOT EXISTS (SELECT FROM reconciliation_cases c JOIN statement_lines s ON c.subject = s.receipt
      AND c.case_key = 'statement_contradiction:' || s.till_id || ':' || s.provider || ':' || s.receipt || ':' || s.kind
    WHERE c.state = 'open' AND s.till_id = $1::text AND s.provider = $2::text AND s.day = d::date)
  AND EXISTS (SELECT FROM (SELECT u.id FROM uploads u JOIN import_runs r ON r.id = u.run_id
    WHERE u.kind = 'statement' AND u.till_id = $1::text AND u.provider = $2::text AND r.cursor IS NOT NULL
      AND NOT EXISTS (SELECT FROM upload_rows x WHERE x.upload_id = u.id AND x.result = 'refused')
      AND u.period_from <= (d - make_interval(mins => $5::int)) AT TIME ZONE 'UTC'
      AND u.period_to >= (d + interval '1 day' - make_interval(mins => $5::int)) AT TIME ZONE 'UTC'
    ORDER BY u.id DESC LIMIT 1) AS newest WHERE NOT EXISTS (SELECT FROM statement_lines s
      WHERE s.till_id = $1::text AND s.provider = $2::text AND s.day = d::date AND s.upload_id < newest.id
        AND NOT EXISTS (SELECT FROM upload_rows x
          WHERE x.receipt = s.receipt AND x.upload_id = newest.id AND x.line->>'kind' = s.kind))) ORDER BY 1`;

const PUT_DAYS = `INSERT INTO till_days (till_id, provider, day, currency, statement_minor, payments_minor, suspense_minor,
    treasury_minor, withdrawn_minor, reversed_minor, difference_minor, lines, missing, unexplained, covered, state, computed_at, final_at)
  SELECT $1::text, $2::text, r.day, $3::text, r."statementMinor", r."paymentsMinor", r."suspenseMinor", r."treasuryMinor",
    r."withdrawnMinor", r."reversedMinor", r."differenceMinor", r.lines, r.missing, r.unexplained, r.covered,
    CASE WHEN r."isFinal" THEN 'final' ELSE 'open' END, cc_at($5::bigint), CASE WHEN r."isFinal" THEN cc_at($5::bigint) END
  FROM jsonb_to_recordset($4::jsonb) AS r(day date, "statementMinor" bigint, "paymentsMinor" bigint, "suspenseMinor" bigint,
    "treasuryMinor" bigint, "withdrawnMinor" bigint, "reversedMinor" bigint, "differenceMinor" bigint, lines integer,
    missing integer, unexplained integer, covered boolean, "isFinal" boolean) ORDER BY r.day
  ON CONFLICT (till_id, provider, day) DO UPDATE SET statement_minor = excluded.statement_minor,
    payments_minor = excluded.payments_minor, suspense_minor = excluded.suspense_minor, treasury_minor = excluded.treasury_minor,
    withdrawn_minor = excluded.withdrawn_minor, reversed_minor = excluded.reversed_minor,
    difference_minor = excluded.difference_minor, lines = excluded.lines, missing = excluded.missing,
    unexplained = excluded.unexplained, covered = excluded.covered, state = excluded.state, computed_at = excluded.computed_at,
    final_at = CASE WHEN excluded.final_at IS NOT NULL THEN coalesce(till_days.final_at, excluded.final_at) END
  WHERE till_days.computed_at <= excluded.computed_at`;

export const neonStatements = (db: Database): Statements => ({
  async addLines(uploadId, { tillId, provider, currency, utcOffsetMinutes }) {
    const id = String(uploadId);
    await db.transaction([{ query: ADD_LINES, params: [id, tillId, provider, currency, String(utcOffsetMinutes)] }]);
    return db.read<Contradiction>(CONTRADICTING, [id, tillId, provider]);
  },

  async dayLines({ tillId, provider, utcOffsetMinutes }, { from, to }) {
    const rows = await db.read<DayLineRow>(LINES, [tillId, provider, from, to, String(utcOffsetMinutes)]);
    if (rows.length > LINES_MAX) throw new Error(`more than ${LINES_MAX} lines of ${tillId} in these days`);
    return rows;
  },

  coveredDays: async ({ tillId, provider, utcOffsetMinutes }, { from, to }) =>
    (await db.read<{ day: string }>(COVERED, [tillId, provider, from, to, String(utcOffsetMinutes)])).map(
      ({ day }) => day,
    ),

  async putDays({ tillId, provider, currency }, days, at) {
    await db.transaction([{ query: PUT_DAYS, params: [tillId, provider, currency, JSON.stringify(days), String(at)] }]);
  },
});
