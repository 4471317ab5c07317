/** What each thing that the money path asks of workerd costs it at least: CPU of a workerd in which nothing else is done. */
import { readFile } from "node:fs/promises";
import { createServer } from "node:http";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { convertV4MiniflareOptions, Miniflare } from "miniflare";
import { workerdPids } from "../../lab.ts";
import type { Bench } from "../bench.ts";
import { secondsOf } from "../cpu.ts";

const ASK_MS_MAX = 120_000;
const DELIVERED_MS_MAX = 60_000;
/** As many as there are phones. */
const REQUESTS_AT_ONCE = 4;
const STATEMENTS = 20;

/** Microseconds of CPU, each. */
export type Floors = Record<FloorName, number>;
export type FloorName =
  | "request"
  | "call"
  | "callOfRow"
  | "commit"
  | "transaction"
  | "read"
  | "write"
  | "alarmSet"
  | "alarmFired"
  | "timer"
  | "queue"
  | "fetch"
  | "json"
  | "hash";

/** Characters that a call carries in each direction, about as one of the money path does. */
const CALL_CHARS = 400;

export async function measureFloors(bench: Bench): Promise<Floors> {
  const answers = createServer((request, response) => {
    request.resume().on("end", () => response.end("{}"));
  });
  await new Promise<void>((done) => answers.listen(0, "127.0.0.1", done));
  const { port } = answers.address() as { port: number };
  const before = new Set(workerdPids());
  const miniflare = new Miniflare(await optionsOf(bench, `http://127.0.0.1:${port}`));
  try {
    await miniflare.ready;
    const pid = workerdPids().find((each) => !before.has(each));
    if (pid === undefined) throw new Error("the workerd of the floors is not to be found");
    return await measureAll(pid, `http://127.0.0.1:${bench.firstPort}`);
  } finally {
    await miniflare.dispose();
    answers.close();
    answers.closeAllConnections();
  }
}

async function optionsOf(bench: Bench, answersUrl: string) {
  const options = {
    name: "parts",
    modules: true,
    script: await readFile(fileURLToPath(new URL("./worker.js", import.meta.url)), "utf8"),
    compatibilityDate: "2026-11-01",
    compatibilityFlags: ["nodejs_compat"],
    durableObjects: { PART: { className: "Part", useSQLite: true } },
    bindings: { ANSWERS: answersUrl },
    queueProducers: { QUEUE: "parts" },
    queueConsumers: { parts: { maxBatchSize: 50, maxBatchTimeout: 1 } },
    resourcePersistencePath: join(bench.objectsDir, "parts"),
    host: "127.0.0.1",
    port: bench.firstPort,
  };
  return convertV4MiniflareOptions(options as Parameters<typeof convertV4MiniflareOptions>[0]);
}

async function measureAll(pid: number, url: string): Promise<Floors> {
  const ask = async (path: string) => {
    const answer = await fetch(url + path, { method: "POST", signal: AbortSignal.timeout(ASK_MS_MAX) });
    const text = await answer.text();
    if (!answer.ok) throw new Error(`${path} answered ${answer.status}: ${text.slice(0, 200)}`);
    return text;
  };
  /** Microseconds of CPU for each of `times`, after a tenth of them has warmed it. */
  const cpuOf = async (times: number, work: (times: number) => Promise<unknown>) => {
    await work(Math.ceil(times / 10));
    const from = secondsOf(pid);
    await work(times);
    return ((secondsOf(pid) - from) * 1e6) / times;
  };
  const part = (path: string) => (times: number) => ask(`${path}${path.includes("?") ? "&" : "?"}times=${times}`);

  await ask("/fill");
  const ping = await cpuOf(10_000, part("/pings?atOnce=8"));
  const commit = await cpuOf(10_000, part("/commits?atOnce=8"));
  const commitWithAlarm = await cpuOf(10_000, part("/commitsWithAlarm?atOnce=8"));
  const transaction = await cpuOf(20_000, part("/transactions?kind=none"));
  const reads = await cpuOf(4_000, part("/transactions?kind=read"));
  const writes = await cpuOf(4_000, part("/transactions?kind=write"));
  const write = (writes - transaction) / STATEMENTS;
  const body = "x".repeat(CALL_CHARS);
  return {
    request: await cpuOf(6_000, (times) => requests(times, url, body)),
    call: await cpuOf(20_000, part("/calls?atOnce=8")),
    callOfRow: await cpuOf(20_000, part(`/calls?atOnce=8&chars=${CALL_CHARS}`)),
    // The call around it and the one statement in it are counted apart.
    commit: commit - ping - write,
    transaction,
    read: (reads - transaction) / STATEMENTS,
    write,
    alarmSet: commitWithAlarm - commit,
    alarmFired: await cpuOf(4_000, part("/alarms")),
    timer: await cpuOf(200_000, part("/timers")),
    queue: await cpuOf(3_000, (times) => queued(times, ask)),
    fetch: await cpuOf(6_000, part("/fetches?atOnce=8&chars=300")),
    json: await cpuOf(200_000, part("/json")),
    hash: await cpuOf(50_000, part("/hashes")),
  };
}

async function requests(times: number, url: string, body: string) {
  let left = times;
  const lane = async () => {
    while (left-- > 0) {
      const answer = await fetch(`${url}/echo`, { method: "POST", body });
      await answer.arrayBuffer();
    }
  };
  await Promise.all(Array.from({ length: REQUESTS_AT_ONCE }, lane));
}

/** Until the last of them is delivered. */
async function queued(times: number, ask: (path: string) => Promise<string>) {
  const before = Number(await ask("/delivered"));
  await ask(`/queue?atOnce=8&times=${times}`);
  for (const until = Date.now() + DELIVERED_MS_MAX; Date.now() < until; ) {
    if (Number(await ask("/delivered")) - before >= times) return;
    await new Promise((done) => setTimeout(done, 200));
  }
  throw new Error(`${times} messages were not delivered in ${DELIVERED_MS_MAX} ms`);
}
