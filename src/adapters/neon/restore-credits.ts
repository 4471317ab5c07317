import type { VendorCreditRow } from "../../domain/outbox.ts";
import type { CreditRestores } from "../../ports/credit-restores.ts";
import { type Database, orDown } from "./database.ts";

/** What Postgres has of an account's credits at a vendor. */
export const neonCreditRestores = (db: Database): CreditRestores => ({
  accountCredits: (accountId, afterId, limit) =>
    orDown("restore credits", () => db.read<VendorCreditRow>(CREDITS, [String(accountId), afterId, String(limit)])),
});

const CREDITS = `SELECT v.external_id AS "externalId", v.account_id AS "accountId", v.vendor, a.account_number AS "customerCode",
    v.amount_minor AS "amountMinor", v.currency, v.state, v.because, v.attempts, cc_ms(v.next_at) AS "nextAt",
    v.vendor_id AS "vendorId", coalesce(v.memo, '') AS memo, v.error, cc_ms(v.queued_at) AS "queuedAt",
    cc_ms(v.sent_at) AS "sentAt", cc_ms(v.confirmed_at) AS "confirmedAt", cc_ms(v.unwanted_at) AS "unwantedAt",
    cc_ms(v.case_opened_at) AS "caseOpenedAt", v.version, v.sent_as AS "sentAs"
  FROM vendor_credits v JOIN accounts a ON a.id = v.account_id
  WHERE v.account_id = $1::bigint AND v.external_id > $2::text ORDER BY v.external_id LIMIT $3::int`;
