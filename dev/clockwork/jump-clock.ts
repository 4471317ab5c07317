/**
 * A clock that stands still while anybody works, and jumps to whatever is due next when nobody does. What takes the outside
 * world an hour takes no time, and whatever is to happen in an hour happens then, in order.
 */

/** Turns of the event loop in which nothing was under way: chains of promises end within one. */
const CALM_TURNS = 3;

type Timers = Pick<typeof globalThis, "setTimeout" | "setInterval" | "clearTimeout" | "clearInterval">;

/** As Node's own: sockets keep theirs and ask these questions. */
export class Timer {
  at: number;
  readonly order: number;
  readonly everyMs: number | null;
  readonly run: () => void;
  readonly #clock: JumpClock;
  readonly #ms: number;

  constructor(clock: JumpClock, order: number, ms: number, isRepeated: boolean, run: () => void) {
    this.#clock = clock;
    this.#ms = ms;
    this.at = clock.now() + ms;
    this.order = order;
    this.everyMs = isRepeated ? Math.max(1, ms) : null;
    this.run = run;
  }

  refresh() {
    this.at = this.#clock.now() + this.#ms;
    this.#clock.keep(this);
    return this;
  }

  ref() {
    return this;
  }

  unref() {
    return this;
  }

  hasRef() {
    return true;
  }

  close() {
    this.#clock.clear(this);
    return this;
  }
}

export class JumpClock {
  #now: number;
  #order = 0;
  #busy = 0;
  #whenIdle: (() => void) | null = null;
  readonly #timers = new Set<Timer>();
  /** Jumps that were made. */
  jumps = 0;

  constructor(now: number) {
    this.#now = now;
  }

  now(): number {
    return this.#now;
  }

  after(ms: number, run: () => void, isRepeated = false): Timer {
    const timer = new Timer(this, this.#order++, Math.max(0, Number(ms) || 0), isRepeated, run);
    this.#timers.add(timer);
    return timer;
  }

  keep(timer: Timer) {
    this.#timers.add(timer);
  }

  clear(timer: unknown) {
    this.#timers.delete(timer as Timer);
  }

  /** Work of the real world, during which the clock stands still. */
  async during<T>(work: () => Promise<T>): Promise<T> {
    this.#busy++;
    try {
      return await work();
    } finally {
      this.#busy--;
      if (this.#busy === 0) this.#whenIdle?.();
    }
  }

  /** Lives on until then. */
  async advanceTo(target: number): Promise<void> {
    for (;;) {
      await this.#quiet();
      const next = this.#earliest();
      if (next === null || next.at > target) break;
      this.#jump(next);
    }
    this.#now = Math.max(this.#now, target);
  }

  /** Lives on until something is done: a promise of which the clock knows nothing. Throws when so much time was not enough. */
  async until<T>(work: Promise<T>, msMax: number): Promise<T> {
    let isDone = false;
    const done = work.finally(() => {
      isDone = true;
    });
    done.catch(() => undefined);
    const last = this.#now + msMax;
    for (;;) {
      await this.#quiet();
      if (isDone) return done;
      const next = this.#earliest();
      if (next === null || next.at > last) throw new Error(`nothing came of it in ${msMax} ms of the world's time`);
      this.#jump(next);
    }
  }

  #jump(timer: Timer) {
    this.jumps++;
    this.#now = Math.max(this.#now, timer.at);
    if (timer.everyMs === null) this.#timers.delete(timer);
    else timer.at = this.#now + timer.everyMs;
    timer.run();
  }

  #earliest(): Timer | null {
    let first: Timer | null = null;
    for (const timer of this.#timers)
      if (first === null || timer.at < first.at || (timer.at === first.at && timer.order < first.order)) first = timer;
    return first;
  }

  async #quiet() {
    for (let calm = 0; calm < CALM_TURNS; ) {
      if (this.#busy > 0) {
        await new Promise<void>((resolve) => {
          this.#whenIdle = resolve;
        });
        this.#whenIdle = null;
      }
      await new Promise((resolve) => setImmediate(resolve));
      calm = this.#busy === 0 ? calm + 1 : 0;
    }
  }
}

/** From here on this process lives by that clock. A timer whose owner has ended by then does nothing. */
export function installClock(clock: JumpClock, ownerOf: () => { ended: boolean } | undefined): void {
  const timer = (isRepeated: boolean) =>
    ((run: (...given: unknown[]) => void, ms = 0, ...given: unknown[]) => {
      const owner = ownerOf();
      const set = clock.after(
        ms,
        () => {
          if (owner?.ended === true) clock.clear(set);
          else run(...given);
        },
        isRepeated,
      );
      return set;
    }) as unknown;
  const clear = (given: unknown) => clock.clear(given);
  const timers = { setTimeout: timer(false), setInterval: timer(true), clearTimeout: clear, clearInterval: clear };
  Object.assign(globalThis, timers as Timers);
  Date.now = () => clock.now();
  AbortSignal.timeout = (ms) => {
    const abort = new AbortController();
    clock.after(ms, () => abort.abort(new DOMException("The operation timed out.", "TimeoutError")));
    return abort.signal;
  };
  const wait = (ms: number) => new Promise<void>((resolve) => clock.after(ms, resolve));
  Object.assign(globalThis, { scheduler: { wait } });
  // Threads of the machine work on these: the clock must not jump meanwhile.
  const subtle = Object.getPrototypeOf(crypto.subtle) as Record<string, unknown>;
  for (const name of ["digest", "sign", "verify", "importKey", "encrypt", "decrypt", "deriveBits"]) {
    const real = subtle[name] as (...given: unknown[]) => Promise<unknown>;
    subtle[name] = function (this: SubtleCrypto, ...given: unknown[]) {
      return clock.during(() => real.apply(this, given));
    };
  }
}
