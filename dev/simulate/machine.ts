/**
 * One thread, one clock, one order: everything that happens in a simulated world is an event of this machine, drawn from a seed. The
 * platform's clock, timers, chance and network are replaced by it, so that the same seed is the same run, to the last byte.
 */
import { AsyncLocalStorage } from "node:async_hooks";
import { createHash } from "node:crypto";
import { type Draw, drawFrom } from "../faults/seeded.ts";
import type { Fault } from "./plan.ts";

/** What may die: an object's memory, a request. Whatever waits inside a dead one never goes on. */
export type Life = {
  name: string;
  alive: boolean;
  onDeath: Set<() => void>;
  /** How wrong the clock of its machine is. */
  skewMs: number;
};

type Event = { at: number; order: number; name: string; work: () => void };

/** Kept, because the machine itself runs on the real ones. */
const real = {
  setImmediate: globalThis.setImmediate,
  setTimeout: globalThis.setTimeout,
  Date: globalThis.Date,
  fetch: globalThis.fetch,
  random: Math.random,
};
/** Turns without work after which nothing more follows from an event. */
const QUIET_TURNS = 2;
const EVENTS_MAX = 5_000_000;

export class Machine {
  readonly draw: Draw;
  /** Everything that happened, in order: equal for equal seeds. */
  readonly #trace = createHash("sha256");
  readonly #lives = new AsyncLocalStorage<Life>();
  readonly #outsiders = new AsyncLocalStorage<true>();
  #events: Event[] = [];
  #now: number;
  #order = 0;
  #outside = 0;
  #chain: Promise<unknown> = Promise.resolve();
  events = 0;
  /** How often each kind of fault struck: one that is only planned proves nothing. */
  readonly struck = new Map<Fault, number>();
  /** How wrong clocks of lives that begin now may be, either way. */
  skewMsMax = 0;

  constructor(seed: number, startAt: number) {
    this.draw = drawFrom(seed);
    this.#now = startAt;
  }

  now(): number {
    return this.#now;
  }

  /** As whoever asks sees it, by the clock of the machine on which it lives. */
  seenNow(): number {
    return this.#now + (this.life()?.skewMs ?? 0);
  }

  newLife(name: string): Life {
    const skewMs = this.skewMsMax === 0 ? 0 : this.draw.below(2 * this.skewMsMax) - this.skewMsMax;
    if (skewMs !== 0) this.strike("clocks");
    return { name, alive: true, onDeath: new Set(), skewMs };
  }

  /** Whatever waits inside it never goes on. */
  end(life: Life) {
    life.alive = false;
    for (const died of life.onDeath) died();
    life.onDeath.clear();
  }

  /** Whose code this is; null: the world's own. */
  life(): Life | null {
    return this.#lives.getStore() ?? null;
  }

  within<T>(life: Life, work: () => T): T {
    return this.#lives.run(life, work);
  }

  /** `life`: whoever waits for it; where that one is dead by then, it does not happen. */
  after(ms: number, name: string, work: () => void, life: Life | null = null): Event {
    this.#order += 1;
    const doIt = life === null ? work : () => (life.alive ? this.#lives.run(life, work) : undefined);
    const event = { at: this.#now + Math.max(0, ms), order: this.#order, name, work: doIt };
    push(this.#events, event);
    return event;
  }

  cancel(event: Event) {
    event.work = () => undefined;
  }

  sleep(ms: number): Promise<void> {
    return new Promise((resolve) => this.after(ms, "sleep", resolve, this.life()));
  }

  /** True in the work of another library itself, not in what goes on beside it. */
  isOutside(): boolean {
    return this.#outsiders.getStore() === true;
  }

  /** Work of another library, that takes real time: the simulated clock stands until it is done, and one is done after the other. */
  outside<T>(work: () => Promise<T>): Promise<T> {
    this.#outside += 1;
    const done = this.#chain
      .then(() => this.#outsiders.run(true, work))
      .finally(() => {
        this.#outside -= 1;
      });
    this.#chain = done.catch(() => undefined);
    return done;
  }

  /** Runs events until `over`, or until none is left. After each, `look` may throw. */
  async run(over: () => boolean, look: () => void = () => undefined): Promise<void> {
    await this.#settle();
    while (!over()) {
      const event = pop(this.#events);
      if (event === undefined) throw new Error("nothing is left to happen, and it is not over");
      if (++this.events > EVENTS_MAX) throw new Error(`more than ${EVENTS_MAX} events`);
      this.#now = Math.max(this.#now, event.at);
      this.#trace.update(`${this.#now} ${event.name}\n`);
      event.work();
      await this.#settle();
      look();
    }
  }

  /** Runs events until the world's own work has ended, and answers with its end. */
  async until<T>(work: Promise<T>): Promise<T> {
    let over = false;
    const end = () => {
      over = true;
    };
    work.then(end, end);
    await this.run(() => over);
    return work;
  }

  strike(fault: Fault) {
    this.struck.set(fault, (this.struck.get(fault) ?? 0) + 1);
  }

  /** True with this chance, and then the fault has struck. */
  strikes(fault: Fault, chance: number): boolean {
    const hit = this.draw.chance(chance);
    if (hit) this.strike(fault);
    return hit;
  }

  note(text: string) {
    this.#trace.update(`${text}\n`);
  }

  /** Once, at the end. */
  trace(): string {
    return this.#trace.digest("hex");
  }

  async #settle() {
    for (let quiet = 0; quiet < QUIET_TURNS; ) {
      await new Promise<void>((resolve) => real.setImmediate(resolve));
      quiet = this.#outside > 0 ? 0 : quiet + 1;
    }
  }
}

/** Replaces clock, timers, chance and network of this process; answers what puts them back. */
export function install(machine: Machine, network: (request: Request) => Promise<Response>): () => void {
  const kept = { crypto: { ...pick(globalThis.crypto) }, timeout: AbortSignal.timeout };
  class SimulatedDate extends real.Date {
    constructor(...of: ConstructorParameters<DateConstructor> | []) {
      super(...((of.length === 0 ? [machine.seenNow()] : of) as [number]));
    }
    static override now() {
      return machine.seenNow();
    }
  }
  globalThis.Date = SimulatedDate as DateConstructor;
  const later = (work: (...of: unknown[]) => void, ms = 0, ...of: unknown[]) =>
    // Another library's own timers go by the real clock, which is the only one that moves while it works.
    machine.isOutside()
      ? real.setTimeout(work, ms, ...of)
      : machine.after(ms, "timer", () => work(...of), machine.life());
  globalThis.setTimeout = later as unknown as typeof setTimeout;
  const never = (event: unknown) => {
    if (typeof event === "object" && event !== null && "work" in event) machine.cancel(event as never);
  };
  const realClear = globalThis.clearTimeout;
  globalThis.clearTimeout = ((event: unknown) =>
    typeof event === "object" && event !== null && "work" in event
      ? never(event)
      : realClear(event as never)) as typeof clearTimeout;
  Math.random = () => machine.draw.next();
  const bytes = <T extends ArrayBufferView>(into: T): T => {
    const view = new Uint8Array(into.buffer, into.byteOffset, into.byteLength);
    for (let at = 0; at < view.length; at++) view[at] = machine.draw.below(256);
    return into;
  };
  Object.assign(globalThis.crypto, { getRandomValues: bytes, randomUUID: () => uuid(bytes(new Uint8Array(16))) });
  const unwrap = throughMachine(machine);
  AbortSignal.timeout = (ms) => {
    const controller = new AbortController();
    machine.after(
      ms,
      "timeout",
      () => controller.abort(new DOMException("no answer in time", "TimeoutError")),
      machine.life(),
    );
    return controller.signal;
  };
  const { scheduler } = globalThis as { scheduler?: unknown };
  Object.assign(globalThis, { scheduler: { wait: (ms: number) => machine.sleep(ms) } });
  globalThis.fetch = (input, init) => {
    const request = new Request(input, init);
    const life = machine.life();
    return new Promise<Response>((resolve, reject) => {
      const give = (work: () => void) =>
        machine.after(1 + machine.draw.below(20), `answer of ${new URL(request.url).host}`, work, life);
      init?.signal?.addEventListener("abort", () => reject(init.signal?.reason));
      machine.after(
        1 + machine.draw.below(20),
        `request to ${new URL(request.url).host}`,
        () =>
          void network(request).then(
            (answer) => give(() => resolve(answer)),
            (thrown: unknown) => give(() => reject(thrown)),
          ),
      );
    });
  };
  return () => {
    globalThis.Date = real.Date;
    globalThis.setTimeout = real.setTimeout;
    globalThis.clearTimeout = realClear;
    globalThis.fetch = real.fetch;
    Math.random = real.random;
    Object.assign(globalThis.crypto, kept.crypto);
    AbortSignal.timeout = kept.timeout;
    Object.assign(globalThis, { scheduler });
    unwrap();
  };
}

const SUBTLE = ["digest", "sign", "verify", "importKey", "deriveBits", "deriveKey", "encrypt", "decrypt"] as const;

/** Web Crypto works in threads of its own: the machine waits for it. */
function throughMachine(machine: Machine): () => void {
  const { subtle } = globalThis.crypto;
  for (const name of SUBTLE) {
    const work = SubtleCrypto.prototype[name] as (...of: unknown[]) => Promise<unknown>;
    Object.defineProperty(subtle, name, {
      configurable: true,
      value: (...of: unknown[]) => machine.outside(() => work.apply(subtle, of)),
    });
  }
  return () => {
    for (const name of SUBTLE) Reflect.deleteProperty(subtle, name);
  };
}

const pick = (of: Crypto) => ({
  getRandomValues: of.getRandomValues.bind(of),
  randomUUID: of.randomUUID.bind(of),
});

function uuid(bytes: Uint8Array): `${string}-${string}-${string}-${string}-${string}` {
  const hex = Buffer.from(bytes).toString("hex");
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-a${hex.slice(17, 20)}-${hex.slice(20)}`;
}

const isBefore = (a: Event, b: Event) => a.at < b.at || (a.at === b.at && a.order < b.order);

/** A heap: the earliest first, and of one instant the one that was said first. */
function push(heap: Event[], event: Event) {
  heap.push(event);
  for (let at = heap.length - 1; at > 0; ) {
    const up = (at - 1) >> 1;
    if (!isBefore(heap[at] as Event, heap[up] as Event)) return;
    swap(heap, at, up);
    at = up;
  }
}

function pop(heap: Event[]): Event | undefined {
  const [first] = heap;
  const last = heap.pop();
  if (heap.length === 0 || last === undefined) return first;
  heap[0] = last;
  for (let at = 0; ; ) {
    const [left, right] = [2 * at + 1, 2 * at + 2];
    let least = at;
    if (left < heap.length && isBefore(heap[left] as Event, heap[least] as Event)) least = left;
    if (right < heap.length && isBefore(heap[right] as Event, heap[least] as Event)) least = right;
    if (least === at) return first;
    swap(heap, at, least);
    at = least;
  }
}

function swap(heap: Event[], a: number, b: number) {
  [heap[a], heap[b]] = [heap[b] as Event, heap[a] as Event];
}
