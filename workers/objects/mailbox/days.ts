import { createHash } from "node:crypto";
import type { OutboxRow, SmsInboundRow } from "../../../src/domain/outbox.ts";
import type { MailboxStore } from "./store.ts";

const DAY_MS = 24 * 3_600_000;
/** Where it is not written down what was pruned, rows left 35 days after their last change at the earliest: younger days are whole. */
const WHOLE_DAYS_MAX = 34;
/** One phone's day; the busiest has a few hundred. */
const DAY_ROWS_MAX = 50_000;

/**
 * Count and SHA-256 (hex) of the lines `externalId|contentHash` (no id: nothing before the bar), each ended by a line
 * feed, in the order of their bytes. `waiting`: how many of them Postgres was not yet given. `from`: SMS of that day
 * before this instant are not among them, since this Mailbox lost its memory then.
 */
export type SmsDay = { count: number; sha256: string; waiting: number; from: number };

export function smsDay(sql: SqlStorage, store: MailboxStore, day: string, now: number): SmsDay | null {
  const start = startOf(day);
  const wholeFrom = store.meta.instant("pruned_through") ?? now - WHOLE_DAYS_MAX * DAY_MS;
  if (start === null || start < wholeFrom) return null;
  const from = Math.max(start, store.meta.instant("rows_from") ?? 0);
  if (from >= start + DAY_MS) return null;
  const rows = sql
    .exec<{ line: string; waiting: number }>(
      `SELECT coalesce(external_id, '') || '|' || content_hash || char(10) AS line, sms_copy IS NOT NULL AS waiting
       FROM sms WHERE received_at >= ? AND received_at < ? LIMIT ?`,
      from,
      start + DAY_MS,
      DAY_ROWS_MAX,
    )
    .toArray();
  const lines = rows.map((row) => Buffer.from(row.line, "utf8")).sort(Buffer.compare);
  return {
    count: rows.length,
    sha256: createHash("sha256").update(Buffer.concat(lines)).digest("hex"),
    waiting: rows.filter((row) => row.waiting === 1).length,
    from,
  };
}

/** Inside a transaction. */
export function sendDayAgain(
  sql: SqlStorage,
  store: MailboxStore,
  day: string,
  owe: (row: OutboxRow) => number,
): number {
  const start = startOf(day);
  const phoneId = store.facts()?.phoneId;
  if (start === null || phoneId === undefined) return 0;
  const rows = sql
    .exec<DayRow>(
      `SELECT s.id, s.till_id AS tillId, s.channel, r.protocol, s.external_id AS externalId,
         s.content_hash AS contentHash, s.sender, s.content, s.raw, s.claimed_sent_at AS claimedSentAt,
         s.claimed_received_at AS claimedReceivedAt, s.received_at AS receivedAt, s.id_conflict AS idConflict,
         s.quarantine, r.log_id AS requestId
       FROM sms s JOIN requests r ON r.id = s.request_id
       WHERE s.received_at >= ? AND s.received_at < ? AND s.sms_copy IS NULL ORDER BY s.id LIMIT ?`,
      start,
      start + DAY_MS,
      DAY_ROWS_MAX,
    )
    .toArray();
  for (const { id, raw, idConflict, ...row } of rows) {
    const exact = raw === null ? Buffer.from(row.content, "utf8") : Buffer.from(raw);
    const copy = owe({
      kind: "sms_inbound",
      ...row,
      phoneId,
      contentRawBase64: exact.toString("base64"),
      idConflict: idConflict === 1,
    });
    sql.exec("UPDATE sms SET sms_copy = ? WHERE id = ?", copy, id);
  }
  return rows.length;
}

type DayRow = Omit<SmsInboundRow, "phoneId" | "contentRawBase64" | "idConflict"> & {
  id: number;
  raw: ArrayBuffer | null;
  idConflict: number;
};

function startOf(day: string): number | null {
  const at = /^\d{4}-\d{2}-\d{2}$/.test(day) ? Date.parse(`${day}T00:00:00Z`) : Number.NaN;
  return Number.isNaN(at) ? null : at;
}
