import { chooseOffers, OUTSTANDING_MAX, stateFromUpdates } from "../../../src/domain/gateway/outgoing.ts";
import type { StatusUpdate } from "../../../src/domain/gateway/protocol.ts";
import { storedText } from "../../../src/domain/gateway/text.ts";
import type { CopyReport, OutgoingState, SmsOutboundRow } from "../../../src/domain/outbox.ts";
import type { RestoredOutgoing } from "../../../src/ports/mailbox-restores.ts";
import type { OutgoingSms, StoredOutgoing } from "../../../src/ports/mailboxes.ts";
import { restoreOutgoing } from "./outgoing-restore.ts";
import { type OutgoingRow, offerable, outboundOf, smsOf } from "./outgoing-row.ts";

/** SMS past their time that one request sweeps up; the next takes the rest. */
const EXPIRE_MAX = 100;
/** The newest in the phone's hands that are looked at; some may stay there for ever. */
const HELD_MAX = 200;
/** One phone's day. */
const DAY_ROWS_MAX = 50_000;
/** SMS that move to another phone in one round. */
export const MOVE_MAX = 100;
/** Of a reason the phone gives; 5 kB ones exist. */
const REASON_CHARS_MAX = 8_192;

/**
 * SMS to send through this phone. Every method belongs inside the caller's transaction; `owe` gets each row that
 * Postgres is owed. Versions start at the second of creation, so that the same SMS at another phone, where it moved
 * later, has the higher ones: above the one with which it was handed over.
 */
export class OutgoingTable {
  readonly #sql: SqlStorage;
  readonly #owe: (row: Omit<SmsOutboundRow, "phoneId">) => number;

  constructor(sql: SqlStorage, owe: (row: Omit<SmsOutboundRow, "phoneId">) => number) {
    this.#sql = sql;
    this.#owe = owe;
  }

  /**
   * False when the id is known: what came first stays. One that was handed over is taken again only by a later hand-over: versions
   * rise along its way, so that a repeat of an earlier one, whose answer was lost, is told from its return.
   */
  add(sms: OutgoingSms, origin: "ours" | "legacy", now: number): boolean {
    const handover = sms.handover ?? 0;
    const [known] = this.#sql
      .exec<{ returns: number }>(
        `SELECT state = 'moved' AND version < ?2 AS returns FROM outgoing WHERE id = ?1
         UNION ALL SELECT 0 FROM outgoing_known WHERE id = ?1 ORDER BY 1 LIMIT 1`,
        sms.id,
        handover,
      )
      .toArray();
    if (known?.returns === 0) return false;
    if (known !== undefined) {
      this.#sql.exec(
        "UPDATE outgoing SET state = 'queued', state_at = ?1, moved_to = NULL, moving = 0, version = ?2 WHERE id = ?3",
        now,
        handover,
        sms.id,
      );
      this.#changed(sms.id, now);
      return true;
    }
    const row: OutgoingRow = {
      id: sms.id,
      origin,
      to_phone: sms.to,
      content: sms.content,
      template: sms.template,
      language: sms.language,
      account: sms.account,
      receipt: sms.receipt,
      created_at: sms.createdAt,
      expires_at: sms.expiresAt,
      state: "queued",
      reason: null,
      state_at: now,
      offered_at: null,
      offers: 0,
      claimed_at: null,
      absent_results: 0,
      version: Math.max(Math.floor(now / 1000), handover + 1),
    };
    this.#sql.exec(
      `INSERT INTO outgoing (id, origin, to_phone, content, template, language, account, receipt, created_at,
         expires_at, state, state_at, version, copy) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 'queued', ?, ?, ?)`,
      row.id,
      origin,
      row.to_phone,
      row.content,
      row.template,
      row.language,
      row.account,
      row.receipt,
      row.created_at,
      row.expires_at,
      now,
      row.version,
      this.#owe(outboundOf(row)),
    );
    return true;
  }

  restore(sms: RestoredOutgoing, now: number) {
    if (this.find(sms.id) === null) restoreOutgoing(this.#sql, sms, now);
  }

  /** One that Postgres knows in a later state, and that nothing here has to say about: it is taken anew from there. */
  dropOlder(id: string, version: number) {
    this.#sql.exec("DELETE FROM outgoing WHERE id = ? AND version < ? AND copy IS NULL", id, version);
  }

  find(id: string): OutgoingRow | null {
    return this.#sql.exec<OutgoingRow>("SELECT * FROM outgoing WHERE id = ?", id).toArray()[0] ?? null;
  }

  stored(id: string): StoredOutgoing | null {
    const row = this.find(id);
    return row === null ? null : { ...smsOf(row), state: row.state, reason: row.reason, stateAt: row.state_at };
  }

  /** The open SMS that matter to an answer: all the phone may hold, the oldest that wait, and some past their time. */
  open(now: number): OutgoingRow[] {
    return this.#sql
      .exec<OutgoingRow>(
        `SELECT * FROM (SELECT * FROM outgoing WHERE state IN ('offered', 'unsent') ORDER BY created_at DESC LIMIT ${HELD_MAX})
         UNION SELECT * FROM (SELECT * FROM outgoing WHERE state = 'pending' ORDER BY created_at DESC LIMIT ${HELD_MAX})
         UNION SELECT * FROM (SELECT * FROM outgoing WHERE state = 'queued' AND expires_at > ?1
           ORDER BY created_at, id LIMIT ${OUTSTANDING_MAX})
         UNION SELECT * FROM (SELECT * FROM outgoing WHERE state IN ('queued', 'offered') AND expires_at <= ?1
           LIMIT ${EXPIRE_MAX})`,
        now,
      )
      .toArray();
  }

  /** For a Medic phone: marks what its answer carries. */
  offer(now: number): { id: string; to: string; content: string }[] {
    const rows = this.open(now);
    const { offer, expired } = chooseOffers(rows.map(offerable), now);
    this.expire(expired, now);
    const byId = new Map(rows.map((row) => [row.id, row]));
    return offer.flatMap((id) => {
      const row = byId.get(id);
      this.handedOut([id], now);
      return row ? [{ id, to: row.to_phone, content: row.content }] : [];
    });
  }

  handedOut(ids: readonly string[], now: number) {
    for (const id of ids) {
      this.#sql.exec(
        `UPDATE outgoing SET state = 'offered', state_at = ?1, offered_at = ?1, offers = offers + 1, absent_results = 0
         WHERE id = ?2`,
        now,
        id,
      );
      this.#changed(id, now);
    }
  }

  expire(ids: readonly string[], now: number) {
    for (const id of ids) this.#to(id, "expired", null, now);
  }

  /** What has passed its time without a word, also while nobody polls. Returns when the next will. */
  expireDue(now: number): number | null {
    const due = this.#sql
      .exec<{ id: string }>(
        `SELECT id FROM outgoing WHERE state IN ('queued', 'offered') AND claimed_at IS NULL AND expires_at <= ? LIMIT ?`,
        now,
        EXPIRE_MAX,
      )
      .toArray();
    this.expire(
      due.map((row) => row.id),
      now,
    );
    return this.#sql
      .exec<{ at: number | null }>(
        "SELECT min(expires_at) AS at FROM outgoing WHERE state IN ('queued', 'offered') AND claimed_at IS NULL",
      )
      .one().at;
  }

  recorded({ recorded }: CopyReport) {
    this.#sql.exec(
      "UPDATE outgoing SET copy = NULL WHERE copy IN (SELECT value FROM json_each(?))",
      JSON.stringify(recorded),
    );
  }

  /** Removes what came to an end before `before` and Postgres has; the ids stay known for ever. */
  prune(before: number, max: number): number {
    const gone = this.#sql
      .exec<{ id: string }>(
        `DELETE FROM outgoing WHERE id IN (SELECT id FROM outgoing WHERE state NOT IN ('queued', 'offered')
           AND moving = 0 AND copy IS NULL AND state_at < ? LIMIT ?) RETURNING id`,
        before,
        max,
      )
      .toArray();
    for (const { id } of gone) {
      this.#sql.exec("INSERT INTO outgoing_known VALUES (?) ON CONFLICT DO NOTHING", id);
      this.#sql.exec("DELETE FROM outgoing_updates WHERE outgoing_id = ?", id);
    }
    return gone.length;
  }

  fail(ids: readonly string[], reason: string, now: number) {
    for (const id of ids) this.#to(id, "failed", reason, now);
  }

  claim(ids: readonly string[], now: number) {
    for (const id of ids) this.#sql.exec("UPDATE outgoing SET claimed_at = ? WHERE id = ?", now, id);
  }

  hasClaims(): boolean {
    return this.#sql.exec("SELECT 1 FROM outgoing WHERE claimed_at IS NOT NULL LIMIT 1").toArray().length === 1;
  }

  absent(ids: readonly string[]) {
    for (const id of ids) this.#sql.exec("UPDATE outgoing SET absent_results = absent_results + 1 WHERE id = ?", id);
  }

  /** Whose the updated SMS is; null for an id nobody here issued (a person wrote it on the phone, or the old system did). */
  update(update: StatusUpdate, now: number): "ours" | "legacy" | null {
    const row = this.find(update.id);
    if (row === null) return null;
    const reason = update.reason === null ? null : storedText(update.reason).slice(0, REASON_CHARS_MAX);
    const last = this.#sql
      .exec<{ seq: number; status: string; reason: string | null }>(
        "SELECT seq, status, reason FROM outgoing_updates WHERE outgoing_id = ? ORDER BY seq DESC LIMIT 1",
        update.id,
      )
      .toArray()[0];
    if (last?.status === update.status && last.reason === reason) {
      this.#sql.exec("UPDATE outgoing_updates SET repeats = repeats + 1 WHERE seq = ?", last.seq);
      return row.origin;
    }
    this.#sql.exec(
      "INSERT INTO outgoing_updates (outgoing_id, status, reason, at) VALUES (?, ?, ?, ?)",
      update.id,
      update.status,
      reason,
      now,
    );
    const state = stateFromUpdates(this.history(update.id));
    if (state !== null && (state !== row.state || (state === "failed" && reason !== row.reason)))
      this.#to(update.id, state, state === "failed" ? reason : null, now);
    return row.origin;
  }

  history(id: string) {
    return this.#sql
      .exec<{ status: StatusUpdate["status"]; reason: string | null; at: number; repeats: number }>(
        "SELECT status, reason, at, repeats FROM outgoing_updates WHERE outgoing_id = ? ORDER BY seq",
        id,
      )
      .toArray();
  }

  /** Ours, never offered and still in time: what may go to another phone when this one is silent. */
  movable(now: number): OutgoingRow[] {
    return this.#sql
      .exec<OutgoingRow>(
        `SELECT * FROM outgoing WHERE state = 'queued' AND origin = 'ours' AND expires_at > ? ORDER BY created_at LIMIT ?`,
        now,
        MOVE_MAX,
      )
      .toArray();
  }

  markMoving(id: string, target: string, now: number) {
    this.#sql.exec("UPDATE outgoing SET moved_to = ?, moving = 1 WHERE id = ?", target, id);
    this.#to(id, "moved", null, now, "next");
  }

  moving(): (OutgoingRow & { moved_to: string })[] {
    return this.#sql
      .exec<OutgoingRow & { moved_to: string }>(
        "SELECT * FROM outgoing WHERE moving = 1 ORDER BY created_at LIMIT ?",
        MOVE_MAX,
      )
      .toArray();
  }

  /** That hand-over has ended; nothing where it has returned meanwhile. */
  moved({ id, version }: OutgoingRow) {
    this.#sql.exec("UPDATE outgoing SET moving = 0 WHERE id = ? AND version = ?", id, version);
  }

  /** The other one certainly never had it: it waits here again. */
  comeBack({ id, version }: OutgoingRow, now: number) {
    const back = this.#sql
      .exec("UPDATE outgoing SET moving = 0, moved_to = NULL WHERE id = ? AND version = ? RETURNING id", id, version)
      .toArray();
    if (back.length > 0) this.#to(id, "queued", null, now);
  }

  /** Owes Postgres the SMS of a UTC day again, as they are. */
  tellDayAgain(day: string) {
    const start = Date.parse(`${day}T00:00:00Z`);
    if (Number.isNaN(start)) return;
    const rows = this.#sql
      .exec<OutgoingRow>(
        "SELECT * FROM outgoing WHERE created_at >= ? AND created_at < ? AND copy IS NULL LIMIT ?",
        start,
        start + 86_400_000,
        DAY_ROWS_MAX,
      )
      .toArray();
    for (const row of rows)
      this.#sql.exec("UPDATE outgoing SET copy = ? WHERE id = ?", this.#owe(outboundOf(row)), row.id);
  }

  waiting(): number {
    return this.#sql
      .exec<{ n: number }>(
        "SELECT count(*) AS n FROM outgoing WHERE state IN ('queued', 'offered', 'unsent', 'pending')",
      )
      .one().n;
  }

  #to(id: string, state: OutgoingState, reason: string | null, now: number, version: "clock" | "next" = "clock") {
    this.#sql.exec("UPDATE outgoing SET state = ?, reason = ?, state_at = ? WHERE id = ?", state, reason, now, id);
    this.#changed(id, now, version);
  }

  #changed(id: string, now: number, version: "clock" | "next" = "clock") {
    const [row] = this.#sql
      .exec<OutgoingRow>(
        "UPDATE outgoing SET version = max(version + 1, ?) WHERE id = ? RETURNING *",
        version === "clock" ? Math.floor(now / 1000) : 0,
        id,
      )
      .toArray();
    if (row === undefined) return;
    const copy = this.#owe(outboundOf(row));
    this.#sql.exec("UPDATE outgoing SET copy = ? WHERE id = ?", copy, id);
  }
}
