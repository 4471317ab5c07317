import { describe, expect, it } from "vitest";
import { attemptKey } from "../../src/domain/sign-in.ts";
import { signIn } from "../../src/services/sign-in.ts";
import { Browser, holdUp, member, PASSWORD, ports, rows } from "./country.ts";

const NOON = Date.UTC(2026, 10, 20, 12);
const key = () => attemptKey("identity", crypto.randomUUID());

describe("tries at one name", () => {
  it("cost nothing four times, then a second, doubled each time, up to a quarter of an hour", async () => {
    const name = key();
    const waits: number[] = [];
    let now = NOON;
    for (let tries = 0; tries < 18; tries++) {
      expect(await ports.attempts.take([name], now)).toBe(0);
      const wait = await ports.attempts.take([name], now);
      if (wait > 0) waits.push(wait / 1_000);
      else await ports.attempts.succeeded({ forget: [], keep: [name.key] }, now);
      now += wait;
    }
    expect(waits.slice(0, 4)).toEqual([1, 2, 4, 8]);
    expect(waits.at(-1)).toBe(900);
    expect(Math.max(...waits)).toBe(900);
  });

  it("are counted before they are looked at: of twenty at the same time five are tried", async () => {
    const name = key();
    const taken = await Promise.all(Array.from({ length: 20 }, () => ports.attempts.take([name], NOON)));
    expect(taken.filter((wait) => wait === 0)).toHaveLength(5);
  });

  it("that are free never wait for one another, though the later in line read the clock first", async () => {
    const [name, address] = [key(), attemptKey("address", crypto.randomUUID())];
    expect(await ports.attempts.take([name, address], NOON)).toBe(0);
    expect(await ports.attempts.take([key(), address], NOON - 40)).toBe(0);
    await ports.attempts.succeeded({ forget: [name.key], keep: [address.key] }, NOON);
    expect(await ports.attempts.take([key(), address], NOON - 40)).toBe(0);
  });

  it("are forgotten after a day without any, and after one that was right", async () => {
    const name = key();
    for (let tries = 0; tries < 5; tries++) await ports.attempts.take([name], NOON);
    expect(await ports.attempts.take([name], NOON)).toBe(1_000);
    expect(await ports.attempts.take([name], NOON + 86_400_001)).toBe(0);
    expect(await ports.attempts.take([name], NOON + 86_400_001)).toBe(0);
    await ports.attempts.succeeded({ forget: [name.key], keep: [] }, NOON);
    expect(await rows(`SELECT failures FROM sign_in_attempts WHERE key = '${name.key}'`)).toEqual([]);
  });

  it("that are refused are counted nowhere, so that one who is held up fills no table", async () => {
    const [name, address] = [key(), attemptKey("address", crypto.randomUUID())];
    for (let tries = 0; tries < 31; tries++) await ports.attempts.take([address], NOON);
    expect(await ports.attempts.take([name, address], NOON)).toBeGreaterThan(0);
    expect(await rows(`SELECT key FROM sign_in_attempts WHERE key = '${name.key}'`)).toEqual([]);
  });

  it("leave no rows for ever: what is a day old goes as others come", async () => {
    const old = key();
    await ports.attempts.take([old], NOON - 30 * 86_400_000);
    for (let tries = 0; tries < 20; tries++) await ports.attempts.take([key()], NOON);
    expect(await rows(`SELECT key FROM sign_in_attempts WHERE key = '${old.key}'`)).toEqual([]);
  });
});

/** As twelve strangers, one after the other, had failed in this person's name: the next may try in two minutes. */
const failOften = (email: string) => holdUp(attemptKey("identity", ports.secrets.hashToken(`staff ${email}`)));

describe("a stranger who keeps failing in somebody's name", () => {
  it("is held up, and so is a browser nobody knows, but not the person's own", async () => {
    const { email } = await member();
    const desk = new Browser();
    expect((await desk.signIn(email)).status).toBe(200);
    expect((await new Browser().signIn(email, "a guess")).status).toBe(401);
    await failOften(email);
    const held = await new Browser().signIn(email, PASSWORD);
    expect(held).toMatchObject({ status: 429, body: { error: { kind: "wait" } } });
    expect(held.headers.get("Retry-After")).toMatch(/^[1-9]\d+$/);
    expect((await desk.signIn(email)).status).toBe(200);
  });

  it("gains nothing from a browser that somebody else signed in with, nor from one made up", async () => {
    const [victim, own] = [await member(), await member()];
    const browser = new Browser();
    await browser.signIn(own.email);
    await failOften(victim.email);
    expect((await browser.signIn(victim.email, "a guess")).status).toBe(429);
    browser.jar.set("__Host-cc-ls-device", "made.up");
    expect((await browser.signIn(victim.email, "a guess")).status).toBe(429);
  });

  it("does not keep out a person whom a superadmin sends another invitation", async () => {
    const { email, staffId } = await member();
    await failOften(email);
    const { token: code, hash } = ports.secrets.drawToken();
    const by = { actor: "a test", reason: null, at: Date.now() };
    await ports.staff.invite(staffId, { hash, expiresAt: Date.now() + 60_000 }, by);
    expect((await new Browser().ask("POST", "/api/invitations/take", { code, password: PASSWORD })).status).toBe(200);
    expect((await new Browser().signIn(email)).status).toBe(200);
  });

  it("has one hash to wait for, whether there is such a person or not", async () => {
    const { email } = await member();
    const hashed: (string | null)[] = [];
    const counted = {
      ...ports,
      secrets: {
        ...ports.secrets,
        isPassword: (password: string, stored: string | null) => {
          hashed.push(stored);
          return ports.secrets.isPassword(password, stored);
        },
      },
    };
    for (const name of [email, "nobody@example.org", "no address"])
      await signIn(counted, {
        email: name,
        password: "a guess",
        from: { address: name, device: null, userAgent: null },
      });
    expect(hashed).toEqual([expect.stringMatching(/^scrypt/), null, null]);
  });
});
