/**
 * Counts what objects ask of the platform: statements, transactions, alarms, calls, queue messages, fetches. All objects
 * of a local workerd live in one isolate, so one table holds them all.
 */
type Sql = { exec(query: string, ...bindings: unknown[]): { rowsWritten: number } };
type Storage = {
  sql: Sql;
  transactionSync<T>(step: () => T): T;
  setAlarm(at: number | Date): Promise<void>;
  deleteAlarm(): Promise<void>;
  /** Resolves when what was written before is committed. */
  sync(): Promise<void>;
};
type Ctx = { storage: Storage };
type AnyEnv = Record<string, unknown>;
type Durable = { alarm?(): Promise<void> };
type DurableClass = new (ctx: Ctx, env: AnyEnv) => Durable;
type Namespace = { get(id: { name?: string }, options?: unknown): object };
type Queue = { send(body: unknown, options?: unknown): Promise<unknown> };
type Handlers = {
  fetch(request: Request, env: AnyEnv, ctx: unknown): Promise<Response> | Response;
  queue(batch: { queue: string; messages: readonly unknown[] }, env: AnyEnv, ctx: unknown): Promise<void>;
  scheduled(controller: unknown, env: AnyEnv, ctx: unknown): unknown;
};

export const COUNTS_PATH = "/__counts";

const counts = new Map<string, number>();
const owners = new WeakMap<object, string>();
const patched = new WeakSet<object>();

const count = (kind: string, what: string, times = 1) => {
  const key = `${kind} ${what}`;
  counts.set(key, (counts.get(key) ?? 0) + times);
};

/** What each statement's storage is; it has one open transaction at a time, which all writes of a turn share. */
const storages = new WeakMap<object, Storage>();
const uncommitted = new WeakSet<object>();

/** The first write since the last commit opens the next. */
function countCommit(storage: Storage | undefined, cls: string) {
  if (storage === undefined || uncommitted.has(storage)) return;
  uncommitted.add(storage);
  count("commit", cls);
  const closed = () => void uncommitted.delete(storage);
  storage.sync().then(closed, closed);
}

const isRead = (query: string) => /^\s*(SELECT|WITH)\b/i.test(query);
const { stringify } = JSON;
/** Characters that a value takes on its way between objects, about. */
const charsOf = (value: unknown) =>
  stringify(value, (_, each: unknown) => (each instanceof Uint8Array ? each.length : each))?.length ?? 0;

/** The same class, with its storage counted. */
export function countedClass(cls: string, real: DurableClass): DurableClass {
  const counted = {
    [cls]: class extends real {
      constructor(ctx: Ctx, env: AnyEnv) {
        for (const part of [ctx.storage, ctx.storage.sql]) owners.set(part, cls);
        storages.set(ctx.storage.sql, ctx.storage);
        patchGlobals();
        patchStorage(Object.getPrototypeOf(ctx.storage) as Storage);
        patchSql(Object.getPrototypeOf(ctx.storage.sql) as Sql);
        patchBindings(env);
        count("woken", cls);
        super(ctx, env);
      }
      override async alarm(): Promise<void> {
        count("alarm", cls);
        await super.alarm?.();
      }
    },
  }[cls];
  if (counted === undefined) throw new Error(`no class ${cls}`);
  return counted;
}

/** The Worker's own handlers, and one route that answers the counts since it was last asked. */
export const countedHandlers = (real: Handlers): Handlers => ({
  async fetch(request, env, ctx) {
    patchBindings(env);
    patchGlobals();
    const { pathname } = new URL(request.url);
    if (pathname !== COUNTS_PATH) {
      count("request", `${request.method} ${pathname.replace(/\d{4,}|\/[^/]*\.[^/]*$/g, "…")}`);
      return real.fetch(request, env, ctx);
    }
    const answer = Response.json(Object.fromEntries(counts));
    counts.clear();
    return answer;
  },
  async queue(batch, env, ctx) {
    patchBindings(env);
    count("batch", batch.queue);
    count("delivered", batch.queue, batch.messages.length);
    return real.queue(batch, env, ctx);
  },
  async scheduled(controller, env, ctx) {
    patchBindings(env);
    await real.scheduled(controller, env, ctx);
  },
});

function once(prototype: object): boolean {
  if (patched.has(prototype)) return false;
  patched.add(prototype);
  return true;
}

function patchSql(prototype: Sql) {
  if (!once(prototype)) return;
  const { exec } = prototype;
  prototype.exec = function (this: Sql, query: string, ...bindings: unknown[]) {
    const cls = owners.get(this) ?? "";
    count("sql", `${cls} ${query.replace(/\s+/g, " ").trim()}`);
    count(isRead(query) ? "read" : "write", cls);
    if (!isRead(query)) countCommit(storages.get(this), cls);
    const cursor = exec.call(this, query, ...bindings);
    // As the platform bills them: rows of indexes are rows too.
    if (cursor.rowsWritten > 0) count("rows", cls, cursor.rowsWritten);
    return cursor;
  };
}

function patchStorage(prototype: Storage) {
  if (!once(prototype)) return;
  for (const name of ["transactionSync", "setAlarm", "deleteAlarm"] as const) {
    const real = prototype[name] as (...given: unknown[]) => unknown;
    Object.assign(prototype, {
      [name](this: Storage, ...given: unknown[]) {
        count(name, owners.get(this) ?? "");
        if (name !== "transactionSync") countCommit(this, owners.get(this) ?? "");
        return real.apply(this, given);
      },
    });
  }
}

let hasPatchedGlobals = false;

function patchGlobals() {
  if (hasPatchedGlobals) return;
  hasPatchedGlobals = true;
  const { setTimeout: realTimeout } = globalThis;
  globalThis.setTimeout = ((...given: Parameters<typeof realTimeout>) => {
    count("timer", "setTimeout");
    return realTimeout(...given);
  }) as typeof realTimeout;
  const { parse } = JSON;
  JSON.parse = (text, reviver) => {
    count("json", "characters parsed", String(text).length);
    return parse(text, reviver);
  };
  JSON.stringify = ((...given: Parameters<typeof stringify>) => {
    const text = stringify(...given);
    count("json", "characters written", text?.length ?? 0);
    return text;
  }) as typeof stringify;
}

function patchBindings(env: AnyEnv) {
  const namespace = Object.getPrototypeOf(env.MAILBOX) as Namespace;
  if (once(namespace)) {
    const { get } = namespace;
    namespace.get = function (this: Namespace, id, options) {
      return countedStub(get.call(this, id, options), classOf(this, env));
    };
  }
  const queue = Object.getPrototypeOf(env.LEDGER_COPY) as Queue;
  if (once(queue)) {
    const { send } = queue;
    queue.send = function (this: Queue, body, options) {
      count("queue", classOf(this, env));
      return send.call(this, body, options);
    };
  }
  if (once(globalThis.fetch)) {
    const real = globalThis.fetch;
    globalThis.fetch = (input, init) => {
      const url = input instanceof Request ? input.url : String(input);
      count("fetch", new URL(url).origin);
      return real(input, init);
    };
    patched.add(globalThis.fetch);
  }
}

const NAMESPACES = ["MAILBOX", "RECEIPT_BOOK", "TILL", "ACCOUNT_LEDGER", "DISCONNECT_GATE", "DIRECTORY"];

const names = new WeakMap<object, string>();

/** Which binding this is. Each event has an environment of its own, with the same names. */
function classOf(binding: object, env: AnyEnv): string {
  const known = names.get(binding);
  if (known !== undefined) return known;
  for (const name of [...NAMESPACES, "UNMAPPED_METERS", "VENDOR_BUDGET", "LEDGER_COPY", "LEGACY_FORWARD", "JOBS"]) {
    const value = env[name];
    if (typeof value === "object" && value !== null) names.set(value, name);
  }
  return names.get(binding) ?? "other";
}

function countedStub(stub: object, cls: string): object {
  return new Proxy(stub, {
    get(target, property) {
      const value: unknown = Reflect.get(target, property, target);
      if (typeof value !== "function" || typeof property !== "string" || property === "then") return value;
      return (...given: unknown[]) => {
        count("call", `${cls} ${property}`);
        count("carried", cls, charsOf(given));
        const answer = Reflect.apply(value, target, given) as Promise<unknown>;
        // A look at the answer on its way: the stub's own promise is handed on as it is.
        answer.then(
          (answered) => count("carried", cls, charsOf(answered)),
          () => undefined,
        );
        return answer;
      };
    },
  });
}
