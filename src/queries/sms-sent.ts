import type { Reader } from "../ports/reader.ts";
import { asked, type SmsFilter } from "./sms-inbox.ts";
import { ms } from "./sql.ts";

export type SentSms = {
  id: string;
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
};
export type SentCursor = { createdAt: number; id: string };

/** Texts to customers, the newest first, a page before (createdAt, id); where they stand, and why. */
export function smsSent(db: Reader, filter: SmsFilter, before: SentCursor | null, limit: number): Promise<SentSms[]> {
  const params: string[] = [String(before?.createdAt ?? ""), before?.id ?? ""];
  const where = asked(
    [
      ["(o.phone_id = ?::text OR o.to_phone LIKE '%' || regexp_replace(?::text, '\\D', '', 'g'))", filter.phone],
      ["position(lower(?::text) IN lower(o.content)) > 0", filter.text],
      ["o.state = ?::text", filter.outcome],
      ["o.created_at >= cc_at(?::bigint)", filter.from],
      ["o.created_at < cc_at(?::bigint)", filter.to],
    ],
    params,
  );
  params.push(String(limit));
  return db.read<SentSms>(
    `SELECT o.id, o.phone_id AS "phoneId", o.to_phone AS "toPhone", o.content, o.template, a.account_number AS account, o.receipt,
      o.state, o.reason, ${ms("o.created_at", '"createdAt"')}, ${ms("o.state_at", '"stateAt"')}
    FROM sms_outbound o LEFT JOIN accounts a ON a.id = o.account_id
    WHERE ($1::text = '' OR (o.created_at, o.id) < (cc_at(nullif($1::text, '')::bigint), $2::text))${where}
    ORDER BY o.created_at DESC, o.id DESC LIMIT $${params.length}::int`,
    params,
  );
}
