import { beforeAll, describe, expect, it } from "vitest";
import { ROLES } from "../../src/domain/permission.ts";
import { app } from "../../workers/index.ts";
import { abroad, fetchToken, home, payload, take, told, write } from "./abroad.ts";
import { Browser, country, member, PASSWORD, session } from "./country.ts";
import { type Route, routesOf } from "./declared.ts";
import { pathOf } from "./nothing.ts";

const routes = routesOf(app);
const nameOf = ({ method, path }: Route) => `${method} ${path}`;
const bodyOf = ({ method }: Route) => (method === "GET" || method === "DELETE" ? undefined : {});

/** All that the home answers to who works only in other countries. */
const OWN_SIGN_IN = [
  "POST /api/sign-in/enrol",
  "POST /api/sign-in/second-factor",
  "GET /api/me",
  "POST /api/me/password",
  "GET /api/me/sessions",
  "DELETE /api/me/sessions/:sessionId{[0-9]{1,15}}",
  "POST /api/identity/token",
];
/** Routes of people: what is open to anyone shows nothing of anybody, and machines have keys. */
const ofPeople = routes.filter(({ declared }) => declared?.for !== "anyone" && declared?.for !== "machines");

/** What each route of people answers to this browser, where it is no refusal. */
async function openTo(browser: Browser, env: typeof home): Promise<string[]> {
  const open: string[] = [];
  for (const route of ofPeople) {
    const { status } = await browser.ask(route.method, pathOf(route), bodyOf(route), { env });
    if (status !== 401 && status !== 403) open.push(nameOf(route));
  }
  return open;
}

/** Each asks some two hundred routes, one after the other. */
const EVERY_ROUTE_MS_MAX = 180_000;

describe("somebody of Benin alone, with every role", { timeout: EVERY_ROUTE_MS_MAX }, () => {
  let browser: Browser;
  beforeAll(async () => {
    browser = (await session([...ROLES], { countries: ["BJ"] })).browser;
  });

  it("signs in at home, and is told that nothing is theirs there", async () => {
    const who = await member({ roles: ["generic"], countries: ["BJ"] });
    const other = new Browser(home);
    expect(await other.signIn(who.email, PASSWORD)).toMatchObject({ status: 200, body: { next: "done" } });
    expect(await other.me()).toMatchObject({
      status: 200,
      body: { countries: ["BJ"], country: "LS", permissions: [] },
    });
  });

  it("reaches nothing of Lesotho by any route but the own sign-in", async () => {
    expect(ofPeople.length).toBeGreaterThan(150);
    expect((await openTo(browser, home)).toSorted()).toEqual(OWN_SIGN_IN.toSorted());
  });

  it("reaches nothing at all of a country that is no home", async () => {
    expect(await openTo(browser, country)).toEqual([]);
    expect(await new Browser().signIn((await member({ countries: ["BJ"] })).email)).toMatchObject({ status: 401 });
  });

  it("reaches nothing of Lesotho with the session, nor with the token, that is for Benin", async () => {
    const token = await fetchToken(browser);
    const inBenin = new Browser(abroad);
    await take(inBenin, token);
    expect((await inBenin.me()).status).toBe(200);
    const stolen = new Browser(home);
    for (const value of inBenin.jar.values()) stolen.jar.set("__Host-cc-ls-session", value);
    expect(await openTo(stolen, home)).toEqual([]);
    const bearer = { Authorization: `Bearer ${token}` };
    for (const route of ofPeople) {
      const { status } = await new Browser().ask(route.method, pathOf(route), bodyOf(route), {
        env: home,
        headers: bearer,
      });
      expect([401, 403], nameOf(route)).toContain(status);
    }
  });
});

describe("somebody of Lesotho alone, with every role", { timeout: EVERY_ROUTE_MS_MAX }, () => {
  it("reaches nothing of Benin by any route, with the session of Lesotho under either name", async () => {
    const { browser } = await session([...ROLES]);
    for (const value of [...browser.jar.values()]) browser.jar.set("__Host-cc-bj-session", value);
    expect(await openTo(browser, abroad)).toEqual([]);
  });
});

describe("who came by the home's word", () => {
  it("is let through exactly as who signs in: a right is a right, and what is lacking is refused", async () => {
    const browser = new Browser(abroad);
    await take(browser, await write(payload(told({ roles: ["engineering"] }))));
    expect((await browser.ask("GET", "/api/customers")).status).toBe(200);
    expect((await browser.ask("POST", "/api/settings/wordings", {})).status).toBe(403);
    expect((await browser.ask("GET", "/api/staff")).status).toBe(403);
  });
});
