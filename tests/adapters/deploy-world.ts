import { readFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { fileURLToPath } from "node:url";
import { type Delivery, planOf } from "../../dev/deliver/plan.ts";
import { askAt } from "../../dev/deliver/smoke.ts";
import { runSteps } from "../../dev/deliver/steps.ts";
import type { Ran, Tools } from "../../dev/deliver/tools.ts";
import { NEEDED } from "../../src/domain/settings.ts";
import type { FreshDatabase } from "./database.ts";

/** A delivery with a wrangler and a git that only write down what they are told, and a country that answers. */

export const HEAD = "b".repeat(40);
export const LIVE = "a".repeat(40);
export const TREE = "c".repeat(40);
export const config = readFileSync(fileURLToPath(new URL("../../wrangler.toml", import.meta.url)), "utf8");
export const journal = readFileSync(
  fileURLToPath(new URL("../../drizzle/migrations/meta/_journal.json", import.meta.url)),
  "utf8",
);

/** What runs at the country's address. */
export let running: { version: string | null; country: string; isWell: boolean; isConfigured: boolean };
export let server: Server;
export let origin: string;
export let calls: string[];
/** What the programs answer where it is not what they usually do. */
export let answers: Record<string, Partial<Ran> | (() => Partial<Ran>)>;

export const usual: Record<string, string> = {
  "git status": "",
  "git rev-parse HEAD": HEAD,
  "git rev-parse HEAD^{tree}": TREE,
  "git diff": "docs/deploy.md\nworkers/index.ts",
  [`git show ${LIVE}:wrangler.toml`]: config,
  [`git show ${LIVE}:drizzle`]: journal,
  "wrangler secret list": JSON.stringify(
    NEEDED.map((name) => ({ name })).filter(({ name }) => !/COUNTRY|IOT_E|IOT_R/.test(name)),
  ),
  "wrangler deploy": "Total Upload: 2970 KiB / gzip: 971 KiB",
};

export const tools: Tools = (() => {
  const run = (command: string, args: readonly string[]): Ran => {
    const line = [command, ...args].join(" ");
    calls.push(line);
    const key = (of: object) =>
      Object.keys(of).find((each) => line.startsWith(each) && (each !== "git rev-parse HEAD" || line === each));
    const special = answers[key(answers) ?? ""];
    if (special === undefined && line.startsWith("wrangler deploy") && !line.includes("--dry-run"))
      running.version = HEAD;
    if (special === undefined && line.startsWith("wrangler rollback"))
      Object.assign(running, { version: LIVE, isWell: true });
    const said = typeof special === "function" ? special() : special;
    return { status: 0, stdout: usual[key(usual) ?? ""] ?? "", stderr: "", ...said };
  };
  return { run, show: run };
})();

export const open = async () => {
  server = createServer((request, response) => {
    const path = request.url ?? "";
    const json = (status: number, body: unknown) => {
      response.writeHead(status, { "content-type": "application/json" });
      response.end(JSON.stringify(body));
    };
    if (path === "/health" && !running.isConfigured)
      return json(503, { error: { kind: "not_configured", details: ["DATABASE_URL is missing"] } });
    if (path === "/health" && running.country === "") return json(404, {});
    if (path === "/health") return json(200, { status: "ok", country: running.country, version: running.version });
    if (path === "/api/sms/incoming") return json(running.isWell ? 401 : 500, { messages: [] });
    if (path === "/api/me") return json(401, { error: {} });
    response.writeHead(200, { "content-type": "text/html" });
    response.end("<!doctype html>");
  });
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
};
export const close = () => new Promise((done) => server.close(done));

export let database: FreshDatabase;
export const begin = () => {
  running = { version: LIVE, country: "LS", isWell: true, isConfigured: true };
  calls = [];
  answers = {};
};

/** The database that is delivered to. */
export const deliverTo = (made: FreshDatabase) => {
  database = made;
};
/** The programs answer otherwise, until the next test. */
export const answering = (otherwise: typeof answers) => {
  answers = otherwise;
};

/** What Cloudflare takes and does not work. */
export const goesOutIll = () => {
  Object.assign(running, { version: HEAD, isWell: false });
  return {};
};

export const delivery = (over: Partial<Delivery> = {}): Delivery => ({
  env: "ls",
  dryRun: false,
  first: false,
  unprovenPair: false,
  tools,
  ask: askAt(origin),
  ownerUrl: database.ownerUrl,
  checkedCommit: null,
  proofs: { green: { tree: TREE, at: "2026-11-29T09:00:00Z", passed: 4_000, previous: LIVE }, pair: null },
  recorded: LIVE,
  smokeMsMax: 200,
  ...over,
});

export async function deliver(over: Partial<Delivery> = {}) {
  const lines: string[] = [];
  const wanted = delivery(over);
  const green = await runSteps(planOf(wanted), { dryRun: wanted.dryRun, print: (line) => lines.push(line) });
  return {
    green,
    text: lines.join("\n").replaceAll(/ \(\d+\.\d s\)/g, ""),
    did: calls.filter((call) => !call.startsWith("git ")),
  };
}
export const DEPLOY = `wrangler deploy --minify --env ls --var RELEASE:${HEAD} --message ${HEAD}`;
