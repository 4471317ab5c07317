/** PostgreSQL on a laptop: the embedded one, or the server that DATABASE_URL names. */
import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { existsSync, openSync, readFileSync, writeFileSync } from "node:fs";
import { chown, mkdir, open, rm } from "node:fs/promises";
import { createServer } from "node:net";
import { join, resolve } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import pg from "pg";
import { type DatabaseServer, hasSecrets, openDatabaseServer, secretsIn } from "./database-server.ts";
import { type PostgresHome, preparePostgresHome } from "./postgres-home.ts";

const START_MS_MAX = 30_000;
const STOP_MS_MAX = 10_000;
const CONNECTIONS_MAX = 100;

export type PostgresOptions = {
  /** Holds passwords and log, and as an ordinary user the data too. */
  dataDir: string;
  /** 0 takes a free port. */
  port: number;
  /** Starts from an empty database. */
  reset?: boolean;
  /** For tests: no fsync, and everything is removed at the end. */
  throwaway?: boolean;
};

/** The server that `DATABASE_URL` names if it is set, else the embedded one. */
export function startDatabaseServer(options: PostgresOptions): Promise<DatabaseServer> {
  const url = process.env.DATABASE_URL;
  return url === undefined || url === "" ? startPostgres(options) : connectPostgres(url, options);
}

async function connectPostgres(url: string, { dataDir, reset = false }: PostgresOptions): Promise<DatabaseServer> {
  await mkdir(dataDir, { recursive: true });
  return openDatabaseServer({ superUrl: url, secrets: secretsIn(dataDir), reset, stop: async () => undefined });
}

/** Starts the embedded PostgreSQL. It stops with `stop()`, and also when this process ends in any way, killed included. */
export async function startPostgres(options: PostgresOptions): Promise<DatabaseServer> {
  const { reset = false, throwaway = false } = options;
  const dataDir = resolve(options.dataDir);
  const home = await preparePostgresHome(dataDir);
  await claimDataDir(dataDir);
  await stopLeftOver(home);
  if (reset) await rm(home.dataFolder, { recursive: true, force: true });
  // An interrupted first start has no pg_control yet; data whose passwords are gone (someone emptied .data/) is of no use.
  const isUsable = existsSync(join(home.dataFolder, "global", "pg_control")) && hasSecrets(dataDir);
  if (!isUsable) {
    await rm(home.dataFolder, { recursive: true, force: true });
    await initialise(home, secretsIn(dataDir).superuser);
  }
  const secrets = secretsIn(dataDir);
  const port = options.port === 0 ? await freePort() : options.port;
  const logFile = join(dataDir, "postgres.log");
  const child = run(home, port, logFile, throwaway);
  const ended = new Promise<void>((done) => child.once("exit", () => done()));
  const stop = async () => {
    child.stdin?.end();
    if ((await Promise.race([ended.then(() => true), wait(STOP_MS_MAX, false, { ref: false })])) === false) {
      const pid = pidOf(home);
      if (pid !== null) process.kill(pid, "SIGQUIT");
      await ended;
    }
    await rm(join(dataDir, "postgres-owner.pid"), { force: true });
    if (throwaway) await rm(home.folder, { recursive: true, force: true });
  };
  const superUrl = `postgres://postgres:${secrets.superuser}@127.0.0.1:${port}/postgres`;
  try {
    await untilReady(superUrl, child, logFile);
    return await openDatabaseServer({ superUrl, secrets, reset, stop });
  } catch (error) {
    await stop();
    throw error;
  }
}

async function initialise(home: PostgresHome, password: string) {
  const passwordFile = join(home.folder, "superuser-password");
  const file = await open(passwordFile, "w", 0o600);
  await file.writeFile(password);
  await file.close();
  if (home.runAs !== null) await chown(passwordFile, home.runAs.uid, home.runAs.gid);
  const args = ["-D", home.dataFolder, "-U", "postgres", "--pwfile", passwordFile, "--auth", "scram-sha-256"];
  // Neon's locale, so that lower() and sorting agree with production.
  args.push("-E", "UTF8", "--locale", "C", "--locale-provider", "builtin", "--builtin-locale", "C.UTF-8", "--no-sync");
  try {
    execFileSync(join(home.binFolder, "initdb"), args, { ...spawnOptions(home), stdio: ["ignore", "ignore", "pipe"] });
  } finally {
    await rm(passwordFile, { force: true });
  }
}

const spawnOptions = (home: PostgresHome) => ({
  cwd: home.folder,
  env: { PATH: process.env.PATH ?? "/usr/bin:/bin", LC_ALL: "C", TZ: "UTC" },
  ...(home.runAs ?? {}),
});

/**
 * Runs the server under a shell that holds our pipe. The pipe closes with `stop()` and also when this process is
 * killed outright, and then the shell shuts the server down: no orphan is left holding port and data.
 */
const KEEPER = [
  "exec 3<&0",
  '"$@" 3<&- </dev/null & pid=$!',
  "(read -r _ <&3; kill -INT $pid) 2>/dev/null & watch=$!",
  "wait $pid; code=$?",
  "kill $watch 2>/dev/null",
  "exit $code",
].join("\n");

function run(home: PostgresHome, port: number, logFile: string, throwaway: boolean): ChildProcess {
  const settings = {
    listen_addresses: "127.0.0.1",
    unix_socket_directories: "",
    max_connections: String(CONNECTIONS_MAX),
    shared_buffers: "64MB",
    timezone: "UTC",
    log_timezone: "UTC",
    jit: "off",
    fsync: throwaway ? "off" : "on",
    full_page_writes: throwaway ? "off" : "on",
  };
  const args = [join(home.binFolder, "postgres"), "-D", home.dataFolder, "-p", String(port)];
  for (const [name, value] of Object.entries(settings)) args.push("-c", `${name}=${value}`);
  writeFileSync(logFile, "");
  const log = openSync(logFile, "a");
  // Its own process group: Ctrl-C reaches this process first, which then ends everything in order.
  return spawn("sh", ["-c", KEEPER, "sh", ...args], {
    ...spawnOptions(home),
    stdio: ["pipe", log, log],
    detached: true,
  });
}

async function untilReady(superUrl: string, child: ChildProcess, logFile: string) {
  const giveUpAt = Date.now() + START_MS_MAX;
  for (;;) {
    if (child.exitCode !== null || child.signalCode !== null) {
      throw new Error(`PostgreSQL did not start:\n${readFileSync(logFile, "utf8").slice(-2000)}`);
    }
    const client = new pg.Client({ connectionString: superUrl, connectionTimeoutMillis: 2_000 });
    client.on("error", () => undefined);
    try {
      await client.connect();
      await client.query("SELECT 1");
      return;
    } catch (error) {
      if (Date.now() > giveUpAt) throw error;
      await wait(50);
    } finally {
      await client.end().catch(() => undefined);
    }
  }
}

function pidOf(home: PostgresHome): number | null {
  try {
    const pid = Number(readFileSync(join(home.dataFolder, "postmaster.pid"), "utf8").split("\n")[0]);
    return Number.isInteger(pid) && pid > 1 ? pid : null;
  } catch {
    return null;
  }
}

/** One start at a time owns a data folder: a second one waits for the first to end, and then gives up. */
async function claimDataDir(dataDir: string) {
  const file = join(dataDir, "postgres-owner.pid");
  const owner = existsSync(file) ? Number(readFileSync(file, "utf8")) : 0;
  for (const giveUpAt = Date.now() + STOP_MS_MAX; owner !== process.pid && argsOf(owner).includes("node"); ) {
    if (Date.now() > giveUpAt)
      throw new Error(`The database in ${dataDir} is in use by process ${owner}; stop it first`);
    await wait(100);
  }
  writeFileSync(file, String(process.pid));
}

/** A server that an earlier, killed start left behind on our own data: ended if it runs, its lock removed if not. */
async function stopLeftOver(home: PostgresHome) {
  const pid = pidOf(home);
  if (pid === null) return;
  const giveUpAt = Date.now() + STOP_MS_MAX;
  for (let asked = false; isPostgresOn(pid, home.dataFolder); asked = true) {
    // Asked gently first: a start in another terminal gets an orderly end too.
    if (!asked) process.kill(pid, "SIGINT");
    if (Date.now() > giveUpAt) process.kill(pid, "SIGQUIT");
    await wait(50);
  }
  // The number may by now belong to another program, which PostgreSQL would take for a running server.
  await rm(join(home.dataFolder, "postmaster.pid"), { force: true });
}

const isPostgresOn = (pid: number, dataFolder: string) => argsOf(pid).includes(dataFolder);

/** The command line of a running process, or "". */
function argsOf(pid: number): string {
  if (!(pid > 1)) return "";
  try {
    if (process.platform === "linux") return readFileSync(`/proc/${pid}/cmdline`, "utf8").replaceAll("\0", " ");
    const args = ["-ww", "-p", String(pid), "-o", "args="];
    return execFileSync("ps", args, { encoding: "utf8", stdio: ["ignore", "pipe", "ignore"] });
  } catch {
    return "";
  }
}

/** A port nobody listens on at this moment. */
export function freePort(): Promise<number> {
  return new Promise((done, failed) => {
    const server = createServer();
    server.once("error", failed);
    server.listen(0, "127.0.0.1", () => {
      const address = server.address();
      server.close(() => done(address !== null && typeof address === "object" ? address.port : 0));
    });
  });
}
