import type { Reader } from "../ports/reader.ts";
import { ms } from "./sql.ts";

export const SMS_PAGE_MAX = 100;

export type SmsFilter = {
  /** Id of a gateway phone, or the number an SMS went to. */
  phone: string | null;
  sender: string | null;
  text: string | null;
  /** What became of it; `unread`: nothing yet. */
  outcome: string | null;
  /** UTC ms, from included, to not. */
  from: number | null;
  to: number | null;
};

export type InboxSms = {
  id: number;
  phoneId: string;
  phoneName: string;
  tillId: string;
  externalId: string | null;
  contentHash: string;
  sender: string;
  content: string;
  receivedAt: number;
  /** Another text came under the same id. */
  idConflict: boolean;
  quarantine: string | null;
  parserVersion: number | null;
  outcome: string | null;
  because: string | null;
  receipt: string | null;
  account: string | null;
  parsed: unknown;
};

/** Numbers its parameters itself: only what is asked is compared. */
export function asked(conditions: readonly [string, string | number | null][], params: string[]): string {
  return conditions
    .flatMap(([condition, value]) => {
      if (value === null) return [];
      params.push(String(value));
      return [` AND ${condition.replaceAll("?", `$${params.length}`)}`];
    })
    .join("");
}

const SELECT = `SELECT s.id, s.phone_id AS "phoneId", g.name AS "phoneName", s.till_id AS "tillId", s.external_id AS "externalId",
    s.content_hash AS "contentHash", s.sender, s.content, ${ms("s.received_at", '"receivedAt"')}, s.id_conflict AS "idConflict",
    s.quarantine, r.parser_version AS "parserVersion", r.outcome, r.because, r.receipt, a.account_number AS account, r.parsed
  FROM sms_inbound s JOIN gateway_phones g ON g.id = s.phone_id
    LEFT JOIN LATERAL (SELECT * FROM sms_results r WHERE r.content_hash = s.content_hash AND r.phone_id = s.phone_id
      AND r.external_id IS NOT DISTINCT FROM s.external_id ORDER BY r.parser_version DESC LIMIT 1) r ON true
    LEFT JOIN accounts a ON a.id = r.account_id`;

/** Texts that came, the newest first, a page before an id, each with what the newest parser made of it. */
export function smsInbox(db: Reader, filter: SmsFilter, before: number | null, limit: number): Promise<InboxSms[]> {
  const params: string[] = [];
  const where = asked(
    [
      ["s.id < ?::bigint", before],
      ["s.phone_id = ?::text", filter.phone],
      ["lower(s.sender) = lower(?::text)", filter.sender],
      ["position(lower(?::text) IN lower(s.content)) > 0", filter.text],
      ["coalesce(r.outcome, 'unread') = ?::text", filter.outcome],
      ["s.received_at >= cc_at(?::bigint)", filter.from],
      ["s.received_at < cc_at(?::bigint)", filter.to],
    ],
    params,
  );
  params.push(String(limit));
  return db.read<InboxSms>(`${SELECT} WHERE true${where} ORDER BY s.id DESC LIMIT $${params.length}::int`, params);
}

export const inboxSms = async (db: Reader, id: number): Promise<InboxSms | null> =>
  (await db.read<InboxSms>(`${SELECT} WHERE s.id = $1::bigint`, [String(id)]))[0] ?? null;
