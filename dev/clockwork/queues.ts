/** Queues in this process: a message comes at least once, and again when whoever had it died. */
import type { JumpClock } from "./jump-clock.ts";
import { isDead, type Life, lives, never } from "./life.ts";

export type QueueShape = { name: string; batch: number; waitMs: number; atOnce: number; retries: number };
type Message = { id: number; body: unknown; attempts: number };
type Batch = { queue: string; messages: object[]; ackAll(): void; retryAll(options?: { delaySeconds?: number }): void };

export class Queue {
  readonly #shape: QueueShape;
  readonly #clock: JumpClock;
  readonly #life: () => Life;
  readonly #consume: (batch: Batch) => Promise<void>;
  #waiting: Message[] = [];
  readonly #working = new Set<Message[]>();
  #isPlanned = false;
  #ids = 0;
  /** Given up on after so many tries. */
  readonly dead: unknown[] = [];

  constructor(shape: QueueShape, clock: JumpClock, life: () => Life, consume: (batch: Batch) => Promise<void>) {
    this.#shape = shape;
    this.#clock = clock;
    this.#life = life;
    this.#consume = consume;
  }

  /** The binding that the Worker sees. */
  producer() {
    const add = (body: unknown, delaySeconds = 0) => {
      if (!isDead()) this.#later({ id: this.#ids++, body: structuredClone(body), attempts: 0 }, delaySeconds * 1_000);
      return isDead() ? never<void>() : Promise.resolve();
    };
    return {
      send: (body: unknown, options?: { delaySeconds?: number }) => add(body, options?.delaySeconds),
      sendBatch: async (messages: { body: unknown; delaySeconds?: number }[]) => {
        for (const { body, delaySeconds } of messages) await add(body, delaySeconds);
      },
    };
  }

  isEmpty(): boolean {
    return this.#waiting.length === 0 && this.#working.size === 0;
  }

  /** What was being worked on is handed out again. */
  forget() {
    this.#waiting.unshift(...[...this.#working].flat());
    this.#working.clear();
    this.#plan();
  }

  #later(message: Message, delayMs: number) {
    if (delayMs > 0) {
      this.#clock.after(delayMs, () => this.#later(message, 0));
      return;
    }
    this.#waiting.push(message);
    this.#plan();
  }

  #plan() {
    if (this.#isPlanned || this.#waiting.length === 0 || this.#working.size >= this.#shape.atOnce) return;
    this.#isPlanned = true;
    this.#clock.after(this.#shape.waitMs, () => {
      this.#isPlanned = false;
      this.#deliver();
      this.#plan();
    });
  }

  #deliver() {
    const messages = this.#waiting.splice(0, this.#shape.batch);
    if (messages.length === 0) return;
    this.#working.add(messages);
    const life = this.#life();
    const again = new Map<Message, number>();
    const retry = (message: Message, options: { delaySeconds?: number } = {}) =>
      void again.set(message, (options.delaySeconds ?? 0) * 1_000);
    const batch: Batch = {
      queue: this.#shape.name,
      messages: messages.map((message) => ({
        id: String(message.id),
        timestamp: new Date(this.#clock.now()),
        body: structuredClone(message.body),
        attempts: message.attempts + 1,
        ack: () => void again.delete(message),
        retry: (options?: { delaySeconds?: number }) => retry(message, options),
      })),
      ackAll: () => again.clear(),
      retryAll: (options) => {
        for (const message of messages) retry(message, options);
      },
    };
    const end = () => {
      if (life.ended) return;
      this.#working.delete(messages);
      for (const [message, delayMs] of again) {
        if (message.attempts >= this.#shape.retries) this.dead.push(message.body);
        else this.#later({ ...message, attempts: message.attempts + 1 }, delayMs);
      }
      this.#plan();
    };
    void lives
      .run(life, () => this.#consume(batch))
      .then(end, () => {
        batch.retryAll();
        end();
      });
  }
}
