/** The least that workerd can do: what the money path is compared with. Plain JavaScript, run as it stands. */
import { DurableObject } from "cloudflare:workers";

const CALLS_MAX = 100_000;

export class Floor extends DurableObject {
  constructor(ctx, env) {
    super(ctx, env);
    ctx.storage.sql.exec(
      "CREATE TABLE IF NOT EXISTS rows (id INTEGER PRIMARY KEY, at INTEGER NOT NULL, text TEXT NOT NULL)",
    );
    ctx.storage.sql.exec(
      "CREATE TABLE IF NOT EXISTS readings (read_at TEXT PRIMARY KEY, kwh REAL NOT NULL, w REAL, v REAL, a REAL) WITHOUT ROWID",
    );
  }

  /** Readings of one meter as they are, once each. */
  async read(readings) {
    this.ctx.storage.transactionSync(() => {
      for (const { timestamp, energy_active, power_active, voltage, current } of readings)
        this.ctx.storage.sql.exec(
          "INSERT OR IGNORE INTO readings VALUES (?, ?, ?, ?, ?)",
          timestamp,
          energy_active,
          power_active,
          voltage,
          current,
        );
    });
  }

  async write() {
    this.ctx.storage.sql.exec(
      "INSERT INTO rows (at, text) VALUES (?, ?)",
      Date.now(),
      "an entry of about as many bytes as one of an account has",
    );
  }

  async ping() {}

  /** From object to object. */
  async pingOther(name, calls, atOnce) {
    const other = this.env.FLOOR.get(this.env.FLOOR.idFromName(name));
    await inLanes(calls, atOnce, () => other.ping());
  }
}

async function inLanes(calls, atOnce, call) {
  let next = 0;
  const lane = async () => {
    while (next < calls) await call(next++);
  };
  await Promise.all(Array.from({ length: atOnce }, lane));
}

export default {
  async fetch(request, env) {
    const url = new URL(request.url);
    const number = (name) => Math.min(CALLS_MAX, Number(url.searchParams.get(name) ?? 1));
    const object = (name) => env.FLOOR.get(env.FLOOR.idFromName(name));
    if (url.pathname === "/write")
      await inLanes(number("calls"), number("atOnce"), (n) => object(`floor-${n % number("objects")}`).write());
    else if (url.pathname === "/rpc") await object("floor-a").pingOther("floor-b", number("calls"), number("atOnce"));
    else if (url.pathname === "/readings") {
      const { readings } = await request.json();
      const byMeter = Object.groupBy(readings, ({ meter_id }) => meter_id);
      await Promise.all(Object.entries(byMeter).map(([meter, own]) => object(meter).read(own)));
    } else return new Response(await request.arrayBuffer(), { headers: { "content-type": "application/json" } });
    return new Response("done");
  },
};
