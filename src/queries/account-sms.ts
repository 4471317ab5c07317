import type { Reader } from "../ports/reader.ts";
import { ms } from "./sql.ts";

export const ACCOUNT_SMS_MAX = 50;

/** An SMS about an account. `in`: it brought money that the account holds or held. `out`: one that we owed the holder. */
export type AccountSms = {
  key: string;
  way: "in" | "out";
  at: number;
  /** Who sent it, or to whom it went. */
  who: string;
  phone: string;
  content: string;
  /** What the parser made of it, or how far it came. */
  state: string;
  because: string | null;
  receipt: string | null;
};

/** The newest first, a page after (at, key). */
export const accountSms = (
  reader: Reader,
  account: string,
  after: { at: number; key: string } | null,
  limit: number,
): Promise<AccountSms[]> =>
  reader.read(SMS, [
    account,
    after === null ? "" : String(after.at),
    after?.key ?? "",
    String(Math.min(limit, ACCOUNT_SMS_MAX)),
  ]);

const SMS = `WITH account AS (SELECT id FROM accounts WHERE account_number = $1::text),
  receipts AS (SELECT DISTINCT l.receipt FROM account a JOIN payment_allocations l ON l.account_id = a.id),
  texts AS (
    SELECT DISTINCT ON (s.id) 'in:' || s.id AS key, 'in' AS way, s.received_at AS at, s.sender AS who, s.phone_id, s.content,
      r.outcome AS state, r.because, r.receipt
    FROM receipts JOIN sms_results r ON r.receipt = receipts.receipt
      JOIN sms_inbound s ON s.content_hash = r.content_hash AND s.external_id IS NOT DISTINCT FROM r.external_id
        AND (r.external_id IS NOT NULL OR s.phone_id = r.phone_id)
    ORDER BY s.id, r.parser_version DESC
  ), both_ways AS (
    SELECT * FROM texts
    UNION ALL
    SELECT 'out:' || o.id || ':' || o.phone_id, 'out', o.created_at, o.to_phone, o.phone_id, o.content, o.state, o.reason, o.receipt
    FROM account a JOIN sms_outbound o ON o.account_id = a.id
  )
  SELECT b.key, b.way, ${ms("b.at", "at")}, b.who, p.name AS phone, b.content, b.state, b.because, b.receipt
  FROM both_ways b JOIN gateway_phones p ON p.id = b.phone_id
  WHERE $2::text = '' OR ((extract(epoch FROM b.at) * 1000)::bigint, b.key) < (nullif($2::text, '')::bigint, $3::text)
  ORDER BY (extract(epoch FROM b.at) * 1000)::bigint DESC, b.key DESC LIMIT $4::int`;
