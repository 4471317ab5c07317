/** SMS in work at one time. */
export const PROCESS_BATCH_MAX = 50;
/** What takes longer is tried again later; every step of it can be repeated. */
export const PROCESS_MS_MAX = 30_000;
/** One alarm works so long at most, so that the object's other duties get their turn. */
const ROUND_MS_MAX = 45_000;

export type Work<T> = {
  /** Due SMS that are not in `busy`, oldest first. */
  due: (busy: ReadonlySet<number>, max: number) => (T & { id: number })[];
  process: (item: T) => Promise<void>;
  now: () => number;
};

/** Works on due SMS, some at a time: one that hangs takes one place, and never holds up the others. */
export class Processing {
  #bell = Promise.withResolvers<void>();

  /** Something new is due. */
  ring() {
    this.#bell.resolve();
  }

  async run<T>(work: Work<T>): Promise<void> {
    const running = new Map<number, Promise<void>>();
    const until = work.now() + ROUND_MS_MAX;
    for (;;) {
      this.#bell = Promise.withResolvers<void>();
      if (work.now() < until)
        for (const item of work.due(new Set(running.keys()), PROCESS_BATCH_MAX - running.size))
          running.set(
            item.id,
            work.process(item).finally(() => running.delete(item.id)),
          );
      if (running.size === 0) return;
      await Promise.race([...running.values(), this.#bell.promise]);
    }
  }
}
