/** Queues that keep nothing they were not asked to keep: messages come late, twice, out of order, or not at all. */
import type { Life, Machine } from "./machine.ts";

const DELAY_MS_MAX = 2_000;
const BATCH_MAX = 10;
/** As wrangler.toml says. */
const RETRIES_MAX = 10;

type Message = { id: string; body: unknown; attempts: number };
type Consumer = (batch: unknown) => Promise<void>;
export type QueueFaults = { lost: number; twice: number };

export class SimulatedQueue {
  readonly #machine: Machine;
  readonly #name: string;
  readonly #consume: Consumer;
  readonly #dead: SimulatedQueue | null;
  readonly #lives: Set<Life>;
  #waiting: Message[] = [];
  #count = 0;
  faults: QueueFaults = { lost: 0, twice: 0 };

  constructor(machine: Machine, name: string, lives: Set<Life>, consume: Consumer, dead: SimulatedQueue | null) {
    this.#machine = machine;
    this.#name = name;
    this.#lives = lives;
    this.#consume = consume;
    this.#dead = dead;
  }

  async send(body: unknown, options: { delaySeconds?: number } = {}): Promise<void> {
    if (this.#machine.strikes("queue loses", this.faults.lost)) return;
    const copies = this.#machine.strikes("queue repeats", this.faults.twice) ? 2 : 1;
    for (let copy = 0; copy < copies; copy++)
      this.#add(
        { id: `${this.#name}-${++this.#count}`, body: structuredClone(body), attempts: 1 },
        options.delaySeconds ?? 0,
      );
  }

  async sendBatch(messages: Iterable<{ body: unknown; delaySeconds?: number }>): Promise<void> {
    for (const { body, delaySeconds } of messages)
      await this.send(body, delaySeconds === undefined ? {} : { delaySeconds });
  }

  /** The platform's memory is lost, as a local one is with its process. */
  lose() {
    this.#waiting = [];
  }

  #add(message: Message, delaySeconds: number) {
    this.#waiting.push(message);
    const wait = delaySeconds * 1_000 + this.#machine.draw.below(DELAY_MS_MAX);
    this.#machine.after(wait, `${this.#name} is looked at`, () => void this.#deliver(message));
  }

  async #deliver(first: Message) {
    if (!this.#waiting.includes(first)) return;
    const taken = [first, ...this.#waiting.filter((message) => message !== first && message.attempts === 1)].slice(
      0,
      BATCH_MAX,
    );
    this.#waiting = this.#waiting.filter((message) => !taken.includes(message));
    const again = new Map<Message, number>();
    const acked = new Set<Message>();
    const messages = taken.map((message) => ({
      id: message.id,
      timestamp: new Date(this.#machine.now()),
      body: message.body,
      attempts: message.attempts,
      ack: () => void acked.add(message),
      retry: ({ delaySeconds = 0 } = {}) => void again.set(message, delaySeconds),
    }));
    const batch = {
      queue: this.#name,
      messages,
      ackAll: () => {
        for (const message of taken) acked.add(message);
      },
      retryAll: ({ delaySeconds = 0 } = {}) => {
        for (const message of taken) again.set(message, delaySeconds);
      },
    };
    const life = this.#machine.newLife(`${this.#name} ${first.id}`);
    this.#lives.add(life);
    const end = () => {
      this.#lives.delete(life);
      for (const [message, delay] of again) if (!acked.has(message)) this.#retry(message, delay);
    };
    const failed = () => {
      for (const message of taken) if (!acked.has(message) && !again.has(message)) again.set(message, 0);
      end();
    };
    life.onDeath.add(failed);
    await this.#machine.within(life, async () => {
      try {
        await this.#consume(batch);
        if (life.onDeath.delete(failed)) end();
      } catch {
        if (life.onDeath.delete(failed)) failed();
      }
    });
  }

  #retry(message: Message, delaySeconds: number) {
    if (message.attempts > RETRIES_MAX && this.#dead !== null) return void this.#dead.send(message.body);
    this.#add({ ...message, attempts: message.attempts + 1 }, delaySeconds);
  }
}
