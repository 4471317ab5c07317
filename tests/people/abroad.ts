import { CompactSign, exportJWK, generateKeyPair, importJWK } from "jose";
import { payloadOf, type Told } from "../../src/domain/identity.ts";
import type { PrivateKey, PublicKey } from "../../src/domain/identity-keys.ts";
import type { Env } from "../../workers/env.ts";
import { databaseOf } from "../../workers/ports.ts";
import { KEYS } from "../workers/country.ts";
import { Browser, country } from "./country.ts";
import { ownDatabase } from "./own-database.ts";

/** A key of the home, drawn anew each run. */
export async function drawKey(kid: string): Promise<PrivateKey> {
  const { privateKey } = await generateKeyPair("EdDSA", { crv: "Ed25519", extractable: true });
  return { ...((await exportJWK(privateKey)) as Omit<PrivateKey, "kid">), kid };
}
export const publicOf = ({ kty, crv, x, kid }: PrivateKey): PublicKey => ({ kty, crv, x, kid });
export const keySet = (...keys: PrivateKey[]) => JSON.stringify({ keys: keys.map(publicOf) });

export const ORIGIN = "https://staff.example.org";
export const key = await drawKey("one");

/** Lesotho, where staff are at home. */
export const home: Env = { ...country, IDENTITY_ORIGIN: ORIGIN, IDENTITY_PRIVATE_KEY: JSON.stringify(key) };
/** Benin, which takes the home's word. It has a database of its own and no secret of the home. */
export const abroad: Env = {
  ...country,
  COUNTRY: "BJ",
  DATABASE_URL: await ownDatabase("abroadDatabaseUrl"),
  IDENTITY_ORIGIN: ORIGIN,
  IDENTITY_PUBLIC_KEYS: keySet(key),
};
export const rowsAbroad = <T>(query: string) => databaseOf(abroad).read<T>(query);

/** The same deployment some time later. */
export const later = (env: Env, ms: number): Env => ({ ...env, CLOCK_OFFSET_MS: String(ms) });

/** A token as somebody writes one, right unless it is about what is wrong. */
export async function write(
  payload: object,
  { by = key, header = {} }: { by?: PrivateKey; header?: Record<string, unknown> } = {},
): Promise<string> {
  return new CompactSign(new TextEncoder().encode(JSON.stringify(payload)))
    .setProtectedHeader({ alg: "EdDSA", kid: by.kid, typ: "cc-staff+jwt", ...header })
    .sign(await importJWK(by, "EdDSA"));
}

let people = 1_000;
export const told = (over: Partial<Told> = {}): Told => {
  people += 1;
  return {
    subject: String(people),
    email: `told-${people}-${crypto.randomUUID().slice(0, 8)}@example.org`,
    name: "Afi Dossou",
    roles: ["generic"],
    site: null,
    countries: ["BJ"],
    secondFactorAt: null,
    ...over,
  };
};
export const payload = (who: Told, over: Record<string, unknown> = {}, at = Date.now()) => ({
  ...payloadOf(who, { issuer: ORIGIN, country: "BJ", jti: crypto.randomUUID(), at }),
  ...over,
});

export const take = (browser: Browser, token: string, env: Env = abroad) =>
  browser.ask("POST", "/api/sign-in/token", { token }, { env });

/** What the browser has been given at home, for Benin. */
export async function fetchToken(browser: Browser, env: Env = home, of = "BJ"): Promise<string> {
  const { status, body } = await browser.ask("POST", "/api/identity/token", { country: of }, { env });
  if (status !== 200) throw new Error(JSON.stringify(body));
  return String(body.token);
}

/** In Benin with the operator's key. */
export const opsAbroad = (method: string, path: string, body?: unknown, env: Env = abroad) =>
  new Browser(env).ask(method, `/api/ops${path}`, body, { headers: { "X-Ops-Key": KEYS.ops, "X-Actor": "Afi" } });
