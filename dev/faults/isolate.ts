/**
 * What the harness changes inside workerd: a faster clock, and steps that fail. The plan is fetched ahead, so that each
 * step only has to be counted. Runs in the isolate; types of the runtime are said here as far as they are used.
 */
import { type FastClock, fastOf, machineOf } from "./fast-clock.ts";
import { noteForwards } from "./forward-notes.ts";
import { objectOf } from "./names.ts";
import { type Action, countKey, SHARED, type Shots, type StepKind, shotKey } from "./shots.ts";
import type { Did, Note } from "./told.ts";

type Plan = { shots: Shots };
type FaultBinding = { fetch(url: string, init?: RequestInit): Promise<Response> };
type Env = {
  FP?: FaultBinding;
  FAULT_CLOCK?: string;
  NEON_SQL_URL?: string;
  IOT_ENDPOINT?: string;
  KOIOS_URL?: string;
  THUNDERCLOUD_URL?: string;
};
type AnyEnv = Env & Record<string, unknown>;
type Ctx = { abort(because: string): void; id: { name?: string }; storage: Storage };
type Sql = { exec(query: string, ...bindings: unknown[]): unknown };
type Storage = {
  sql: Sql;
  transactionSync<T>(step: () => T): T;
  setAlarm(at: number | Date): Promise<void>;
  getAlarm(): Promise<number | null>;
};
/** `left`: statements until its storage fails; null: it does not. */
type Owner = { ctx: Ctx; cls: string; epoch: number; left: number | null };
type Handlers = {
  fetch(request: Request, env: AnyEnv, ctx: Waiting): Promise<Response> | Response;
  queue(batch: unknown, env: AnyEnv, ctx: Waiting): Promise<void>;
  scheduled(controller: unknown, env: AnyEnv, ctx: Waiting): unknown;
};
type Waiting = { waitUntil(work: Promise<unknown>): void };
type DurableClass = new (ctx: Ctx, env: AnyEnv) => { alarm?(): Promise<void> };

let binding: FaultBinding | null = null;
let clock: FastClock = { zeroAt: 0, speed: 1 };
let shots: Shots | null = null;
let loading: Promise<void> | null = null;
/** Raised to evict: an object of an older epoch dies at its next statement. */
let epoch = 0;
const counts = new Map<string, number>();
let before: Record<string, number> = {};
const did: Did[] = [];
const notes: Note[] = [];
const owners = new WeakMap<object, Owner>();
const patched = new WeakSet<object>();
/** Limits of calls run less fast than the clock: a busy machine must not look like a world that never answers. */
const LIMITS_SLOWER = 3;
const machineNow = Date.now.bind(Date);
const machineTimeout = globalThis.setTimeout;

export class Injected extends Error {}

/** True when the harness is there. */
export function install(env: unknown): boolean {
  const { FP, FAULT_CLOCK, NEON_SQL_URL = "", IOT_ENDPOINT = "", KOIOS_URL = "?", THUNDERCLOUD_URL = "?" } = env as Env;
  if (FP === undefined) return false;
  binding = FP;
  clock = JSON.parse(FAULT_CLOCK ?? '{"zeroAt":0,"speed":1}') as FastClock;
  Date.now = () => fastOf(clock, machineNow());
  const faster = (work: () => void, ms = 0) => machineTimeout(work, (ms * LIMITS_SLOWER) / clock.speed);
  globalThis.setTimeout = faster as typeof globalThis.setTimeout;
  const timeout = AbortSignal.timeout.bind(AbortSignal);
  AbortSignal.timeout = (ms) => timeout(Math.ceil((ms * LIMITS_SLOWER) / clock.speed));
  const machineFetch = globalThis.fetch;
  globalThis.fetch = (input, init) => {
    const url = typeof input === "string" ? input : input instanceof URL ? input.href : input.url;
    const begins = { database: [NEON_SQL_URL], meters: [IOT_ENDPOINT], vendor: [KOIOS_URL, THUNDERCLOUD_URL] };
    const [place = "legacy"] = Object.entries(begins).flatMap(([name, prefixes]) =>
      prefixes.some((prefix) => url.startsWith(prefix)) ? name : [],
    );
    return around(step(SHARED, place, "fetch"), () => machineFetch(input, init));
  };
  return true;
}

/** The n-th step of its kind: what is planned for it, if anything. */
function step(owner: string, place: string, kind: StepKind): Action | null {
  if (shots === null) return null;
  const key = countKey(owner, place, kind);
  const n = (counts.get(key) ?? 0) + 1;
  counts.set(key, n);
  const action = shots[shotKey(key, n)];
  if (action === undefined) return null;
  did.push({ owner, place, kind, action, n, at: machineNow() });
  return action;
}

function stepOf(name: string | undefined, cls: string, kind: StepKind): Action | null {
  if (shots === null) return null;
  const place = name === undefined ? null : objectOf(name).place;
  return step(place === null ? SHARED : String(place), cls, kind);
}

const LATE_MS = 4_000;

async function around<T>(action: Action | null, call: () => Promise<T>): Promise<T> {
  switch (action) {
    case "throw":
      throw new Injected("injected: it was not done");
    case "lost":
      await call();
      throw new Injected("injected: it was done, and the answer is lost");
    case "late": {
      const answer = await call();
      await new Promise<void>((resolve) => machineTimeout(() => resolve(), LATE_MS / clock.speed));
      return answer;
    }
    default:
      return call();
  }
}

/** The same class, with its storage made to fail. */
export function faultyClass(cls: string, real: DurableClass): DurableClass {
  if (binding === null) return real;
  const faulty = {
    [cls]: class extends real {
      readonly #storage: object;
      constructor(ctx: Ctx, env: AnyEnv) {
        adopt(ctx, env, cls);
        super(ctx, env);
        this.#storage = ctx.storage;
      }
      override async alarm(): Promise<void> {
        await planned();
        const owner = owners.get(this.#storage);
        const action = owner === undefined ? null : stepOf(owner.ctx.id.name, cls, "wake");
        if (owner === undefined || action === null) return super.alarm?.();
        await givenUp(owner, async () => super.alarm?.());
      }
    },
  }[cls];
  if (faulty === undefined) throw new Error(`no class ${cls}`);
  if (cls === "Mailbox") noteForwards(faulty.prototype, (note) => notes.push({ ...note, at: machineNow() }));
  return faulty;
}

function adopt(ctx: Ctx, env: AnyEnv, cls: string) {
  const owner: Owner = { ctx, cls, epoch, left: null };
  owners.set(ctx.storage, owner);
  owners.set(ctx.storage.sql, owner);
  patchStorage(Object.getPrototypeOf(ctx.storage) as Storage);
  patchSql(Object.getPrototypeOf(ctx.storage.sql) as Sql);
  patchBindings(env);
}

/** Statements that an alarm's work still makes before its storage fails. */
const STATEMENTS_BEFORE_FAILURE = 3;

/** The work dies half done, and to the platform it looks as if it had ended: after six failures it gives up just so. */
async function givenUp(owner: Owner, work: () => Promise<void>) {
  owner.left = STATEMENTS_BEFORE_FAILURE;
  try {
    await work();
  } catch {
    // As wanted.
  } finally {
    owner.left = null;
  }
}

function failIfFailing(owner: Owner) {
  if (owner.left === null) return;
  if (owner.left <= 0) throw new Injected("injected: the storage fails");
  owner.left -= 1;
}

function die(owner: Owner): never {
  owner.ctx.abort("injected: the object dies");
  throw new Injected("injected: the object dies");
}

function patchSql(prototype: Sql) {
  if (patched.has(prototype)) return;
  patched.add(prototype);
  const { exec } = prototype;
  prototype.exec = function (this: Sql, query: string, ...bindings: unknown[]) {
    const owner = owners.get(this);
    if (owner !== undefined && shots !== null) {
      failIfFailing(owner);
      if (owner.epoch < epoch) {
        owner.epoch = epoch;
        did.push({ owner: SHARED, place: owner.cls, kind: "sql", action: "evict", n: 0, at: machineNow() });
        die(owner);
      }
      const action = stepOf(owner.ctx.id.name, owner.cls, "sql");
      if (action === "abort") die(owner);
      if (action === "throw") throw new Injected("injected: the statement did not run");
    }
    return exec.call(this, query, ...bindings);
  };
}

function patchStorage(prototype: Storage) {
  if (patched.has(prototype)) return;
  patched.add(prototype);
  const { transactionSync, setAlarm, getAlarm } = prototype;
  prototype.transactionSync = function <T>(this: Storage, work: () => T): T {
    const owner = owners.get(this);
    const action = owner === undefined ? null : stepOf(owner.ctx.id.name, owner.cls, "transaction");
    if (action === "throw") throw new Injected("injected: the transaction did not begin");
    const result = transactionSync.call(this, work) as T;
    if (owner !== undefined && action === "abort-after") die(owner);
    if (action === "throw-after") throw new Injected("injected: committed, and the caller does not know");
    return result;
  };
  // The exact fast instant is remembered: an alarm read back must be the one that was set.
  const set = new WeakMap<object, { fast: number; machine: number }>();
  prototype.setAlarm = async function (this: Storage, at: number | Date) {
    const owner = owners.get(this);
    const action = owner === undefined ? null : stepOf(owner.ctx.id.name, owner.cls, "alarm");
    if (owner !== undefined && owner.left !== null && owner.left < STATEMENTS_BEFORE_FAILURE) failIfFailing(owner);
    if (action === "throw") throw new Injected("injected: the alarm was not set");
    if (owner !== undefined && action === "abort") die(owner);
    const fast = Number(at);
    const machine = machineOf(clock, fast);
    set.set(this, { fast, machine });
    await setAlarm.call(this, machine);
    if (action === "throw-after") throw new Injected("injected: the alarm was set, and the caller does not know");
  };
  prototype.getAlarm = async function (this: Storage) {
    const machine = await getAlarm.call(this);
    if (machine === null) return null;
    const known = set.get(this);
    return known?.machine === machine ? known.fast : fastOf(clock, machine);
  };
}

type Namespace = { get(id: { name?: string }, options?: unknown): object };
type Queue = { send(body: unknown, options?: unknown): Promise<unknown> };

/** Stubs and queues. */
function patchBindings(env: AnyEnv) {
  const namespace = Object.getPrototypeOf(env.MAILBOX) as Namespace;
  if (!patched.has(namespace)) {
    patched.add(namespace);
    const { get } = namespace;
    namespace.get = function (this: Namespace, id, options) {
      return faultyStub(get.call(this, id, options), id.name ?? "");
    };
  }
  const queue = Object.getPrototypeOf(env.LEDGER_COPY) as Queue;
  if (!patched.has(queue)) {
    patched.add(queue);
    const { send } = queue;
    queue.send = async function (this: Queue, body, options) {
      const { name, phoneId } = (body ?? {}) as { name?: string; phoneId?: string };
      const named = String(name ?? phoneId ?? "");
      const action = stepOf(named, objectOf(named).cls, "queue");
      if (action === "dropped") return undefined;
      if (action === "twice") await send.call(this, body, options);
      return around(action, () => send.call(this, body, options));
    };
  }
}

function faultyStub(stub: object, name: string): object {
  const { cls } = objectOf(name);
  return new Proxy(stub, {
    get(target, property) {
      const value: unknown = Reflect.get(target, property, target);
      if (typeof value !== "function" || typeof property !== "string" || property === "then") return value;
      return (...given: unknown[]) => {
        const action = stepOf(name, cls, "call");
        const call = () => Reflect.apply(value, target, given) as Promise<unknown>;
        return action === null ? call() : around(action, call);
      };
    },
  });
}

/** Every event waits for the plan, so that no step escapes it after a restart. */
async function planned(): Promise<void> {
  if (shots !== null || binding === null) return;
  loading ??= load().finally(() => {
    loading = null;
  });
  await loading;
}

async function load() {
  if (binding === null) return;
  const plan = (await (await binding.fetch("http://fp/plan")).json()) as Plan;
  before = Object.fromEntries(counts);
  shots = plan.shots;
  counts.clear();
}

async function tell(): Promise<void> {
  if (binding === null || did.length + notes.length === 0) return;
  const body = JSON.stringify({ did: did.splice(0), notes: notes.splice(0) });
  await binding.fetch("http://fp/told", { method: "POST", body });
}

/** The Worker's own handlers, and the harness's few routes beside them. */
export function faultyHandlers(real: Handlers): Handlers {
  if (binding === null) return real;
  const faulty: Handlers = {
    async fetch(request, env, ctx) {
      patchBindings(env);
      const { pathname } = new URL(request.url);
      if (pathname.startsWith("/__faults/")) return control(pathname, request, env);
      await planned();
      ctx.waitUntil(tell());
      return real.fetch(request, env, ctx);
    },
    async queue(batch, env, ctx) {
      patchBindings(env);
      await planned();
      return real.queue(batch, env, ctx);
    },
    async scheduled(controller, env, ctx) {
      patchBindings(env);
      await planned();
      await real.scheduled(controller, env, ctx);
    },
  };
  return faulty;
}

async function control(pathname: string, request: Request, env: AnyEnv): Promise<Response> {
  if (pathname === "/__faults/load") await load();
  if (pathname === "/__faults/evict") epoch += 1;
  if (pathname === "/__faults/poison") {
    const { queue, body } = (await request.json()) as { queue: string; body: unknown };
    await (env[queue] as Queue).send(body);
  }
  await tell();
  return Response.json({ counts: before });
}
