/** One workerd with everything around it, which can be broken in every way a machine room knows. */
import { createHash } from "node:crypto";
import { rm } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { type DatabaseProxy, startDatabaseProxy } from "../database-proxy.ts";
import type { DatabaseServer } from "../database-server.ts";
import { type Iot, startIot } from "../iot.ts";
import { type LocalKeys, sha256Hex } from "../keys.ts";
import { LabWorker } from "../lab.ts";
import { type NeonBridge, startNeonBridge } from "../neon.ts";
import { asRecord } from "../serve.ts";
import { type FastClock, fastNow } from "./fast-clock.ts";
import { type OldEndpoint, startOldEndpoint } from "./old-endpoint.ts";
import { drawFrom } from "./seeded.ts";
import type { Shots } from "./shots.ts";
import type { Did, Note } from "./told.ts";
import { FaultyVendors } from "./vendor.ts";

/** Packing and unpacking answers would cost more than all the rest. */
export const PLAIN = { "accept-encoding": "identity" };
/** Machine milliseconds in which the meters answer. */
const ACK_DELAY_MS = 20;
const WATCH_MS = 100;
const CALL_MS_MAX = 10_000;
const LOOKS_MAX = 40;
const LOOK_PAUSE_MS = 300;

export type LaneOptions = {
  name: string;
  port: number;
  bundle: string;
  folder: string;
  database: DatabaseServer;
  template: string;
  keys: LocalKeys;
  clock: FastClock;
};

export class Lane {
  readonly url: string;
  readonly clock: FastClock;
  readonly keys: LocalKeys["LS"];
  readonly did: Did[] = [];
  readonly notes: Note[] = [];
  /** Crashes of workerd that nobody ordered. */
  crashes = 0;
  readonly logs: string[] = [];
  readonly #options: LaneOptions;
  readonly bridge: NeonBridge;
  readonly proxy: DatabaseProxy;
  readonly old: OldEndpoint;
  readonly iot: Iot;
  readonly vendor: FaultyVendors;
  #worker: LabWorker | null = null;
  #shots: Shots = {};
  #world = 0;
  #restarting: Promise<void> | null = null;
  #watching = true;

  static async open(options: LaneOptions): Promise<Lane> {
    const url = `http://127.0.0.1:${options.port}`;
    const { database, keys } = options;
    const [bridge, proxy, old, vendor, iot] = await Promise.all([
      startNeonBridge({ port: 0 }),
      startDatabaseProxy({ listenPort: 0, targetPort: database.port, targetHost: database.host }),
      startOldEndpoint(drawFrom(options.port), 4_000 / options.clock.speed),
      FaultyVendors.start(() => fastNow(options.clock)),
      startIot({
        port: 0,
        ackUrlFor: () => `${url}/api/meters/relay-ack`,
        iotKey: keys.LS.iot,
        ackDelayMs: ACK_DELAY_MS,
        now: () => fastNow(options.clock),
      }),
    ]);
    return new Lane(options, url, { bridge, proxy, old, vendor, iot });
  }

  private constructor(
    options: LaneOptions,
    url: string,
    world: { bridge: NeonBridge; proxy: DatabaseProxy; old: OldEndpoint; vendor: FaultyVendors; iot: Iot },
  ) {
    this.#options = options;
    this.url = url;
    this.clock = options.clock;
    this.keys = options.keys.LS;
    this.bridge = world.bridge;
    this.proxy = world.proxy;
    this.old = world.old;
    this.iot = world.iot;
    this.vendor = world.vendor;
    void this.#watch();
  }

  now(): number {
    return fastNow(this.clock);
  }

  get database(): string {
    return `${this.#options.name}_${this.#world}`;
  }

  get ownerUrl(): string {
    return this.#options.database.ownerUrl(this.database);
  }

  /** Fresh objects and a fresh database: what earlier seeds left is gone. */
  async freshWorld(): Promise<void> {
    const { database, template, bundle, folder, port, keys, name } = this.#options;
    this.#watching = false;
    await this.#worker?.stop();
    if (this.#world > 0) await database.dropDatabase(this.database);
    this.#world += 1;
    await copyDatabase(database, template, this.database);
    this.vendor.begin(this.#world);
    const objects = join(folder, name, `objects-${this.#world}`);
    await rm(join(folder, name), { recursive: true, force: true });
    const sha = (key: string) => sha256Hex(key);
    this.#worker = new LabWorker({
      bundle,
      objects,
      port,
      queueSeconds: 0,
      vars: {
        DATABASE_URL: database.appUrl(this.database, this.proxy.port),
        NEON_SQL_URL: this.bridge.url,
        OPS_KEY_SHA256: sha(keys.LS.ops),
        GATEWAY_KEY_SHA256: sha(keys.LS.gateway),
        PROVIDER_KEY_SHA256: sha(keys.LS.provider),
        IOT_KEY_SHA256: sha(keys.LS.iot),
        LINK_SIGNING_KEYS: keys.LS.links,
        SIGN_IN_KEYS: keys.LS.signIn,
        IOT_ENDPOINT: this.iot.url,
        AWS_ACCESS_KEY_ID: keys.aws.id,
        AWS_SECRET_ACCESS_KEY: keys.aws.secret,
        LEGACY_SMS_URL: `${this.old.url}/receive.php`,
        LEGACY_FEES_SMS_URL: `${this.old.url}/fees/receive.php`,
        ...this.vendor.vars(),
        FAULT_CLOCK: JSON.stringify(this.clock),
      },
      services: { FP: (request) => this.#fault(request) },
      log: (line) => this.logs.push(line),
    });
    await this.#worker.start();
    this.#watching = true;
  }

  /** From now on these steps fail; what was counted before is forgotten. */
  async setShots(shots: Shots): Promise<Record<string, number> | null> {
    this.#shots = shots;
    const answer = await this.call("POST", "/__faults/load");
    return answer.status === 200 ? (asRecord(answer.body).counts as Record<string, number>) : null;
  }

  /** Instants (machine time) of whatever may explain that something happened twice. */
  readonly disturbances: number[] = [];

  /** What an earlier batch left written down. */
  forget() {
    for (const list of [this.did, this.notes, this.logs, this.disturbances]) list.length = 0;
    this.old.forget();
  }

  /** Every object dies at its next statement. */
  async evict(): Promise<void> {
    this.disturbances.push(Date.now());
    await this.call("POST", "/__faults/evict");
  }

  async poison(queue: string, body: unknown): Promise<void> {
    await this.call("POST", "/__faults/poison", { queue, body });
  }

  /** The power fails and comes back: queues are empty afterwards. */
  async crash(): Promise<void> {
    await this.#restart(true);
  }

  async minute(): Promise<void> {
    await this.call("GET", "/cdn-cgi/local/scheduled?cron=*+*+*+*+*");
  }

  /** One request with a key of ours; status 0: no answer. */
  async call(
    method: string,
    path: string,
    body?: unknown,
    headers: Record<string, string> = {},
  ): Promise<{ status: number; body: unknown }> {
    try {
      const answer = await fetch(`${this.url}${path}`, {
        method,
        headers: { ...PLAIN, ...(body === undefined ? {} : { "content-type": "application/json" }), ...headers },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
        signal: AbortSignal.timeout(CALL_MS_MAX),
      });
      const text = await answer.text();
      return { status: answer.status, body: parsed(text) };
    } catch {
      return { status: 0, body: null };
    }
  }

  ops(method: string, path: string, body?: unknown, actor = "thabo"): Promise<{ status: number; body: unknown }> {
    // Only what needs a name of its own looks at it; by what it says it is the same when it is sent again.
    const key = `faults-${createHash("sha256")
      .update(JSON.stringify(body ?? ""))
      .digest("hex")
      .slice(0, 32)}`;
    const headers = { "x-ops-key": this.keys.ops, "x-actor": actor, "idempotency-key": key };
    return this.call(method, `/api/ops${path}`, body, headers);
  }

  /** A question of the operators' that is asked again while workerd, say, is being restarted. */
  async look(path: string): Promise<{ status: number; body: unknown }> {
    for (let tries = 1; ; tries++) {
      const answer = await this.ops("GET", path);
      if ((answer.status >= 200 && answer.status < 500) || tries >= LOOKS_MAX) return answer;
      await wait(LOOK_PAUSE_MS);
    }
  }

  async close(): Promise<void> {
    this.#watching = false;
    await this.#worker?.stop();
    await Promise.all([
      this.bridge.close(),
      this.proxy.close(),
      this.old.close(),
      this.vendor.close(),
      this.iot.close(),
    ]);
    await rm(join(this.#options.folder, this.#options.name), { recursive: true, force: true });
  }

  async #fault(request: Request): Promise<Response> {
    if (request.url.endsWith("/plan")) return Response.json({ shots: this.#shots });
    const { did, notes } = (await request.json()) as { did: Did[]; notes: Note[] };
    // What has happened does not happen again after a restart.
    for (const { owner, place, kind, n } of did) delete this.#shots[`${owner}/${place}/${kind}/${n}`];
    this.did.push(...did);
    this.notes.push(...notes);
    return new Response();
  }

  #restart(ordered: boolean): Promise<void> {
    this.#restarting ??= this.#again(ordered).finally(() => {
      this.#restarting = null;
    });
    return this.#restarting;
  }

  async #again(ordered: boolean) {
    if (!ordered) this.crashes += 1;
    this.disturbances.push(Date.now());
    await this.#worker?.kill();
    await this.#worker?.start();
  }

  /** A workerd that died by itself is one more crash. */
  async #watch() {
    for (;;) {
      await wait(WATCH_MS, undefined, { ref: false });
      if (this.#watching && this.#restarting === null && this.#worker?.isRunning() === false)
        await this.#restart(false);
    }
  }
}

async function copyDatabase(server: DatabaseServer, template: string, name: string) {
  const { withClient } = await import("../database-server.ts");
  await server.dropDatabase(name);
  await withClient(server.superUrl(), async (client) => {
    await client.query(
      `CREATE DATABASE ${client.escapeIdentifier(name)} OWNER cc_owner TEMPLATE ${client.escapeIdentifier(template)}`,
    );
    await client.query(`GRANT CONNECT ON DATABASE ${client.escapeIdentifier(name)} TO cc_app`);
    await client.query(`ALTER DATABASE ${client.escapeIdentifier(name)} SET timezone TO 'UTC'`);
  });
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
