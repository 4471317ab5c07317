/** The Worker alone in workerd, with its real bindings and nothing before it, for fault runs and benches. */
import { execFile } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { convertV4MiniflareOptions, Miniflare } from "miniflare";
import { unstable_getMiniflareWorkerOptions } from "wrangler";
import { COUNTRIES } from "../src/domain/country.ts";
import { startDatabaseProxy } from "./database-proxy.ts";
import { startIot } from "./iot.ts";
import { keysIn, sha256Hex } from "./keys.ts";
import { startLegacy } from "./legacy.ts";
import { migrate } from "./migrate.ts";
import { startNeonBridge } from "./neon.ts";
import { startDatabaseServer } from "./postgres.ts";

const ROOT = fileURLToPath(new URL("..", import.meta.url));
/** On a machine that is busy: five seconds on one that is not. */
const BUNDLE_MS_MAX = 240_000;
const START_TRIES_MAX = 5;

type WorkerOptions = {
  /** The folder that `bundle` filled. */
  bundle: string;
  /** Where objects live from one start to the next. */
  objects: string;
  port: number;
  inspectorPort?: number;
  vars: Record<string, string>;
  /** Service bindings that no deployment has. */
  services?: Record<string, (request: Request) => Promise<Response> | Response>;
  /** Seconds that a queue waits for more messages before it hands out a batch. */
  queueSeconds?: number;
  log?: (line: string) => void;
  /** Another file of deployments, and which of it; this tree's of Lesotho where nothing is said. */
  deployment?: Deployment;
};
type Deployment = { config: string; env: string };
const LESOTHO: Deployment = { config: join(ROOT, "wrangler.toml"), env: "ls" };

/** Writes the Worker, or another entry around it, into a folder as it would be deployed. */
export async function bundle(folder: string, entry?: string, more: string[] = []): Promise<void> {
  await mkdir(folder, { recursive: true });
  // The portal is no part of it, but its folder has to be there.
  await mkdir(join(ROOT, "web", "dist"), { recursive: true });
  const wrangler = join(ROOT, "node_modules", ".bin", "wrangler");
  const args = [
    "deploy",
    ...(entry === undefined ? [] : [entry]),
    "--dry-run",
    "--env",
    "ls",
    "--outdir",
    folder,
    ...more,
  ];
  const env = { ...process.env, CI: "1", NO_COLOR: "1", WRANGLER_SEND_METRICS: "false" };
  await promisify(execFile)(wrangler, args, { cwd: ROOT, env, timeout: BUNDLE_MS_MAX });
  // One that was ended for its slowness says that all is well.
  if (!readdirSync(folder).some((name) => name.endsWith(".js")))
    throw new Error(`the Worker was not bundled within ${BUNDLE_MS_MAX / 1_000} s`);
}

/** One workerd, which can be killed and started again on the same objects. */
export class LabWorker {
  readonly url: string;
  readonly #options: WorkerOptions;
  readonly #script: string;
  #running: Miniflare | null = null;
  #pid: number | null = null;

  constructor(options: WorkerOptions) {
    this.#options = options;
    this.url = `http://127.0.0.1:${options.port}`;
    this.#script = readdirSync(options.bundle).find((name) => name.endsWith(".js")) ?? "index.js";
  }

  /** `vars` replace those of the last start: a clock may move while it is down. */
  async start(vars: Record<string, string> = {}, triesMax = START_TRIES_MAX): Promise<void> {
    Object.assign(this.#options.vars, vars);
    for (let tries = 1; ; tries++) {
      const before = new Set(workerdPids());
      const miniflare = new Miniflare(this.#configuration());
      this.#running = miniflare;
      try {
        await miniflare.ready;
        this.#pid = workerdPids().find((pid) => !before.has(pid)) ?? null;
        return;
      } catch (thrown) {
        await miniflare.dispose().catch(() => undefined);
        if (tries >= triesMax) throw thrown;
        await wait(200 * tries);
      }
    }
  }

  get pid(): number | null {
    return this.#pid;
  }

  /** As if the power were cut: nothing is told, and queues are empty afterwards. */
  async kill(): Promise<void> {
    if (this.#pid !== null && isAlive(this.#pid)) process.kill(this.#pid, "SIGKILL");
    await this.stop();
  }

  async stop(): Promise<void> {
    const running = this.#running;
    this.#running = null;
    this.#pid = null;
    await running?.dispose().catch(() => undefined);
  }

  /** False after a crash of its own: workerd is not started again by itself. */
  isRunning(): boolean {
    return this.#pid !== null && isAlive(this.#pid);
  }

  #configuration() {
    const {
      bundle: folder,
      objects,
      port,
      inspectorPort,
      vars,
      services = {},
      queueSeconds,
      log,
      deployment,
    } = this.#options;
    const lab = {
      ...workerOf({ name: "lab", folder, script: this.#script, vars, services, queueSeconds, deployment }),
      host: "127.0.0.1",
      port,
      ...(inspectorPort === undefined ? {} : { inspectorPort }),
      resourcePersistencePath: objects,
      unsafeTriggerHandlers: true,
      ...(log === undefined ? {} : { handleStructuredLogs: ({ message }: { message: string }) => log(message) }),
    };
    return convertV4MiniflareOptions(lab as Parameters<typeof convertV4MiniflareOptions>[0]);
  }
}

/** A Worker as Lesotho's deployment has it, from a folder that `bundle` filled; `more` are modules beside its script. */
export function workerOf(options: {
  name: string;
  folder: string;
  script: string;
  vars: Record<string, string>;
  services?: Record<string, (request: Request) => Promise<Response> | Response>;
  queueSeconds?: number | undefined;
  more?: string[];
  deployment?: Deployment | undefined;
}) {
  const { name, folder, script, vars, services = {}, queueSeconds, more = [], deployment = LESOTHO } = options;
  const { workerOptions } = unstable_getMiniflareWorkerOptions(deployment.config, deployment.env, {});
  const { modulesRules: _rules, assets: _assets, ...rest } = workerOptions;
  const consumers = rest.queueConsumers as Record<string, Record<string, unknown>>;
  return {
    ...rest,
    name,
    rootPath: folder,
    modulesRoot: folder,
    modules: [script, ...more].map((file) => ({ type: "ESModule", path: join(folder, file) })),
    bindings: { ...(rest.bindings as object), ...vars },
    serviceBindings: { ASSETS: () => new Response("no portal here", { status: 404 }), ...services },
    queueConsumers: Object.fromEntries(
      Object.entries(consumers).map(([queue, settings]) => [
        queue,
        { ...settings, ...(queueSeconds === undefined ? {} : { maxBatchTimeout: queueSeconds }) },
      ]),
    ) as Record<string, Record<string, unknown>>,
  };
}

export type Surroundings = Awaited<ReturnType<typeof startSurroundings>>;

/**
 * PostgreSQL, the bridge to it, the old endpoint and the meters; every port is free unless `firstPort` names them. `now` is
 * the meters' clock.
 */
export async function startSurroundings(
  dataDir: string,
  firstPort: number,
  ackUrl: () => string,
  now: () => number = Date.now,
) {
  await mkdir(dataDir, { recursive: true });
  const keys = await keysIn(dataDir);
  const database = await startDatabaseServer({ dataDir, port: firstPort + 10, reset: true });
  const legacy = await startLegacy({ port: firstPort + 20 });
  const iot = await startIot({ port: firstPort + 21, ackUrlFor: ackUrl, iotKey: keys.LS.iot, now });
  const proxy = await startDatabaseProxy({
    listenPort: firstPort + 11,
    targetPort: database.port,
    targetHost: database.host,
  });
  const bridge = await startNeonBridge({ port: firstPort + 12 });
  const surroundings = {
    keys,
    /** Another may take its place, on the same port and data. */
    database,
    legacy,
    iot,
    proxy,
    bridge,
    /** A fresh database of this name, and what a Worker has to be told to use it. */
    async country(name: string) {
      await database.createDatabase(name);
      await migrate(database.ownerUrl(name), COUNTRIES.LS);
      const vars: Record<string, string> = {
        DATABASE_URL: database.appUrl(name, firstPort + 11),
        NEON_SQL_URL: bridge.url,
        OPS_KEY_SHA256: sha256Hex(keys.LS.ops),
        GATEWAY_KEY_SHA256: sha256Hex(keys.LS.gateway),
        PROVIDER_KEY_SHA256: sha256Hex(keys.LS.provider),
        IOT_KEY_SHA256: sha256Hex(keys.LS.iot),
        LINK_SIGNING_KEYS: keys.LS.links,
        SIGN_IN_KEYS: keys.LS.signIn,
        IOT_ENDPOINT: iot.url,
        AWS_ACCESS_KEY_ID: keys.aws.id,
        AWS_SECRET_ACCESS_KEY: keys.aws.secret,
        LEGACY_SMS_URL: `${legacy.url}/receive.php`,
        LEGACY_FEES_SMS_URL: `${legacy.url}/fees/receive.php`,
      };
      return { vars, ownerUrl: database.ownerUrl(name) };
    },
    async stop() {
      await Promise.all([bridge.close(), proxy.close(), legacy.close(), iot.close()]);
      await surroundings.database.stop();
    },
  };
  return surroundings;
}

/** Of all that this process has started. */
export const workerdPids = (): number[] => childrenOf(process.pid).filter((pid) => commandOf(pid).includes("workerd"));

function childrenOf(pid: number): number[] {
  return readdirSync(`/proc/${pid}/task`).flatMap((task) => {
    try {
      return readFileSync(`/proc/${pid}/task/${task}/children`, "utf8").split(" ").filter(Boolean).map(Number);
    } catch {
      return [];
    }
  });
}

function commandOf(pid: number): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, "utf8");
  } catch {
    return "";
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return !/^State:\s+Z/m.test(readFileSync(`/proc/${pid}/status`, "utf8"));
  } catch {
    return false;
  }
}
