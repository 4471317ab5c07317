import { type CopyStep, cleaned, ownRecordset, STRANGERS } from "./copy-step.ts";

const CREDIT = ownRecordset(`"externalId" text, "accountId" bigint, vendor text, "amountMinor" bigint, currency text,
  state text, because text, attempts int, "nextAt" bigint, "vendorId" text, memo text, error text, "queuedAt" bigint,
  "sentAt" bigint, "confirmedAt" bigint, "unwantedAt" bigint, "caseOpenedAt" bigint, version bigint, "sentAs" text`);

/** A credit is named by the entry that it carries; only a later version replaces another, and never what it is worth. */
export const vendorCreditStep: CopyStep<"vendor_credit"> = {
  rows: (row) => [cleaned(row, ["memo", "error", "vendorId"])],
  statements: [
    STRANGERS,
    `INSERT INTO vendor_credits AS c (external_id, account_id, vendor, amount_minor, currency, state, because, attempts,
      next_at, vendor_id, memo, error, queued_at, sent_at, confirmed_at, unwanted_at, case_opened_at, version, sent_as)
    SELECT DISTINCT ON (r."externalId") r."externalId", r."accountId", r.vendor, r."amountMinor", r.currency, r.state,
      r.because, r.attempts, cc_at(r."nextAt"), r."vendorId", r.memo, r.error, cc_at(r."queuedAt"), cc_at(r."sentAt"),
      cc_at(r."confirmedAt"), cc_at(r."unwantedAt"), cc_at(r."caseOpenedAt"), r.version, r."sentAs"
    FROM ${CREDIT} ORDER BY r."externalId", r.version DESC
    ON CONFLICT (external_id) DO UPDATE SET state = excluded.state, because = excluded.because,
      attempts = excluded.attempts, next_at = excluded.next_at, vendor_id = excluded.vendor_id, error = excluded.error,
      sent_at = excluded.sent_at, confirmed_at = excluded.confirmed_at, unwanted_at = excluded.unwanted_at,
      case_opened_at = excluded.case_opened_at, version = excluded.version
    WHERE c.version < excluded.version AND (c.account_id, c.amount_minor, c.currency)
      = (excluded.account_id, excluded.amount_minor, excluded.currency)`,
    `SELECT json_build_object('i', r.i, 'account', NULL, 'receipt', NULL, 'detail',
      'credit ' || r."externalId" || ' has other content')::text AS row
    FROM ${CREDIT} JOIN vendor_credits c ON c.external_id = r."externalId"
    WHERE (c.account_id, c.amount_minor, c.currency) <> (r."accountId", r."amountMinor", r.currency)`,
  ],
};
