import type { ContractType } from "../../domain/fees/agreement.ts";
import type { DebtName } from "../../domain/fees/debt.ts";
import type { AgreementRow, Agreements } from "../../ports/agreements.ts";
import type { Database } from "./database.ts";
import { ORDER } from "./fees.ts";
import { BY, change, refuseWhen } from "./registry-write.ts";

const NEW = `jsonb_to_record($1::jsonb) AS r(id text, part text, title text, "principalMinor" bigint, "interestMinor" bigint,
  "setupMinor" bigint, instalments int, "fractionE4" int, "monthlyFeeE4" int, "penaltyE4" int, "graceDays" int, "intervalDays" int,
  contract jsonb)`;

const SIGN: string[] = [
  ...ORDER,
  refuseWhen(
    "exists",
    "'agreement ' || r.id",
    `FROM ${NEW} JOIN debt_agreements d ON d.id = r.id
    WHERE (d.part, d.title, d.principal_minor, d.interest_minor, d.setup_minor, d.instalments, d.fraction_e4, d.monthly_fee_e4,
      d.penalty_e4, d.grace_days, d.interval_days, d.contract_sha256) IS DISTINCT FROM (r.part, r.title, r."principalMinor",
      r."interestMinor", r."setupMinor", r.instalments, r."fractionE4", r."monthlyFeeE4", r."penaltyE4", r."graceDays", r."intervalDays",
      r.contract ->> 'sha256')`,
  ),
  `WITH made AS (
    INSERT INTO debt_agreements (id, account_id, part, title, principal_minor, interest_minor, setup_minor, instalments, fraction_e4,
      monthly_fee_e4, penalty_e4, grace_days, interval_days, contract_key, contract_sha256, contract_type, contract_bytes, created_by,
      created_at)
    SELECT r.id, o.account_id, r.part, r.title, r."principalMinor", r."interestMinor", r."setupMinor", r.instalments, r."fractionE4",
      r."monthlyFeeE4", r."penaltyE4", r."graceDays", r."intervalDays", r.contract ->> 'key', r.contract ->> 'sha256',
      r.contract ->> 'type', (r.contract ->> 'bytes')::int, b.actor, b.at
    FROM ${NEW} JOIN fee_orders o ON o.id = r.id CROSS JOIN (SELECT ${BY}) AS b(actor, reason, at)
    ON CONFLICT (id) DO NOTHING RETURNING *)
  INSERT INTO mutations (actor, reason, at, action, subject, after)
  SELECT ${BY}, 'agreement.sign', 'account:' || a.account_number, to_jsonb(made) FROM made JOIN accounts a ON a.id = made.account_id`,
];

/** The account's lines of one debt, by whose order or posting they are. */
const LINES = `ledger_entries e WHERE e.account_id = d.account_id AND e.book = 'customer_fees'
  AND (e.entry_key LIKE 'fee:%:' || d.part || ':%' OR e.entry_key LIKE 'receipt:%/fee.' || d.part
    OR e.entry_key LIKE 'receipt:%/fee.' || d.part || ':reversal')`;

const ROWS = `SELECT d.id, a.account_number AS account, d.part, d.title, o.currency, d.principal_minor AS "principalMinor",
    d.interest_minor AS "interestMinor", d.setup_minor AS "setupMinor", d.instalments, d.fraction_e4 AS "fractionE4",
    d.monthly_fee_e4 AS "monthlyFeeE4", d.penalty_e4 AS "penaltyE4", d.grace_days AS "graceDays", d.interval_days AS "intervalDays",
    json_build_object('sha256', d.contract_sha256, 'type', d.contract_type, 'bytes', d.contract_bytes) AS contract,
    o.state, o.because, o.reason, o.ordered_by AS "orderedBy", cc_ms(o.ordered_at) AS "orderedAt", cc_ms(o.posted_at) AS "postedAt",
    s.charged AS "chargedMinor", s.paid AS "paidMinor", s.outstanding AS "outstandingMinor"
  FROM debt_agreements d JOIN fee_orders o ON o.id = d.id JOIN accounts a ON a.id = d.account_id
    CROSS JOIN LATERAL (SELECT (-sum(e.amount_minor) FILTER (WHERE e.kind = 'fee' AND e.amount_minor < 0
          AND e.entry_key NOT LIKE 'fee:refund:%'))::bigint AS charged,
        CASE WHEN count(*) > 0 THEN coalesce(sum(e.amount_minor)
          FILTER (WHERE e.kind <> 'fee' OR e.entry_key LIKE 'fee:refund:%'), 0)::bigint END AS paid,
        (-sum(e.amount_minor))::bigint AS outstanding
      FROM ${LINES}) s`;

export const neonAgreements = (db: Database): Agreements => ({
  sign: ({ contract, ...agreement }, by) =>
    change(
      db,
      {
        ...agreement,
        ...{ contract, act: "charge", document: contract.key },
        amountMinor: agreement.principalMinor + agreement.interestMinor + agreement.setupMinor,
      },
      by,
      SIGN,
    ),
  list: ({ account, after }, limit) =>
    db.read<AgreementRow>(
      `${ROWS} WHERE ($1::text = '' OR a.account_number = $1::text)
        AND ($2::text = '' OR (o.ordered_at, o.id) < (SELECT l.ordered_at, l.id FROM fee_orders l WHERE l.id = $2::text))
      ORDER BY o.ordered_at DESC, o.id DESC LIMIT $3::int`,
      [account ?? "", after, String(limit)],
    ),
  find: async (id) => (await db.read<AgreementRow>(`${ROWS} WHERE d.id = $1::text`, [id]))[0] ?? null,
  contractKey: async (id) =>
    (
      await db.read<{ key: string; type: ContractType }>(
        "SELECT contract_key AS key, contract_type AS type FROM debt_agreements WHERE id = $1::text",
        [id],
      )
    )[0] ?? null,
  unaccrued: (day, after, limit) =>
    db.read<{ id: string; account: string; part: DebtName }>(
      `SELECT d.id, a.account_number AS account, d.part FROM debt_agreements d JOIN accounts a ON a.id = d.account_id
        JOIN fee_orders o ON o.id = d.id
      WHERE o.state = 'posted' AND (d.monthly_fee_e4 > 0 OR d.penalty_e4 > 0) AND (d.accrued_on IS NULL OR d.accrued_on < $1::date)
        AND d.id > $2::text
      ORDER BY d.id LIMIT $3::int`,
      [day, after, String(limit)],
    ),
  async accrued(id, day) {
    await db.transaction([
      { query: "UPDATE debt_agreements SET accrued_on = $2::date WHERE id = $1::text", params: [id, day] },
    ]);
  },
});
