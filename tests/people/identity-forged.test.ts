import { UnsecuredJWT } from "jose";
import { describe, expect, it } from "vitest";
import {
  abroad,
  drawKey,
  fetchToken,
  home,
  key,
  keySet,
  ORIGIN,
  payload,
  rowsAbroad,
  take,
  told,
  write,
} from "./abroad.ts";
import { Browser, session } from "./country.ts";

const stranger = await drawKey("stranger");
const sameName = await drawKey(key.kid);
const base64url = (text: string) => Buffer.from(text).toString("base64url");
const minutes = (count: number) => count * 60_000;

/** HMAC with what everybody may know: the mistake that takes a public key for a shared secret. */
async function byHmac(body: object): Promise<string> {
  const text = `${base64url(JSON.stringify({ alg: "HS256", kid: key.kid, typ: "cc-staff+jwt" }))}.${base64url(JSON.stringify(body))}`;
  const secret = Buffer.from(key.x, "base64url");
  const hmac = await crypto.subtle.importKey("raw", secret, { name: "HMAC", hash: "SHA-256" }, false, ["sign"]);
  const signature = await crypto.subtle.sign("HMAC", hmac, new TextEncoder().encode(text));
  return `${text}.${Buffer.from(signature).toString("base64url")}`;
}

/** A good one in which somebody gives themselves another role. */
async function changed(who: ReturnType<typeof told>): Promise<string> {
  const [header, , signature] = (await write(payload(who))).split(".");
  return [header, base64url(JSON.stringify(payload({ ...who, roles: ["superadmin"] }))), signature].join(".");
}

describe("what is not the home's word", () => {
  it.each<[string, string, (who: ReturnType<typeof told>) => Promise<string>]>([
    ["signed by a key of another name", "token_forged", (who) => write(payload(who), { by: stranger })],
    ["signed by another key of the same name", "token_forged", (who) => write(payload(who), { by: sameName })],
    ["without the name of a key", "token_forged", (who) => write(payload(who), { header: { kid: undefined } })],
    ["of another kind, by the right key", "token_forged", (who) => write(payload(who), { header: { typ: "JWT" } })],
    [
      "with a key of its own in the header",
      "token_forged",
      (who) => write(payload(who), { by: stranger, header: { kid: key.kid, jwk: stranger } }),
    ],
    ["signed by nobody", "token_forged", async (who) => new UnsecuredJWT({ ...payload(who) }).encode()],
    ["signed with the public key as a secret", "token_forged", (who) => byHmac(payload(who))],
    ["changed after it was signed", "token_forged", changed],
    ["cut short", "token_forged", async (who) => (await write(payload(who))).slice(0, -4)],
    ["no token at all", "token_forged", async () => "x"],
    ["good for an hour", "token_forged", (who) => write(payload(who, { exp: Math.floor(Date.now() / 1_000) + 3_600 }))],
    ["for another country", "token_foreign", (who) => write(payload(who, { aud: "LS" }))],
    ["of another home", "token_foreign", (who) => write(payload(who, { iss: "https://staff.example.com" }))],
    ["about who does not work here", "token_foreign", (who) => write(payload(who, { countries: ["LS"] }))],
    ["over", "token_expired", (who) => write(payload(who, {}, Date.now() - minutes(5)))],
    ["from a time to come", "token_early", (who) => write(payload(who, {}, Date.now() + minutes(2)))],
  ])("%s: %s, and nothing is opened and nobody made", async (_, kind, make) => {
    const who = told({ roles: ["superadmin"], secondFactorAt: Date.now() });
    const browser = new Browser(abroad);
    const answer = await take(browser, await make(who));
    expect(answer).toMatchObject({ status: 401, body: { error: { kind, details: null } } });
    expect(browser.jar.size).toBe(0);
    expect(await rowsAbroad(`SELECT id FROM staff WHERE email = '${who.email}'`)).toEqual([]);
  });

  it("is tried so many times from one address, and then waits", async () => {
    const browser = new Browser(abroad);
    const statuses: number[] = [];
    for (let tries = 0; tries < 34; tries++) statuses.push((await take(browser, "x")).status);
    expect(statuses.slice(0, 31)).toEqual(Array.from({ length: 31 }, () => 401));
    expect(statuses.at(-1)).toBe(429);
  });

  it("counts no word that the home did sign as a try", async () => {
    const browser = new Browser(abroad);
    const who = told();
    for (let tries = 0; tries < 34; tries++) expect((await take(browser, await write(payload(who)))).status).toBe(200);
  });

  it("is a word for Benin in Lesotho, and a word for Lesotho in Benin", async () => {
    const { browser } = await session(["generic"], { countries: ["LS", "BJ"] });
    const takesToo = { ...home, IDENTITY_PRIVATE_KEY: "", IDENTITY_PUBLIC_KEYS: keySet(key) };
    const foreign = { status: 401, body: { error: { kind: "token_foreign" } } };
    expect(await take(new Browser(), await fetchToken(browser), takesToo)).toMatchObject(foreign);
    expect(await take(new Browser(), await fetchToken(browser, home, "LS"), abroad)).toMatchObject(foreign);
  });
});

describe("a key that is rotated", () => {
  it("is good beside the new one, and not any more when it was taken out", async () => {
    const next = await drawKey("two");
    const both = { ...abroad, IDENTITY_PUBLIC_KEYS: keySet(key, next) };
    const after = { ...abroad, IDENTITY_PUBLIC_KEYS: keySet(next) };
    const [byOld, byNew] = [await write(payload(told())), await write(payload(told()), { by: next })];
    expect((await take(new Browser(abroad), byOld, both)).status).toBe(200);
    expect((await take(new Browser(abroad), byNew, both)).status).toBe(200);
    expect((await take(new Browser(abroad), await write(payload(told())), after)).body.error?.kind).toBe(
      "token_forged",
    );
    expect((await take(new Browser(abroad), byNew, abroad)).body.error?.kind).toBe("token_forged");
  });

  it.each([
    ["IDENTITY_PUBLIC_KEYS is missing", { IDENTITY_PUBLIC_KEYS: "" }],
    ["IDENTITY_PUBLIC_KEYS must", { IDENTITY_PUBLIC_KEYS: JSON.stringify({ keys: [key] }) }],
    ["IDENTITY_ORIGIN is missing", { IDENTITY_ORIGIN: "" }],
    ["not both", { IDENTITY_PRIVATE_KEY: JSON.stringify(key) }],
  ])("wrong or missing stops the deployment: %s", async (fault, wrong) => {
    const answer = await take(new Browser(abroad), "x", { ...abroad, ...wrong });
    expect(answer).toMatchObject({ status: 503, body: { error: { kind: "not_configured" } } });
    expect(answer.body.error?.details).toEqual([expect.stringContaining(fault)]);
    expect(JSON.stringify(answer.body)).not.toContain(key.d);
  });

  it("is never told, and the name of the home is all that a token says of it", async () => {
    const { browser } = await session(["superadmin"], { countries: ["LS", "BJ"] });
    const token = await fetchToken(browser);
    const [header = "", body = ""] = token.split(".").map((part) => Buffer.from(part, "base64url").toString());
    expect(JSON.parse(header)).toEqual({ alg: "EdDSA", kid: key.kid, typ: "cc-staff+jwt" });
    expect(JSON.parse(body)).toMatchObject({ iss: ORIGIN, aud: "BJ" });
  });
});
