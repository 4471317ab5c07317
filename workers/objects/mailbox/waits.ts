import type { LaterReason, SmsName, SmsWait } from "../../../src/ports/mailboxes.ts";

/** Reasons that one phone tells at once. */
const REASONS_MAX = 10;

/** Why SMS wait that were tried: by the reason of their last try, the most frequent first. One not tried yet has none. */
export const reasonsOfWaiting = (sql: SqlStorage): LaterReason[] =>
  sql
    .exec<LaterReason>(
      `SELECT because, count(*) AS count, min(received_at) AS oldestAt, max(tries) AS triesMax, min(next_at) AS nextAt
       FROM sms WHERE state = 'waiting' AND tries > 0 AND because IS NOT NULL
       GROUP BY because ORDER BY count DESC, because LIMIT ?`,
      REASONS_MAX,
    )
    .toArray();

/** Of one SMS; null: it does not wait, or is not here any more. `because` is null before its first try. */
export function waitOf(sql: SqlStorage, { externalId, contentHash, receivedAt }: SmsName): SmsWait | null {
  const [row] = sql
    .exec<SmsWait>(
      `SELECT CASE WHEN tries > 0 THEN because END AS because, tries, next_at AS nextAt FROM sms
       WHERE received_at = ? AND content_hash = ? AND external_id IS ? AND state = 'waiting' LIMIT 1`,
      receivedAt,
      contentHash,
      externalId,
    )
    .toArray();
  return row ?? null;
}
