import { storable } from "../../domain/posting.ts";
import { type CopyStep, cleaned, numberedRecordset, recordset } from "./copy-step.ts";

const PAYMENT =
  numberedRecordset(`receipt text, shard int, provider text, "amountMinor" bigint, currency text, account text,
  "holderKind" text, "paidAt" bigint, "payerPhone" text, "tillId" text, road text, generation int, version bigint,
  blocked boolean, "claimedAt" bigint`);

/**
 * The ReceiptBook's row: only a higher (generation, version) replaces another, and of a claimed payment only what may
 * change. One generation has one holder, whatever its version.
 */
export const paymentStep: CopyStep<"payment"> = {
  rows: (row) => [row],
  statements: [
    `INSERT INTO payments AS p (receipt, shard, provider, amount_minor, currency, account_id, holder_kind, paid_at,
      payer_phone, till_id, road, generation, version, blocked, claimed_at)
    SELECT DISTINCT ON (r.receipt) r.receipt, r.shard, r.provider, r."amountMinor", r.currency, r."holderId", r."holderKind",
      cc_at(r."paidAt"), r."payerPhone", r."tillId", r.road, r.generation, r.version, r.blocked, cc_at(r."claimedAt")
    FROM ${PAYMENT} WHERE r.stranger IS NULL
    ORDER BY r.receipt, r.generation DESC, r.version DESC
    ON CONFLICT (receipt) DO UPDATE SET shard = excluded.shard, provider = excluded.provider,
      amount_minor = excluded.amount_minor, currency = excluded.currency, account_id = excluded.account_id,
      holder_kind = excluded.holder_kind, paid_at = excluded.paid_at, payer_phone = excluded.payer_phone,
      till_id = excluded.till_id, road = excluded.road, generation = excluded.generation, version = excluded.version,
      blocked = excluded.blocked, claimed_at = excluded.claimed_at
    WHERE (p.generation, p.version) < (excluded.generation, excluded.version)
      AND (p.generation = 0 OR (p.shard, p.provider, p.amount_minor, p.currency, p.paid_at)
        = (excluded.shard, excluded.provider, excluded.amount_minor, excluded.currency, excluded.paid_at))
      AND (p.generation <> excluded.generation OR (p.holder_kind, p.account_id)
        IS NOT DISTINCT FROM (excluded.holder_kind, excluded.account_id))`,
    `SELECT json_build_object('i', r.i, 'account', r.account, 'receipt', r.receipt, 'detail', CASE
        WHEN r.stranger IS NOT NULL THEN r.stranger WHEN (p.shard, p.provider, p.amount_minor, p.currency, p.paid_at)
          IS DISTINCT FROM (r.shard, r.provider, r."amountMinor", r.currency, cc_at(r."paidAt"))
        THEN 'payment has other content' ELSE 'payment generation ' || r.generation || ' has another holder' END)::text AS row
    FROM ${PAYMENT} LEFT JOIN payments p ON p.receipt = r.receipt
    WHERE r.stranger IS NOT NULL OR p.receipt IS NULL OR (p.generation, p.version) < (r.generation, r.version)
      OR (p.shard, p.provider, p.amount_minor, p.currency, p.paid_at)
        IS DISTINCT FROM (r.shard, r.provider, r."amountMinor", r.currency, cc_at(r."paidAt"))
      OR (p.generation = r.generation
        AND (p.holder_kind, p.account_id) IS DISTINCT FROM (r."holderKind", r."holderId"))`,
  ],
};

const SIGHTING = recordset(`"sightingKey" text, receipt text, road text, provider text, "amountMinor" bigint,
  currency text, account text, verdict text, "seenAt" bigint`);

/** Named by what was seen: the same key is the same sighting. */
export const sightingStep: CopyStep<"sighting"> = {
  rows: (row) => [row],
  statements: [
    `INSERT INTO payment_sightings (sighting_key, receipt, road, provider, amount_minor, currency, account_number,
      verdict, seen_at)
    SELECT r."sightingKey", r.receipt, r.road, r.provider, r."amountMinor", r.currency, r.account, r.verdict,
      cc_at(r."seenAt") FROM ${SIGHTING} ORDER BY 1 ON CONFLICT (sighting_key) DO NOTHING`,
  ],
};

const ALLOCATION = numberedRecordset(`receipt text, generation int, share int, "holderKind" text, account text,
  "amountMinor" bigint, because text, "entryKey" text, actor text, reason text, at bigint`);

/** One holder a share and generation, for ever. */
export const allocationStep: CopyStep<"allocation"> = {
  rows: (row) => [cleaned(row, ["reason"])],
  statements: [
    `INSERT INTO payment_allocations (receipt, generation, share, holder_kind, account_id, amount_minor, because,
      entry_key, actor, reason, at)
    SELECT r.receipt, r.generation, r.share, r."holderKind", r."holderId", r."amountMinor", r.because, r."entryKey", r.actor,
      r.reason, cc_at(r.at) FROM ${ALLOCATION} WHERE r.stranger IS NULL
    ORDER BY 1, 2, 3 ON CONFLICT (receipt, generation, share) DO NOTHING`,
    `SELECT json_build_object('i', r.i, 'account', r.account, 'receipt', r.receipt,
      'detail',
      coalesce(r.stranger, 'share ' || r.generation || '.' || r.share || ' has another holder'))::text AS row
    FROM ${ALLOCATION}
      LEFT JOIN payment_allocations p ON (p.receipt, p.generation, p.share) = (r.receipt, r.generation, r.share)
    WHERE r.stranger IS NOT NULL OR (p.holder_kind, p.account_id, p.amount_minor, p.entry_key)
      IS DISTINCT FROM (r."holderKind", r."holderId", r."amountMinor", r."entryKey")`,
  ],
};

const SUSPENSE = recordset(`"caseKey" text, receipt text, generation int, share int, "tillId" text,
  "amountMinor" bigint, currency text, because text, "hintAccounts" text[], "hintNote" text, "payerPhone" text,
  text text, state text, "openedAt" bigint, "closedAt" bigint, version bigint`);

export const suspenseStep: CopyStep<"suspense_case"> = {
  rows: (row) => [
    { ...cleaned(row, ["hintNote", "payerPhone", "text"]), hintAccounts: row.hintAccounts.map(storable) },
  ],
  statements: [
    `INSERT INTO suspense_cases AS s (case_key, receipt, generation, share, till_id, amount_minor, currency, because,
      hint_accounts, hint_note, payer_phone, text, state, opened_at, closed_at, version)
    SELECT DISTINCT ON (r."caseKey") r."caseKey", r.receipt, r.generation, r.share, r."tillId", r."amountMinor",
      r.currency, r.because, r."hintAccounts", r."hintNote", r."payerPhone", r.text, r.state, cc_at(r."openedAt"),
      cc_at(r."closedAt"), r.version
    FROM ${SUSPENSE} ORDER BY r."caseKey", r.version DESC
    ON CONFLICT (case_key) DO UPDATE SET receipt = excluded.receipt, generation = excluded.generation,
      share = excluded.share, till_id = excluded.till_id, amount_minor = excluded.amount_minor,
      currency = excluded.currency, because = excluded.because, hint_accounts = excluded.hint_accounts,
      hint_note = excluded.hint_note, payer_phone = excluded.payer_phone, text = excluded.text,
      state = excluded.state, opened_at = excluded.opened_at, closed_at = excluded.closed_at,
      version = excluded.version
    WHERE s.version < excluded.version`,
  ],
};
