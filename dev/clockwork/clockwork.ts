/**
 * A whole country in this process: the Worker's own files, objects, queues, crons and jobs, as they are deployed, on a clock
 * that jumps over whatever nobody waits for. Postgres is the real one; the outside world is what the caller gives. For what
 * takes months. Where workerd itself matters (`npm run faults`, the stories) this is no replacement.
 */
import "./hooks.ts";
import { installClock, JumpClock } from "./jump-clock.ts";
import { heard, isDead, type Life, lives, never } from "./life.ts";
import { Objects, type Step } from "./objects.ts";
import { Queue, type QueueShape } from "./queues.ts";
import { Killed } from "./sql.ts";

type Fetch = (request: Request) => Promise<Response>;
/** Requests to an address that begins so are answered by this. `isReal`: with the machine's own work, for which the clock waits. */
export type Outside = { prefix: string; fetch: Fetch; isReal?: boolean };

const BINDINGS = {
  MAILBOX: "Mailbox",
  RECEIPT_BOOK: "ReceiptBook",
  TILL: "Till",
  ACCOUNT_LEDGER: "AccountLedger",
  DISCONNECT_GATE: "DisconnectGate",
  DIRECTORY: "Directory",
  UNMAPPED_METERS: "UnmappedMeters",
  VENDOR_BUDGET: "VendorBudget",
} as const;

/** As wrangler.toml has them. */
const QUEUES = {
  LEDGER_COPY: { name: "customer-care-xx-ledger-copy", batch: 50, waitMs: 1_000, atOnce: 2, retries: 10 },
  LEGACY_FORWARD: { name: "customer-care-xx-legacy-forward", batch: 10, waitMs: 1_000, atOnce: 1, retries: 10 },
  JOBS: { name: "customer-care-xx-jobs", batch: 5, waitMs: 1_000, atOnce: 2, retries: 10 },
  IMPORTS: { name: "customer-care-xx-imports", batch: 1, waitMs: 1, atOnce: 4, retries: 10 },
} as const satisfies Record<string, QueueShape>;

type Worker = {
  default: {
    fetch(request: Request, env: object, ctx: object): Promise<Response> | Response;
    queue(batch: object, env: object, ctx: object): Promise<void>;
    scheduled(controller: object, env: object, ctx: object): void;
  };
} & Record<string, unknown>;

export class Clockwork {
  readonly clock: JumpClock;
  readonly #objects: Objects[] = [];
  readonly #queues = new Map<string, Queue>();
  readonly #env: Record<string, unknown>;
  readonly #worker: Worker;
  #life: Life = { ended: false };
  /** Asked at each step at which the power might fail: true ends everything there. */
  fails: (step: Step | { request: string; at: "before" | "after" }) => boolean = () => false;
  kills = 0;

  /** One a process: the clock and `fetch` are the process's own. */
  static async open(options: {
    now: number;
    vars: Record<string, string>;
    outside: (clock: JumpClock) => Outside[];
  }): Promise<Clockwork> {
    const clock = new JumpClock(options.now);
    installClock(clock, () => lives.getStore());
    // By its address only: the types of the two runtimes do not go together.
    const worker = (await import(String(new URL("../../workers/index.ts", import.meta.url)))) as Worker;
    const world = new Clockwork(clock, worker, options.vars);
    const outside = options.outside(clock);
    globalThis.fetch = (input, init) => world.#fetchOutside(outside, new Request(input, init), init?.signal);
    process.on("unhandledRejection", (thrown) => {
      if (!(thrown instanceof Killed)) throw thrown;
    });
    return world;
  }

  private constructor(clock: JumpClock, worker: Worker, vars: Record<string, string>) {
    this.clock = clock;
    this.#worker = worker;
    const life = () => this.#life;
    const empty = { list: async () => ({ objects: [], truncated: false }), get: async () => null };
    this.#env = { ...vars, DROP: empty, CONTRACTS: empty };
    for (const [binding, cls] of Object.entries(BINDINGS)) {
      const make = worker[cls] as ConstructorParameters<typeof Objects>[0]["make"];
      const step = (at: Step) => this.#mayFail(at);
      const objects = new Objects({ cls, make, clock, env: () => this.#env, life, step });
      this.#objects.push(objects);
      this.#env[binding] = objects.namespace();
    }
    for (const [binding, shape] of Object.entries(QUEUES)) {
      const consume = (batch: object) => worker.default.queue(batch, this.#env, this.#context());
      const queue = new Queue(shape, clock, life, consume);
      this.#queues.set(binding, queue);
      this.#env[binding] = queue.producer();
    }
  }

  /** A request to the Worker, as from outside; the clock goes on until it is answered. Status 0: the power failed meanwhile. */
  async ask(
    method: string,
    path: string,
    headers: Record<string, string>,
    body?: unknown,
  ): Promise<{ status: number; body: unknown }> {
    const request = new Request(`http://customer-care.local${path}`, {
      method,
      headers: { ...headers, ...(body === undefined ? {} : { "content-type": "application/json" }) },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const life = this.#life;
    const answer = lives.run(life, async () => {
      const response = await this.#worker.default.fetch(request, this.#env, this.#context());
      return { status: response.status, text: await response.text() };
    });
    const gone = new Promise<null>((resolve) => this.#mourners.push(() => resolve(null)));
    const said = await this.clock.until(Promise.race([answer, gone]), ANSWER_MS_MAX);
    if (said === null) return { status: 0, body: null };
    return { status: said.status, body: jsonOf(said.text) };
  }

  #mourners: (() => void)[] = [];

  /** What a cron expression starts. */
  cron(cron: string) {
    lives.run(this.#life, () =>
      this.#worker.default.scheduled({ cron, scheduledTime: this.clock.now() }, this.#env, this.#context()),
    );
  }

  /** One job by its name, as a cron's message brings it. */
  job(job: string) {
    void lives.run(this.#life, () => (this.#env.JOBS as ReturnType<Queue["producer"]>).send({ job, page: null }));
  }

  /** The power fails and is back: memory is gone, storage and alarms are as they were, messages come again. */
  kill() {
    this.kills++;
    this.#life.ended = true;
    this.#life = { ended: false };
    for (const objects of this.#objects) objects.forget();
    for (const queue of this.#queues.values()) queue.forget();
    for (const tell of this.#mourners.splice(0)) tell();
  }

  isQueueEmpty(): boolean {
    return [...this.#queues.values()].every((queue) => queue.isEmpty());
  }

  /** Messages that were given up on. */
  deadLetters(): unknown[] {
    return [...this.#queues.values()].flatMap(({ dead }) => dead);
  }

  #mayFail(step: Parameters<Clockwork["fails"]>[0]) {
    if (!isDead() && this.fails(step)) this.kill();
  }

  #context() {
    return {
      waitUntil: (work: Promise<unknown>) => void work.catch(() => undefined),
      passThroughOnException: () => undefined,
    };
  }

  async #fetchOutside(outside: Outside[], request: Request, signal?: AbortSignal | null): Promise<Response> {
    if (isDead()) return never();
    const place = outside.find(({ prefix }) => request.url.startsWith(prefix));
    if (place === undefined) throw new Error(`nobody is at ${request.url}`);
    if (place.isReal === true) return heard(this.clock.during(() => lives.exit(() => place.fetch(request))));
    this.#mayFail({ request: request.url, at: "before" });
    if (isDead()) return never();
    const given = new Promise<never>((_resolve, reject) => {
      signal?.addEventListener("abort", () => reject(signal.reason), { once: true });
    });
    given.catch(() => undefined);
    const answer = await heard(Promise.race([lives.exit(() => place.fetch(request)), given]));
    this.#mayFail({ request: request.url, at: "after" });
    return isDead() ? never() : answer;
  }
}

const ANSWER_MS_MAX = 300_000;

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
