import type { PostedEntry } from "../../../src/domain/claim.ts";
import type { PaymentPost } from "../../../src/domain/ledger.ts";
import { ERASED_PHONE } from "../../../src/domain/personal/patterns.ts";
import { withinSmsRate } from "../../../src/domain/sms-choice.ts";
import type { AccountFacts } from "../../../src/ports/accounts.ts";
import type { BoundSms, OwedSms } from "../../../src/services/send-sms.ts";
import { createMissing } from "../create-missing.ts";
import type { Empties } from "./empties.ts";

/** Longest that a receipt SMS is worth sending; also how long one waits for a country without a phone. */
export const RECEIPT_SMS_TTL_MS = 24 * 3_600_000;
const RETRY_MS_MIN = 5_000;
const RETRY_MS_MAX = 15 * 60_000;
const RATE_WINDOW_MS = 24 * 3_600_000;
/** SMS of one account that one wake sends. */
export const SMS_BATCH_MAX = 20;
/** SMS that are owed and kept in memory; an account that owes more looks into its storage each time. */
const PENDING_MAX = 50;

/** pending: owed. handed: a Mailbox has it and tells the rest of its story. Others are ends, and say why. */
export type EffectState = "pending" | "handed" | "rate_limited" | "no_recipient" | "expired";

export type Effect = {
  sms: OwedSms;
  state: EffectState;
  /** The phone and the text, once chosen: a repeat after a lost answer goes to the same Mailbox under the same id. */
  bound: BoundSms | null;
  /** Why it is still pending, or why it ended without being handed over; null: nothing stands in the way. */
  because: string | null;
  tries: number;
  nextAt: number;
};

/** What is to be said; `to` null: nobody has a phone. */
type NewSms = OwedSms extends infer Sms
  ? Sms extends OwedSms
    ? Omit<Sms, "to" | "createdAt" | "expiresAt"> & { to: string | null }
    : never
  : never;

/** SMS that an account owes its holder, each named by what it is about, so that it is sent once. */
export class EffectTable {
  readonly #sql: SqlStorage;
  /** What is owed, read from storage once; null: not read. */
  #pending: Map<string, Effect> | null = null;

  readonly #empties: Empties;

  constructor(sql: SqlStorage, empties: Empties) {
    this.#sql = sql;
    this.#empties = empties;
    empties.watch("effects WHERE state = 'pending'", () => {
      this.#pending = new Map();
    });
    this.migrate();
  }

  /** After a transaction that was rolled back. */
  forget() {
    this.#pending = null;
  }

  migrate() {
    this.forget();
    createMissing(this.#sql, SCHEMA);
  }

  /** Owes an SMS, unless it was owed before. True when it is to be sent. Call inside the transaction of the credit. */
  owe(
    sms: NewSms,
    now: number,
    ttlMs = RECEIPT_SMS_TTL_MS,
    boundAtOnce: (owed: OwedSms) => BoundSms | null = () => null,
  ): boolean {
    const { isKnown, orderedAt } = this.#lately(sms.key, now);
    if (isKnown) return false;
    // Who paid was taken out of what is kept: the number that stands there is nobody's.
    const to = sms.to === ERASED_PHONE ? null : sms.to;
    const state = to === null ? "no_recipient" : withinSmsRate(orderedAt, now) ? "pending" : "rate_limited";
    const owed = { ...sms, to: to ?? "", createdAt: now, expiresAt: now + ttlMs };
    const bound = state === "pending" ? boundAtOnce(owed) : null;
    this.put({ sms: owed, state, bound, because: null, tries: 0, nextAt: now });
    return state === "pending";
  }

  put(effect: Effect) {
    const { key } = effect.sms;
    // Written before it is remembered: what the storage did not take is still owed.
    this.#sql.exec(
      "INSERT OR REPLACE INTO effects VALUES (?, ?, ?, ?, ?)",
      key,
      effect.state,
      effect.sms.createdAt,
      effect.nextAt,
      JSON.stringify(effect),
    );
    if (effect.state === "pending") this.#pending?.set(key, effect);
    else this.#pending?.delete(key);
    if (this.#pending !== null && this.#pending.size >= PENDING_MAX) this.#pending = null;
  }

  find(key: string): Effect | null {
    return this.#effects("SELECT effect FROM effects WHERE key = ?", key)[0] ?? null;
  }

  due(now: number): Effect[] {
    return [...this.#known().values()]
      .filter(({ nextAt }) => nextAt <= now)
      .toSorted((a, b) => a.nextAt - b.nextAt || (a.sms.key < b.sms.key ? -1 : 1))
      .slice(0, SMS_BATCH_MAX);
  }

  nextAt(): number | null {
    const times = [...this.#known().values()].map(({ nextAt }) => nextAt);
    return times.length === 0 ? null : Math.min(...times);
  }

  /** The first of what is owed. It is kept if that is all. */
  #known(): ReadonlyMap<string, Effect> {
    this.#empties.look();
    if (this.#pending !== null) return this.#pending;
    const first = this.#effects(
      // A number that is bound to LIMIT makes SQLite prepare the statement a second time.
      `SELECT effect FROM effects WHERE state = 'pending' ORDER BY next_at, key LIMIT ${PENDING_MAX}`,
    );
    const pending = new Map(first.map((effect) => [effect.sms.key, effect]));
    if (pending.size < PENDING_MAX) this.#pending = pending;
    return pending;
  }

  latest(max: number): Effect[] {
    return this.#effects("SELECT effect FROM effects ORDER BY created_at DESC, key LIMIT ?", max);
  }

  /** Whether an SMS was owed before, and when those of the last day were. */
  #lately(key: string, now: number): { isKnown: boolean; orderedAt: number[] } {
    const rows = this.#sql
      .exec<{ key: string; created_at: number; state: EffectState }>(
        "SELECT key, created_at, state FROM effects WHERE key = ?1 OR created_at > ?2",
        key,
        now - RATE_WINDOW_MS,
      )
      .toArray();
    return {
      isKnown: rows.some((row) => row.key === key),
      orderedAt: rows.filter(({ state }) => state === "pending" || state === "handed").map((row) => row.created_at),
    };
  }

  #effects(query: string, ...bindings: (string | number)[]): Effect[] {
    return this.#sql
      .exec<{ effect: string }>(query, ...bindings)
      .toArray()
      .map((row) => JSON.parse(row.effect) as Effect);
  }
}

/** The effect after a try that came to nothing: again later, until it has expired. */
export function postponed(effect: Effect, now: number): Effect {
  const pauseMs = Math.min(RETRY_MS_MAX, RETRY_MS_MIN * 2 ** Math.min(effect.tries, 10));
  const nextAt = now + pauseMs;
  const state = nextAt >= effect.sms.expiresAt ? "expired" : "pending";
  return { ...effect, state, tries: effect.tries + 1, nextAt };
}

/** What is said about a credit: to the holder, or, where none has a phone, to whoever paid. One a receipt and account. */
export const receiptSmsOf = (
  facts: AccountFacts,
  payment: PaymentPost,
  entry: PostedEntry & { feeMinor: number },
  balanceWh: number,
) => ({
  kind: "payment_receipt" as const,
  key: `receipt-sms:${payment.receipt}:${facts.account}`,
  to: facts.holderPhone ?? payment.payerPhone,
  account: facts.account,
  receipt: payment.receipt,
  language: facts.language,
  amountMinor: payment.amountMinor,
  feeMinor: entry.feeMinor,
  energyWh: entry.energyWh,
  balanceWh,
});

const SCHEMA = [
  `CREATE TABLE IF NOT EXISTS effects (
    key TEXT PRIMARY KEY,
    state TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    next_at INTEGER NOT NULL,
    effect TEXT NOT NULL
  ) STRICT`,
  `CREATE INDEX IF NOT EXISTS effects_pending ON effects (next_at) WHERE state = 'pending'`,
  `CREATE INDEX IF NOT EXISTS effects_by_time ON effects (created_at)`,
] as const;
