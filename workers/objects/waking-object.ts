import { DurableObject } from "cloudflare:workers";
import { machineClock } from "../../src/adapters/clock.ts";
import type { CopyReport, OutboxItem, Refusals } from "../../src/domain/outbox.ts";
import type { ErasePatterns } from "../../src/domain/personal/patterns.ts";
import type { Clock } from "../../src/ports/clock.ts";
import { carried, log } from "../../src/ports/log.ts";
import type { CopyMessage, Env } from "../env.ts";
import { type Erased, eraseRows, type PersonalRows } from "./erase-rows.ts";
import { OutboxTable } from "./outbox.ts";
import { type Steps, stepsOf } from "./steps.ts";
import { WakeTable } from "./wakes.ts";

const RETRY_MS_MIN = 1_000;
const RETRY_MS_MAX = 15 * 60_000;
/** How long a copy message may take before it is sent again: a queue is transport and may lose it. */
const COPY_RESEND_MS = 30_000;
/** How long an object waits to be fetched by another's word before it asks itself. */
const COPY_ANYHOW_MS = 10_000;
/** The same, where the other has been given that word in the same breath. */
const COPY_AWAITED_MS = 60_000;
/** The alarm that stands while the work runs: if the object dies in the middle, this one brings it back. */
const DEAD_MAN_MS = 60_000;

/** 1 s, 2 s, 4 s … up to a quarter of an hour; no limit on tries. */
export const backoffMs = (tries: number) => Math.min(RETRY_MS_MAX, RETRY_MS_MIN * 2 ** Math.min(tries, 20));

/**
 * An object with due times and an outbox. Alarms are given up by the platform after six failures, so the next one is
 * always armed before the work and taken away only when nothing is due any more.
 */
export abstract class WakingObject extends DurableObject<Env> {
  protected readonly wakes: WakeTable;
  protected readonly outbox: OutboxTable;
  protected readonly clock: Clock;
  readonly #steps: Steps;
  readonly #tries = new Map<string, number>();
  /** What the alarm is set to; undefined: not set in this life yet. */
  #armedAt: number | null | undefined = undefined;
  /** True for an object whose rows are fetched when another says so: it asks itself only when that has not happened. */
  protected readonly isFetchedAnyhow: boolean = false;
  /** Rows were added since the consumer fetched last, or something of which another object has the rows. */
  #hasNews = false;
  /** Another object has these rows fetched: what comes until then goes along, and brings the own word no nearer. */
  #isAwaited = false;
  /** A copy message is on its way, or the consumer is still fetching: what comes meanwhile goes along. */
  #isCopying = false;

  constructor(ctx: DurableObjectState, env: Env) {
    super(ctx, env);
    this.clock = machineClock(Number(env.CLOCK_OFFSET_MS ?? 0));
    this.#steps = stepsOf(ctx.storage.sql);
    this.wakes = new WakeTable(ctx.storage.sql);
    this.outbox = new OutboxTable(ctx.storage.sql);
  }

  /** Does what is due under `name`. Must clear or set that wake itself; a throw brings it back with backoff. */
  protected abstract wake(name: string): Promise<void>;

  /** Which copy message names this object; null while it does not know its own name. */
  protected abstract copyMessage(): CopyMessage | null;

  /** All or nothing. What is kept in memory beside the storage is read anew after a transaction that came to nothing. */
  protected transact<T>(step: () => T): T {
    try {
      return this.#steps.transaction(this.ctx.storage, step);
    } catch (thrown) {
      this.forget();
      throw thrown;
    }
  }

  /** Whoever keeps more in memory forgets that too. */
  protected forget() {
    this.#isAwaited = false;
    this.wakes.forget();
    this.outbox.forget();
  }

  /**
   * Call after a transaction that set wakes or added rows. The alarm is never later than the earliest wake; one that comes
   * too early finds nothing due, which costs less than writing it down anew each time. New rows are asked for at once.
   */
  protected async arm() {
    if (this.#hasNews && !this.#isCopying && !this.isFetchedAnyhow) this.#askForCopy();
    const earliest = this.wakes.earliest();
    if (earliest === null) {
      if (this.#armedAt === null) return;
      this.#armedAt = null;
      return this.ctx.storage.deleteAlarm();
    }
    const at = this.clock.alarmAt(earliest);
    // Set once in each life, whatever it is said to be: a memory that was set back speaks of alarms that nobody has.
    if (this.#armedAt == null || at < this.#armedAt) await this.#setAlarm(at);
  }

  async #setAlarm(at: number) {
    // Remembered only when it stands: one that could not be set must be set by the next call.
    this.#armedAt = undefined;
    await this.ctx.storage.setAlarm(at);
    this.#armedAt = at;
  }

  override async alarm() {
    // It has gone off: none is set any more.
    this.#armedAt = null;
    const due = await this.#dueNow();
    const resendAt = this.#copyResendAt();
    // The copy has a next time of its own, which is then not set twice. An alarm that came too early has no work to die in.
    const isCopyOnly = due.every((name) => name === "copy");
    const deadManAt = isCopyOnly ? this.clock.alarmAt(resendAt) : Date.now() + DEAD_MAN_MS;
    if (due.length > 0) await this.#setAlarm(deadManAt);
    for (const name of due) {
      try {
        if (name === "copy") await this.#requestCopy(resendAt);
        else await this.wake(name);
        this.#tries.delete(name);
      } catch (thrown) {
        const tries = this.#tries.get(name) ?? 0;
        this.#tries.set(name, tries + 1);
        this.wakes.set(name, this.clock.now() + backoffMs(tries));
        log.warn("wake", { object: this.constructor.name, name, tries, error: thrown });
      }
    }
    const earliest = this.wakes.earliest();
    if (earliest === null) return this.arm();
    const at = this.clock.alarmAt(earliest);
    if (this.#armedAt !== at) await this.#setAlarm(at);
  }

  /** Storage that cannot be read now is looked into again, also after the platform has given this alarm up. */
  async #dueNow(): Promise<string[]> {
    try {
      return this.wakes.dueBy(this.clock.now());
    } catch (thrown) {
      await this.#setAlarm(Date.now() + DEAD_MAN_MS);
      throw thrown;
    }
  }

  /** Call inside the transaction that added outbox rows. The wake is for the message that is lost: `arm` sends the first. */
  protected owe() {
    // Backoff is for silence: an object that has something new to say asks at once.
    this.#tries.delete("copy-resend");
    this.#hasNews = true;
    if (this.#isAwaited) return;
    this.wakes.bring("copy", this.clock.now() + (this.isFetchedAnyhow ? COPY_ANYHOW_MS : COPY_RESEND_MS));
  }

  /** What this step owes is awaited by another object, which has it fetched: the own word comes only if that has not. */
  protected leaveCopyToOthers() {
    this.#isAwaited = true;
    this.wakes.set("copy", this.clock.now() + COPY_AWAITED_MS);
  }

  /** The copy consumer's first step. */
  async copyBatch(max: number): Promise<OutboxItem[]> {
    this.#hasNews = false;
    const items = this.outbox.waiting(max);
    // Whoever has nothing to give is not told afterwards that it was taken.
    if (items.length === 0) this.#isCopying = false;
    return items;
  }

  /** The copy consumer's last step; true when more is waiting, here or where this object has said. */
  async copied(report: CopyReport): Promise<boolean> {
    this.#isAwaited = false;
    const more = this.transact(() => {
      this.outbox.close(report, this.clock.now());
      this.#tries.delete("copy-resend");
      if (this.outbox.isWaiting() || this.#hasNews) return true;
      this.wakes.clear("copy");
      return false;
    });
    this.#isCopying = more;
    await this.arm();
    return more;
  }

  /** A person has looked at what stopped or refused the copy: it is tried again. Returns the last row of those. */
  async resumeCopy(): Promise<number> {
    const last = this.transact(() => {
      this.owe();
      return this.outbox.resume();
    });
    await this.arm();
    return last;
  }

  /** What of this object's tables may name a customer. */
  protected readonly personal: readonly PersonalRows[] = [];

  /**
   * Takes a person out of what is kept here; rows that something waits for still are counted and left for a later look. `isOwn`: this
   * object is the person's. Twice is once. A bounded number of rows a call: none changed is the end. Memory is read anew.
   */
  async erase(patterns: ErasePatterns, isOwn = false): Promise<Erased> {
    const erased = this.transact(() => eraseRows(this.ctx.storage.sql, this.personal, patterns, isOwn));
    if (erased.changed > 0) this.forget();
    return erased;
  }

  async refusals(): Promise<Refusals> {
    return this.outbox.refusals();
  }

  /** Postgres is known to answer: what waits is sent now and not when its turn comes. */
  async nudgeCopy() {
    if (!this.outbox.isWaiting()) return;
    this.#tries.delete("copy-resend");
    this.wakes.set("copy", this.clock.now());
    await this.arm();
  }

  /** The faster road, for rows that have just become true. If this message is lost, the wake sends the next. */
  #askForCopy() {
    const message = this.copyMessage();
    if (message === null) return;
    this.#hasNews = false;
    this.#isCopying = true;
    this.ctx.waitUntil(
      this.env.LEDGER_COPY.send({ ...message, ...carried() }).catch(() => {
        this.#isCopying = false;
      }),
    );
  }

  /** Later each time, while nobody answers. */
  #copyResendAt(): number {
    const tries = this.#tries.get("copy-resend") ?? 0;
    return this.clock.now() + Math.min(RETRY_MS_MAX, COPY_RESEND_MS * 2 ** Math.min(tries, 5));
  }

  async #requestCopy(resendAt: number) {
    this.#isCopying = false;
    this.#isAwaited = false;
    if (!this.outbox.isWaiting()) return this.wakes.clear("copy");
    const message = this.copyMessage();
    if (message === null) return;
    this.#tries.set("copy-resend", (this.#tries.get("copy-resend") ?? 0) + 1);
    // Set before sent: a lost message is sent again.
    this.wakes.set("copy", resendAt);
    await this.env.LEDGER_COPY.send(message);
  }
}
