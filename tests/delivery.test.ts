import { spawnSync } from "node:child_process";
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, describe, expect, it } from "vitest";
import { bundleFaults, configuredPage, portalConfig } from "../dev/deliver/portal-page.ts";
import { portalFaults } from "../dev/deliver/portal-smoke.ts";
import { readRecord, unpackRecord, writeRecord } from "../dev/deliver/release.ts";
import { sayOfSecrets } from "../dev/deliver/secrets.ts";
import { sizeIn } from "../dev/deliver/size.ts";
import { type Answer, smokeFaults } from "../dev/deliver/smoke.ts";
import { countryEnv } from "../dev/deliver/which.ts";
import { COUNTRIES } from "../src/domain/country.ts";

const ROOT = fileURLToPath(new URL("..", import.meta.url));
const folder = mkdtempSync(join(tmpdir(), "cc-delivery-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Programs that only write down how they are called, first on PATH. */
function told(command: string, args: string[], wrangler = "exit 0") {
  const bin = mkdtempSync(join(folder, "bin-"));
  const log = join(bin, "calls");
  writeFileSync(log, "");
  const script = (name: string, body: string) => {
    writeFileSync(join(bin, name), `#!/bin/sh\necho "${name} $*" >> "${log}"\n${body}\n`);
    chmodSync(join(bin, name), 0o755);
  };
  script("wrangler", wrangler);
  script("git", "exit 0");
  const ran = spawnSync(process.execPath, [join(ROOT, "dev", command), ...args], {
    cwd: ROOT,
    encoding: "utf8",
    env: {
      ...process.env,
      PATH: [bin, process.env.PATH].join(delimiter),
      OPS_URL_LS: "",
      DATABASE_OWNER_URL_LS: "",
      NO_COLOR: "1",
    },
  });
  return { status: ran.status, said: ran.stdout + ran.stderr, calls: readFileSync(log, "utf8").trim().split("\n") };
}

describe("a delivery without a country", () => {
  it.each([
    ["deploy.ts", [], "name one country, there is no default: npm run deploy -- --env ls | bj | zm"],
    ["deploy.ts", ["ls"], "write the country as --env ls: npm run deploy -- --env ls | bj | zm"],
    ["deploy.ts", ["--env", "test"], 'there is no country "test" here: npm run deploy'],
    ["rollback.ts", [], "name one country, there is no default: npm run rollback"],
    ["secrets-check.ts", ["--env", "LS"], 'there is no country "LS" here'],
  ])("is refused by %s %j, and nothing is run", (command, args, sentence) => {
    const { status, said, calls } = told(command, args);
    expect(said).toContain(sentence);
    expect(status).toBe(2);
    expect(calls).toEqual([""]);
  });
});

describe("the commands, with a wrangler that only writes down what it is told", () => {
  it("secrets:check asks it, names what is missing and fails", () => {
    const { status, said, calls } = told("secrets-check.ts", ["--env", "bj"], `echo '[{"name":"DATABASE_URL"}]'`);
    expect(calls).toEqual(["wrangler secret list --env bj --format json"]);
    expect(said).toContain("missing    OPS_KEY_SHA256   npx wrangler secret put OPS_KEY_SHA256 --env bj");
    expect(status).toBe(1);
  });

  it.each([
    [["IDENTITY_ORIGIN"], "IDENTITY_PUBLIC_KEYS is missing, or IDENTITY_PRIVATE_KEY where staff are at home"],
    [["IDENTITY_PUBLIC_KEYS"], "IDENTITY_ORIGIN is missing"],
    [
      ["IDENTITY_ORIGIN", "IDENTITY_PRIVATE_KEY", "IDENTITY_PUBLIC_KEYS"],
      "staff are at home here, or in another country",
    ],
    [["IDENTITY_ORIGIN", "IDENTITY_PUBLIC_KEYS"], null],
  ])("secrets:check knows whether %j are whole together", (names, gap) => {
    const { lines } = sayOfSecrets("bj", names);
    const halves = lines.filter((line) => line.startsWith("half"));
    if (gap === null) expect(halves).toEqual([]);
    else expect(halves.join()).toContain(gap);
  });

  it("rollback is one command, asks wrangler which version that is where nobody can look, and says what wrangler refuses", () => {
    const blind = told("rollback.ts", ["--env", "ls"]);
    expect(blind.said).toContain("2/4 what it would read wrongly: REFUSED, nobody can look");
    expect(blind.calls).toEqual(["wrangler deployments list --env ls --json"]);
    expect(blind.status).toBe(1);
    const back = told("rollback.ts", ["--env", "ls", "--anyway"]);
    expect(back.calls.at(-1)).toBe("wrangler rollback --env ls --yes --message rolled back by hand");
    expect(back.said).toMatch(/3\/4 roll back: the version before is out/);
    expect(back.status).toBe(0);
    const refused = told(
      "rollback.ts",
      ["--env", "ls", "--to", "v1", "--anyway"],
      "echo 'a migration lies between' >&2; exit 1",
    );
    expect(refused.said).toContain("3/4 roll back: REFUSED, a migration lies between");
    expect(refused.status).toBe(1);
    const dry = told("rollback.ts", ["--env", "ls", "--dry-run"]);
    expect(dry.said).toContain("3/4 roll back: would run wrangler rollback --env ls --yes");
    expect(dry.calls).toEqual([""]);
  });
});

describe("what is out", () => {
  const json = (status: number, body: unknown): Answer => ({
    status,
    type: "application/json",
    text: JSON.stringify(body),
  });
  const html: Answer = { status: 200, type: "text/html", text: "<!doctype html>" };
  const well: Record<string, Answer> = {
    "/health": json(200, { status: "ok", country: "LS", version: "abc" }),
    "/api/sms/incoming": json(401, { messages: [] }),
    "/api/me": json(401, {}),
    "/": html,
  };
  const asked = (over: Record<string, Answer>) => async (path: string) => ({ ...well, ...over })[path] ?? html;

  it.each<[string, Record<string, Answer>, string | null]>([
    ["is well", {}, null],
    [
      "lacks a secret",
      { "/health": json(503, { error: { details: ["DATABASE_URL is missing"] } }) },
      '/health answers 503: ["DATABASE_URL is missing"]',
    ],
    [
      "is another country",
      { "/health": json(200, { status: "ok", country: "BJ", version: "abc" }) },
      "/health is of BJ, not of LS",
    ],
    [
      "is the version before",
      { "/health": json(200, { status: "ok", country: "LS", version: "old" }) },
      "/health says version old, not abc",
    ],
    ["is a page of somebody else", { "/health": html }, "/health answers no JSON"],
    [
      "has a challenge before the phones' door",
      { "/api/sms/incoming": { ...html, status: 403 } },
      "/api/sms/incoming answers 403 text/html to a stranger, not 401 and JSON",
    ],
    [
      "sends phones elsewhere",
      { "/api/sms/incoming": { ...html, status: 301 } },
      "/api/sms/incoming answers 301 text/html to a stranger, not 401 and JSON",
    ],
    ["lets strangers in", { "/api/me": json(200, {}) }, "/api/me answers 200 to a stranger, not 401"],
    [
      "works with another country's database",
      { "/api/me": json(503, { error: { kind: "foreign_database" } }) },
      "/api/me answers 503 to a stranger, not 401: foreign_database",
    ],
    ["has no portal", { "/": json(404, {}) }, "/ answers 404 application/json, not the portal"],
  ])("%s", async (_what, over, fault) => {
    expect(await smokeFaults(asked(over), { country: "LS", version: "abc" })).toEqual(fault === null ? [] : [fault]);
  });

  it("is no more what it was before a roll-back", async () => {
    expect(await smokeFaults(asked({}), { country: "LS", version: null, not: "abc" })).toEqual([
      "/health still says version abc",
    ]);
  });
});

describe("the portal's own home", () => {
  const page = '<meta name="countries" content="ls,bj,zm" /><meta name="home" content="" />';

  it("says which countries it shows and where their staff are at home", () => {
    const config = portalConfig("bj, LS,ls", "LS", ["ls", "bj", "zm"]);
    expect(config).toEqual({ countries: ["bj", "ls"], home: "ls" });
    expect(configuredPage(page, config)).toBe(
      '<meta name="countries" content="bj,ls" /><meta name="home" content="ls" />',
    );
    expect(configuredPage(page, { ...config, home: null })).toContain('name="home" content=""');
  });

  it.each([
    ["", "", /PORTAL_COUNTRIES is ""; expected some of ls,bj/],
    ["ls,xx", "", /PORTAL_COUNTRIES is "ls,xx"/],
    ["ls", "bj", /PORTAL_HOME is "bj"; expected one of ls, or nothing/],
  ])("refuses the countries %j with the home %j", (countries, home, said) => {
    expect(() => portalConfig(countries, home, ["ls", "bj"])).toThrow(said);
  });

  it("refuses a page without a place for them", () => {
    expect(() => configuredPage("<html>", { countries: ["ls"], home: null })).toThrow('no <meta name="countries">');
    expect(() => configuredPage('<meta name="countries" content="">', { countries: ["ls"], home: "ls" })).toThrow(
      'no <meta name="home">',
    );
  });

  it("refuses a bundle that Pages would not serve as it is", () => {
    const at = (name: string, files: string[]) => {
      for (const file of files) {
        mkdirSync(join(folder, name, file, ".."), { recursive: true });
        writeFileSync(join(folder, name, file), "");
      }
      return bundleFaults(join(folder, name));
    };
    expect(at("whole", ["index.html", "_headers", "assets/main-abc.js"])).toEqual([]);
    expect(at("bad", ["404.html", "_worker.js", "functions/a.js"])).toEqual([
      "there is no index.html",
      "there is no _headers: the pages would have no content security policy",
      expect.stringContaining(" would run as code"),
      expect.stringContaining(" would run as code"),
      "404.html would answer the portal's own addresses",
    ]);
  });

  it("notices when no route takes a country's paths to its Worker", async () => {
    const shown: Answer = { status: 200, type: "text/html", text: '<meta name="countries" content="ls,bj" />' };
    const config: Answer = { status: 200, type: "application/json", text: '{"code":"LS"}' };
    const ask = async (path: string) => (path === "/ls/api/config" ? config : shown);
    expect(await portalFaults(ask, { countries: ["ls", "bj"], home: null })).toEqual([
      "/bj/api/config answers 200 text/html: no route takes it to bj's Worker",
    ]);
    expect(await portalFaults(ask, { countries: ["ls"], home: null })).toEqual([
      "/customers answers 200 with the countries ls,bj, not ls",
    ]);
  });
});

describe("a recorded release", () => {
  it("is what was built, and nothing else", () => {
    const kept = join(folder, "kept");
    const facts = { commit: "a".repeat(40), committedAt: "2026-11-29T09:00:00Z", migration: "0035_peak_hours" };
    const recorded = writeRecord(kept, Buffer.from("export default {}"), facts);
    expect(readRecord(kept)).toEqual(recorded);
    expect(unpackRecord(join(folder, "out"), kept)).toEqual(recorded);
    expect(readFileSync(join(folder, "out", "index.js"), "utf8")).toBe("export default {}");
    writeFileSync(join(kept, "release.json"), JSON.stringify({ ...recorded, sha256: "0".repeat(64) }));
    expect(() => unpackRecord(join(folder, "out"), kept)).toThrow("is not the one that was recorded");
    expect(() => unpackRecord(join(folder, "out"), join(folder, "none"))).toThrow("npm run release:record");
  });
});

it("reads what wrangler would upload", () => {
  expect(sizeIn("Total Upload: 2973.10 KiB / gzip: 972.04 KiB")).toEqual({ kib: 2973.1, gzipKib: 972.04 });
  expect(sizeIn("Total Upload: 2.50 MiB / gzip: 1.00 MiB")).toEqual({ kib: 2560, gzipKib: 1024 });
  expect(sizeIn("nothing")).toBeNull();
});

describe.each([
  { file: "deliver.yml", commandsMin: 5, withSecrets: /^(?:deliver|portal|rollback):/ },
  { file: "backup.yml", commandsMin: 1, withSecrets: /^backup:/ },
])("the forge's workflow $file", ({ file, commandsMin, withSecrets }) => {
  // There is no reader of YAML among the packages: what a reader would not notice either is looked at as text.
  const text = readFileSync(join(ROOT, ".github", "workflows", file), "utf8");

  it("runs only commands that there are", () => {
    const { scripts } = JSON.parse(readFileSync(join(ROOT, "package.json"), "utf8")) as {
      scripts: Record<string, string>;
    };
    const named = [...text.matchAll(/npm run ([\w:]+)/g)].map(([, name = ""]) => name);
    expect(named.length).toBeGreaterThanOrEqual(commandsMin);
    for (const name of named) expect(Object.keys(scripts)).toContain(name);
  });

  it("uses nobody's actions but the forge's own two", () => {
    const used = [...text.matchAll(/uses: (\S+)/g)].map(([, name]) => name);
    expect([...new Set(used)].sort()).toEqual(["actions/checkout@v4", "actions/setup-node@v4"]);
  });

  it("gives no secret to a pull request", () => {
    const jobs = text.split(/\n {2}(?=\w+:\n)/);
    const open = jobs.filter((job) => job.includes("secrets.") && !withSecrets.test(job));
    expect(open).toEqual([]);
    for (const job of jobs.filter((each) => each.includes("secrets."))) expect(job).toMatch(/\n {4}environment: /);
  });

  it("is spaces and no tab, and each expression is closed", () => {
    expect(text).not.toMatch(/\t/);
    expect(text.match(/\$\{\{/g)?.length).toBe(text.match(/\}\}/g)?.length);
    for (const line of text.split("\n")) expect((/^ */.exec(line)?.[0].length ?? 0) % 2, line).toBe(0);
  });
});

it("every country has a backup each night, from its own database into its own bucket", () => {
  const text = readFileSync(join(ROOT, ".github", "workflows", "backup.yml"), "utf8");
  for (const country of Object.keys(COUNTRIES))
    expect(text).toContain(
      `- country: ${country.toLowerCase()}\n            database: DATABASE_OWNER_URL_${country}\n`,
    );
  expect(text).toMatch(/- cron: "\d+ \d+ \* \* \*"/);
  expect(text).toMatch(/--bucket customer-care-\$\{\{ matrix\.country \}\}-backups/);
});

describe("the country of a delivery", () => {
  it.each<[string, string[], string[]]>([
    ["twice", ["--env", "ls", "--env", "bj"], []],
    ["twice in another form", ["--env=ls", "--env", "bj"], []],
    ["with another beside it", ["--env", "ls", "bj"], ["bj"]],
  ])("is refused when it is said %s", (_, argv, typed) => {
    expect(() => countryEnv("ls", typed, "deploy", argv)).toThrow("one country at a time");
  });
  it("is the one that is said", () => expect(countryEnv("ls", [], "deploy", ["--env", "ls"])).toBe("ls"));
});
