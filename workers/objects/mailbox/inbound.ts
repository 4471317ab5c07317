import type { InboundItem } from "../../../src/domain/gateway/protocol.ts";
import { contentHash, rawBytes, storedText } from "../../../src/domain/gateway/text.ts";
import type { CopyReport, SmsInboundRow } from "../../../src/domain/outbox.ts";
import { ERASED, ERASED_PHONE } from "../../../src/domain/personal/patterns.ts";
import type { GatewayRequest, PhoneFacts } from "../../../src/ports/mailboxes.ts";
import { isClaim, isLeftAsStrangers, type ProcessOutcome, type StoredSms } from "../../../src/ports/sms-processor.ts";
import { LateRows } from "../steps.ts";

/** A row of SQLite may hold 2 MB. */
const CHUNK_BYTES = 512 * 1024;
/** The longest SMS there is has 255 parts, 39,015 characters. A longer text is quarantined; all of it stays in the body. */
const CONTENT_CHARS_MAX = 65_536;
const SENDER_CHARS_MAX = 256;
const EXTERNAL_ID_CHARS_MAX = 200;

/** Ids and hashes in one statement: a value that is bound may have 2 MB. */
const SEEN_AT_ONCE = 500;

type Seen = { externalId: string | null; hash: string };

const pairKey = (externalId: string, hash: string) => `${hash} ${externalId}`;

type SmsRow = {
  id: number;
  external_id: string | null;
  content_hash: string;
  sender: string;
  content: string;
  received_at: number;
  tries: number;
  /** The request that brought it, as the log names it; null: nobody knows. */
  log_id: string | null;
  /** The receipt that it claimed when it was read before. */
  receipt: string | null;
  /** What it came to when it was read before. */
  outcome: string | null;
  because: string | null;
};

/** Requests and the SMS in them. Every method belongs inside the caller's transaction. */
export class InboundTable {
  readonly #sql: SqlStorage;
  readonly #filed: LateRows;

  constructor(sql: SqlStorage) {
    this.#sql = sql;
    this.#filed = new LateRows(
      sql,
      `INSERT INTO sms (request_id, till_id, channel, external_id, content_hash, sender, content, raw, claimed_sent_at,
         claimed_received_at, received_at, id_conflict, quarantine, state, next_at, changed_at, sms_copy)`,
    );
  }

  /** After a transaction that was rolled back. */
  forget() {
    this.#filed.forget();
  }

  keepRequest(request: GatewayRequest, now: number): number {
    const { id } = this.#sql
      .exec<{ id: number }>(
        `INSERT INTO requests (protocol, method, query, content_type, user_agent, mirrored, bytes, received_at, log_id)
         VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?) RETURNING id`,
        request.protocol,
        request.method,
        request.query,
        request.contentType,
        request.userAgent,
        request.mirrored ? 1 : 0,
        request.body.length,
        now,
        request.requestId ?? null,
      )
      .one();
    for (let n = 0; n * CHUNK_BYTES < request.body.length; n++)
      this.#sql.exec(
        "INSERT INTO request_chunks VALUES (?, ?, ?)",
        id,
        n,
        request.body.slice(n * CHUNK_BYTES, (n + 1) * CHUNK_BYTES).buffer,
      );
    return id;
  }

  body(requestId: number): Uint8Array {
    const chunks = this.#sql
      .exec<{ bytes: ArrayBuffer }>("SELECT bytes FROM request_chunks WHERE request_id = ? ORDER BY n", requestId)
      .toArray();
    return new Uint8Array(Buffer.concat(chunks.map((chunk) => new Uint8Array(chunk.bytes))));
  }

  /** Which of these (id, text) were never seen here before; from now on they were. Each is new once, also among these. */
  see(items: readonly Seen[]): boolean[] {
    const added = new Set<string>();
    for (let from = 0; from < items.length; from += SEEN_AT_ONCE) {
      const pairs = items.slice(from, from + SEEN_AT_ONCE).map(({ externalId, hash }) => [externalId ?? "", hash]);
      const rows = this.#sql
        .exec<{ external_id: string; content_hash: string }>(
          `INSERT INTO seen SELECT value ->> 0, value ->> 1 FROM json_each(?) WHERE true
           ON CONFLICT DO NOTHING RETURNING external_id, content_hash`,
          JSON.stringify(pairs),
        )
        .toArray();
      for (const row of rows) added.add(pairKey(row.external_id, row.content_hash));
    }
    return items.map(({ externalId, hash }) => added.delete(pairKey(externalId ?? "", hash)));
  }

  /** True when the SMS itself is still here, and not only that it was seen. */
  has(externalId: string | null, hash: string): boolean {
    return (
      this.#sql
        .exec("SELECT 1 FROM sms WHERE content_hash = ? AND external_id IS ? LIMIT 1", hash, externalId)
        .toArray().length === 1
    );
  }

  hasSeen(): boolean {
    return this.#sql.exec("SELECT 1 FROM seen LIMIT 1").toArray().length === 1;
  }

  /** Of these ids, texts that they were seen with: two of each if there are more than one. */
  textsOf(items: readonly Seen[]): Map<string, Set<string>> {
    const texts = new Map<string, Set<string>>();
    const ids = [...new Set(items.flatMap(({ externalId }) => externalId ?? []))];
    for (let from = 0; from < ids.length; from += SEEN_AT_ONCE)
      for (const { id, first, last } of this.#sql
        .exec<{ id: string; first: string; last: string }>(
          `SELECT external_id AS id, min(content_hash) AS first, max(content_hash) AS last FROM seen
           WHERE external_id IN (SELECT value FROM json_each(?)) GROUP BY external_id`,
          JSON.stringify(ids.slice(from, from + SEEN_AT_ONCE)),
        )
        .toArray())
        texts.set(id, new Set([first, last]));
    return texts;
  }

  /** Files a new SMS; `owe` files the debt to Postgres and returns its number, null where there is none. True: it waits. */
  file(
    item: FitItem & { idConflict: boolean },
    facts: PhoneFacts,
    request: { id: number; protocol: "medic" | "smssync"; requestId: string | null },
    now: number,
    owe: ((row: SmsInboundRow) => number) | null,
  ): boolean {
    const waiting = item.quarantine === null;
    const copy = owe?.({
      phoneId: facts.phoneId,
      tillId: facts.tillId,
      channel: facts.channel,
      protocol: request.protocol,
      externalId: item.externalId,
      contentHash: item.hash,
      sender: item.sender,
      content: item.content,
      contentRawBase64: Buffer.from(item.raw).toString("base64"),
      claimedSentAt: item.claimedSentAt,
      claimedReceivedAt: item.claimedReceivedAt,
      receivedAt: now,
      idConflict: item.idConflict,
      quarantine: item.quarantine,
      requestId: request.requestId,
    });
    this.#filed.add(
      request.id,
      facts.tillId,
      facts.channel,
      item.externalId,
      item.hash,
      item.sender,
      item.content,
      Buffer.from(item.content, "utf8").equals(item.raw) ? null : item.raw.slice().buffer,
      item.claimedSentAt,
      item.claimedReceivedAt,
      now,
      item.idConflict ? 1 : 0,
      item.quarantine,
      waiting ? "waiting" : "quarantined",
      now,
      now,
      copy ?? null,
    );
    return waiting;
  }

  due(now: number, busy: ReadonlySet<number>, max: number): SmsRow[] {
    return this.#sql
      .exec<SmsRow>(
        `SELECT s.id, s.external_id, s.content_hash, s.sender, s.content, s.received_at, s.tries, s.receipt, s.outcome,
           s.because, r.log_id
         FROM sms s LEFT JOIN requests r ON r.id = s.request_id
         WHERE s.state = 'waiting' AND s.next_at <= ? ORDER BY s.id LIMIT ?`,
        now,
        max + busy.size,
      )
      .toArray()
      .filter((row) => !busy.has(row.id))
      .slice(0, max);
  }

  nextDue(): number | null {
    return this.#sql.exec<{ at: number | null }>("SELECT min(next_at) AS at FROM sms WHERE state = 'waiting'").one().at;
  }

  isAllProcessed(): boolean {
    return this.#sql.exec("SELECT 1 FROM sms WHERE state = 'waiting' LIMIT 1").toArray().length === 0;
  }

  unprocessed(): { count: number; oldestAt: number | null } {
    return this.#sql
      .exec<{ count: number; oldestAt: number | null }>(
        "SELECT count(*) AS count, min(received_at) AS oldestAt FROM sms WHERE state = 'waiting'",
      )
      .one();
  }

  later(id: number, because: string, nextAt: number) {
    this.#sql.exec(
      "UPDATE sms SET tries = tries + 1, because = ?, next_at = ? WHERE id = ? AND state = 'waiting'",
      because,
      nextAt,
      id,
    );
  }

  /** The number of this result, which is owed as `outboxId`; a later one replaces it. */
  done(id: number, outcome: ProcessOutcome & { state: "done" }, outboxId: number, now: number): number {
    return this.#sql
      .exec<{ version: number }>(
        `UPDATE sms SET state = 'done', tries = 0, outcome = ?, because = ?, changed_at = ?, result_copy = ?, receipt = coalesce(receipt, ?),
           result_version = result_version + 1 WHERE id = ? RETURNING result_version AS version`,
        outcome.outcome,
        outcome.because,
        now,
        outboxId,
        isClaim(outcome) ? outcome.receipt : null,
        id,
      )
      .one().version;
  }

  /** Sends stored SMS through the current parser again; a quarantined one too, if it has a sender and a text. */
  reprocess(keys: readonly { externalId: string | null; contentHash: string }[], now: number): number {
    let count = 0;
    for (const { externalId, contentHash: hash } of keys)
      count += this.#sql
        .exec(
          `UPDATE sms SET state = 'waiting', next_at = ?1, changed_at = ?1, tries = 0
           WHERE content_hash = ?2 AND external_id IS ?3 AND state <> 'waiting' AND sender <> '' RETURNING id`,
          now,
          hash,
          externalId,
        )
        .toArray().length;
    return count;
  }

  /** SMS whose result Postgres is found to lack; one whose result is on its way is left alone. */
  processAgain(keys: readonly { externalId: string | null; contentHash: string }[], now: number): number {
    let count = 0;
    for (const { externalId, contentHash: hash } of keys)
      count += this.#sql
        .exec(
          `UPDATE sms SET state = 'waiting', next_at = ?1, changed_at = ?1, tries = 0
           WHERE content_hash = ?2 AND external_id IS ?3 AND state = 'done' AND result_copy IS NULL RETURNING id`,
          now,
          hash,
          externalId,
        )
        .toArray().length;
    return count;
  }

  processDayAgain(day: string, now: number): number {
    const start = Date.parse(`${day}T00:00:00Z`);
    if (Number.isNaN(start)) return 0;
    return this.#sql
      .exec(
        `UPDATE sms SET state = 'waiting', next_at = ?1, changed_at = ?1, tries = 0
         WHERE received_at >= ?2 AND received_at < ?3 AND state = 'done' AND result_copy IS NULL RETURNING id`,
        now,
        start,
        start + 86_400_000,
      )
      .toArray().length;
  }

  /** Bodies of requests with an SMS that somebody was taken out of, when all of it is processed, copied and forwarded. */
  dropErasedBodies(): number {
    return this.#sql
      .exec(
        `DELETE FROM request_chunks WHERE request_id IN (SELECT request_id FROM sms
             WHERE instr(content, ?1) > 0 OR instr(content, ?2) > 0 OR instr(sender, ?2) > 0)
           AND NOT EXISTS (SELECT 1 FROM sms s WHERE s.request_id = request_chunks.request_id
             AND (s.state = 'waiting' OR s.sms_copy IS NOT NULL OR s.result_copy IS NOT NULL))
           AND NOT EXISTS (SELECT 1 FROM forwards f WHERE f.request_id = request_chunks.request_id AND f.state <> 'confirmed')
         RETURNING n`,
        ERASED,
        ERASED_PHONE,
      )
      .toArray().length;
  }

  recorded({ recorded }: CopyReport, now: number) {
    const ids = JSON.stringify(recorded);
    for (const column of ["sms_copy", "result_copy"])
      this.#sql.exec(
        `UPDATE sms SET ${column} = NULL, changed_at = ? WHERE ${column} IN (SELECT value FROM json_each(?))`,
        now,
        ids,
      );
  }

  /** Removes what Postgres has had since `before`; `seen` stays for ever. Returns how many rows went. */
  prune(before: number, max: number): number {
    const sms = this.#sql
      .exec(
        `DELETE FROM sms WHERE id IN (SELECT id FROM sms WHERE state <> 'waiting' AND sms_copy IS NULL
           AND result_copy IS NULL AND changed_at < ? LIMIT ?) RETURNING id`,
        before,
        max,
      )
      .toArray().length;
    this.#sql.exec(
      `DELETE FROM forwards WHERE id IN (SELECT id FROM forwards WHERE state = 'confirmed' AND changed_at < ? LIMIT ?)`,
      before,
      max,
    );
    const requests = this.#sql
      .exec<{ id: number }>(
        `DELETE FROM requests WHERE id IN (SELECT id FROM requests WHERE received_at < ?
           AND NOT EXISTS (SELECT 1 FROM sms WHERE request_id = requests.id)
           AND NOT EXISTS (SELECT 1 FROM forwards WHERE request_id = requests.id) LIMIT ?) RETURNING id`,
        before,
        max,
      )
      .toArray();
    for (const { id } of requests) this.#sql.exec("DELETE FROM request_chunks WHERE request_id = ?", id);
    return Math.max(sms, requests.length);
  }
}

/** An item as it fits into a row; `hash` and the request's body keep what does not. */
export type FitItem = InboundItem & { hash: string; raw: Uint8Array };

export function fitItem(item: InboundItem): FitItem {
  const faults = item.quarantine === null ? [] : [item.quarantine];
  for (const [name, text, max] of [
    ["id", item.externalId ?? "", EXTERNAL_ID_CHARS_MAX],
    ["sender", item.sender, SENDER_CHARS_MAX],
    ["content", item.content, CONTENT_CHARS_MAX],
  ] as const)
    if (text.length > max) faults.push(`${name} has ${text.length} characters; expected at most ${max}`);
  const content = item.content.slice(0, CONTENT_CHARS_MAX);
  return {
    ...item,
    externalId: item.externalId === null ? null : storedText(item.externalId.slice(0, EXTERNAL_ID_CHARS_MAX)),
    sender: storedText(item.sender.slice(0, SENDER_CHARS_MAX)),
    content: storedText(content),
    raw: rawBytes(content),
    hash: contentHash(item.sender, item.content),
    quarantine: faults.length === 0 ? null : faults.join("; "),
  };
}

export const storedSms = (row: SmsRow, facts: PhoneFacts): StoredSms => ({
  phoneId: facts.phoneId,
  tillId: facts.tillId,
  channel: facts.channel,
  externalId: row.external_id,
  contentHash: row.content_hash,
  sender: row.sender,
  content: row.content,
  receivedAt: row.received_at,
  claimed: row.receipt,
  waitsAsText: isLeftAsStrangers(row),
});
