/** Writes a step's changes: at once, or together with those of others. */
export type Write = (step: () => void) => Promise<void>;

/**
 * Works that go on side by side and write what came of them in one transaction, when the last of them has ended: each
 * commit costs as much, however little is in it. Only for what may be lost and is then found again.
 */
export class Joint {
  readonly #transact: (steps: () => void) => void;
  readonly #steps: (() => void)[] = [];
  readonly #written = Promise.withResolvers<void>();
  #left = 0;
  #hasEnded = false;

  constructor(transact: (steps: () => void) => void) {
    this.#transact = transact;
  }

  /** One of the works; all of them begin in one turn, and each writes once or not at all. */
  async part(work: (write: Write) => Promise<void>): Promise<void> {
    this.#left += 1;
    let hasLeft = false;
    const leave = () => {
      if (hasLeft) return;
      hasLeft = true;
      this.#left -= 1;
      // Not at once: others may be about to begin.
      queueMicrotask(() => this.#end());
    };
    try {
      await work((step) => {
        this.#steps.push(step);
        leave();
        return this.#written.promise;
      });
    } finally {
      leave();
    }
  }

  #end() {
    if (this.#left > 0 || this.#hasEnded) return;
    this.#hasEnded = true;
    try {
      this.#transact(() => {
        for (const step of this.#steps) step();
      });
      this.#written.resolve();
    } catch (thrown) {
      this.#written.reject(thrown);
    }
  }
}
