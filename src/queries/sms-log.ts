import type { Reader } from "../ports/reader.ts";
import { asked } from "./sms-inbox.ts";
import { ms } from "./sql.ts";

export const SMS_LOG_MAX = 500;
export const RECONCILE_KEYS_MAX = 1_000;
export const REPLAY_PAGE_MAX = 200;

export type SmsLogFilter = { receipt: string | null; account: string | null; outcome: string | null; limit: number };

export type SmsLogRow = {
  gateway_msg_id: string | null;
  sender: string;
  content: string;
  receipt_key: string | null;
  account_number: string | null;
  outcome: string | null;
  error: string | null;
  created_at: number;
};

/** Texts of which some parser has said so: reached from its results, not along the whole log. */
const among = (
  said: string,
) => `s.id IN (SELECT i.id FROM sms_results w JOIN sms_inbound i ON i.content_hash = w.content_hash
  AND i.phone_id = w.phone_id AND i.external_id IS NOT DISTINCT FROM w.external_id WHERE ${said})`;
const OWN_ACCOUNT = "w.account_id = (SELECT o.id FROM accounts o WHERE o.account_number = ?::text)";

/** The inbound log, newest first, with the newest parser's result. */
export function smsLog(db: Reader, { receipt, account, outcome, limit }: SmsLogFilter): Promise<SmsLogRow[]> {
  const params: string[] = [];
  const where = asked(
    [
      [`r.receipt = ?::text AND ${among("w.receipt = ?::text")}`, receipt],
      [`a.account_number = ?::text AND ${among(OWN_ACCOUNT)}`, account],
      ["r.outcome = ?::text", outcome],
    ],
    params,
  );
  params.push(String(Math.min(limit, SMS_LOG_MAX)));
  return db.read<SmsLogRow>(
    `SELECT s.external_id AS gateway_msg_id, s.sender, s.content, r.receipt AS receipt_key, a.account_number, r.outcome,
        r.because AS error, ${ms("s.received_at", "created_at")}
      FROM sms_inbound s LEFT JOIN LATERAL (SELECT * FROM sms_results r WHERE r.content_hash = s.content_hash
          AND r.phone_id = s.phone_id AND r.external_id IS NOT DISTINCT FROM s.external_id
          ORDER BY r.parser_version DESC LIMIT 1) r ON true
        LEFT JOIN accounts a ON a.id = r.account_id
      WHERE true${where} ORDER BY s.received_at DESC LIMIT $${params.length}::int`,
    params,
  );
}

/** Which receipts are credited, which are here but not credited, and which nobody has brought. Keys are answered as sent. */
export async function reconcileReceipts(db: Reader, keys: { sent: string; receipt: string }[]) {
  const rows = await db.read<{ receipt: string; credited: boolean }>(
    `SELECT p.receipt, p.holder_kind IN ('account', 'split', 'legacy') AS credited FROM payments p
      WHERE p.receipt IN (SELECT jsonb_array_elements_text($1::jsonb))
      UNION SELECT r.receipt, false FROM sms_results r WHERE r.receipt IN (SELECT jsonb_array_elements_text($1::jsonb))`,
    [JSON.stringify(keys.map(({ receipt }) => receipt))],
  );
  const credited = new Set(rows.filter((row) => row.credited).map((row) => row.receipt));
  const seen = new Set(rows.map((row) => row.receipt));
  const sentWhere = (holds: (receipt: string) => boolean) =>
    keys.filter(({ receipt }) => holds(receipt)).map(({ sent }) => sent);
  return {
    total: keys.length,
    credited: sentWhere((receipt) => credited.has(receipt)),
    received_not_credited: sentWhere((receipt) => seen.has(receipt) && !credited.has(receipt)),
    missing_from_cc: sentWhere((receipt) => !seen.has(receipt)),
  };
}

export type ReplayRow = {
  id: number;
  phoneId: string;
  tillId: string;
  externalId: string | null;
  contentHash: string;
  sender: string;
  content: string;
  outcome: string | null;
  because: string | null;
  parsed: unknown;
};

/** A page of stored SMS since an instant, with what the newest parser that saw them made of them. */
/* A text that somebody was taken out of is read no more: what it said stands in its result. */
export const storedSms = (db: Reader, since: number, afterId: number, limit: number) =>
  db.read<ReplayRow>(
    `SELECT s.id, s.phone_id AS "phoneId", s.till_id AS "tillId", s.external_id AS "externalId", s.content_hash AS "contentHash",
        s.sender, s.content, r.outcome, r.because, r.parsed
      FROM sms_inbound s LEFT JOIN LATERAL (SELECT outcome, because, parsed FROM sms_results r WHERE r.content_hash = s.content_hash
          AND r.phone_id = s.phone_id AND r.external_id IS NOT DISTINCT FROM s.external_id
          ORDER BY r.parser_version DESC LIMIT 1) r ON true
      WHERE s.received_at >= to_timestamp($1::float8 / 1000) AND s.id > $2::bigint AND s.quarantine IS NULL
        AND s.content !~ '(\\[erased\\]|00000000)'
      ORDER BY s.id LIMIT $3::int`,
    [String(since), String(afterId), String(Math.min(limit, REPLAY_PAGE_MAX))],
  );
