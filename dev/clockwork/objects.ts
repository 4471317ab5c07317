/** Durable Objects in this process: one at a name, with storage and an alarm that outlive it. */
import type { JumpClock, Timer } from "./jump-clock.ts";
import { heard, isDead, type Life, lives, never } from "./life.ts";
import { Killed, Storage } from "./sql.ts";

type Instance = Record<string, unknown> & { alarm?(): Promise<void> };
type DurableClass = new (ctx: object, env: object) => Instance;
/** `before` and `after` each transaction of an object somebody may end everything. */
export type Step = { cls: string; name: string; at: "before" | "after" };

type Held = {
  name: string;
  storage: Storage;
  alarmAt: number | null;
  timer: Timer | null;
  /** Of the life that is. */
  instance: Instance | null;
  isRinging: boolean;
  failures: number;
};

const ALARM_RETRY_MS = 2_000;
/** The platform gives up then. */
const ALARM_FAILURES_MAX = 6;

export class Objects {
  readonly #cls: string;
  readonly #make: DurableClass;
  readonly #clock: JumpClock;
  readonly #env: () => object;
  readonly #life: () => Life;
  readonly #step: (step: Step) => void;
  readonly #held = new Map<string, Held>();

  constructor(options: {
    cls: string;
    make: DurableClass;
    clock: JumpClock;
    env: () => object;
    life: () => Life;
    step: (step: Step) => void;
  }) {
    this.#cls = options.cls;
    this.#make = options.make;
    this.#clock = options.clock;
    this.#env = options.env;
    this.#life = options.life;
    this.#step = options.step;
  }

  /** The binding that the Worker sees. */
  namespace() {
    const id = (name: string) => ({
      name,
      toString: () => name,
      equals: (other: { name: string }) => other.name === name,
    });
    return {
      idFromName: id,
      get: ({ name }: { name: string }) => this.#stub(name),
      getByName: (name: string) => this.#stub(name),
    };
  }

  /** Everything that was in memory is gone; an alarm that was ringing rings again. */
  forget() {
    for (const held of this.#held.values()) {
      held.instance = null;
      if (held.isRinging) this.#set(held, Math.min(held.alarmAt ?? this.#clock.now(), this.#clock.now()));
      held.isRinging = false;
    }
  }

  #stub(name: string): object {
    const call = (method: string, given: unknown[]) => {
      if (isDead()) return never();
      return heard(
        lives.run(this.#life(), async () => {
          const instance = this.#instance(this.#at(name));
          const work = instance[method];
          if (typeof work !== "function") throw new Error(`${this.#cls} has no ${method}`);
          return structuredClone(await Reflect.apply(work, instance, structuredClone(given)));
        }),
      );
    };
    return new Proxy(
      {},
      {
        get: (_target, property) =>
          typeof property !== "string" || property === "then"
            ? undefined
            : (...given: unknown[]) => call(property, given),
      },
    );
  }

  #at(name: string): Held {
    const known = this.#held.get(name);
    if (known !== undefined) return known;
    const fresh: Held = {
      name,
      storage: new Storage(),
      alarmAt: null,
      timer: null,
      instance: null,
      isRinging: false,
      failures: 0,
    };
    this.#held.set(name, fresh);
    return fresh;
  }

  #instance(held: Held): Instance {
    held.instance ??= new this.#make(this.#context(held), this.#env());
    return held.instance;
  }

  #context(held: Held): object {
    const life = this.#life();
    const living = <T>(work: () => T): T => {
      if (life.ended) throw new Killed("this life has ended");
      return work();
    };
    const step = (at: Step["at"]) => {
      this.#step({ cls: this.#cls, name: held.name, at });
      if (life.ended) throw new Killed("the power failed");
    };
    const transactionSync = <T>(work: () => T): T =>
      living(() => {
        step("before");
        const done = held.storage.transaction(() => living(work));
        step("after");
        return done;
      });
    const sql = { exec: (query: string, ...bindings: unknown[]) => living(() => held.storage.exec(query, bindings)) };
    return {
      id: { name: held.name, toString: () => held.name },
      waitUntil: (work: Promise<unknown>) => void work.catch(() => undefined),
      blockConcurrencyWhile: (work: () => Promise<unknown>) => work(),
      abort: () => undefined,
      storage: {
        sql,
        transactionSync,
        setAlarm: async (at: number | Date) => living(() => this.#set(held, Number(at))),
        getAlarm: async () => living(() => held.alarmAt),
        deleteAlarm: async () => living(() => this.#unset(held)),
        deleteAll: async () => living(() => held.storage.deleteAll()),
      },
    };
  }

  #unset(held: Held) {
    if (held.timer !== null) this.#clock.clear(held.timer);
    held.timer = null;
    held.alarmAt = null;
  }

  #set(held: Held, at: number) {
    this.#unset(held);
    held.alarmAt = at;
    held.timer = this.#clock.after(at - this.#clock.now(), () => this.#ring(held));
  }

  #ring(held: Held) {
    // It rings again when the one that is at work has ended.
    if (held.isRinging) return this.#set(held, this.#clock.now() + 1);
    this.#unset(held);
    held.isRinging = true;
    const life = this.#life();
    void lives
      .run(life, async () => this.#instance(held).alarm?.())
      .then(
        () => {
          if (life.ended) return;
          held.isRinging = false;
          held.failures = 0;
        },
        () => {
          if (life.ended) return;
          held.isRinging = false;
          held.failures++;
          if (held.failures <= ALARM_FAILURES_MAX && held.alarmAt === null)
            this.#set(held, this.#clock.now() + ALARM_RETRY_MS * 2 ** held.failures);
        },
      );
  }
}
