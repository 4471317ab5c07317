import { type ChildProcess, spawn } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import { createRequire } from "node:module";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

/**
 * The platform's own rule, shown by the platform: workerd judges the address that it connects to, after the name was looked up, so that a
 * name which changes between our look and its own leads nowhere inner either.
 */
const WORKERD = createRequire(createRequire(import.meta.url).resolve("wrangler"))("workerd").default as string;
const READY_MS_MAX = 20_000;

const config = (port: number, network: string) => `using Workerd = import "/workerd/workerd.capnp";
const config :Workerd.Config = (
  services = [(name = "main", worker = .main)${network}],
  sockets = [(name = "http", address = "127.0.0.1:${port}", http = (), service = "main")]
);
const main :Workerd.Worker = (
  modules = [(name = "main.js", esModule = embed "main.js")],
  compatibilityDate = "2025-01-01"
);
`;
const MAIN = `export default { async fetch(request) {
  const to = new URL(request.url).searchParams.get("to");
  if (to === null) return new Response("ready");
  try {
    return new Response(String((await fetch(to, { method: "POST", redirect: "manual" })).status));
  } catch (error) {
    return new Response("refused");
  }
} };`;

let reached = 0;
let inner: Server;
const running: ChildProcess[] = [];
const folders: string[] = [];
const freePort = () =>
  new Promise<number>((found) => {
    const server = createServer().listen(0, "127.0.0.1", () => {
      const { port } = server.address() as AddressInfo;
      server.close(() => found(port));
    });
  });

async function worker(network: string): Promise<(to: string) => Promise<string>> {
  const folder = mkdtempSync(join(tmpdir(), "network-"));
  folders.push(folder);
  const port = await freePort();
  writeFileSync(join(folder, "config.capnp"), config(port, network));
  writeFileSync(join(folder, "main.js"), MAIN);
  running.push(spawn(WORKERD, ["serve", join(folder, "config.capnp")], { stdio: "ignore" }));
  const ask = async (query: string) => (await fetch(`http://127.0.0.1:${port}/${query}`)).text();
  await expect.poll(() => ask("").catch(() => ""), { timeout: READY_MS_MAX }).toBe("ready");
  return (to) => ask(`?${new URLSearchParams({ to })}`);
}

beforeAll(async () => {
  inner = createServer((_, response) => {
    reached += 1;
    response.end("inside");
  });
  await new Promise<void>((done) => inner.listen(0, "127.0.0.1", done));
});
afterAll(() => {
  for (const each of running) each.kill();
  for (const each of folders) rmSync(each, { recursive: true, force: true });
  inner?.close();
});

describe("a name that leads to an inner address when it is connected to", () => {
  const url = () => `http://localhost:${(inner.address() as AddressInfo).port}/`;

  it("is refused by the runtime, and nothing arrives there", async () => {
    const send = await worker("");
    expect(await send(url())).toBe("refused");
    expect(reached).toBe(0);
  });

  it("is reached where a deployment opens its network, as a laptop's world does: so the address is what was judged", async () => {
    const send = await worker(', (name = "internet", network = (allow = ["private"]))');
    expect(await send(url())).toBe("200");
    expect(reached).toBe(1);
  });
});
