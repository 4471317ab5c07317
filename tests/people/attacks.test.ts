import { beforeAll, describe, expect, it, vi } from "vitest";
import { app } from "../../workers/index.ts";
import { KEYS } from "../workers/country.ts";
import { Browser, country, customer, member, ops, PASSWORD, rows, session } from "./country.ts";
import { type Route, routesOf } from "./declared.ts";
import { pathOf } from "./nothing.ts";

/** What an attacker tries, and is in no other file: docs/security.md has the whole list. */
const routes = routesOf(app);
const reads = routes.filter(({ method }) => method === "GET");
/** What ends the session that asks, or holds the line for minutes. */
const LIVE = /\/live(\/|$)/;
const MINE = "0961MAK";
const OTHERS = "0962MAK";
/** Some hundreds of requests, on a machine that does other work. */
const EVERY_ROUTE_MS_MAX = 300_000;

let mine: Browser;
let others: Browser;
beforeAll(async () => {
  mine = await customer(MINE);
  others = await customer(OTHERS);
});

const isCustomers = ({ declared }: Route) => declared?.for === "customer";
const isStaffs = ({ declared }: Route) => declared?.for === "permission" || declared?.for === "staff";
const balancesOf = async (browser: Browser) => {
  const { accounts } = (await browser.ask("GET", "/api/my/accounts")).body as { accounts: Record<string, unknown>[] };
  return accounts.map(({ account, balanceWh }) => ({ account, balanceWh }));
};

describe("a credential of one door at another", { timeout: EVERY_ROUTE_MS_MAX }, () => {
  it.each<[string, Record<string, string>]>([
    ["a phone's", { Authorization: `Basic ${btoa("phone-1:a-token-of-a-phone")}` }],
    ["the bridge's", { "X-IoT-Key": KEYS.iot, "X-Ops-Key": KEYS.iot }],
    ["the old system's", { "X-Gateway-Key": KEYS.gateway, "X-Ops-Key": KEYS.gateway }],
    ["a provider's", { "X-Gateway-Key": KEYS.provider, Authorization: `Bearer ${KEYS.provider}` }],
  ])("%s opens no route of people or of operators", async (_, headers) => {
    const opened: string[] = [];
    const isOperators = ({ declared }: Route) => declared?.for === "machines" && declared.callers.includes("ops");
    for (const route of routes.filter((each) => isStaffs(each) || isCustomers(each) || isOperators(each))) {
      const { status } = await new Browser().ask(route.method, pathOf(route), undefined, { headers });
      if (status !== 401 && status !== 403) opened.push(`${route.method} ${route.path}: ${status}`);
    }
    expect(opened).toEqual([]);
  });
});

describe("who asks without end", () => {
  it("for one account's balance is told how long to wait, and no other account waits for it", async () => {
    const ask = (account: string) =>
      new Browser().ask("GET", `/api/payments/gateway/balance/${account}`, undefined, {
        headers: { "X-Gateway-Key": KEYS.gateway },
      });
    const answers = [];
    for (let asked = 0; asked < 60 && answers.at(-1)?.status !== 429; asked++) answers.push(await ask(MINE));
    expect(answers[0]?.status).toBe(200);
    expect(answers.at(-1)?.status).toBe(429);
    expect(Number(answers.at(-1)?.headers.get("Retry-After"))).toBeGreaterThan(0);
    expect((await ask(OTHERS)).status).toBe(200);
  });
});

describe("a customer who asks for somebody else's", { timeout: EVERY_ROUTE_MS_MAX }, () => {
  it("gets the own rows alone, whatever name, list, filter or order stands in the question", async () => {
    const theirs = await others.ask("GET", "/api/my/profile");
    expect(JSON.stringify(theirs.body)).toContain(OTHERS);
    const names = ["account", "accounts", "customer", "customerId", "id", "meter", "receipt", "filter", "q", "sort"];
    const query = names.map((name) => `${name}=${OTHERS}&${name}[]=${OTHERS}`).join("&");
    const told: string[] = [];
    for (const { path } of reads.filter((route) => isCustomers(route) && !LIVE.test(route.path))) {
      const { body } = await mine.ask("GET", `${path.replace(/:\w+(\{[^/]*\})?/g, OTHERS)}?${query}`);
      // A refusal may repeat what was asked; no answer may.
      if (body.error === undefined && JSON.stringify(body).includes(OTHERS)) told.push(path);
    }
    expect(told).toEqual([]);
  });

  it("sees no hash, no note of staff, no papers and no other person's phone in the own rows", async () => {
    for (const path of ["/api/my/profile", "/api/my/accounts", "/api/my/payments", "/api/my/energy?window=24h"]) {
      const { status, body } = await mine.ask("GET", path);
      expect([path, status]).toEqual([path, 200]);
      expect(JSON.stringify(body)).not.toMatch(/hash|note|nationalId|customerId|password|actor|50000962/i);
    }
  });
});

describe("a field that nobody offered", () => {
  it.each([
    ["role", "superadmin"],
    ["roles", ["superadmin"]],
    ["balanceWh", 1_000_000],
    ["balance", 1_000_000],
    ["account_id", 1],
    ["customerId", 1],
    ["country", "BJ"],
    ["countries", ["BJ"]],
    ["__proto__", { roles: ["superadmin"] }],
  ])("%s makes nobody richer or mightier: it is refused by name or changes nothing", async (name, value) => {
    const before = await balancesOf(mine);
    const extra = JSON.parse(`{${JSON.stringify(name)}:${JSON.stringify(value)}}`) as Record<string, unknown>;
    const withExtra = (body: Record<string, unknown>) =>
      JSON.parse(`${JSON.stringify(body).slice(0, -1)},${JSON.stringify(extra).slice(1)}`) as unknown;
    const { browser } = await session(["field_registrar"]);
    const person = { givenName: "Thabo", familyName: "Mokoena", phones: [], account: { site: "MAK" } };
    const headers = { "Idempotency-Key": crypto.randomUUID() };
    const asks = [
      await mine.ask("POST", "/api/my/password", withExtra({ old: PASSWORD, new: PASSWORD })),
      await browser.ask("POST", "/api/me/password", withExtra({ old: PASSWORD, new: PASSWORD })),
      await browser.ask("POST", "/api/customers", withExtra(person), { headers }),
      await new Browser().ask("POST", "/api/my/sign-in", withExtra({ account: MINE, password: "not this one" })),
    ];
    for (const { status } of asks) expect(status).toBeLessThan(500);
    expect(await balancesOf(mine)).toEqual(before);
    expect((await browser.me()).body).toMatchObject({ roles: ["field_registrar"], countries: ["LS"] });
    expect((await browser.ask("GET", "/api/staff")).status).toBe(403);
  });
});

describe("reading", { timeout: EVERY_ROUTE_MS_MAX }, () => {
  it("by GET or HEAD changes nothing, on every route: the one act is that a file was taken, and by whom", async () => {
    const { browser, staffId } = await session(["superadmin"]);
    const actor = `Reader ${crypto.randomUUID()}`;
    const headers = { "X-Ops-Key": KEYS.ops, "X-Actor": actor };
    for (const route of reads.filter(({ path }) => !LIVE.test(path)))
      for (const method of ["GET", "HEAD"]) {
        await browser.ask(method, pathOf(route));
        await new Browser().ask(method, pathOf(route), undefined, { headers });
      }
    const acts = await rows(
      `SELECT action, actor FROM mutations
       WHERE (actor LIKE 'staff:${staffId} %' OR actor = '${actor}') AND action <> 'export.make'`,
    );
    expect(acts).toEqual([]);
  });

  it("what is somebody's is kept in no cache", async () => {
    const { browser } = await session(["superadmin"]);
    const kept: string[] = [];
    for (const route of reads.filter((each) => isCustomers(each) || isStaffs(each))) {
      const who = isCustomers(route) ? mine : browser;
      const { status, headers } = await who.ask("GET", pathOf(route));
      if (status < 300 && headers.get("Cache-Control") !== "no-store")
        kept.push(`${route.path}: ${headers.get("Cache-Control")}`);
    }
    expect(kept).toEqual([]);
  });
});

describe("every route, asked from a page of another site", { timeout: EVERY_ROUTE_MS_MAX }, () => {
  it("lets no such page read an answer, and has the headers that protect a browser", async () => {
    const faults: string[] = [];
    for (const route of routes)
      for (const method of [route.method, "OPTIONS"]) {
        const Origin = "https://evil.example";
        const headers = { Origin, "Access-Control-Request-Method": route.method };
        const answer = (await app.request(pathOf(route), { method, headers }, country)).headers;
        const shared = [...answer.keys()].filter((name) => name.startsWith("access-control-"));
        if (shared.length > 0) faults.push(`${method} ${route.path}: ${shared}`);
        const protects =
          answer.get("Strict-Transport-Security") === "max-age=31536000; includeSubDomains" &&
          answer.get("X-Content-Type-Options") === "nosniff" &&
          /^(SAMEORIGIN|DENY)$/.test(answer.get("X-Frame-Options") ?? "") &&
          (answer.get("Referrer-Policy") ?? "") !== "";
        if (!protects) faults.push(`${method} ${route.path}: a header is missing`);
      }
    expect(faults).toEqual([]);
  });

  it("is refused what it would write with a signed-in browser's cookie, as a form too", async () => {
    const { browser } = await session(["superadmin"]);
    const writes = routes.filter((route) => route.method !== "GET" && (isStaffs(route) || isCustomers(route)));
    expect(writes.length).toBeGreaterThan(50);
    const let_: string[] = [];
    for (const route of writes)
      for (const type of ["text/plain", "application/x-www-form-urlencoded", "application/json"]) {
        const who = isCustomers(route) ? mine : browser;
        const headers = { Origin: "https://evil.example", "Content-Type": type };
        const { status, body } = await who.ask(route.method, pathOf(route), {}, { headers });
        if (status !== 403 || body.error?.kind !== "bad_origin")
          let_.push(`${route.method} ${route.path} as ${type}: ${status}`);
      }
    expect(let_).toEqual([]);
  });
});

describe("the log", () => {
  it("names each refusal by its route and by who was signed in, and nothing that somebody typed", async () => {
    const lines: string[] = [];
    const spies = (["log", "info", "warn", "error"] as const).map((name) =>
      vi.spyOn(console, name).mockImplementation((...said) => void lines.push(said.map(String).join(" "))),
    );
    const { browser, staffId, email } = await session(["generic"]);
    const typed = { email: (await member()).email, password: "not the one, 26658123456" };
    const down = { env: { ...country, NEON_SQL_URL: "http://127.0.0.1:9/sql" } };
    try {
      await new Browser().ask("POST", "/api/sign-in", typed);
      await new Browser().ask("POST", "/api/sign-in", typed, down);
      await browser.ask("GET", "/api/staff");
      await browser.ask("GET", "/api/staff", undefined, down);
      await new Browser().ask("GET", "/api/ops/customers?q=26658123456", undefined, {
        headers: { "X-Ops-Key": "guessed-key-1" },
      });
      await new Browser().ask("POST", "/api/sms/incoming/leaked.token-of-a-phone", {
        messages: [{ id: "1", from: "MPESA", content: "QK7SECRET Confirmed from 26658123456" }],
      });
      await ops("POST", "/accounts", { accounts: [{ account: "0963MAK", name: "Palesa Nthako", phone: "nonsense" }] });
      await ops("POST", "/claim-codes", { account: "0999ZZZ" });
    } finally {
      for (const spy of spies) spy.mockRestore();
    }
    const said = lines.join("\n");
    for (const private_ of [typed.email, email, "not the one", "26658123456", "Palesa", "QK7SECRET"])
      expect(said).not.toContain(private_);
    for (const secret of ["token-of-a-phone", "guessed-key-1", KEYS.ops, ...browser.jar.values()])
      expect(said).not.toContain(secret);
    const refused = lines.filter((line) => line.includes('"at":"refused"')).map((line) => JSON.parse(line) as object);
    expect(refused).toContainEqual(expect.objectContaining({ status: 401, route: "/api/sign-in", staff: null }));
    expect(refused).toContainEqual(
      expect.objectContaining({ status: 403, method: "GET", route: "/api/staff", staff: staffId }),
    );
    expect(refused).toContainEqual(expect.objectContaining({ status: 403, route: "/api/ops/customers", staff: null }));
  });
});

describe("a file that nobody should read", () => {
  it.each([
    "/.git/config",
    "/.dev.vars",
    "/.env",
    "/wrangler.toml",
    "/__scheduled",
    "/cdn-cgi/mf/reload",
    "/index.js.map",
  ])("%s is no route: the portal's own files answer, and they have none of that name", async (path) => {
    const asked: string[] = [];
    const ASSETS = {
      fetch: async (request: Request) => {
        asked.push(new URL(request.url).pathname);
        return new Response("none", { status: 404 });
      },
    };
    const env = { ...country, ASSETS: ASSETS as unknown as Fetcher };
    expect((await app.request(path, {}, env)).status).toBe(404);
    expect(asked).toEqual([path]);
    const { status, headers } = await app.request(`/api${path}`, {}, env);
    expect([status, headers.get("Content-Type")]).toEqual([404, "application/json"]);
  });
});
