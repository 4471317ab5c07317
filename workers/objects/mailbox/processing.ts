/** SMS in work at one time. */
export const PROCESS_BATCH_MAX = 50;
/** While the phone is in the middle of handing over: its next request is not to wait behind the work on the last ones. */
const HANDOVER_BATCH_MAX = 1;
/** A phone whose last request came longer ago is not handing over any more; one that polls, or has a slow network, never is. */
const HANDOVER_MS = 500;
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
  #rungAt = Number.NEGATIVE_INFINITY;

  /** The phone brought something that may be due. */
  ring(now: number) {
    this.#rungAt = now;
    this.#bell.resolve();
  }

  async run<T>(work: Work<T>): Promise<void> {
    const running = new Map<number, Promise<void>>();
    const until = work.now() + ROUND_MS_MAX;
    for (;;) {
      this.#bell = Promise.withResolvers<void>();
      const isHandingOver = work.now() - this.#rungAt < HANDOVER_MS;
      const max = isHandingOver ? HANDOVER_BATCH_MAX : PROCESS_BATCH_MAX;
      if (work.now() < until && running.size < max)
        for (const item of work.due(new Set(running.keys()), max - running.size))
          running.set(
            item.id,
            work.process(item).finally(() => running.delete(item.id)),
          );
      if (running.size === 0) return;
      // What waits only for the end of the handing over is looked at then, even if all that is in work hangs.
      const soon = isHandingOver ? setTimeout(() => this.#bell.resolve(), HANDOVER_MS) : undefined;
      await Promise.race([...running.values(), this.#bell.promise]);
      clearTimeout(soon);
    }
  }
}
