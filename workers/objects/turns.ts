export { Late, within } from "../../src/services/within.ts";

/** Work under one name runs once at a time; who asks while it runs gets the answer of that run. */
export class SharedRuns<T> {
  readonly #running = new Map<string, Promise<T>>();

  run(name: string, work: () => Promise<T>): Promise<T> {
    const running = this.#running.get(name);
    if (running !== undefined) return running;
    const started = work().finally(() => this.#running.delete(name));
    this.#running.set(name, started);
    return started;
  }
}
