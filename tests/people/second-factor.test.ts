import { describe, expect, it } from "vitest";
import { totpCode } from "../../src/adapters/totp.ts";
import { attemptKey } from "../../src/domain/sign-in.ts";
import type { MemberChange } from "../../src/ports/staff.ts";
import {
  Browser,
  country,
  database,
  holdUp,
  member,
  memberWithPhone,
  ops,
  PASSWORD,
  ports,
  rows,
  session,
} from "./country.ts";

const HALF_MINUTE = 30_000;
const at = (ms: number) => new Browser({ ...country, CLOCK_OFFSET_MS: String(ms) });

describe("whoever moves money", () => {
  it("enrols at the first sign-in, and may nothing before", async () => {
    const made = await member({ roles: ["finance_team"] });
    const browser = new Browser();
    expect(await browser.signIn(made.email)).toMatchObject({ status: 200, body: { next: "enrol" } });
    expect(await browser.me()).toMatchObject({ status: 200, body: { secondFactor: { needed: true, shown: false } } });
    expect(await browser.ask("GET", "/api/suspense")).toMatchObject({
      status: 401,
      body: { error: { kind: "second_factor_needed", details: { enrolled: false } } },
    });
    const offered = await browser.ask("POST", "/api/sign-in/enrol");
    expect(offered.body.uri).toMatch(/^otpauth:\/\/totp\/.*issuer=1PWR%20Lesotho.*secret=/);
    const proved = await browser.code(totpCode(String(offered.body.secret), Date.now()));
    expect(proved).toMatchObject({ status: 200, body: { next: "done" } });
    expect(proved.body.recoveryCodes).toHaveLength(10);
    expect((await browser.ask("GET", "/api/suspense")).status).toBe(200);
  });

  it("gets another token for the second factor: the one of the password alone is worth nothing more", async () => {
    const { email, secret } = await memberWithPhone();
    const browser = at(HALF_MINUTE);
    await browser.signIn(email);
    const half = new Map(browser.jar);
    expect((await browser.code(totpCode(secret, Date.now() + HALF_MINUTE))).status).toBe(200);
    const other = at(HALF_MINUTE);
    for (const [name, value] of half) other.jar.set(name, value);
    expect((await other.me()).status).toBe(401);
    expect((await browser.me()).status).toBe(200);
  });

  it("is not let through with a number of the same half minute a second time", async () => {
    const { email, secret } = await memberWithPhone();
    const now = Date.now();
    const [first, second] = [at(HALF_MINUTE), at(HALF_MINUTE)];
    const number = totpCode(secret, now + HALF_MINUTE);
    await first.signIn(email);
    await second.signIn(email);
    const answers = await Promise.all([first.code(number), second.code(number)]);
    expect(answers.map(({ status }) => status).toSorted()).toEqual([200, 401]);
  });

  it.each([
    ["half a minute behind", -HALF_MINUTE, 200],
    ["half a minute ahead", HALF_MINUTE, 200],
    ["a minute and a half behind", -3 * HALF_MINUTE, 401],
    ["a minute and a half ahead", 3 * HALF_MINUTE, 401],
  ])("may have a phone whose clock is %s: %s ms, %s", async (_, skew, status) => {
    const { email, secret } = await memberWithPhone({}, Date.now() - HALF_MINUTE);
    const browser = at(2 * HALF_MINUTE);
    await browser.signIn(email);
    const said = await browser.code(totpCode(secret, Date.now() + 2 * HALF_MINUTE + skew));
    expect(said.status).toBe(status);
  });

  it("comes in by a code from paper, however it is typed, once, and it is in the audit", async () => {
    const { email, staffId, recoveryCodes } = await memberWithPhone();
    const [paper = ""] = recoveryCodes;
    const use = async (recoveryCode: string) => {
      const browser = new Browser();
      await browser.signIn(email);
      return (await browser.ask("POST", "/api/sign-in/second-factor", { recoveryCode })).status;
    };
    expect(await use(paper.toUpperCase().replaceAll("-", " "))).toBe(200);
    expect(await use(paper)).toBe(401);
    const acts = await rows<{ action: string }>(
      `SELECT action FROM mutations WHERE subject = 'staff:${staffId}' ORDER BY id`,
    );
    expect(acts.map(({ action }) => action)).toEqual([
      "staff.add",
      "staff.password",
      "staff.second-factor",
      "staff.recovery-code",
    ]);
  });

  it("cannot put another authenticator in the place of the registered one", async () => {
    const { email } = await memberWithPhone();
    const browser = new Browser();
    expect(await browser.signIn(email)).toMatchObject({ body: { next: "second_factor" } });
    expect(await browser.ask("POST", "/api/sign-in/enrol")).toMatchObject({ status: 409 });
  });

  it("who lost phone and paper enrols anew after a superadmin's reset, and is signed out everywhere", async () => {
    const { email, staffId, browser } = await memberWithPhone();
    expect((await ops("POST", `/staff/${staffId}/reset-totp`)).status).toBe(200);
    expect((await browser.me()).status).toBe(401);
    expect(await new Browser().signIn(email)).toMatchObject({ body: { next: "enrol" } });
  });

  it("waits longer after each wrong number, and the password alone opens nothing meanwhile", async () => {
    const { email, secret, staffId } = await memberWithPhone();
    const browser = at(HALF_MINUTE);
    await browser.signIn(email);
    expect((await browser.code("000000")).status).toBe(401);
    await holdUp(attemptKey("factor", String(staffId)));
    expect((await browser.code(totpCode(secret, Date.now() + HALF_MINUTE))).status).toBe(429);
  });

  it("who is given such a role in the middle of a session shows one first", async () => {
    const made = await member();
    const browser = new Browser();
    await browser.signIn(made.email);
    const by = { actor: "a test", reason: null, at: Date.now() };
    await ports.staff.change(made.staffId, { roles: ["finance_team"] }, by);
    expect((await browser.ask("GET", "/api/suspense")).body.error?.kind).toBe("second_factor_needed");
    const offered = await browser.ask("POST", "/api/sign-in/enrol");
    await browser.code(totpCode(String(offered.body.secret), Date.now()));
    expect((await browser.ask("GET", "/api/suspense")).status).toBe(200);
  });

  it("has a secret that the database alone does not give away, nor another person's row", async () => {
    const [one, other] = [await memberWithPhone(), await memberWithPhone()];
    const [stored] = await rows<{ secret: string }>(
      `SELECT totp_secret AS secret FROM staff WHERE id = ${one.staffId}`,
    );
    expect(stored?.secret).not.toContain(one.secret);
    expect(ports.secrets.unseal(`staff:${one.staffId}`, stored?.secret ?? "")).toBe(one.secret);
    expect(ports.secrets.unseal(`staff:${other.staffId}`, stored?.secret ?? "")).toBeNull();
  });
});

describe("sessions", () => {
  it("are listed, ended one by one, and all the others by another password", async () => {
    const made = await member();
    const [desk, tablet, stolen] = [new Browser(), new Browser(), new Browser()];
    for (const browser of [desk, tablet, stolen]) await browser.signIn(made.email);
    const listed = (await desk.ask("GET", "/api/me/sessions")).body.sessions as { sessionId: number; own: boolean }[];
    expect(listed.map(({ own }) => own).toSorted()).toEqual([false, false, true]);
    const [, , own] = listed.toSorted((a, b) => Number(a.own) - Number(b.own));
    const others = listed.filter(({ sessionId }) => sessionId !== own?.sessionId);
    await desk.ask("DELETE", `/api/me/sessions/${others[0]?.sessionId}`);
    const alive = async () =>
      (await Promise.all([desk, tablet, stolen].map((each) => each.me()))).map(({ status }) => status);
    expect((await alive()).filter((status) => status === 200)).toHaveLength(2);
    const change = (old: string, next: string) => desk.ask("POST", "/api/me/password", { old, new: next });
    expect((await change("not this", "eleven green kettles")).status).toBe(401);
    expect((await change(PASSWORD, PASSWORD)).status).toBe(400);
    expect((await change(PASSWORD, "eleven green kettles")).status).toBe(200);
    expect(await alive()).toEqual([200, 401, 401]);
    expect((await new Browser().signIn(made.email)).status).toBe(401);
    expect((await new Browser().signIn(made.email, "eleven green kettles")).status).toBe(200);
  });

  it("of others are ended by who manages staff, and by nobody else", async () => {
    const [boss, clerk, other] = [
      await session(["superadmin"]),
      await session(["generic"]),
      await session(["generic"]),
    ];
    const listed = await boss.browser.ask("GET", `/api/staff/${clerk.staffId}/sessions`);
    const [line] = listed.body.sessions as { sessionId: number }[];
    expect((await other.browser.ask("DELETE", `/api/me/sessions/${line?.sessionId}`)).status).toBe(404);
    expect((await other.browser.ask("GET", `/api/staff/${clerk.staffId}/sessions`)).status).toBe(403);
    expect((await boss.browser.ask("DELETE", `/api/staff/${clerk.staffId}/sessions/${line?.sessionId}`)).status).toBe(
      200,
    );
    expect((await clerk.browser.me()).status).toBe(401);
  });

  it("end two hours after the last word, and twelve hours after the first", async () => {
    const HOUR = 3_600_000;
    const { email } = await member();
    const browser = new Browser();
    await browser.signIn(email);
    const later = async (ms: number) =>
      (await browser.ask("GET", "/api/me", undefined, { env: { ...country, CLOCK_OFFSET_MS: String(ms) } })).status;
    for (const hours of [1.9, 3.8, 5.7, 7.6, 9.5, 11.4])
      expect([hours, await later(hours * HOUR)]).toEqual([hours, 200]);
    expect(await later(12.1 * HOUR)).toBe(401);
    const { email: quiet } = await member();
    await browser.signIn(quiet);
    expect(await later(2.1 * HOUR)).toBe(401);
  });

  it("say that the database is down, with a status to try again at, and nobody is let in", async () => {
    const { browser } = await session(["superadmin"]);
    const env = { ...country, NEON_SQL_URL: "http://127.0.0.1:9/sql" };
    for (const [method, path, body] of [
      ["GET", "/api/me", undefined],
      ["GET", "/api/customers?q=thabo", undefined],
      ["POST", "/api/sign-in", { email: "a@example.org", password: "x" }],
      ["POST", "/api/my/sign-in", { account: "0045MAK", password: "x" }],
      ["POST", "/api/my/code", { account: "0045MAK" }],
    ] as const)
      expect([path, await browser.ask(method, path, body, { env })]).toMatchObject([
        path,
        { status: 503, body: { error: { kind: "database_down" } } },
      ]);
    database();
  });
});

describe("the last superadmin", () => {
  it("of a country cannot be taken away, by nobody, until there is another who works there", async () => {
    // A country that no other test works in: nobody else's superadmin is taken away.
    const here = "ZM" as const;
    const { staffId } = await session(["superadmin"], { countries: ["LS", here] });
    await session(["superadmin"], { countries: ["LS"] });
    const by = () => ({ actor: "Lineo", reason: null, at: Date.now() });
    const change = (less: MemberChange) => ports.staff.change(staffId, { ...less, here }, by());
    for (const less of [{ active: false }, { roles: ["generic" as const] }, { countries: ["LS" as const] }])
      expect(await change(less)).toMatchObject({ ok: false, error: { kind: "refused" } });
    expect(await change({ name: "Lineo Khalane" })).toMatchObject({ ok: true });
    await session(["superadmin"], { countries: [here] });
    expect(await change({ active: false })).toMatchObject({ ok: true });
  });
});
