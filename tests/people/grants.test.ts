import { beforeAll, describe, expect, it } from "vitest";
import { abroad, fetchToken, home, later, opsAbroad, payload, rowsAbroad, take, told, write } from "./abroad.ts";
import { Browser, country, member, memberWithPhone, ops, rows, session } from "./country.ts";

const REGISTRAR_AT_GBO = { country: "BJ", roles: ["field_registrar"], site: "GBO" } as const;
const gbo = () => ({ ...REGISTRAR_AT_GBO, roles: [...REGISTRAR_AT_GBO.roles] });
const FOUR_MINUTES = 4 * 60_000;

let people = 0;
const email = () => `grant-${++people}-${crypto.randomUUID().slice(0, 8)}@example.org`;
const meAbroad = (browser: Browser) => browser.ask("GET", "/api/me", undefined, { env: abroad });
const registersAt = (browser: Browser, site: string, env = abroad) =>
  browser.ask(
    "POST",
    "/api/customers",
    { givenName: "Koffi", familyName: "Adande", phones: [], account: { site } },
    { env, headers: { "Idempotency-Key": crypto.randomUUID() } },
  );

beforeAll(async () => {
  const sites = ["GBO", "SAM"].map((code) => ({ code, name: code, district: "Zou" }));
  expect((await opsAbroad("POST", "/sites", { sites })).status).toBe(200);
  expect((await ops("POST", "/sites", { sites: [{ code: "MAK", name: "Ha Makebe", district: "Berea" }] })).status).toBe(
    200,
  );
});

describe("a registrar of one site in Benin", () => {
  it("is added at home in Lesotho, registers at that site, and at no other, nor anything in Lesotho", async () => {
    const body = { email: email(), name: "Afi Dossou", roles: [], countries: ["BJ"], grants: [gbo()] };
    const added = await ops("POST", "/staff", body);
    expect(added).toMatchObject({ status: 201, body: { grants: [gbo()], site: null } });
    const { browser } = await session([], { countries: ["BJ"], grants: [gbo()] });
    expect(await take(browser, await fetchToken(browser))).toMatchObject({ status: 200 });
    expect(await meAbroad(browser)).toMatchObject({
      status: 200,
      body: { roles: ["field_registrar"], site: "GBO", permissions: ["customers.register"] },
    });
    expect(await registersAt(browser, "GBO")).toMatchObject({ status: 201 });
    expect(await registersAt(browser, "SAM")).toMatchObject({
      status: 403,
      body: { error: { kind: "other_site", details: { site: "GBO" } } },
    });
    for (const env of [home, country]) expect((await registersAt(browser, "MAK", env)).status).toBe(403);
    expect((await registersAt(browser, "MAK")).status).toBe(400);
  });

  it("is another person in Lesotho: roles at home do not come along, nor the other way round", async () => {
    const { browser } = await session(["engineering"], { countries: ["LS", "BJ"], grants: [gbo()] });
    await take(browser, await fetchToken(browser));
    expect((await browser.ask("GET", "/api/customers", undefined, { env: home })).status).toBe(200);
    expect((await browser.ask("GET", "/api/customers", undefined, { env: abroad })).status).toBe(403);
    expect((await registersAt(browser, "MAK", home)).status).toBe(403);
    expect((await registersAt(browser, "GBO")).status).toBe(201);
  });
});

describe("a grant", () => {
  it("that is changed at home holds in the other country within the four minutes of a token, and at once with the next", async () => {
    const { browser, staffId } = await session([], { countries: ["BJ"], grants: [gbo()] });
    const cookies = new Map(browser.jar);
    await take(browser, await fetchToken(browser));
    const moved = await ops("PATCH", `/staff/${staffId}`, { grants: [{ ...gbo(), site: "SAM" }] });
    expect(moved).toMatchObject({ status: 200, body: { member: { grants: [{ ...gbo(), site: "SAM" }] } } });
    // Whoever fetches nothing further is out.
    expect((await browser.ask("GET", "/api/me", undefined, { env: later(abroad, FOUR_MINUTES) })).status).toBe(401);
    await take(browser, await fetchToken(browser));
    expect((await registersAt(browser, "SAM")).status).toBe(201);
    expect((await registersAt(browser, "GBO")).status).toBe(403);
    expect(browser.jar.get("__Host-cc-ls-session")).toBe(cookies.get("__Host-cc-ls-session"));
  });

  it("goes with its country, and comes back as the same as at home", async () => {
    const { staffId } = await session(["generic"], { countries: ["LS", "BJ"], grants: [gbo()] });
    await ops("PATCH", `/staff/${staffId}`, { countries: ["LS"] });
    const back = await ops("PATCH", `/staff/${staffId}`, { countries: ["LS", "BJ"] });
    expect(back).toMatchObject({ status: 200, body: { member: { countries: ["BJ", "LS"], grants: [] } } });
  });

  it("stays where something else is changed, and leaves one act where it alone changes", async () => {
    const { staffId } = await session(["generic"], { countries: ["LS", "BJ"], grants: [gbo()] });
    await ops("PATCH", `/staff/${staffId}`, { name: "Mpho Other" });
    for (const _ of ["once", "twice"]) await ops("PATCH", `/staff/${staffId}`, { grants: [] });
    const acts = await rows<{ before: { grants: unknown }; after: { grants: unknown } }>(
      `SELECT before, after FROM mutations WHERE subject = 'staff:${staffId}' AND action = 'staff.change' ORDER BY seq`,
    );
    expect(acts.map(({ before, after }) => [before.grants, after.grants])).toEqual([
      [[gbo()], [gbo()]],
      [[gbo()], []],
    ]);
  });

  it("that is wrong is refused by its field, and nobody is added or changed", async () => {
    const body = { email: email(), name: "Afi", roles: [], countries: ["BJ"] };
    const wrong = await ops("POST", "/staff", { ...body, grants: [{ ...gbo(), site: "MAK" }] });
    expect(wrong).toMatchObject({
      status: 400,
      body: { error: { kind: "bad_field", details: [{ field: "grants.0.site", value: "MAK" }] } },
    });
    expect(await ops("POST", "/staff", { ...body, site: "GBO" })).toMatchObject({
      status: 400,
      body: { error: { details: [{ field: "site", value: "GBO" }, { field: "grants" }] } },
    });
    expect(await rows(`SELECT FROM staff WHERE email = '${body.email}'`)).toEqual([]);
    const { staffId } = await session(["field_registrar"], { site: "MAK" });
    const also = await ops("PATCH", `/staff/${staffId}`, { countries: ["LS", "BJ"] });
    expect(also).toMatchObject({ status: 400, body: { error: { details: [{ field: "grants" }] } } });
  });

  it("of a role that moves money asks for the second factor at home, where it is shown", async () => {
    const grants = [{ country: "BJ" as const, roles: ["finance_team" as const], site: null }];
    const who = await member({ roles: ["generic"], countries: ["LS", "BJ"], grants });
    const browser = new Browser(home);
    expect(await browser.signIn(who.email)).toMatchObject({ body: { next: "enrol" } });
    expect((await browser.ask("GET", "/api/customers")).status).toBe(401);
    const strong = await memberWithPhone({ roles: ["generic"], countries: ["LS", "BJ"], grants });
    await take(strong.browser, await fetchToken(strong.browser));
    expect((await strong.browser.ask("GET", "/api/payments", undefined, { env: abroad })).status).toBe(200);
  });
});

describe("a country that is told of a site that it does not have", () => {
  it.each(["MAK", "XXX"])("lets nobody in who is bound to %s, and keeps nothing of them", async (site) => {
    const who = told({ roles: ["field_registrar"], site });
    expect(await take(new Browser(abroad), await write(payload(who)))).toMatchObject({
      status: 409,
      body: { error: { kind: "unknown_site" } },
    });
    expect(await rowsAbroad(`SELECT FROM staff WHERE email = '${who.email}'`)).toEqual([]);
  });
});

describe("the places for a grant", () => {
  it("are the countries and their sites, and only who manages staff is told", async () => {
    const boss = await session(["superadmin"]);
    const told = await boss.browser.ask("GET", "/api/staff/places");
    const places = told.body.places as { code: string; sites: { code: string }[] }[];
    expect(places.find(({ code }) => code === "BJ")?.sites.map(({ code }) => code)).toEqual(["GBO", "SAM"]);
    const other = await session(["onm_team"]);
    expect((await other.browser.ask("GET", "/api/staff/places")).status).toBe(403);
  });
});
