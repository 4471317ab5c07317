/** What the parts could do at best on this machine, alone. */
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { convertV4MiniflareOptions, Miniflare } from "miniflare";
import pg from "pg";
import { neonCopies } from "../../src/adapters/neon/copy-rows.ts";
import { connect } from "../../src/adapters/neon/database.ts";
import type { OutboxItem } from "../../src/domain/outbox.ts";
import { sha256Hex } from "../keys.ts";
import type { Bench } from "./bench.ts";
import { openCountry } from "./country.ts";
import { perSecond, table } from "./figures.ts";
import { accountsOf, TILLS } from "./texts.ts";

const ECHO_REQUESTS = 3_000;
/** As many as there are phones. */
const ECHO_AT_ONCE = 4;
const CALLS = 6_000;
const CALLS_AT_ONCE = 16;
const OBJECTS = 1_500;
const COPY_ROWS = 10_000;
const COPY_BATCH = 2_000;
const SINGLE_INSERTS = 2_000;
const ASK_MS_MAX = 120_000;

export type Floor = { name: string; count: number; ms: number };

export async function runFloors(bench: Bench): Promise<Floor[]> {
  return [...(await workerFloors(bench)), ...(await databaseFloors(bench))];
}

/** A workerd with nothing in it but floor-worker.js. */
export async function startFloorWorker(bench: Bench): Promise<{ url: string; stop(): Promise<void> }> {
  const file = fileURLToPath(new URL("./floor-worker.js", import.meta.url));
  const options = {
    name: "floors",
    modules: true,
    script: await readFile(file, "utf8"),
    compatibilityDate: "2026-11-01",
    durableObjects: { FLOOR: { className: "Floor", useSQLite: true } },
    resourcePersistencePath: join(bench.objectsDir, "floors"),
    host: "127.0.0.1",
    port: bench.firstPort,
  };
  const miniflare = new Miniflare(
    convertV4MiniflareOptions(options as Parameters<typeof convertV4MiniflareOptions>[0]),
  );
  await miniflare.ready;
  return { url: `http://127.0.0.1:${bench.firstPort}`, stop: () => miniflare.dispose() };
}

async function workerFloors(bench: Bench): Promise<Floor[]> {
  const { url, stop } = await startFloorWorker(bench);
  try {
    const body = JSON.stringify({ messages: [{ id: "an id", from: "MPESA", content: "x".repeat(2_000) }] });
    const ask = async (path: string) => {
      const answer = await fetch(url + path, { method: "POST", body, signal: AbortSignal.timeout(ASK_MS_MAX) });
      if (!answer.ok) throw new Error(`${path} answered ${answer.status}`);
      await answer.arrayBuffer();
    };
    const write = (objects: number) => () => ask(`/write?calls=${CALLS}&atOnce=${CALLS_AT_ONCE}&objects=${objects}`);
    // Once each before the clock starts: code and objects are warm.
    await ask("/write?calls=200&atOnce=4&objects=1");
    await ask(`/write?calls=${OBJECTS}&atOnce=4&objects=${OBJECTS}`);
    return [
      await timed("bare workerd, a request echoed, 4 at once", ECHO_REQUESTS, () => lanes(() => ask("/echo"))),
      await timed("bare object write, one object, one INSERT a call", CALLS, write(1)),
      await timed(`bare object write, spread over ${OBJECTS} objects`, CALLS, write(OBJECTS)),
      await timed("call from object to object, no write", CALLS, () =>
        ask(`/rpc?calls=${CALLS}&atOnce=${CALLS_AT_ONCE}`),
      ),
    ];
  } finally {
    await stop();
  }
}

async function lanes(call: () => Promise<void>) {
  let left = ECHO_REQUESTS;
  const lane = async () => {
    while (left-- > 0) await call();
  };
  await Promise.all(Array.from({ length: ECHO_AT_ONCE }, lane));
}

async function databaseFloors(bench: Bench): Promise<Floor[]> {
  const country = await openCountry({
    ...bench,
    name: "bench_floors",
    accounts: accountsOf(10),
    port: bench.firstPort,
  });
  try {
    const url = bench.surroundings.database.appUrl("bench_floors", bench.firstPort + 11);
    const copies = neonCopies(connect(url, bench.surroundings.bridge.url));
    const rows = smsRows(COPY_ROWS);
    const copied = await timed(
      "multi-row INSERT through the bridge: SMS as the copy writes them",
      COPY_ROWS,
      async () => {
        for (let from = 0; from < rows.length; from += COPY_BATCH) {
          const written = await copies.write(rows.slice(from, from + COPY_BATCH));
          if (written.refused.length > 0) throw new Error(`refused: ${written.refused[0]?.because}`);
        }
      },
    );
    return [copied, await singleInserts(country.database, 1), await singleInserts(country.database, 4)];
  } finally {
    await country.close();
  }
}

/** As pgbench would, one INSERT a transaction, from this process: the embedded server brings no pgbench. */
async function singleInserts(owner: pg.Client, connections: number): Promise<Floor> {
  await owner.query(
    "CREATE TABLE IF NOT EXISTS bench_single (id bigserial PRIMARY KEY, at timestamptz NOT NULL DEFAULT now(), text text)",
  );
  const { user, password, host, port, database } = owner as pg.Client & { password: string };
  const clients = Array.from(
    { length: connections },
    () => new pg.Client({ user: user ?? "", password, host, port, database: database ?? "" }),
  );
  try {
    for (const client of clients) await client.connect();
    return await timed(`single INSERTs, ${connections} connection${connections > 1 ? "s" : ""}`, SINGLE_INSERTS, () =>
      Promise.all(
        clients.map(async (client) => {
          for (let n = 0; n < SINGLE_INSERTS / connections; n++)
            await client.query("INSERT INTO bench_single (text) VALUES ($1)", [
              "an SMS of about so many characters".repeat(4),
            ]);
        }),
      ),
    );
  } finally {
    for (const client of clients) await client.end().catch(() => undefined);
  }
}

function smsRows(count: number): OutboxItem[] {
  const [till] = TILLS;
  const now = Date.now();
  return Array.from({ length: count }, (_, n): OutboxItem => {
    const content = `${n} Confirmed. on 25/11/26 at 6:30 AM M50.00 received from 26650000101 - Neo Sample 26650000101.`;
    return {
      id: n,
      row: {
        kind: "sms_inbound",
        phoneId: till?.phones[0] ?? "",
        tillId: till?.tillId ?? "",
        channel: "electricity",
        protocol: "medic",
        externalId: `floor-${n}`,
        contentHash: sha256Hex(content),
        sender: "MPESA",
        content,
        contentRawBase64: Buffer.from(content).toString("base64"),
        claimedSentAt: now,
        claimedReceivedAt: now,
        receivedAt: now,
        idConflict: false,
        quarantine: null,
        requestId: `floor-request-${n}`,
      },
    };
  });
}

export async function timed(name: string, count: number, work: () => Promise<unknown>): Promise<Floor> {
  const began = performance.now();
  await work();
  return { name, count, ms: performance.now() - began };
}

export const floorsTable = (floors: readonly Floor[]) =>
  table(
    ["floor", "rate"],
    floors.map(({ name, count, ms }) => [name, perSecond(count, ms)]),
  );
