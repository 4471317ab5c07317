import { CARRIER_ID } from "../domain/sms-route.ts";
import type { Reader } from "../ports/reader.ts";
import { carrierCost } from "./carrier-cost.ts";
import { asked, type SmsFilter } from "./sms-inbox.ts";
import { ms } from "./sql.ts";

export type SentSms = {
  id: string;
  /** A phone's id, or `carrier:cm`. */
  phoneId: string;
  toPhone: string;
  content: string;
  template: string | null;
  account: string | null;
  receipt: string | null;
  state: string;
  reason: string | null;
  createdAt: number;
  stateAt: number;
  /** Of one by the carrier alone: SMS parts, and what they cost in minor units (null: it did not leave, or nobody said a price). */
  parts: number | null;
  costMinor: number | null;
};
export type SentCursor = { createdAt: number; id: string };

/** One channel's texts, the newest first; `o` has the same columns of each. */
const half = (from: string, where: string, limit: string) =>
  `(SELECT o.* FROM (${from}) o WHERE ($1::text = '' OR (o.created_at, o.id) < (cc_at(nullif($1::text, '')::bigint), $2::text))${where}
    ORDER BY o.created_at DESC, o.id DESC LIMIT ${limit})`;
const BY_PHONE = `SELECT id, phone_id, to_phone, content, template, account_id, receipt, state, reason, created_at, state_at,
  NULL::int AS parts, NULL::int AS cost FROM sms_outbound`;
const BY_CARRIER = `SELECT s.id, '${CARRIER_ID}'::text AS phone_id, s.to_phone, s.content, s.kind AS template, s.account_id, s.receipt, s.state,
  s.because AS reason, s.created_at, s.state_at, s.parts, ${carrierCost("s")} AS cost FROM carrier_sms s WHERE s.state <> 'held'`;

/**
 * Texts to customers by phones and by the carrier, the newest first, a page before (createdAt, id); where they stand, and why. One that changed
 * channel stands at both, as moved at the one that it left.
 */
export function smsSent(db: Reader, filter: SmsFilter, before: SentCursor | null, limit: number): Promise<SentSms[]> {
  const params: string[] = [String(before?.createdAt ?? ""), before?.id ?? "", String(limit)];
  const where = asked(
    [
      // The id of a phone names no number, although it may have digits.
      [
        `(o.phone_id = ?::text OR (?::text ~ '^[0-9+() -]+$'
          AND o.to_phone LIKE '%' || nullif(regexp_replace(?::text, '\\D', '', 'g'), '')))`,
        filter.phone,
      ],
      ["position(lower(?::text) IN lower(o.content)) > 0", filter.text],
      ["o.state = ?::text", filter.outcome],
      ["o.created_at >= cc_at(?::bigint)", filter.from],
      ["o.created_at < cc_at(?::bigint)", filter.to],
    ],
    params,
  );
  return db.read<SentSms>(
    `SELECT o.id, o.phone_id AS "phoneId", o.to_phone AS "toPhone", o.content, o.template, a.account_number AS account, o.receipt,
      o.state, o.reason, ${ms("o.created_at", '"createdAt"')}, ${ms("o.state_at", '"stateAt"')}, o.parts, o.cost AS "costMinor"
    FROM (${half(BY_PHONE, where, "$3::int")} UNION ALL ${half(BY_CARRIER, where, "$3::int")}) o LEFT JOIN accounts a ON a.id = o.account_id
    ORDER BY o.created_at DESC, o.id DESC LIMIT $3::int`,
    params,
  );
}
