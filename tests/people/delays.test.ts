import { describe, expect, it } from "vitest";
import { attemptKey } from "../../src/domain/sign-in.ts";
import { Browser, member, PASSWORD, ports, rows } from "./country.ts";

const NOON = Date.UTC(2026, 10, 20, 12);
const key = () => attemptKey("identity", crypto.randomUUID());
const elsewhere = (n: number) => new Browser(undefined, `198.51.100.${n}`);

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

describe("a stranger who keeps failing in somebody's name", () => {
  it("is held up, and so is a browser nobody knows, but not the person's own", async () => {
    const { email } = await member();
    const desk = new Browser();
    expect((await desk.signIn(email)).status).toBe(200);
    const statuses: number[] = [];
    for (let tries = 0; tries < 6; tries++) statuses.push((await elsewhere(tries).signIn(email, "a guess")).status);
    expect(statuses).toEqual([401, 401, 401, 401, 401, 429]);
    const held = await elsewhere(20).signIn(email, PASSWORD);
    expect(held).toMatchObject({ status: 429, body: { error: { kind: "wait" } } });
    expect(held.headers.get("Retry-After")).toMatch(/^[1-9]\d*$/);
    expect((await desk.signIn(email)).status).toBe(200);
  });

  it("gains nothing from a browser that somebody else signed in with, nor from one made up", async () => {
    const [victim, own] = [await member(), await member()];
    const browser = new Browser(undefined, "198.51.100.77");
    await browser.signIn(own.email);
    for (let tries = 0; tries < 5; tries++) await browser.signIn(victim.email, "a guess");
    expect((await browser.signIn(victim.email, "a guess")).status).toBe(429);
    browser.jar.set("__Host-cc-ls-device", "made.up");
    expect((await browser.signIn(victim.email, "a guess")).status).toBe(429);
  });

  it("does not keep out a person whom a superadmin sends another invitation", async () => {
    const { email, staffId } = await member();
    for (let tries = 0; tries < 6; tries++) await elsewhere(30 + tries).signIn(email, "a guess");
    const { token: code, hash } = ports.secrets.drawToken();
    const by = { actor: "a test", reason: null, at: Date.now() };
    await ports.staff.invite(staffId, { hash, expiresAt: Date.now() + 60_000 }, by);
    const browser = elsewhere(50);
    expect((await browser.ask("POST", "/api/invitations/take", { code, password: PASSWORD })).status).toBe(200);
    expect((await elsewhere(51).signIn(email)).status).toBe(200);
  });

  it("learns nothing from the time an answer takes", async () => {
    const { email } = await member();
    const took = async (name: string) => {
      const began = performance.now();
      await elsewhere(60).signIn(name, "a guess");
      return performance.now() - began;
    };
    const [known, nobody] = [[] as number[], [] as number[]];
    for (let round = 0; round < 4; round++) {
      known.push(await took(email));
      nobody.push(await took("nobody@example.org"));
    }
    // Workerd's clock may stand still within a request; the hash itself is measured where it is made.
    expect(Math.min(...nobody)).toBeGreaterThan(Math.min(...known) / 3);
  });
});
