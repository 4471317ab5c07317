/** The whole of a country in one process: the Worker as it would be deployed, its objects, queues, database, meters and neighbours. */
import { VENDORS, type Vendor } from "../../src/domain/vendor.ts";
import { drawFrom } from "../faults/seeded.ts";
import { sha256Hex } from "../keys.ts";
import { asRecord, parseJson } from "../serve.ts";
import { install, type Life, Machine } from "./machine.ts";
import { type DurableClass, Namespace } from "./objects.ts";
import { OldSystem } from "./old-system.ts";
import { koiosOf, thunderCloudOf } from "./platforms.ts";
import type { DatabaseFault, SimulatedPostgres } from "./postgres.ts";
import { SimulatedQueue } from "./queues.ts";
import type { Release, Waiting, WorkerModule } from "./release.ts";
import { SimulatedVendor } from "./vendor.ts";

const CLASSES = {
  MAILBOX: "Mailbox",
  RECEIPT_BOOK: "ReceiptBook",
  TILL: "Till",
  ACCOUNT_LEDGER: "AccountLedger",
  DISCONNECT_GATE: "DisconnectGate",
  DIRECTORY: "Directory",
  UNMAPPED_METERS: "UnmappedMeters",
  VENDOR_BUDGET: "VendorBudget",
} as const;
export type Binding = keyof typeof CLASSES;
const QUEUES = {
  LEDGER_COPY: "ledger-copy",
  LEGACY_FORWARD: "legacy-forward",
  JOBS: "jobs",
  IMPORTS: "imports",
} as const;

export type Answer = { status: number; body: unknown };
/** `generation`: what the receipt was when the person looked; `isKnown`: false where nobody answered. */
export type Moved = { receipt: string; generation: number; account: string; isKnown: boolean };
export const URLS = {
  worker: "http://worker.test",
  database: "http://database.test/sql",
  meters: "http://meters.test",
  old: "http://old.test/receive.php",
};

const ACK_MS_MAX = 4_000;
/** The share of its ticks that the platform's clock gives. */
const TICKS = [1, 0.25, 0.1, 0.1] as const;
/** Where what is on the wire may be cut: phones and the bridge of the meters send again what was not understood. */
const CUT = /^\/api\/(?:sms|meters)\//;

export type Releases = { now: Release; before: Release | null };

export class World {
  readonly machine: Machine;
  readonly postgres: SimulatedPostgres;
  readonly objects: Record<Binding, Namespace>;
  readonly queues: SimulatedQueue[];
  readonly vendors: Record<Vendor, SimulatedVendor>;
  readonly old: OldSystem;
  readonly keys = { ops: "", gateway: "", provider: "", iot: "" };
  /** Chances of what fails, set by the weather. */
  readonly faults = { database: "none" as DatabaseFault, meters: 0, old: 0, cut: 0, koios: 0, thundercloud: 0 };
  /** The share of what is asked that the release before answers. */
  before = 0;
  readonly published: { topic: string; action: string }[] = [];
  /** What people were answered who gave a receipt to an account. */
  readonly moves: Moved[] = [];
  /** What the world outside has told, but for the phones, which keep theirs. */
  readonly told: (() => Promise<Answer>)[] = [];
  readonly #releases: Releases;
  #running: { now: WorkerModule; before: WorkerModule | null };
  readonly #env: Record<string, unknown>;
  readonly #requests = new Set<Life>();
  readonly #restore: () => void;

  constructor(seed: number, startAt: number, releases: Releases, postgres: SimulatedPostgres) {
    const machine = new Machine(seed, startAt);
    this.machine = machine;
    this.postgres = postgres;
    this.#releases = releases;
    this.#restore = install(machine, (request) => this.#network(request));
    for (const name of Object.keys(this.keys) as (keyof World["keys"])[]) this.keys[name] = this.#drawKey();
    const env = () => this.#env;
    this.#running = this.#begin();
    this.objects = Object.fromEntries(
      Object.entries(CLASSES).map(([binding, cls]) => [
        binding,
        new Namespace(machine, cls, () => classOf(this.#module(), cls), env),
      ]),
    ) as Record<Binding, Namespace>;
    this.old = new OldSystem(machine, () => this.objects.MAILBOX);
    const consume = (batch: unknown) => this.#module().default.queue(batch, this.#env, this.#waiting());
    const dead = new SimulatedQueue(machine, "customer-care-ls-dead", this.#requests, consume, null);
    const queues = Object.fromEntries(
      Object.entries(QUEUES).map(([binding, what]) => [
        binding,
        new SimulatedQueue(machine, `customer-care-ls-${what}`, this.#requests, consume, dead),
      ]),
    );
    this.queues = [dead, ...Object.values(queues)];
    const signing = () => `simulated:${Buffer.from(crypto.getRandomValues(new Uint8Array(32))).toString("hex")}`;
    const sha = (key: string) => sha256Hex(key);
    const keys = { read: this.#drawKey(), write: this.#drawKey() };
    this.vendors = {
      koios: new SimulatedVendor(machine, "koios", koiosOf(machine, seed, keys)),
      thundercloud: new SimulatedVendor(machine, "thundercloud", thunderCloudOf(machine, seed, this.#drawKey())),
    };
    this.#env = {
      COUNTRY: "LS",
      ...this.vendors.koios.vars,
      ...this.vendors.thundercloud.vars,
      ...this.objects,
      ...queues,
      CONTRACTS: emptyBucket,
      DROP: emptyBucket,
      REPORTS: emptyBucket,
      ASSETS: { fetch: async () => new Response("", { status: 404 }) },
      DATABASE_URL: "postgres://cc_app:simulated@database.test/cc_ls",
      NEON_SQL_URL: URLS.database,
      OPS_KEY_SHA256: sha(this.keys.ops),
      GATEWAY_KEY_SHA256: sha(this.keys.gateway),
      PROVIDER_KEY_SHA256: sha(this.keys.provider),
      IOT_KEY_SHA256: sha(this.keys.iot),
      LINK_SIGNING_KEYS: signing(),
      SIGN_IN_KEYS: signing(),
      IOT_ENDPOINT: URLS.meters,
      IOT_REGION: "eu-west-1",
      AWS_ACCESS_KEY_ID: "simulated",
      AWS_SECRET_ACCESS_KEY: "simulated",
      LEGACY_SMS_URL: URLS.old,
    };
  }

  close() {
    this.#restore();
    for (const namespace of Object.values(this.objects)) namespace.close();
  }

  /** The process dies and starts again: every memory, every request and every queue is gone; what was written stays. */
  crash() {
    this.machine.strike("crash");
    for (const namespace of Object.values(this.objects)) namespace.killAll("crash");
    for (const life of [...this.#requests]) this.machine.end(life);
    this.#requests.clear();
    for (const queue of this.queues) queue.lose();
    this.#running = this.#begin();
  }

  /** From here on the release before answers `share` of what is asked, and is the code of as many of the objects. */
  deploy(share: number) {
    this.before = share;
    for (const namespace of Object.values(this.objects)) namespace.killAll("deployed");
  }

  /** With an empty memory; the release before begins when it is first asked. */
  #begin(): { now: WorkerModule; before: WorkerModule | null } {
    return { now: this.#releases.now(), before: null };
  }

  #module(): WorkerModule {
    const { before } = this.#releases;
    if (before === null || !this.machine.strikes("releases", this.before)) return this.#running.now;
    this.#running.before ??= before();
    return this.#running.before;
  }

  /** The platform's minute, five minutes, quarter of an hour, and night; in some seeds it leaves most of them out. */
  startClock(seed: number) {
    const { machine } = this;
    const share = drawFrom(seed * 31 + 3).pick(TICKS);
    const minute = 60_000;
    const tick = () => {
      const at = machine.now();
      const crons = ["* * * * *"];
      if ((at / minute) % 5 === 0) crons.push("*/5 * * * *");
      if ((at / minute) % 15 === 0) crons.push("*/15 * * * *");
      if ((at / minute) % 1440 === 77) crons.push("17 1 * * *");
      if (!machine.draw.chance(share)) crons.length = 0;
      for (const cron of crons)
        this.#inRequest(`cron ${cron}`, async (waiting) =>
          this.#module().default.scheduled({ cron, scheduledTime: at }, this.#env, waiting),
        );
      machine.after(minute, "minute", tick);
    };
    machine.after(minute - (machine.now() % minute), "minute", tick);
  }

  /** One request with a key of ours; status 0: no answer. */
  async call(method: string, path: string, body?: unknown, headers: Record<string, string> = {}): Promise<Answer> {
    try {
      const answer = await fetch(`${URLS.worker}${path}`, {
        method,
        headers: { ...(body === undefined ? {} : { "content-type": "application/json" }), ...headers },
        ...(body === undefined ? {} : { body: body instanceof Uint8Array ? Buffer.from(body) : JSON.stringify(body) }),
      });
      return { status: answer.status, body: parseJson(await answer.text()) };
    } catch {
      return { status: 0, body: null };
    }
  }

  ops(method: string, path: string, body?: unknown, actor = "thabo", headers = {}): Promise<Answer> {
    return this.call(method, `/api/ops${path}`, body, { "x-ops-key": this.keys.ops, "x-actor": actor, ...headers });
  }

  #drawKey() {
    return Buffer.from(crypto.getRandomValues(new Uint8Array(24))).toString("hex");
  }

  #waiting(): Waiting {
    return { waitUntil: (work) => void work.catch(() => undefined), passThroughOnException: () => undefined };
  }

  /** Work of the Worker that dies with it. */
  #inRequest<T>(name: string, work: (waiting: Waiting) => Promise<T>): Promise<T> {
    const life = this.machine.newLife(name);
    this.#requests.add(life);
    return new Promise<T>((resolve, reject) => {
      const died = () => reject(new Error("the connection was closed"));
      life.onDeath.add(died);
      const end = (ended: () => void) => {
        this.#requests.delete(life);
        if (life.onDeath.delete(died)) ended();
      };
      void this.machine.within(life, () =>
        work(this.#waiting()).then(
          (value) => end(() => resolve(value)),
          (thrown: unknown) => end(() => reject(thrown)),
        ),
      );
    });
  }

  async #network(request: Request): Promise<Response> {
    const { origin, href } = new URL(request.url);
    if (origin === URLS.worker) return this.#ask(request);
    if (href.startsWith(URLS.database)) return this.#database(request);
    const { machine } = this;
    if (origin === URLS.meters) {
      if (machine.strikes("meters", this.faults.meters)) throw new Error("the broker does not answer");
      this.#publish(new URL(request.url).pathname, asRecord(parseJson(await request.text())));
      return Response.json({});
    }
    if (href.startsWith(URLS.old)) return this.old.answer(request, this.faults.old);
    const name = VENDORS.find((each) => this.vendors[each].url === origin);
    if (name !== undefined) return this.vendors[name].answer(request, this.faults[name]);
    throw new Error(`nobody is at ${href}`);
  }

  async #ask(request: Request): Promise<Response> {
    const { machine } = this;
    const mayCut = this.faults.cut > 0 && CUT.test(new URL(request.url).pathname);
    const asked = mayCut && machine.strikes("cut", this.faults.cut) ? await this.#cut(request) : request;
    const answer = await this.#inRequest("request", async (waiting) =>
      this.#module().default.fetch(asked, this.#env, waiting),
    );
    if (!mayCut || !machine.strikes("cut", this.faults.cut)) return answer;
    return new Response(this.#part(await answer.text()), { status: answer.status, headers: answer.headers });
  }

  /** The same with the beginning of its body alone. */
  async #cut(request: Request): Promise<Request> {
    const body = this.#part(await request.text());
    const headers = new Headers(request.headers);
    headers.delete("content-length");
    return new Request(request.url, { method: request.method, headers, ...(body === "" ? {} : { body }) });
  }

  #part(text: string): string {
    return text.slice(0, this.machine.draw.below(Math.max(1, text.length)));
  }

  async #database(request: Request): Promise<Response> {
    const { machine, faults } = this;
    if (faults.database === "down") {
      machine.strike("down");
      throw new Error("the database does not answer");
    }
    const answer = await this.postgres.answer(request);
    if (faults.database === "lost answer" && machine.strikes("lost answer", 0.5)) throw new Error("the answer is lost");
    return answer;
  }

  /** A meter obeys, and says so after a while. */
  #publish(path: string, command: Record<string, unknown>) {
    const topic = decodeURIComponent(path.replace("/topics/", ""));
    const action = String(command.action);
    this.published.push({ topic, action });
    const [, thing = ""] = topic.split("/");
    const ack = {
      cmd_id: command.cmd_id,
      meter_id: command.meter_id,
      status: "acked",
      relay_after: action === "close" ? "1" : "0",
      error: null,
      thing_name: thing,
      extra: {},
    };
    const say = async (tries: number): Promise<void> => {
      const { status } = await this.call("POST", "/api/meters/relay-ack", ack, { "x-iot-key": this.keys.iot });
      if ((status === 0 || status >= 500) && tries > 1)
        this.machine.after(1_000, "ack again", () => void say(tries - 1));
    };
    this.machine.after(this.machine.draw.below(ACK_MS_MAX), "ack", () => void say(3));
  }
}

function classOf(worker: WorkerModule, name: string): DurableClass {
  const found = (worker as unknown as Record<string, DurableClass | undefined>)[name];
  if (found === undefined) throw new Error(`the Worker has no class ${name}`);
  return found;
}

/** A bucket that nobody has put anything into. */
const emptyBucket = {
  get: async () => null,
  head: async () => null,
  put: async () => null,
  delete: async () => undefined,
  list: async () => ({ objects: [], truncated: false, delimitedPrefixes: [] }),
};
