import { describe, expect, it } from "vitest";
import { Browser, member, ops, PASSWORD, ports, rows, session, somebody } from "./country.ts";

describe("signing in", () => {
  it("opens a session that says who one is and what one may", async () => {
    const made = await member({ roles: ["engineering", "generic"] });
    const browser = new Browser();
    expect(await browser.signIn(made.email)).toMatchObject({ status: 200, body: { next: "done" } });
    expect(await browser.me()).toMatchObject({
      status: 200,
      body: {
        email: made.email,
        roles: ["engineering", "generic"],
        permissions: expect.arrayContaining(["meters.write"]),
        country: "LS",
        secondFactor: { needed: false },
      },
    });
    expect((await browser.me()).body.permissions).not.toContain("money.write");
  });

  it("takes the e-mail address in any letters and with spaces around it", async () => {
    const made = await member();
    expect((await new Browser().signIn(`  ${made.email.toUpperCase()} `)).status).toBe(200);
  });

  it("keeps the token where no script and no other site gets at it, under the country's own name", async () => {
    const made = await member();
    const cookies = (await new Browser().signIn(made.email)).headers.getSetCookie();
    expect(cookies).toHaveLength(2);
    for (const cookie of cookies)
      expect(cookie).toMatch(/^__Host-cc-ls-(session|device)=.*; Path=\/; HttpOnly; Secure; SameSite=Strict$/);
  });

  it("says the same to a wrong password, to nobody, to somebody inactive and to somebody of another country", async () => {
    const [known, left, abroad] = [await member(), await member(), await member({ countries: ["BJ"] })];
    await ports.staff.change(left.staffId, { active: false }, { actor: "a test", reason: null, at: Date.now() });
    const answers = [
      await new Browser().signIn(known.email, "not this one"),
      await new Browser().signIn("nobody@example.org"),
      await new Browser().signIn("no address at all"),
      await new Browser().signIn(left.email),
      await new Browser().signIn(abroad.email),
    ];
    for (const { status, body } of answers) expect([status, body]).toEqual([401, answers[0]?.body]);
  });

  it("does not take a cookie that nobody gave", async () => {
    const browser = new Browser();
    expect(await browser.me()).toMatchObject({ status: 401, body: { error: { kind: "not_signed_in" } } });
    browser.jar.set("__Host-cc-ls-session", "made-up");
    expect(await browser.me()).toMatchObject({ status: 401, body: { error: { kind: "session_over" } } });
  });

  it("ends with signing out, on the server too", async () => {
    const { browser } = await session(["generic"]);
    const kept = new Map(browser.jar);
    expect((await browser.ask("POST", "/api/sign-out")).status).toBe(200);
    for (const [name, value] of kept) browser.jar.set(name, value);
    expect((await browser.me()).status).toBe(401);
  });

  it("stores neither the token nor the password", async () => {
    const made = await member();
    const browser = new Browser();
    await browser.signIn(made.email);
    const token = browser.jar.get("__Host-cc-ls-session") ?? "none";
    expect(await ports.sessions.find(token, Date.now())).toBeNull();
    expect(await ports.sessions.find(ports.secrets.hashToken(token), Date.now())).toMatchObject({ email: made.email });
    expect((await ports.staff.byEmail(made.email))?.passwordHash).toMatch(/^scrypt:14:8:5:/);
  });
});

describe("what a session may", () => {
  it("follows the roles of this moment", async () => {
    const { staffId, browser } = await session(["generic"]);
    const by = { actor: "a test", reason: null, at: Date.now() };
    const register = () => browser.ask("POST", "/api/customers", {});
    expect((await register()).body.error?.kind).toBe("not_allowed");
    await ports.staff.change(staffId, { roles: ["field_registrar"] }, by);
    expect((await register()).body.error?.kind).toBe("bad_field");
    await ports.staff.change(staffId, { roles: [] }, by);
    expect((await register()).body.error?.kind).toBe("not_allowed");
    await ports.staff.change(staffId, { countries: ["BJ"] }, by);
    expect((await register()).body.error?.kind).toBe("not_here");
    await ports.staff.change(staffId, { active: false }, by);
    expect((await register()).body.error?.kind).toBe("session_over");
    await ports.staff.change(staffId, { active: true }, by);
    expect((await register()).body.error?.kind).toBe("session_over");
  });

  it("is nothing for a page of another site, and for one that does not say where it is from", async () => {
    const { browser } = await session(["superadmin"]);
    for (const Origin of ["https://evil.example", "null", ""])
      expect(await browser.ask("POST", "/api/customers", {}, { headers: { Origin } })).toMatchObject({
        status: 403,
        body: { error: { kind: "bad_origin" } },
      });
    const from = { headers: { Origin: "https://portal.example" } };
    const env = { ...browser.env, PORTAL_ORIGINS: "https://portal.example" };
    expect((await browser.ask("POST", "/api/customers", {}, { ...from, env })).body.error?.kind).toBe("bad_field");
  });

  it("names the person in the audit, whatever the request says", async () => {
    const { staffId, email, browser } = await session(["superadmin"]);
    const other = somebody();
    const added = await browser.ask("POST", "/api/staff", other, { headers: { "X-Actor": "somebody else" } });
    expect(added.status).toBe(201);
    const [row] = await rows<{ actor: string; subject: string; after: unknown }>(
      `SELECT actor, subject, after FROM mutations WHERE action = 'staff.add' AND after ->> 'email' = '${other.email}'`,
    );
    expect(row).toEqual({
      actor: `staff:${staffId} ${email}`,
      subject: `staff:${added.body.staffId}`,
      after: { ...other, active: true },
    });
  });

  it.each([
    "staff:1 mpho@example.org",
    "Staff :1 mpho@example.org",
    // The books' own words where no person acted: the audit leaves such rows out.
    "machine",
    "Provider  Webhook",
    "provider\u00a0webhook",
    "La\u00admpho",
  ])("is not for a key holder who takes a name of somebody who signs in, or of a machine: %j", async (name) => {
    const headers = { "X-Actor": name };
    const { KEYS } = await import("../workers/country.ts");
    const said = await new Browser().ask("POST", "/api/ops/staff", somebody(), {
      headers: { "X-Ops-Key": KEYS.ops, ...headers },
    });
    expect(said).toMatchObject({ status: 400, body: { error: { kind: "bad_field" } } });
  });
});

describe("a registrar", () => {
  const register = (browser: Browser, body: object) =>
    browser.ask(
      "POST",
      "/api/customers",
      { givenName: "Neo", familyName: "Ramaili", phones: [], ...body },
      {
        headers: { "Idempotency-Key": crypto.randomUUID() },
      },
    );
  const sites = () =>
    ops("POST", "/sites", { sites: ["MAK", "KET"].map((code) => ({ code, name: code, district: "Berea" })) });

  it("of one site registers there and nowhere else", async () => {
    await sites();
    const { browser } = await session(["field_registrar"], { site: "MAK" });
    expect((await register(browser, { account: { site: "MAK" } })).status).toBe(201);
    for (const body of [{ account: { site: "KET" } }, { site: "KET", account: { site: "MAK" } }, { site: "KET" }, {}])
      expect([body, await register(browser, body)]).toMatchObject([
        body,
        { status: 403, body: { error: { kind: "other_site", details: { site: "MAK" } } } },
      ]);
  });

  it("of no site in particular registers anywhere, as does one of the field team whatever the site", async () => {
    await sites();
    const everywhere = await session(["field_registrar"]);
    expect((await register(everywhere.browser, { account: { site: "KET" } })).status).toBe(201);
    const both = await session(["field_registrar", "onm_team"], { site: "MAK" });
    expect((await register(both.browser, { account: { site: "KET" } })).status).toBe(201);
  });
});

describe("an invitation", () => {
  const invited = async () => {
    const wanted = somebody();
    const added = await ops("POST", "/staff", { ...wanted, email: wanted.email.toUpperCase() });
    expect(added).toMatchObject({
      status: 201,
      body: { email: wanted.email, invitation: { path: expect.any(String) } },
    });
    return { ...wanted, code: (added.body.invitation as { code: string }).code, staffId: Number(added.body.staffId) };
  };
  const take = (code: string, password = PASSWORD, browser = new Browser()) =>
    browser.ask("POST", "/api/invitations/take", { code, password });

  it("lets its person choose the password, once", async () => {
    const { email, code } = await invited();
    const browser = new Browser();
    expect(await take(code, PASSWORD, browser)).toMatchObject({ status: 200, body: { email, next: "done" } });
    expect((await browser.me()).status).toBe(200);
    expect(await take(code)).toMatchObject({ status: 401, body: { error: { kind: "wrong_sign_in" } } });
    expect((await new Browser().signIn(email)).status).toBe(200);
  });

  it("names what is wrong with a weak password, repeats none of it, and is still good then", async () => {
    const { email, code } = await invited();
    for (const weak of ["short", "password12345", email, "aaaaaaaaaaaa"]) {
      const answer = await take(code, weak);
      expect(answer).toMatchObject({ status: 400, body: { error: { details: [{ field: "password", value: null }] } } });
    }
    expect((await take(code)).status).toBe(200);
  });

  it("is worth nothing when it is over, and when another was drawn since", async () => {
    const { code, staffId } = await invited();
    const again = await ops("POST", `/staff/${staffId}/invite`);
    expect((await take(code)).status).toBe(401);
    const late = new Browser({ ...new Browser().env, CLOCK_OFFSET_MS: String(4 * 86_400_000) });
    const second = (again.body.invitation as { code: string }).code;
    expect((await take(second, PASSWORD, late)).status).toBe(401);
    expect((await take(second)).status).toBe(200);
  });

  it("is given to one address once", async () => {
    const { email } = await invited();
    expect(await ops("POST", "/staff", { ...somebody(), email })).toMatchObject({
      status: 409,
      body: { error: { kind: "exists" } },
    });
  });
});
