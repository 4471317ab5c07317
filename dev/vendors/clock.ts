/** How often a sleeper looks whether somebody moved the clock's base. */
const LOOK_MS = 50;

/**
 * A vendor's own clock. It runs with the world's, and can be moved on: what was to take a minute is over then, and a
 * cursor of before has died.
 */
export class SimClock {
  readonly #base: () => number;
  #aheadMs = 0;
  #isClosed = false;
  readonly #sleepers = new Set<() => void>();

  constructor(base: () => number = Date.now) {
    this.#base = base;
  }

  now(): number {
    return this.#base() + this.#aheadMs;
  }

  advance(ms: number): void {
    this.#aheadMs += ms;
    for (const look of [...this.#sleepers]) look();
  }

  /** Returns when the clock shows so much later. */
  sleep(ms: number): Promise<void> {
    const until = this.now() + ms;
    if (ms <= 0 || this.#isClosed) return Promise.resolve();
    return new Promise((resolve) => {
      const look = () => {
        if (this.now() < until && !this.#isClosed) return;
        clearInterval(timer);
        this.#sleepers.delete(look);
        resolve();
      };
      const timer = setInterval(look, Math.min(ms, LOOK_MS));
      this.#sleepers.add(look);
    });
  }

  /** Nobody sleeps any longer. */
  close(): void {
    this.#isClosed = true;
    for (const look of [...this.#sleepers]) look();
  }
}
