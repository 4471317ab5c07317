import { createHash, timingSafeEqual } from "node:crypto";
import { COUNTRIES, isCountryCode } from "../src/domain/country.ts";
import { identityFaults } from "../src/domain/identity-keys.ts";
import { type OnCallSettings, onCallFaults } from "../src/domain/on-call.ts";
import { NEEDED, type SETTINGS } from "../src/domain/settings.ts";
import { type SigningKey, signingKeys } from "../src/domain/signature.ts";
import { foreignVendors, pairOf, VENDOR_SHAPES, vendorFaults } from "../src/domain/vendor-settings.ts";
import type { Env } from "./env.ts";

/** Who calls by machine key; `override` is the privileged role, beside the operator's key. The old PHP and a provider itself both use X-Gateway-Key; only the key tells them apart. */
export type Caller = "ops" | "gateway" | "provider" | "iot" | "bridge" | "override";

const HASHES = {
  ops: "OPS_KEY_SHA256",
  gateway: "GATEWAY_KEY_SHA256",
  provider: "PROVIDER_KEY_SHA256",
  iot: "IOT_KEY_SHA256",
  bridge: "BRIDGE_KEY_SHA256",
  override: "OVERRIDE_KEY_SHA256",
} as const satisfies Record<Caller, keyof Env>;

type Text = { [Name in keyof Env]-?: NonNullable<Env[Name]> extends string ? Name : never }[keyof Env];
type Needed = { [Name in Text]: undefined extends Env[Name] ? false : true };
type Known = { [Name in keyof typeof SETTINGS]: (typeof SETTINGS)[Name]["needed"] };
/** Each text of `Env` is in the table of settings, and each of the table is in `Env`, needed in both or in none. */
true satisfies Needed extends Known ? (Known extends Needed ? true : false) : false;

/** Two keys are valid at once while one is being rotated. */
const KEYS_MAX = 2;

/**
 * SHA-256 of secrets that have been seen in the open. Whoever holds one of these keys must not get in, even if somebody
 * configures it again.
 */
const BURNT = new Set([
  "b77c4e8ab2fb5ce536bb35289abd92d810f235a97032fa7f4701073d8610ae78",
  "16ca501c57f0f5e2b0206448d82922f4b2d389fd0e31a2efcf8f0db5a1235818",
  "c8e6ec5e1e27a3c1279278f4771e18c5ceac6e9f523c7309b56c13454a9bcd05",
]);

export const sha256Hex = (text: string) => createHash("sha256").update(text, "utf8").digest("hex");

/** True when `presented` is one of the keys of `caller`. Compared in constant time; a key has no default. */
export function isKeyOf(env: Env, caller: Caller, presented: string | undefined): boolean {
  const hashes = (env[HASHES[caller]] ?? "").split(",").slice(0, KEYS_MAX);
  const got = Buffer.from(sha256Hex(presented ?? ""), "hex");
  let match = false;
  for (const hash of hashes) {
    const wanted = Buffer.from(hash.trim().toLowerCase(), "hex");
    if (wanted.length === got.length && timingSafeEqual(wanted, got)) match = true;
  }
  return match && presented !== undefined && presented.length > 0 && !BURNT.has(got.toString("hex"));
}

/** As it is written, in hex, or the words that somebody made it of. */
const isBurnt = ({ secret }: SigningKey) =>
  BURNT.has(createHash("sha256").update(secret).digest("hex")) ||
  BURNT.has(sha256Hex(Buffer.from(secret).toString("hex")));

/** What was found of the settings that were looked at last: each request asks, and a dozen of them are hashed. */
let looked: { settings: string; faults: string[] } | null = null;

/** Names of settings that are missing, malformed or burnt: the deployment refuses to serve while there are any. */
export function settingFaults(env: Env): readonly string[] {
  const settings = JSON.stringify(Object.entries(env).filter(([, value]) => typeof value === "string"));
  if (looked?.settings !== settings) looked = { settings, faults: faultsOf(env) };
  return looked.faults;
}

/** Who is on call, as it is set. */
export const onCallSettings = (env: Env): OnCallSettings => ({
  phones: env.ON_CALL_PHONES,
  url: env.ON_CALL_URL,
  secret: env.ON_CALL_SECRET,
  isLaptop: env.NEON_SQL_URL !== undefined,
});

function faultsOf(env: Env): string[] {
  const faults: string[] = [];
  // What holds keys says so itself below: an empty one is malformed.
  const hashed: readonly string[] = Object.values(HASHES);
  for (const name of NEEDED) if (!env[name] && !hashed.includes(name)) faults.push(`${name} is missing`);
  if (env.COUNTRY && !isCountryCode(env.COUNTRY))
    faults.push(`COUNTRY must be one of ${Object.keys(COUNTRIES).join(", ")}`);
  for (const caller of ["ops", "gateway", "iot"] as const) {
    const hashes = (env[HASHES[caller]] ?? "").split(",").map((hash) => hash.trim().toLowerCase());
    if (hashes.length > KEYS_MAX || hashes.some((hash) => !/^[0-9a-f]{64}$/.test(hash)))
      faults.push(`${HASHES[caller]} must hold one or two SHA-256 in hex, separated by a comma`);
    if (hashes.some((hash) => BURNT.has(hash))) faults.push(`${HASHES[caller]} holds a key that is known to be burnt`);
  }
  for (const name of ["IOT_SIGNING_KEYS", "LINK_SIGNING_KEYS", "SIGN_IN_KEYS"] as const) {
    const keys = env[name] ? signingKeys(env[name]) : [];
    if (keys === null)
      faults.push(`${name} must hold one or two id:key, each key at least 32 bytes in hex, separated by a comma`);
    if (keys?.some(isBurnt)) faults.push(`${name} holds a key that is known to be burnt`);
  }
  for (const name of ["DATABASE_URL", "AWS_SECRET_ACCESS_KEY", "THUNDERCLOUD_TOKEN"] as const)
    if (env[name] && BURNT.has(sha256Hex(env[name]))) faults.push(`${name} is known to be burnt`);
  faults.push(...identityFaults(env), ...onCallFaults(onCallSettings(env)));
  const vendor = env as unknown as Record<string, string | undefined>;
  faults.push(...vendorFaults(vendor));
  if (isCountryCode(env.COUNTRY)) faults.push(...foreignVendors(vendor, COUNTRIES[env.COUNTRY]));
  for (const name of Object.values(VENDOR_SHAPES).flatMap(({ pairs }): readonly string[] => pairs)) {
    const pair = pairOf(vendor[name] ?? "");
    if (pair !== null && BURNT.has(sha256Hex(pair.secret)))
      faults.push(`${name} holds a key that is known to be burnt`);
  }
  return faults;
}
