import { CARRIER_NAME } from "../domain/sms-route.ts";
import type { Reader } from "../ports/reader.ts";
import { carrierCost } from "./carrier-cost.ts";
import { ms } from "./sql.ts";

export const ACCOUNT_SMS_MAX = 50;

/** An SMS about an account. `in`: it brought money that the account holds or held. `out`: one that we owed the holder. */
export type AccountSms = {
  key: string;
  way: "in" | "out";
  at: number;
  /** Who sent it, or to whom it went. */
  who: string;
  /** The phone's name, or the carrier's. */
  phone: string;
  content: string;
  /** What the parser made of it, or how far it came. */
  state: string;
  because: string | null;
  receipt: string | null;
  /** Of one by the carrier alone: SMS parts, and what they cost in minor units (null: it did not leave, or nobody said a price). */
  parts: number | null;
  costMinor: number | null;
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
    SELECT DISTINCT ON (s.id) 'in:' || s.id AS key, 'in' AS way, s.received_at AS at, s.sender AS who, p.name AS phone, s.content,
      r.outcome AS state, r.because, r.receipt, NULL::int AS parts, NULL::int AS cost
    FROM receipts JOIN sms_results r ON r.receipt = receipts.receipt
      JOIN sms_inbound s ON s.content_hash = r.content_hash AND s.external_id IS NOT DISTINCT FROM r.external_id
        AND (r.external_id IS NOT NULL OR s.phone_id = r.phone_id)
      JOIN gateway_phones p ON p.id = s.phone_id
    ORDER BY s.id, r.parser_version DESC
  ), both_ways AS (
    SELECT * FROM texts
    UNION ALL
    SELECT 'out:' || o.id || ':' || o.phone_id, 'out', o.created_at, o.to_phone, p.name, o.content, o.state, o.reason, o.receipt, NULL, NULL
    FROM account a JOIN sms_outbound o ON o.account_id = a.id JOIN gateway_phones p ON p.id = o.phone_id
    UNION ALL
    SELECT 'out:' || s.id || ':carrier', 'out', s.created_at, s.to_phone, '${CARRIER_NAME}', s.content, s.state, s.because, s.receipt, s.parts, ${carrierCost("s")}
    FROM account a JOIN carrier_sms s ON s.account_id = a.id WHERE s.state <> 'held'
  )
  SELECT b.key, b.way, ${ms("b.at", "at")}, b.who, b.phone, b.content, b.state, b.because, b.receipt, b.parts, b.cost AS "costMinor"
  FROM both_ways b
  WHERE $2::text = '' OR ((extract(epoch FROM b.at) * 1000)::bigint, b.key) < (nullif($2::text, '')::bigint, $3::text)
  ORDER BY (extract(epoch FROM b.at) * 1000)::bigint DESC, b.key DESC LIMIT $4::int`;
