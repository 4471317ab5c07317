import { beforeAll, describe, expect, it } from "vitest";
import { app } from "../../workers/index.ts";
import { KEYS } from "../workers/country.ts";
import { type Browser, country, customer, ops, session } from "./country.ts";
import { type Route, routesOf } from "./declared.ts";
import { altered, BASES, generator, SETS_WHAT_ALL_READ } from "./nasty-bodies.ts";
import { pathOf } from "./nothing.ts";

/**
 * Whatever anybody sends, the answer is an answer or a refusal with a name, never a fault of ours, and it tells nothing of the
 * inside. Every route is tried as somebody who may do everything there, so that it is the route which answers and not its guard.
 */
const everyRoute = routesOf(app).filter(({ declared }) => declared !== null);
const routes = everyRoute.filter(({ declared }) => declared?.for !== "machines" && declared?.for !== "key");
/** Of the machines' doors, and of those of other systems. */
const doors = everyRoute.filter((route) => !routes.includes(route));
/** What only the inside knows: a stack, a statement, where the database is. */
const INSIDE =
  /\bat \S+ \(|\.ts:\d+:\d+|node_modules|\bSELECT\b[^"]*\bFROM\b|\bINSERT INTO\b|syntax error at|postgres:\/\/|SQLITE_|violates \w+ constraint/;
/** Longer than the database is given for one call. */
const ANSWER_MS_MAX = 20_000;
/** What ends the session that asks, or holds the line for minutes. */
const ENDS = /\/(sign-out|live)(\/|$)/;
const ANSWER_CHARS = 160;
/** Some hundreds of requests, on a machine that does other work. */
const TRIED_MS_MAX = 600_000;

/** As they stand in an address. */
const NASTY: Record<string, string> = {
  "a letter that cannot be stored": "%00",
  "half a letter": "%ED%A0%80",
  "quotes and the end of a statement": encodeURIComponent(`';--"\\`),
  "a way up, and a script": encodeURIComponent("../../<script>alert(1)</script>"),
  "letters from right to left, and a picture": encodeURIComponent("\u202e\u05d0\u05d1🧯\u0301"),
  "a number beyond every number": "9".repeat(40),
  "a number below zero": "-1",
  "a number in another notation": "0x10",
  "the name of a prototype": "__proto__",
  "much too much": "x".repeat(3_000),
};
/** Everything that any route reads from its query. */
const ASKED =
  `q cursor limit from to site account state kind view type by group grain month quarter year day receipt table where sort
  order cols name phones nationalId plotNumber sender phone outcome before after window lang do actor action about subject
  format platform meter source vendor status hash figure metric of rule days dimension period handled one other sig expires`
    .split(/\s+/)
    .filter((each) => each !== "");

const BODIES: Record<string, { body: string; type?: string }> = {
  "no JSON at all": { body: "{" },
  "a list": { body: "[]" },
  nothing: { body: "null" },
  "a text": { body: '"x"' },
  "a nest of lists": { body: `${"[".repeat(20_000)}${"]".repeat(20_000)}` },
  "a prototype": { body: '{"__proto__":{"roles":["superadmin"]},"constructor":{"prototype":{}}}' },
  "a field of a megabyte": { body: JSON.stringify({ reason: "x".repeat(1_000_000) }) },
  "more than a megabyte": { body: JSON.stringify({ reason: "x".repeat(1_100_000) }) },
  "a form": { body: "reason=x&account=0045MAK", type: "application/x-www-form-urlencoded" },
};

let boss: Browser;
let customers: Browser;
/** Keys of other systems, by the scope that opens a door here. */
const keys = new Map<string, string>();
beforeAll(async () => {
  boss = (await session(["superadmin"])).browser;
  customers = await customer("0951MAK");
  const programme = { name: "Nasty", funder: "A funder", sites: ["MAK"], reason: "a test" };
  await ops("PUT", "/programmes/NASTY-1", programme);
  await drawKeys();
});
/** A key may ask so often a minute: for much there are several. */
async function drawKeys() {
  const scopes = new Set(doors.flatMap(({ declared }) => (declared?.for === "key" ? [declared.scope] : [])));
  for (const scope of scopes) {
    const what = scope === "odyssey.read" ? { programme: "NASTY-1" } : { scopes: [scope] };
    const issued = await ops("POST", "/keys", { name: "Nasty", ...what, reason: "a test" });
    if (issued.status !== 201) throw new Error(JSON.stringify(issued.body));
    keys.set(scope, String(issued.body.key));
  }
}

/** What opens a route: a machine's key, another system's, or nothing beside the cookie. */
const credentialOf = ({ declared }: Route): Record<string, string> =>
  declared?.for === "key"
    ? { Authorization: `Bearer ${keys.get(declared.scope)}` }
    : declared?.for !== "machines"
      ? {}
      : {
          ...{ "X-Ops-Key": KEYS.ops, "X-Actor": "Lineo", "X-Gateway-Key": KEYS.gateway, "X-IoT-Key": KEYS.iot },
          ...("bridge" in KEYS ? { "X-Bridge-Key": String(KEYS.bridge) } : {}),
        };

async function ask(route: Route, address: string, body?: { body: string; type?: string }): Promise<string | null> {
  const { method, path } = route;
  const began = Date.now();
  const jar = (path.includes("/my") ? customers : boss).jar;
  const response = await app.request(
    address,
    {
      method,
      headers: {
        Origin: "http://localhost",
        Cookie: [...jar].map((pair) => pair.join("=")).join("; "),
        "CF-Connecting-IP": `10.${crypto.getRandomValues(new Uint8Array(3)).join(".")}`,
        "Idempotency-Key": crypto.randomUUID(),
        ...credentialOf(route),
        ...(body === undefined ? {} : { "Content-Type": body.type ?? "application/json" }),
      },
      ...(body === undefined ? {} : { body: body.body }),
    },
    country,
  );
  const whole = await response.text();
  const said = whole.slice(0, ANSWER_CHARS);
  const named = `${method} ${address.slice(0, ANSWER_CHARS)} ${body?.body.slice(0, ANSWER_CHARS) ?? ""}`;
  const tookMs = Date.now() - began;
  if (tookMs > ANSWER_MS_MAX) return `${named}: ${tookMs} ms`;
  const told = INSIDE.exec(whole)?.[0];
  if (told !== undefined && response.status >= 400) return `${named}: ${response.status} tells ${told}`;
  // 503: an object that nobody made, which looks into a database that it does not have here; and no clock looks at alarms.
  return response.status < 500 || (response.status === 503 && /not_ready|down|no_such|alarms_not_looked_at/.test(said))
    ? null
    : `${named}: ${response.status} ${said}`;
}

describe("an address that nobody has", () => {
  it.each([
    ["/my/nothing", "http://x/ls/my/nothing"],
    ["/my//evil.example", "http://x/ls/my//evil.example"],
    ["/my/a/b/c", "http://x/ls/my/a/b/c"],
  ])("leads a customer to the page there is, whatever country stands before it: %s", async (path, seen) => {
    const { status, headers } = await app.request(path, {}, country);
    expect(status).toBe(303);
    expect(new URL(headers.get("Location") ?? "", seen).pathname).toBe("/ls/my");
  });

  it("is answered by the portal's own file, with the headers of every answer", async () => {
    // As the platform gives files: nobody may change their headers.
    const ASSETS = { fetch: async () => Response.redirect("http://localhost/elsewhere", 307) };
    const { status, headers } = await app.request("/nothing", {}, { ...country, ASSETS: ASSETS as unknown as Fetcher });
    expect(status).toBe(307);
    expect(headers.get("X-Content-Type-Options")).toBe("nosniff");
  });
});

describe("a route of the portal", () => {
  it.each(Object.entries(NASTY))(
    "answers %s in its address and in its query with a refusal or an answer",
    async (_, nasty) => {
      const query = ASKED.map((name) => `${name}=${nasty}`).join("&");
      const faults: string[] = [];
      for (const route of routes.filter(({ path }) => !ENDS.test(path))) {
        const named = route.path.replace(/:(\w+)(\{[^/]*\})?/g, nasty);
        const known = route.path.replace(/:(\w+)(\{[^/]*\})?/g, "999999999");
        const isRead = route.method === "GET" || route.method === "DELETE";
        const asks = [
          ...(route.path.includes(":") ? [named] : []),
          ...(route.method === "GET" ? [`${known}?${query}`] : []),
        ];
        for (const address of asks) {
          const fault = await ask(route, address, isRead ? undefined : { body: "{}" });
          if (fault !== null) faults.push(fault);
        }
      }
      expect(faults).toEqual([]);
    },
    TRIED_MS_MAX,
  );

  it.each(Object.entries(BODIES))(
    "answers a body that is %s with a refusal or an answer",
    async (_, body) => {
      const faults: string[] = [];
      for (const route of routes.filter(
        ({ path, method }) => method !== "GET" && method !== "DELETE" && !ENDS.test(path),
      )) {
        const fault = await ask(route, route.path.replace(/:(\w+)(\{[^/]*\})?/g, "999999999"), body);
        if (fault !== null) faults.push(fault);
      }
      expect(faults).toEqual([]);
    },
    TRIED_MS_MAX,
  );
});

/** The same cases each time: a fault is found again. */
const SEED = 4_211;
const ALTERED_PER_ROUTE = 16;

describe("a route that writes, of people, machines and other systems", () => {
  it(
    "answers what it knows with one field altered, whatever stands there, with a refusal or an answer",
    async () => {
      const draw = generator(SEED);
      const faults: string[] = [];
      let asked = 0;
      for (const route of everyRoute) {
        const name = `${route.method} ${route.path}`;
        if (route.method === "GET" || ENDS.test(route.path) || SETS_WHAT_ALL_READ.has(name)) continue;
        for (let n = 0; n < ALTERED_PER_ROUTE; n++) {
          const body = altered(BASES[name] ?? {}, draw);
          asked += 1;
          const fault = await ask(route, pathOf(route), { body });
          if (fault !== null) faults.push(fault);
        }
      }
      expect(asked).toBeGreaterThan(1_000);
      expect(faults).toEqual([]);
    },
    TRIED_MS_MAX,
  );
});

it("a shard that is still restoring itself is named to whoever unblocks a receipt, with when to ask again", async () => {
  // These objects have no database to restore themselves from.
  const { status, headers, body } = await ops("POST", "/receipts/NONE0001/unblock", { reason: "a test" });
  expect([status, body.error?.kind, headers.get("Retry-After")]).toEqual([503, "not_ready", "2"]);
});

describe("a door of machines", () => {
  it(
    "answers anything in its address and in its query with a refusal or an answer",
    async () => {
      const faults: string[] = [];
      for (const nasty of Object.values(NASTY)) {
        await drawKeys();
        const query = ASKED.map((name) => `${name}=${nasty}`).join("&");
        for (const route of doors.filter(({ method, path }) => method === "GET" && !ENDS.test(path))) {
          const named = route.path.replace(/:(\w+)(\{[^/]*\})?/g, nasty);
          for (const address of [`${named}?${query}`, `${pathOf(route)}?${query}`]) {
            const fault = await ask(route, address);
            if (fault !== null) faults.push(fault);
          }
        }
      }
      expect(faults).toEqual([]);
    },
    TRIED_MS_MAX,
  );

  it(
    "answers any body with a refusal or an answer",
    async () => {
      const faults: string[] = [];
      for (const route of doors.filter(({ method, path }) => method !== "GET" && !ENDS.test(path)))
        for (const body of Object.values(BODIES)) {
          const fault = await ask(route, pathOf(route), body);
          if (fault !== null) faults.push(fault);
        }
      expect(faults).toEqual([]);
    },
    TRIED_MS_MAX,
  );
});
