import { describe, expect, it } from "vitest";
import { TOKEN } from "../../src/domain/identity.ts";
import type { Env } from "../../workers/env.ts";
import { abroad, fetchToken, home, later, opsAbroad, payload, rowsAbroad, take, told, write } from "./abroad.ts";
import { Browser, customer, member, ops, session } from "./country.ts";

const meIn = (browser: Browser, env: Env = abroad) => browser.ask("GET", "/api/me", undefined, { env });
const staffIdAbroad = async (email: string) =>
  (await rowsAbroad<{ id: number }>(`SELECT id FROM staff WHERE email = '${email}'`))[0]?.id;
const FIVE_MINUTES = 5 * 60_000;

describe("the home's word", () => {
  it("signs in another country who is signed in at home, with the same roles and the same e-mail address", async () => {
    const { browser, email } = await session(["finance_team", "generic"], { countries: ["LS", "BJ"] });
    expect(await meIn(browser)).toMatchObject({ status: 401 });
    const taken = await take(browser, await fetchToken(browser));
    expect(taken).toMatchObject({ status: 200, body: { livesMs: expect.any(Number) } });
    expect(await meIn(browser)).toMatchObject({
      status: 200,
      body: { email, roles: ["finance_team", "generic"], country: "BJ", countries: ["BJ", "LS"] },
    });
    // The session at home is another, and goes on.
    expect(await meIn(browser, home)).toMatchObject({ status: 200, body: { email, country: "LS" } });
  });

  it("makes a session that ends with it", async () => {
    const { browser } = await session(["generic"], { countries: ["LS", "BJ"] });
    await take(browser, await fetchToken(browser));
    expect((await meIn(browser, later(abroad, TOKEN.livesMs - 10_000))).status).toBe(200);
    expect((await meIn(browser, later(abroad, TOKEN.livesMs))).body.error?.kind).toBe("session_over");
  });

  it("is given to nobody who does not work there, and to nobody who is not signed in whole", async () => {
    const here = await session(["superadmin"]);
    const asked = await here.browser.ask("POST", "/api/identity/token", { country: "BJ" }, { env: home });
    expect(asked).toMatchObject({ status: 403, body: { error: { kind: "not_there" } } });
    const half = await member({ roles: ["finance_team"], countries: ["BJ"] });
    const browser = new Browser(home);
    expect(await browser.signIn(half.email)).toMatchObject({ status: 200, body: { next: "enrol" } });
    const refused = await browser.ask("POST", "/api/identity/token", { country: "BJ" });
    expect(refused).toMatchObject({ status: 401, body: { error: { kind: "second_factor_needed" } } });
  });

  it("is neither given nor taken by a country that is its own home", async () => {
    const { browser } = await session(["generic"], { countries: ["LS", "BJ"] });
    expect(await browser.ask("POST", "/api/identity/token", { country: "BJ" })).toMatchObject({ status: 409 });
    expect(await browser.ask("POST", "/api/sign-in/token", { token: "x" })).toMatchObject({ status: 409 });
  });

  it("is no customer's: none gets it, and who came by it opens nothing of a customer", async () => {
    const shopper = await customer("0911MAK");
    const asked = await shopper.ask("POST", "/api/identity/token", { country: "BJ" }, { env: home });
    expect(asked).toMatchObject({ status: 403, body: { error: { kind: "not_allowed" } } });
    const browser = new Browser(abroad);
    await take(browser, await write(payload(told({ roles: ["superadmin"], secondFactorAt: Date.now() }))));
    expect(await browser.ask("GET", "/api/my/profile")).toMatchObject({ status: 403 });
  });

  it("does not stand in for a second factor that was not shown", async () => {
    const browser = new Browser(abroad);
    await take(browser, await write(payload(told({ roles: ["finance_team"] }))));
    const asked = await browser.ask("GET", "/api/payments");
    expect(asked).toMatchObject({ status: 401, body: { error: { kind: "second_factor_needed" } } });
    expect(await browser.ask("POST", "/api/sign-in/enrol")).toMatchObject({ status: 409 });
  });

  it("is taken from our own pages alone", async () => {
    const token = await write(payload(told()));
    const browser = new Browser(abroad);
    const headers = { Origin: "https://evil.example" };
    expect(await browser.ask("POST", "/api/sign-in/token", { token }, { headers })).toMatchObject({ status: 403 });
    expect(browser.jar.size).toBe(0);
  });
});

describe("the same word again", () => {
  const living = (email: string) =>
    rowsAbroad(`SELECT x.id FROM sessions x JOIN staff s ON s.id = x.staff_id
      WHERE s.email = '${email}' AND x.revoked_at IS NULL`);

  it("opens no second session: in the same browser nothing changes, in another one it goes there", async () => {
    const who = told();
    const token = await write(payload(who));
    const [one, other] = [new Browser(abroad), new Browser(abroad)];
    await take(one, token);
    const cookies = new Map(one.jar);
    expect((await take(one, token)).status).toBe(200);
    expect(one.jar).toEqual(cookies);
    expect((await take(other, token)).status).toBe(200);
    expect((await meIn(other)).status).toBe(200);
    expect((await meIn(one)).status).toBe(401);
    expect(await living(who.email)).toHaveLength(1);
  });

  it("opens one session also when it comes twice at once", async () => {
    const who = told();
    const token = await write(payload(who));
    const browsers = Array.from({ length: 4 }, () => new Browser(abroad));
    const answers = await Promise.all(browsers.map((each) => take(each, token)));
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200, 200]);
    expect(await living(who.email)).toHaveLength(1);
    const seen = await Promise.all(browsers.map((each) => meIn(each)));
    expect(seen.filter(({ status }) => status === 200)).toHaveLength(1);
  });

  it("opens nothing once its session was signed out of", async () => {
    const token = await write(payload(told()));
    const browser = new Browser(abroad);
    await take(browser, token);
    await browser.ask("POST", "/api/sign-out");
    expect(await take(browser, token)).toMatchObject({ status: 401, body: { error: { kind: "token_used" } } });
    expect((await meIn(browser)).status).toBe(401);
  });
});

describe("a word that was fetched before somebody signed out, and not brought", () => {
  it("brings nobody back, in this browser or in another; one that is fetched afterwards does", async () => {
    const who = told();
    const browser = new Browser(abroad);
    const at = Date.now();
    const unused = await write(payload(who, {}, at - 500));
    await take(browser, await write(payload(who, {}, at - 1_000)));
    await browser.ask("POST", "/api/sign-out");
    for (const each of [browser, new Browser(abroad)])
      expect(await take(each, unused)).toMatchObject({ status: 401, body: { error: { kind: "token_used" } } });
    expect((await meIn(browser)).status).toBe(401);
    const again = later(abroad, 1_000);
    expect((await take(browser, await write(payload(who, {}, Date.now() + 1_000)), again)).status).toBe(200);
  });

  it("counts by person: somebody else's word of that time is taken", async () => {
    const [one, other] = [told(), told()];
    const words = await Promise.all([one, other].map((who) => write(payload(who, {}, Date.now() - 500))));
    const browser = new Browser(abroad);
    await take(browser, await write(payload(one)));
    await browser.ask("POST", "/api/sign-out");
    expect((await take(new Browser(abroad), words[0] ?? "")).status).toBe(401);
    expect((await take(new Browser(abroad), words[1] ?? "")).status).toBe(200);
  });

  it("ends a session no later than it says itself: who asks is told until when", async () => {
    const browser = new Browser(abroad);
    const word = payload(told());
    await take(browser, await write(word));
    expect((await meIn(browser)).body.signedInUntil).toBe(word.exp * 1_000);
  });
});

describe("the next word", () => {
  it("lets the session go on, in the same cookie", async () => {
    const who = told();
    const browser = new Browser(abroad);
    await take(browser, await write(payload(who)));
    const cookies = new Map(browser.jar);
    const soon = later(abroad, 180_000);
    await take(browser, await write(payload(who, {}, Date.now() + 180_000)), soon);
    expect(browser.jar).toEqual(cookies);
    expect((await meIn(browser, later(abroad, TOKEN.livesMs + 60_000))).status).toBe(200);
  });

  it("takes roles away at once, and an older word that comes late does not bring them back", async () => {
    const who = told({ roles: ["onm_team"], secondFactorAt: Date.now() });
    const browser = new Browser(abroad);
    const at = Date.now();
    const older = await write(payload(who, {}, at - 2_000));
    await take(browser, await write(payload(who, {}, at - 1_000)));
    expect((await browser.ask("GET", "/api/sms/log")).status).not.toBe(403);
    await take(browser, await write(payload({ ...who, roles: [] }, {}, at)));
    expect((await browser.ask("GET", "/api/customers")).status).toBe(403);
    await take(new Browser(abroad), older);
    expect((await browser.ask("GET", "/api/customers")).status).toBe(403);
  });

  it("leaves an act where it says something new, and none where it says the same", async () => {
    const who = told();
    const browser = new Browser(abroad);
    const at = Date.now();
    for (const [ms, roles] of [
      [-3_000, who.roles],
      [-2_000, who.roles],
      [-1_000, ["engineering"]],
    ] as const)
      await take(browser, await write(payload({ ...who, roles: [...roles] }, {}, at + ms)));
    const id = await staffIdAbroad(who.email);
    const acts = await rowsAbroad<{ actor: string; after: { roles: string[] } }>(
      `SELECT actor, after FROM mutations WHERE subject = 'staff:${id}' AND action = 'staff.told' ORDER BY seq`,
    );
    expect(acts.map(({ after }) => after.roles)).toEqual([["generic"], ["engineering"]]);
    expect(new Set(acts.map(({ actor }) => actor))).toEqual(new Set(["home https://staff.example.org"]));
  });
});

describe("who is removed at home", () => {
  it.each([
    ["made inactive", { active: false }, 401],
    ["without this country", { countries: ["LS"] }, 403],
  ] as const)(
    "%s, gets no further word at once and is out everywhere within five minutes",
    async (_, change, status) => {
      const { browser, staffId } = await session(["generic"], { countries: ["LS", "BJ"] });
      await take(browser, await fetchToken(browser));
      expect((await ops("PATCH", `/staff/${staffId}`, change)).status).toBe(200);
      const asked = await browser.ask("POST", "/api/identity/token", { country: "BJ" }, { env: home });
      expect(asked.status).toBe(status);
      expect((await meIn(browser, later(abroad, FIVE_MINUTES))).status).toBe(401);
    },
  );

  it("from a role, has lost it everywhere within five minutes, and with the next word at once", async () => {
    const { browser, staffId } = await session(["engineering"], { countries: ["LS", "BJ"] });
    await take(browser, await fetchToken(browser));
    expect((await browser.ask("GET", "/api/customers", undefined, { env: abroad })).status).toBe(200);
    await ops("PATCH", `/staff/${staffId}`, { roles: [] });
    expect((await meIn(browser, later(abroad, FIVE_MINUTES))).status).toBe(401);
    await take(browser, await fetchToken(browser));
    expect((await browser.ask("GET", "/api/customers", undefined, { env: abroad })).status).toBe(403);
  });

  it("by signing out there, gets no further word and is out everywhere within five minutes", async () => {
    const { browser } = await session(["generic"], { countries: ["LS", "BJ"] });
    await take(browser, await fetchToken(browser));
    await browser.ask("POST", "/api/sign-out", undefined, { env: home });
    expect((await browser.ask("POST", "/api/identity/token", { country: "BJ" }, { env: home })).status).toBe(401);
    expect((await meIn(browser, later(abroad, FIVE_MINUTES))).status).toBe(401);
  });
});

describe("a country that takes the home's word", () => {
  it("may itself lock somebody out at once, and let them in again; what the home says it does not change", async () => {
    const who = told();
    const browser = new Browser(abroad);
    await take(browser, await write(payload(who)));
    const path = `/staff/${await staffIdAbroad(who.email)}`;
    for (const change of [{ roles: ["superadmin"] }, { countries: ["BJ", "ZM"] }, { name: "Afi" }, { site: null }])
      expect(await opsAbroad("PATCH", path, change)).toMatchObject({
        status: 422,
        body: { error: { kind: "refused" } },
      });
    for (const act of ["invite", "reset-totp"]) expect((await opsAbroad("POST", `${path}/${act}`)).status).toBe(422);
    expect((await opsAbroad("PATCH", path, { active: false })).status).toBe(200);
    expect((await meIn(browser)).status).toBe(401);
    const refused = await take(browser, await write(payload(who)));
    expect(refused).toMatchObject({ status: 403, body: { error: { kind: "deactivated" } } });
    await opsAbroad("PATCH", path, { active: true });
    expect((await take(browser, await write(payload(who)))).status).toBe(200);
  });

  it("has no passwords of staff: nobody is added, invited or signed in with one", async () => {
    const wrong = { status: 409, body: { error: { kind: "at_home" } } };
    const browser = new Browser(abroad);
    expect(await browser.signIn("afi@example.org")).toMatchObject(wrong);
    const invitation = { code: "x", password: "nine brown kettles" };
    expect(await browser.ask("POST", "/api/invitations/take", invitation)).toMatchObject(wrong);
    const member = { email: "afi@example.org", name: "Afi", roles: [] };
    expect(await opsAbroad("POST", "/staff", member)).toMatchObject(wrong);
  });

  it("takes nobody for somebody it had added itself under that address, and lets that one in no more", async () => {
    const own = { ...abroad, IDENTITY_ORIGIN: "", IDENTITY_PUBLIC_KEYS: "" };
    const who = told();
    const person = { email: who.email, name: "Koffi Mensah", roles: ["generic"] };
    const added = await opsAbroad("POST", "/staff", person, own);
    const { code } = added.body.invitation as { code: string };
    const local = new Browser(own);
    await local.ask("POST", "/api/invitations/take", { code, password: "nine brown kettles" });
    expect((await meIn(local, own)).status).toBe(200);
    expect((await meIn(local)).body.error?.kind).toBe("session_over");
    const refused = await take(new Browser(abroad), await write(payload(who)));
    expect(refused).toMatchObject({ status: 409, body: { error: { kind: "local_person" } } });
    expect(await rowsAbroad(`SELECT home, name FROM staff WHERE email = '${who.email}'`)).toEqual([
      { home: null, name: "Koffi Mensah" },
    ]);
    const localId = await staffIdAbroad(who.email);
    expect((await opsAbroad("POST", `/staff/${localId}/free-address`, undefined, own)).status).toBe(409);
    for (const _ of ["once", "twice"])
      expect((await opsAbroad("POST", `/staff/${localId}/free-address`)).status).toBe(200);
    expect(await rowsAbroad(`SELECT email, active FROM staff WHERE id = ${localId}`)).toEqual([
      { email: `was.${localId}.${who.email}`, active: false },
    ]);
    const acts = `SELECT id FROM mutations WHERE subject = 'staff:${localId}' AND action = 'staff.free-address'`;
    expect(await rowsAbroad(acts)).toHaveLength(1);
    expect((await take(new Browser(abroad), await write(payload(who)))).status).toBe(200);
    const taken = await staffIdAbroad(who.email);
    expect((await opsAbroad("POST", `/staff/${taken}/free-address`)).status).toBe(422);
  });

  it("lets nobody in who is bound to a site that it does not have", async () => {
    const refused = await take(
      new Browser(abroad),
      await write(payload(told({ roles: ["field_registrar"], site: "MAK" }))),
    );
    expect(refused).toMatchObject({ status: 409, body: { error: { kind: "unknown_site" } } });
  });

  it("lets nobody in while its database does not answer, and says so", async () => {
    const down = { ...abroad, DATABASE_URL: "postgres://nobody:nothing@127.0.0.1:9/none" };
    const answer = await take(new Browser(abroad), await write(payload(told())), down);
    expect(answer).toMatchObject({ status: 503, body: { error: { kind: "database_down" } } });
  });
});
