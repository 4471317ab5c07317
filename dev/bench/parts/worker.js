/** One object that does one thing at a time: what each costs workerd at least. Plain JavaScript, run as it stands. */

import { DurableObject } from "cloudflare:workers";
import { createHash } from "node:crypto";

const TIMES_MAX = 1_000_000;
/** A row of an outbox is about as long. */
const ROW_CHARS = 400;
/** Statements of one transaction. */
const STATEMENTS = 20;
/** Rows that are read and written over, so that no table grows while the clock runs. */
const ROWS = 200;

const text = (chars) => "x".repeat(chars);

export class Part extends DurableObject {
  #alarms = null;
  #text = text(ROW_CHARS);

  constructor(ctx, env) {
    super(ctx, env);
    ctx.storage.sql.exec(
      "CREATE TABLE IF NOT EXISTS rows (id INTEGER PRIMARY KEY, at INTEGER NOT NULL, text TEXT NOT NULL) STRICT",
    );
  }

  async fill() {
    for (let id = 1; id <= ROWS; id++)
      this.ctx.storage.sql.exec("INSERT OR REPLACE INTO rows VALUES (?, ?, ?)", id, 0, this.#text);
  }

  async ping() {}

  async echo(rows) {
    return rows;
  }

  async commit(n) {
    this.#write(n);
  }

  async commitWithAlarm(n) {
    this.#write(n);
    // Never the same: one that is set already costs less.
    await this.ctx.storage.setAlarm(Date.now() + 3_600_000 + (n % 1_000_000));
  }

  /** `times` transactions in one event, of no statement, or of twenty of one kind. */
  async transactions(times, kind) {
    const { sql } = this.ctx.storage;
    this.#write(0);
    for (let n = 0; n < times; n++)
      this.ctx.storage.transactionSync(() => {
        for (let at = 0; kind !== "none" && at < STATEMENTS; at++) {
          const id = ((n * STATEMENTS + at) % ROWS) + 1;
          if (kind === "read") sql.exec("SELECT id, at, text FROM rows WHERE id = ?", id).toArray();
          else this.#write(id);
        }
      });
  }

  /** Each alarm that goes off sets the next. */
  async alarms(times) {
    const { promise, resolve } = Promise.withResolvers();
    this.#alarms = { left: times, resolve };
    await this.ctx.storage.setAlarm(Date.now());
    return promise;
  }

  async alarm() {
    if (this.#alarms === null) return;
    this.#alarms.left -= 1;
    if (this.#alarms.left > 0) await this.ctx.storage.setAlarm(Date.now());
    else this.#alarms.resolve();
  }

  /** From object to object, with a list of rows each way, and a stub for each call. */
  async calls(name, times, atOnce, chars) {
    const rows = chars === 0 ? null : [{ kind: "row", text: text(chars) }];
    const other = () => this.env.PART.get(this.env.PART.idFromName(name));
    await lanes(times, atOnce, () => (rows === null ? other().ping() : other().echo(rows)));
  }

  #write(n) {
    const id = (n % ROWS) + 1;
    this.ctx.storage.sql.exec("UPDATE rows SET at = ?, text = ? WHERE id = ?", n, this.#text, id);
  }
}

async function lanes(times, atOnce, call) {
  let next = 0;
  const lane = async () => {
    while (next < times) await call(next++);
  };
  await Promise.all(Array.from({ length: atOnce }, lane));
}

const parts = {
  none: () => undefined,
  calls: ({ env, times, atOnce, chars }) => object(env, "a").calls("b", times, atOnce, chars),
  commits: ({ env, times, atOnce }) => lanes(times, atOnce, (n) => object(env, "a").commit(n)),
  commitsWithAlarm: ({ env, times, atOnce }) => lanes(times, atOnce, (n) => object(env, "a").commitWithAlarm(n)),
  pings: ({ env, times, atOnce }) => lanes(times, atOnce, () => object(env, "a").ping()),
  transactions: ({ env, times, kind }) => object(env, "a").transactions(times, kind),
  alarms: ({ env, times }) => object(env, "a").alarms(times),
  queue: ({ env, times, atOnce }) => lanes(times, atOnce, (n) => env.QUEUE.send({ object: "part", name: `row ${n}` })),
  fetches: ({ env, times, atOnce, chars }) =>
    lanes(times, atOnce, async () => {
      const answer = await fetch(env.ANSWERS, { method: "POST", body: text(chars) });
      await answer.text();
    }),
  async timers({ times }) {
    for (let n = 0; n < times; n++) clearTimeout(setTimeout(() => undefined, 10_000));
  },
  json({ times }) {
    const row = { kind: "row", id: "receipt:QK7X#1.1", at: Date.now(), account: "0045MAK", text: text(ROW_CHARS) };
    for (let n = 0; n < times; n++) JSON.parse(JSON.stringify(row));
  },
  hashes({ times }) {
    const row = text(ROW_CHARS);
    for (let n = 0; n < times; n++) createHash("sha256").update(row, "utf8").digest("hex");
  },
};

const object = (env, name) => env.PART.get(env.PART.idFromName(name));

let delivered = 0;

export default {
  async fetch(request, env) {
    const url = new URL(request.url);
    if (url.pathname === "/echo") return new Response(await request.arrayBuffer());
    if (url.pathname === "/delivered") return Response.json(delivered);
    if (url.pathname === "/fill") await object(env, "a").fill();
    const number = (name, given) => Math.min(TIMES_MAX, Number(url.searchParams.get(name) ?? given));
    const part = parts[url.pathname.slice(1)];
    await part?.({
      env,
      times: number("times", 1),
      atOnce: number("atOnce", 1),
      chars: number("chars", 0),
      kind: url.searchParams.get("kind"),
    });
    return new Response("done");
  },
  async queue(batch) {
    delivered += batch.messages.length;
    batch.ackAll();
  },
};
