import { Hono } from "hono";
import { beforeAll, describe, expect, it } from "vitest";
import { may, ROLES, type Role } from "../../src/domain/permission.ts";
import { allow } from "../../workers/allow.ts";
import { app } from "../../workers/index.ts";
import { Browser, customer, session } from "./country.ts";
import { answersEverywhere, type Declared, routesOf } from "./declared.ts";
import { pathOf } from "./nothing.ts";

const routes = routesOf(app);
const PEOPLE = [...ROLES, "no role", "a customer", "nobody"] as const;
type Person = (typeof PEOPLE)[number];

const rolesOf = (person: Person): Role[] => ROLES.filter((role) => role === person);

type Verdict = "let through" | "sign in" | "refused";
function expected(declared: Declared, person: Person): Verdict[] {
  switch (declared.for) {
    case "anyone":
      return ["let through"];
    case "key":
      return ["sign in"];
    case "machines":
      return ["sign in", "refused"];
    case "staff":
    case "customer":
      if (person === "nobody") return ["sign in"];
      return [(person === "a customer") === (declared.for === "customer") ? "let through" : "refused"];
    case "permission":
      if (person === "nobody") return ["sign in"];
      return [may(rolesOf(person), declared.permission) ? "let through" : "refused"];
  }
}

const verdictOf = (status: number): Verdict =>
  status === 401 ? "sign in" : status === 403 ? "refused" : "let through";

describe("every route", () => {
  it("says whom it is for", () => {
    expect(routes.filter(({ declared }) => declared === null).map(({ method, path }) => `${method} ${path}`)).toEqual(
      [],
    );
    expect(routes.length).toBeGreaterThan(80);
  });

  it("of a router that forgot to say so is found", () => {
    const forgetful = new Hono().get("/open", (c) => c.text("")).get("/shut", allow("money.read"), (c) => c.text(""));
    expect(routesOf(new Hono().route("/api", forgetful)).map(({ declared }) => declared)).toEqual([
      null,
      { for: "permission", permission: "money.read" },
    ]);
  });

  /** They write nothing but what the one who asks looks at: a dry run, and the file of what they may read. */
  const READS = ["POST /api/tariffs/dry-run", "POST /api/exports"];
  it("that writes asks for no right that only reads", () => {
    const reading = routes.filter(
      ({ method, declared }) =>
        method !== "GET" && declared?.for === "permission" && /\.(?:read|make)$/.test(declared.permission),
    );
    expect(reading.map(({ method, path }) => `${method} ${path}`).sort()).toEqual([...READS].sort());
  });

  it("has nothing before it that answers in its place, but the request's id, headers, the log of refusals, the room of an isolate, the settings, the rule of U+0000 and the operators' cache rule", () => {
    expect(answersEverywhere(app)).toEqual([...Array(6).fill("/*"), "/api/ops/*"]);
  });
});

describe("every route and every role", () => {
  const browsers = new Map<Person, Browser>();
  beforeAll(async () => {
    for (const role of ROLES) browsers.set(role, (await session([role])).browser);
    browsers.set("no role", (await session([])).browser);
    browsers.set("a customer", await customer("0901MAK"));
    browsers.set("nobody", new Browser());
  });
  /** Signing out ends the session that asks: one of its own. */
  const browserOf = async (person: Person, path: string) =>
    !path.endsWith("/sign-out") || person === "nobody"
      ? browsers.get(person)
      : person === "a customer"
        ? customer("0902MAK")
        : (await session(rolesOf(person))).browser;

  it.each(PEOPLE)("lets %s through exactly where the matrix says so", async (person) => {
    const wrong: string[] = [];
    for (const route of routes) {
      const browser = await browserOf(person, route.path);
      if (browser === undefined || route.declared === null) throw new Error("nobody asks, or nobody is asked for");
      const body = route.method === "GET" || route.method === "DELETE" ? undefined : {};
      const { status, body: said } = await browser.ask(route.method, pathOf(route), body);
      const allowed = expected(route.declared, person);
      if (!allowed.includes(verdictOf(status)))
        wrong.push(`${route.method} ${route.path}: ${status} ${said.error?.kind}, expected ${allowed.join(" or ")}`);
    }
    expect(wrong).toEqual([]);
  });
});
