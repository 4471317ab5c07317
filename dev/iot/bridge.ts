import { setTimeout as wait } from "node:timers/promises";
import { gzipSync } from "node:zlib";
import { asRecord, parseJson } from "../serve.ts";

/** As the route takes them. */
export const BATCH_MAX = 1_000;
/** Waiting readings of one destination; beyond that the oldest is lost, and counted. */
const WAITING_MAX = 20_000;
/** How long a reading waits for company. */
const LINGER_MS = 200;
const POST_MS_MAX = 30_000;
const PAUSE_MS = { least: 1_000, most: 15_000 };
const GZIP_BYTES_MIN = 2_048;

export type Destination = { url: string; key: string };
export type Verdict = { status: string; because: string | null };
export type BridgeCounts = { waiting: number; answered: number; refused: number; lost: number; retries: number };

type Item = { body: unknown; answered: (verdict: Verdict) => void };
type Line = { to: Destination; items: Item[]; running: Promise<void> | null };

/**
 * The gate Lambda between the broker and the system: collects readings and posts them in batches with the X-IoT-Key. What
 * is not answered, or answered 5xx or 429, is posted again, whole, until it is; another refusal is final.
 */
export class ReadingBridge {
  readonly #lines = new Map<string, Line>();
  readonly #stopping = new AbortController();
  readonly counts: Omit<BridgeCounts, "waiting"> = { answered: 0, refused: 0, lost: 0, retries: 0 };

  add(to: Destination, body: unknown, answered: (verdict: Verdict) => void = () => undefined): void {
    const line = this.#lines.get(to.url) ?? { to, items: [], running: null };
    this.#lines.set(to.url, line);
    line.items.push({ body, answered });
    if (line.items.length > WAITING_MAX)
      this.counts.lost += line.items.splice(0, line.items.length - WAITING_MAX).length;
    line.running ??= this.#drain(line).finally(() => {
      line.running = null;
    });
  }

  get waiting(): number {
    return [...this.#lines.values()].reduce((sum, { items }) => sum + items.length, 0);
  }

  /** Ends at once; what was not answered is lost with it. */
  async close(): Promise<void> {
    this.#stopping.abort();
    await Promise.all([...this.#lines.values()].map(({ running }) => running));
  }

  async #drain(line: Line) {
    const pause = (ms: number) =>
      wait(ms, undefined, { ref: false, signal: this.#stopping.signal }).catch(() => undefined);
    let pauseMs = PAUSE_MS.least;
    await pause(LINGER_MS);
    while (line.items.length > 0 && !this.#stopping.signal.aborted) {
      const batch = line.items.splice(0, BATCH_MAX);
      const done = await this.#post(line.to, batch);
      if (done) {
        pauseMs = PAUSE_MS.least;
        continue;
      }
      this.counts.retries++;
      line.items.unshift(...batch);
      await pause(pauseMs);
      pauseMs = Math.min(PAUSE_MS.most, pauseMs * 2);
    }
  }

  /** True when the batch is settled one way or the other. */
  async #post({ url, key }: Destination, batch: Item[]): Promise<boolean> {
    const text = JSON.stringify({ readings: batch.map(({ body }) => body) });
    const zipped = text.length >= GZIP_BYTES_MIN;
    const headers = { "content-type": "application/json", "x-iot-key": key };
    const answer = await fetch(url, {
      method: "POST",
      headers: zipped ? { ...headers, "content-encoding": "gzip" } : headers,
      body: zipped ? gzipSync(text) : text,
      signal: AbortSignal.any([this.#stopping.signal, AbortSignal.timeout(POST_MS_MAX)]),
    }).then(
      async (response) => ({ status: response.status, body: parseJson(await response.text()) }),
      () => null,
    );
    if (answer === null || answer.status >= 500 || answer.status === 429) return false;
    const isTaken = answer.status >= 200 && answer.status < 300;
    const results = isTaken ? asRecord(answer.body).results : null;
    for (const [index, item] of batch.entries()) {
      const result = asRecord(Array.isArray(results) ? results[index] : null);
      const because = typeof result.because === "string" ? result.because : null;
      item.answered(
        isTaken
          ? { status: typeof result.status === "string" ? result.status : "answered", because }
          : { status: `refused ${answer.status}`, because: null },
      );
    }
    this.counts[isTaken ? "answered" : "refused"] += batch.length;
    return true;
  }
}
