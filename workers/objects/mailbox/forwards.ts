import { forwardBody, type LeaveOut } from "../../../src/domain/gateway/forward-body.ts";
import type { ForwardLease, ForwardOutcome, ParkedForward, SmsForward, SmsName } from "../../../src/ports/mailboxes.ts";
import { backoffMs } from "../waking-object.ts";

export const LEASE_MS = 60_000;
/** How long a queue message may take before it is sent again. */
const RESEND_MS_MIN = 30_000;
const RESEND_MS_MAX = 15 * 60_000;
/** Messages of one round; the next round follows at once. */
export const FORWARD_SEND_MAX = 50;
const PARKED_LIST_MAX = 500;

/** What the old system has not confirmed yet. Every method belongs inside the caller's transaction. */
export class ForwardTable {
  readonly #sql: SqlStorage;

  constructor(sql: SqlStorage) {
    this.#sql = sql;
  }

  add(requestId: number, leaveOut: LeaveOut, now: number) {
    this.#sql.exec(
      "INSERT INTO forwards (request_id, leave_out, state, next_at, changed_at) VALUES (?, ?, 'waiting', ?, ?)",
      requestId,
      JSON.stringify(leaveOut),
      now,
      now,
    );
  }

  /** Forwards whose message is to be sent now. Their next try is set before, so that a lost message is sent again. */
  takeDue(now: number): number[] {
    const due = this.#sql
      .exec<{ id: number; tries: number }>(
        `SELECT id, tries FROM forwards WHERE state = 'waiting' AND next_at <= ?
         ORDER BY next_at, id LIMIT ${FORWARD_SEND_MAX}`,
        now,
      )
      .toArray();
    for (const { id, tries } of due)
      this.#sql.exec(
        "UPDATE forwards SET tries = tries + 1, next_at = ? WHERE id = ?",
        now + Math.min(RESEND_MS_MAX, RESEND_MS_MIN * 2 ** Math.min(tries, 10)),
        id,
      );
    return due.map((row) => row.id);
  }

  nextDue(): number | null {
    return this.#sql
      .exec<{ at: number | null }>("SELECT min(next_at) AS at FROM forwards WHERE state = 'waiting'")
      .one().at;
  }

  /** Null: already confirmed, parked, or in somebody's hands. */
  lease(
    id: number,
    leaseId: string,
    now: number,
    bodyOf: (requestId: number) => Uint8Array,
  ): (Omit<ForwardLease, "channel"> | { uncuttable: true }) | null {
    const row = this.#sql
      .exec<{
        request_id: number;
        leave_out: string;
        protocol: "medic" | "smssync";
        method: string;
        query: string;
        content_type: string;
        user_agent: string;
      }>(
        `SELECT f.request_id, f.leave_out, r.protocol, r.method, r.query, r.content_type, r.user_agent
         FROM forwards f JOIN requests r ON r.id = f.request_id
         WHERE f.id = ? AND f.state = 'waiting' AND (f.lease_until IS NULL OR f.lease_until <= ?)`,
        id,
        now,
      )
      .toArray()[0];
    if (!row) return null;
    const body = forwardBody(bodyOf(row.request_id), JSON.parse(row.leave_out) as LeaveOut);
    if (body === null) return { uncuttable: true };
    this.#sql.exec(
      "UPDATE forwards SET lease_id = ?1, lease_until = ?2, next_at = max(next_at, ?2) WHERE id = ?3",
      leaseId,
      now + LEASE_MS,
      id,
    );
    return {
      forwardId: id,
      leaseId,
      protocol: row.protocol,
      method: row.method,
      query: row.query,
      contentType: row.content_type,
      userAgent: row.user_agent,
      body,
    };
  }

  /** True when the outcome still mattered. A 2xx counts whoever brings it; other outcomes only from the lease's holder. */
  finish(id: number, leaseId: string, outcome: ForwardOutcome, onAmbiguous: "retry" | "park", now: number) {
    const row = this.#sql
      .exec<{ state: string; tries: number; lease_id: string | null }>(
        "SELECT state, tries, lease_id FROM forwards WHERE id = ?",
        id,
      )
      .toArray()[0];
    if (!row || row.state === "confirmed") return "settled";
    if (outcome.kind === "confirmed") {
      this.#sql.exec(
        "UPDATE forwards SET state = 'confirmed', lease_id = NULL, lease_until = NULL, changed_at = ? WHERE id = ?",
        now,
        id,
      );
      return row.state === "parked" ? "unparked" : "confirmed";
    }
    if (row.lease_id !== leaseId || row.state !== "waiting") return "settled";
    const because = outcome.kind === "refused" ? `answered ${outcome.status}` : outcome.error.slice(0, 200);
    if (outcome.kind === "unanswered" && onAmbiguous === "park") {
      this.park(id, because, now);
      return "parked";
    }
    this.#sql.exec(
      "UPDATE forwards SET lease_id = NULL, lease_until = NULL, because = ?, next_at = ?, changed_at = ? WHERE id = ?",
      because,
      now + backoffMs(row.tries),
      now,
      id,
    );
    return "waiting";
  }

  park(id: number, because: string, now: number) {
    this.#sql.exec(
      `UPDATE forwards SET state = 'parked', parked_times = parked_times + 1, because = ?, lease_id = NULL,
         lease_until = NULL, changed_at = ? WHERE id = ?`,
      because,
      now,
      id,
    );
  }

  parkedTimes(id: number): number {
    return (
      this.#sql.exec<{ n: number }>("SELECT parked_times AS n FROM forwards WHERE id = ?", id).toArray()[0]?.n ?? 0
    );
  }

  sendAgain(id: number, now: number): boolean {
    return (
      this.#sql
        .exec(
          "UPDATE forwards SET state = 'waiting', tries = 0, next_at = ?1, changed_at = ?1 WHERE id = ?2 AND state = 'parked' RETURNING id",
          now,
          id,
        )
        .toArray().length === 1
    );
  }

  /** The newest forward of the request that brought this SMS; null: none, or it was left out. Only looks. */
  ofSms({ externalId, contentHash, receivedAt }: SmsName): SmsForward | null {
    const [row] = this.#sql
      .exec<SmsForward>(
        `SELECT f.id AS forwardId, f.state, f.tries, f.because, f.changed_at AS changedAt
         FROM sms s JOIN forwards f ON f.request_id = s.request_id
         WHERE s.received_at = ? AND s.content_hash = ? AND s.external_id IS ? ORDER BY f.id DESC LIMIT 1`,
        receivedAt,
        contentHash,
        externalId,
      )
      .toArray();
    return row ?? null;
  }

  parked(): ParkedForward[] {
    return this.#sql
      .exec<{ forwardId: number; receivedAt: number; tries: number; because: string }>(
        `SELECT f.id AS forwardId, r.received_at AS receivedAt, f.tries, coalesce(f.because, '') AS because
         FROM forwards f JOIN requests r ON r.id = f.request_id WHERE f.state = 'parked' ORDER BY f.id LIMIT ?`,
        PARKED_LIST_MAX,
      )
      .toArray();
  }

  /** Since when the oldest SMS waits to be passed on (UTC ms); null: none does. What is parked is a case, and waits for a person. */
  oldestWaitingAt(): number | null {
    return this.#sql
      .exec<{ at: number | null }>(
        "SELECT min(r.received_at) AS at FROM forwards f JOIN requests r ON r.id = f.request_id WHERE f.state = 'waiting'",
      )
      .one().at;
  }

  depth(): { waiting: number; parked: number } {
    return this.#sql
      .exec<{ waiting: number; parked: number }>(
        `SELECT count(*) FILTER (WHERE state = 'waiting') AS waiting, count(*) FILTER (WHERE state = 'parked') AS parked
         FROM forwards`,
      )
      .one();
  }
}
