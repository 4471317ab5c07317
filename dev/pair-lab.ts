/** Two releases in one workerd, as they are for seconds in every deployment: one answers, and the objects are the other's. */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { convertV4MiniflareOptions, Miniflare } from "miniflare";
import { workerOf } from "./lab.ts";

/** The queues whose messages the objects' own release takes: what one release sends, the other reads. */
const TAKEN_BEHIND = /-(?:jobs|imports|dead)$/;
/** Beside the release itself: which addresses it knows. Nothing of it is changed. */
const ENTRY = `
import worker, { app } from "./index.js";
export * from "./index.js";
export default {
  ...worker,
  fetch(request, env, ctx) {
    if (new URL(request.url).pathname !== "/lab/routes") return worker.fetch(request, env, ctx);
    return Response.json(app.routes.filter(({ method }) => method === "GET").map(({ path }) => path));
  },
};
`;

export type PairOptions = {
  /** Folders with an index.js each: what answers, its crons with it, and what the objects are of. */
  front: string;
  behind: string;
  /** Where objects live from one pair to the next. */
  objects: string;
  port: number;
  vars: Record<string, string>;
  log?: (line: string) => void;
};

export class PairLab {
  readonly url: string;
  readonly #running: Miniflare;

  private constructor(running: Miniflare, port: number) {
    this.#running = running;
    this.url = `http://127.0.0.1:${port}`;
  }

  static async start({ front, behind, objects, port, vars, log }: PairOptions): Promise<PairLab> {
    for (const folder of [front, behind]) writeFileSync(join(folder, "entry.js"), ENTRY);
    const of = (name: string, folder: string) =>
      workerOf({ name, folder, script: "entry.js", more: ["index.js"], vars, queueSeconds: 0 });
    const [a, b] = [of("front", front), of("behind", behind)];
    const consumers = (wanted: boolean) =>
      Object.fromEntries(Object.entries(a.queueConsumers).filter(([queue]) => TAKEN_BEHIND.test(queue) === wanted));
    const { durableObjects: classes } = a as unknown as { durableObjects: Record<string, object> };
    const objectsBehind = Object.fromEntries(
      Object.entries(classes).map(([name, each]) => [name, { ...each, scriptName: "behind" }]),
    );
    const options = {
      host: "127.0.0.1",
      port,
      resourcePersistencePath: objects,
      unsafeTriggerHandlers: true,
      ...(log === undefined ? {} : { handleStructuredLogs: ({ message }: { message: string }) => log(message) }),
      workers: [
        { ...a, durableObjects: objectsBehind, queueConsumers: consumers(false) },
        { ...b, queueConsumers: consumers(true) },
      ],
    };
    const running = new Miniflare(
      convertV4MiniflareOptions(options as unknown as Parameters<typeof convertV4MiniflareOptions>[0]),
    );
    await running.ready;
    return new PairLab(running, port);
  }

  /** Every address that what answers knows to read. */
  async routes(): Promise<string[]> {
    const answer = await fetch(`${this.url}/lab/routes`);
    return [...new Set((await answer.json()) as string[])];
  }

  async cron(expression: string): Promise<number> {
    const path = `/cdn-cgi/local/scheduled?cron=${encodeURIComponent(expression)}`;
    const answer = await fetch(`${this.url}${path}`, { signal: AbortSignal.timeout(60_000) });
    await answer.arrayBuffer();
    return answer.status;
  }

  async stop(): Promise<void> {
    await this.#running.dispose().catch(() => undefined);
  }
}
