import { type ChildProcess, spawn } from "node:child_process";
import { readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const ROOT = fileURLToPath(new URL("../..", import.meta.url));
const READY_MS_MAX = 180_000;
const LINES_KEPT_MAX = 200;

type LocalCountry = {
  url: string;
  phones: { name: string; token: string; medicUrl: string; smssyncUrl: string }[];
  iotKey: string;
  gatewayKey: string;
  providerKey: string;
  opsKey: string;
  /** The WhatsApp bridge shows it. */
  bridgeKey: string;
  customers: { account: string; password: string; phone: string; meter: string; name: string; status: string }[];
  vendorCustomers: { account: string; site: string; vendor: "koios" | "thundercloud" }[];
  databaseUrl: string;
};
export type LocalWorld = {
  countries: { LS: LocalCountry; BJ: LocalCountry };
  portal: string;
  simulators: Record<"legacy" | "iot" | "mqtt" | "cm" | "om" | "hr" | "database" | "koios" | "thundercloud", string>;
};

export const sleep = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

type WorldOptions = {
  firstPort: number;
  data: string;
  /** False goes on with what an earlier world left in the folder. */
  reset?: boolean;
  /** Nobody has paid before the story begins. */
  quiet?: boolean;
  /** The demo customers' meters run. */
  meters?: boolean;
  /** What vendors' meters count is fetched. */
  vendors?: boolean;
  /** Which countries run, as LS; without it those of `npm start`. */
  countries?: string;
};

/** The world of `npm start`, from an empty folder of its own and on ports of its own. */
export async function startWorld(options: WorldOptions) {
  const { firstPort, data, reset = true, quiet = true, meters = false, vendors = true, countries } = options;
  const folder = join(ROOT, data);
  rmSync(join(folder, "local.json"), { force: true });
  const lines: string[] = [];
  const args = [
    join(ROOT, "dev", "start.ts"),
    ...(reset ? ["--reset"] : []),
    ...(quiet ? ["--quiet"] : []),
    ...(meters ? [] : ["--meters-speed", "0"]),
    ...(vendors ? [] : ["--without-vendors"]),
    ...(countries === undefined ? [] : ["--countries", countries]),
    "--data",
    data,
  ];
  const child: ChildProcess = spawn(process.execPath, args, {
    cwd: ROOT,
    env: { ...process.env, PORT: String(firstPort), DATABASE_URL: "" },
    stdio: ["ignore", "pipe", "pipe"],
  });
  const keep = (chunk: Buffer) => {
    lines.push(...chunk.toString("utf8").split("\n"));
    lines.splice(0, Math.max(0, lines.length - LINES_KEPT_MAX));
  };
  child.stdout?.on("data", keep);
  child.stderr?.on("data", keep);
  const began = Date.now();
  for (;;) {
    if (child.exitCode !== null) throw new Error(`the world ended while starting:\n${lines.join("\n")}`);
    if (Date.now() - began > READY_MS_MAX)
      throw new Error(`the world is not ready after ${READY_MS_MAX} ms:\n${lines.join("\n")}`);
    try {
      const local = JSON.parse(readFileSync(join(folder, "local.json"), "utf8")) as LocalWorld & { ready: boolean };
      if (local.ready) return { local, lines, readyMs: Date.now() - began, stop: () => stop(child) };
    } catch {
      await sleep(250);
    }
  }
}

async function stop(child: ChildProcess) {
  const ended = new Promise<void>((resolve) => child.once("exit", () => resolve()));
  child.kill("SIGTERM");
  await Promise.race([ended, sleep(20_000)]);
  if (child.exitCode === null) child.kill("SIGKILL");
}

export async function ask<T>(
  url: string,
  init: RequestInit & { json?: unknown } = {},
): Promise<{ status: number; body: T }> {
  const { json, ...rest } = init;
  const response = await fetch(url, {
    ...rest,
    headers: { ...(json === undefined ? {} : { "Content-Type": "application/json" }), ...rest.headers },
    ...(json === undefined ? {} : { body: JSON.stringify(json), method: rest.method ?? "POST" }),
    signal: AbortSignal.timeout(30_000),
  });
  return { status: response.status, body: (await response.json()) as T };
}

/** Asks until the answer satisfies; says the last answer when it never does. */
export async function until<T>(
  what: string,
  msMax: number,
  look: () => Promise<T>,
  satisfied: (value: T) => boolean,
): Promise<T> {
  const began = Date.now();
  let last: unknown;
  while (Date.now() - began < msMax) {
    try {
      const value = await look();
      last = value;
      if (satisfied(value)) return value;
    } catch (thrown) {
      last = thrown;
    }
    await sleep(500);
  }
  throw new Error(
    `${what}: not within ${msMax} ms; last seen ${last instanceof Error ? last.message : JSON.stringify(last)?.slice(0, 2_000)}`,
  );
}
