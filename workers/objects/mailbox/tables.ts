import { addMissingColumn } from "../create-missing.ts";
import type { PersonalRows } from "../erase-rows.ts";

/** Everything a Mailbox keeps. Made anew only where it is missing: columns are added, never renamed. */
export function openMailboxTables(sql: SqlStorage) {
  sql.exec(`
    CREATE TABLE IF NOT EXISTS meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT;

    -- Requests that brought something new, as they came; their bodies lie in chunks beside them.
    CREATE TABLE IF NOT EXISTS requests (
      id INTEGER PRIMARY KEY AUTOINCREMENT, protocol TEXT NOT NULL, method TEXT NOT NULL, query TEXT NOT NULL,
      content_type TEXT NOT NULL, user_agent TEXT NOT NULL, mirrored INTEGER NOT NULL, bytes INTEGER NOT NULL,
      received_at INTEGER NOT NULL) STRICT;
    CREATE TABLE IF NOT EXISTS request_chunks (
      request_id INTEGER NOT NULL, n INTEGER NOT NULL, bytes BLOB NOT NULL, PRIMARY KEY (request_id, n)) STRICT, WITHOUT ROWID;

    -- The dedupe of SMS, for ever. external_id is '' where the phone gave none.
    CREATE TABLE IF NOT EXISTS seen (
      external_id TEXT NOT NULL, content_hash TEXT NOT NULL, PRIMARY KEY (external_id, content_hash)) STRICT, WITHOUT ROWID;

    -- state: waiting (for processing), done, quarantined. sms_copy and result_copy: the outbox row that Postgres lacks.
    CREATE TABLE IF NOT EXISTS sms (
      id INTEGER PRIMARY KEY AUTOINCREMENT, request_id INTEGER NOT NULL, till_id TEXT NOT NULL, channel TEXT NOT NULL,
      external_id TEXT, content_hash TEXT NOT NULL, sender TEXT NOT NULL, content TEXT NOT NULL,
      -- The exact text where it differs from content.
      raw BLOB, claimed_sent_at INTEGER, claimed_received_at INTEGER, received_at INTEGER NOT NULL, id_conflict INTEGER NOT NULL,
      quarantine TEXT, state TEXT NOT NULL, tries INTEGER NOT NULL DEFAULT 0, next_at INTEGER NOT NULL, because TEXT,
      outcome TEXT, changed_at INTEGER NOT NULL, result_version INTEGER NOT NULL DEFAULT 0,
      sms_copy INTEGER, result_copy INTEGER) STRICT;
    CREATE INDEX IF NOT EXISTS sms_waiting ON sms (state, next_at);
    CREATE INDEX IF NOT EXISTS sms_received ON sms (received_at);
    CREATE INDEX IF NOT EXISTS sms_of_request ON sms (request_id);
    CREATE INDEX IF NOT EXISTS sms_by_copy ON sms (sms_copy) WHERE sms_copy IS NOT NULL;
    CREATE INDEX IF NOT EXISTS sms_by_result ON sms (result_copy) WHERE result_copy IS NOT NULL;

    -- state: waiting, confirmed (a 2xx came, never sent again), parked (nobody knows; a person decides).
    CREATE TABLE IF NOT EXISTS forwards (
      id INTEGER PRIMARY KEY AUTOINCREMENT, request_id INTEGER NOT NULL, leave_out TEXT NOT NULL, state TEXT NOT NULL,
      tries INTEGER NOT NULL DEFAULT 0, next_at INTEGER NOT NULL, lease_id TEXT, lease_until INTEGER, because TEXT,
      parked_times INTEGER NOT NULL DEFAULT 0, changed_at INTEGER NOT NULL) STRICT;
    CREATE INDEX IF NOT EXISTS forwards_waiting ON forwards (state, next_at);
    CREATE INDEX IF NOT EXISTS forwards_of_request ON forwards (request_id);

    -- SMS to send. moving: the other phone does not have it for certain yet.
    CREATE TABLE IF NOT EXISTS outgoing (
      id TEXT PRIMARY KEY, origin TEXT NOT NULL, to_phone TEXT NOT NULL, content TEXT NOT NULL, template TEXT,
      language TEXT, account TEXT, receipt TEXT, created_at INTEGER NOT NULL, expires_at INTEGER NOT NULL,
      state TEXT NOT NULL, reason TEXT, state_at INTEGER NOT NULL, offered_at INTEGER, offers INTEGER NOT NULL DEFAULT 0,
      claimed_at INTEGER, absent_results INTEGER NOT NULL DEFAULT 0, moved_to TEXT, moving INTEGER NOT NULL DEFAULT 0, copy INTEGER, version INTEGER NOT NULL) STRICT;
    CREATE INDEX IF NOT EXISTS outgoing_by_state ON outgoing (state, created_at);
    CREATE INDEX IF NOT EXISTS outgoing_by_copy ON outgoing (copy) WHERE copy IS NOT NULL;
    -- Ids whose rows are gone: they are never sent again.
    CREATE TABLE IF NOT EXISTS outgoing_known (id TEXT PRIMARY KEY) STRICT, WITHOUT ROWID;
    -- What the phone said about them, appended; the same word again only counts up.
    CREATE TABLE IF NOT EXISTS outgoing_updates (
      seq INTEGER PRIMARY KEY AUTOINCREMENT, outgoing_id TEXT NOT NULL, status TEXT NOT NULL, reason TEXT,
      at INTEGER NOT NULL, repeats INTEGER NOT NULL DEFAULT 0) STRICT;
    CREATE INDEX IF NOT EXISTS updates_of_outgoing ON outgoing_updates (outgoing_id, seq);
  `);
  // The request's id as the log names it. A Mailbox of before this column wakes up under newer code.
  addMissingColumn(sql, "requests", "log_id", "TEXT");
  // The receipt whose claim the text was, once for all; null also where it came to one before this column.
  addMissingColumn(sql, "sms", "receipt", "TEXT");
}

/** SMS that Postgres has and nobody processes, and those to send that have come to their end. */
export const MAILBOX_PERSONAL: readonly PersonalRows[] = [
  {
    table: "sms",
    key: ["id"],
    texts: ["sender", "content"],
    emptied: ["raw"],
    where: "state <> 'waiting' AND sms_copy IS NULL",
  },
  {
    table: "outgoing",
    key: ["id"],
    texts: ["to_phone", "content"],
    where: "state NOT IN ('queued', 'offered', 'unsent') AND copy IS NULL",
  },
];

type MetaKey =
  | "facts"
  | "restored_through"
  /** SMS before this instant were loaded by their hashes only. */
  | "rows_from"
  | "last_poll_at"
  | "told_at"
  | "poll_forwarded_at"
  | "update_body_hash"
  | "oversize_at"
  /** Days for which rows are kept, as Postgres said it last; and before which instant none are any more. */
  | "keep_days"
  | "pruned_through"
  /** SMSSync: the last claim, for its replay; and the ids whose results we asked for. */
  | "last_claim"
  | "results_asked";

/** Single facts of a Mailbox, read from storage once; `forget` after a transaction that was rolled back. */
export class MetaTable {
  readonly #sql: SqlStorage;
  #known: Map<string, string> | null = null;

  constructor(sql: SqlStorage) {
    this.#sql = sql;
  }

  forget() {
    this.#known = null;
  }

  get(key: MetaKey): string | null {
    return this.#all().get(key) ?? null;
  }

  instant(key: MetaKey): number | null {
    const value = this.get(key);
    return value === null ? null : Number(value);
  }

  set(key: MetaKey, value: string | number) {
    const text = String(value);
    if (this.get(key) === text) return;
    this.#sql.exec("INSERT INTO meta VALUES (?1, ?2) ON CONFLICT (key) DO UPDATE SET value = ?2", key, text);
    this.#all().set(key, text);
  }

  #all(): Map<string, string> {
    this.#known ??= new Map(
      this.#sql
        .exec<{ key: string; value: string }>("SELECT key, value FROM meta")
        .toArray()
        .map(({ key, value }) => [key, value]),
    );
    return this.#known;
  }
}
