/** SMS in work at one time. */
export const PROCESS_BATCH_MAX = 50;
/** While the phone is in the middle of handing over: its next request is not to wait behind the work on the last ones. */
const HANDOVER_BATCH_MAX = 1;
/** A phone that has not come for so long hands over no more. What is in work for longer does not keep others back either. */
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

type Running = { ended: Promise<void>; isNew: boolean };

/** Works on due SMS, some at a time: one that hangs takes one place, and never holds up the others. */
export class Processing {
  #bell = Promise.withResolvers<void>();
  #handingOver: ReturnType<typeof setTimeout> | null = null;

  /** The phone brought something that may be due. */
  ring() {
    if (this.#handingOver !== null) clearTimeout(this.#handingOver);
    this.#handingOver = setTimeout(() => {
      this.#handingOver = null;
      this.#bell.resolve();
    }, HANDOVER_MS);
    this.#bell.resolve();
  }

  async run<T>(work: Work<T>): Promise<void> {
    const running = new Map<number, Running>();
    const until = work.now() + ROUND_MS_MAX;
    for (;;) {
      this.#bell = Promise.withResolvers<void>();
      const room = this.#room([...running.values()]);
      if (work.now() < until && room > 0)
        for (const item of work.due(new Set(running.keys()), room)) this.#begin(running, item.id, work.process(item));
      if (running.size === 0) return;
      await Promise.race([...[...running.values()].map(({ ended }) => ended), this.#bell.promise]);
    }
  }

  #begin(running: Map<number, Running>, id: number, work: Promise<void>) {
    const ages = setTimeout(() => {
      one.isNew = false;
      this.#bell.resolve();
    }, HANDOVER_MS);
    const ended = work.finally(() => {
      clearTimeout(ages);
      running.delete(id);
    });
    const one: Running = { ended, isNew: true };
    running.set(id, one);
  }

  #room(running: Running[]): number {
    const free = PROCESS_BATCH_MAX - running.length;
    if (this.#handingOver === null) return free;
    return Math.min(free, HANDOVER_BATCH_MAX - running.filter(({ isNew }) => isNew).length);
  }
}
