import { Worker } from "node:worker_threads";
import type { PhoneAnswer, PhoneOrder, PollTiming } from "./phone-thread.ts";
import type { BenchSms } from "./texts.ts";

type Without<T, K extends PropertyKey> = T extends unknown ? Omit<T, K> : never;

/** Longest that one order may take: 36,000 SMS at 30 a second. */
const ORDER_MS_MAX = 20 * 60_000;

/** Medic phones in a thread of their own. */
export class BenchPhones {
  readonly #thread = new Worker(new URL("./phone-thread.ts", import.meta.url));
  readonly #open = new Map<number, { done: (polls: PollTiming[]) => void; failed: (error: Error) => void }>();
  #orders = 0;

  constructor() {
    this.#thread.on("message", ({ id, polls, error }: PhoneAnswer) => {
      const open = this.#open.get(id);
      this.#open.delete(id);
      if (error === undefined) open?.done(polls);
      else open?.failed(new Error(error));
    });
    this.#thread.on("error", (error: Error) => {
      for (const { failed } of this.#open.values()) failed(error);
    });
  }

  add(urls: Map<string, string>) {
    return this.#ask({ do: "phones", urls: [...urls] });
  }

  store(texts: Map<string, BenchSms[]>) {
    return this.#ask({ do: "store", texts: [...texts] });
  }

  drain() {
    return this.#ask({ do: "drain" });
  }

  poll() {
    return this.#ask({ do: "poll" });
  }

  paced(everyMs: number, texts: [string, BenchSms][]) {
    return this.#ask({ do: "paced", everyMs, texts });
  }

  async stop() {
    await this.#thread.terminate();
  }

  #ask(order: Without<PhoneOrder, "id">): Promise<PollTiming[]> {
    const id = ++this.#orders;
    return new Promise((done, failed) => {
      const timer = setTimeout(() => failed(new Error(`the phones took longer than ${ORDER_MS_MAX} ms`)), ORDER_MS_MAX);
      const ended = () => clearTimeout(timer);
      this.#open.set(id, {
        done: (polls) => {
          ended();
          done(polls);
        },
        failed: (error) => {
          ended();
          failed(error);
        },
      });
      this.#thread.postMessage({ ...order, id });
    });
  }
}
