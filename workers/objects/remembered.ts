/** Keys that are remembered at one time; the oldest goes first. */
const KEYS_MAX = 100;

/**
 * Answers that are good for a while, kept beside the objects and not in one: all that live in one isolate belong to one
 * country. Plain values only, for a promise belongs to the event that made it.
 */
export class Remembered<T> {
  readonly #ms: number;
  readonly #known = new Map<string, { value: T; at: number }>();

  constructor(ms: number) {
    this.#ms = ms;
  }

  /** Undefined: somebody has to be asked. */
  known(key: string, now: number): T | undefined {
    const known = this.#known.get(key);
    // A clock that was set back makes no answer good for longer.
    return known !== undefined && now >= known.at && now - known.at < this.#ms ? known.value : undefined;
  }

  async get(key: string, now: number, ask: () => Promise<T>): Promise<T> {
    const known = this.known(key, now);
    if (known !== undefined) return known;
    const value = await ask();
    this.#known.delete(key);
    if (this.#known.size >= KEYS_MAX)
      for (const oldest of [...this.#known.keys()].slice(0, 1)) this.#known.delete(oldest);
    this.#known.set(key, { value, at: now });
    return value;
  }
}
