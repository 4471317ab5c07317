import type { Context } from "hono";
import { streamSSE } from "hono/streaming";
import { log } from "../../src/ports/log.ts";

/** A stream ends after so long; the browser opens the next by itself, and is let in anew. */
export const STREAM_MS_MAX = 5 * 60_000;
/** Says on a quiet line that it still stands; also how a line that is gone is noticed. */
export const PING_MS = 15_000;
/** Whether somebody may still see this is asked again so often. */
const STILL_MS = 60_000;
/** So soon the browser connects again. */
const RETRY_MS = 2_000;
/** Looks that fail one after the other before the line is given up: the browser tries anew. */
const FAILURES_MAX = 5;
/** Lines of one name that one isolate keeps open, the newest: a page that opens more and more of them wears out nobody. */
export const STREAMS_PER_NAME_MAX = 8;

/** What is watched: a look at some state, made again and again on the server. */
export type Watch<T extends { asOf: number }> = {
  /** Whose line it is; so many of one name may be open at once. */
  name: string;
  everyMs: number;
  look(): Promise<T>;
  /** Whether two looks say the same; else all but `asOf` is compared. */
  equal?(before: T, now: T): boolean;
  /** False: whoever watches may not any more, and the line ends. */
  still?(): Promise<boolean>;
  msMax?: number;
  pingMs?: number;
};

/**
 * Open lines by name, the oldest first. Whether a client is still there is not known for sure: a platform may go on with a
 * line whose client left, or drop it with what was to come after. So nobody has to give a place back: the newest line is
 * always taken, and the oldest of too many ends.
 */
const open = new Map<string, Set<symbol>>();

function begin(name: string): symbol {
  const lines = open.get(name) ?? new Set<symbol>();
  const [oldest] = lines;
  if (lines.size >= STREAMS_PER_NAME_MAX && oldest !== undefined) lines.delete(oldest);
  const own = Symbol(name);
  open.set(name, lines.add(own));
  return own;
}

function end(name: string, own: symbol) {
  const lines = open.get(name);
  lines?.delete(own);
  if (lines?.size === 0) open.delete(name);
}

/**
 * Server-Sent Events: the state at once, and again whenever a look finds it changed. `trouble` is sent when a look fails,
 * so that the page can say that it is not live; a `ping` on a quiet line tells it that the line still stands.
 *
 * @example
 * .get("/queues", allow("reports.read"), (c) =>
 *   sse(c, { name: "queues", everyMs: 2_000, look: async () => ({ asOf: now(), depth: await depth() }) }))
 */
export function sse<T extends { asOf: number }>(c: Context, watch: Watch<T>): Response {
  const { name } = watch;
  // Whoever asks for the headers alone gets no line.
  if (c.req.method === "HEAD") return c.body(null, 200, { "Content-Type": "text/event-stream" });
  const own = begin(name);
  return streamSSE(c, async (stream) => {
    try {
      await run(stream, watch, () => open.get(name)?.has(own) ?? false);
    } finally {
      end(name, own);
    }
  });
}

type Line = {
  readonly aborted: boolean;
  writeSSE(message: { data: string; event?: string; retry?: number }): Promise<void>;
  sleep(ms: number): Promise<unknown>;
};

async function run<T extends { asOf: number }>(line: Line, watch: Watch<T>, isOpen: () => boolean) {
  const { everyMs, look, equal = isSame, still, msMax = STREAM_MS_MAX, pingMs = PING_MS } = watch;
  const began = Date.now();
  let [saidAt, stillAt, failures] = [began, began, 0];
  let last: T | null = null;
  while (!line.aborted && isOpen() && Date.now() - began < msMax) {
    const now = await look().catch((thrown: unknown) => {
      log.warn("live", { name: watch.name, error: thrown });
      return null;
    });
    if (now === null) {
      failures++;
      await line.writeSSE({ event: "trouble", data: "{}" });
      if (failures >= FAILURES_MAX) return;
    } else if (last === null || failures > 0 || !equal(last, now)) {
      // After trouble also what has not changed: the page may call itself live again.
      await line.writeSSE({ data: JSON.stringify(now), ...(last === null ? { retry: RETRY_MS } : {}) });
      [last, failures, saidAt] = [now, 0, Date.now()];
    } else if (Date.now() - saidAt >= pingMs) {
      await line.writeSSE({ event: "ping", data: "{}" });
      saidAt = Date.now();
    }
    if (still !== undefined && Date.now() - stillAt >= STILL_MS) {
      if (!(await still())) return;
      stillAt = Date.now();
    }
    if (!line.aborted) await line.sleep(everyMs);
  }
}

const isSame = (before: object, now: object) =>
  JSON.stringify({ ...before, asOf: null }) === JSON.stringify({ ...now, asOf: null });
