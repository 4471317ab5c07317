import { createHash, randomBytes, randomUUID } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { CountryCode } from "../src/domain/country.ts";
import type { PrivateKey } from "../src/domain/identity-keys.ts";
import { KNOWN_COUNTRIES } from "./countries.ts";
import { drawIdentityKey } from "./identity-key.ts";

type MachineKeys = {
  ops: string;
  gateway: string;
  provider: string;
  iot: string;
  bridge: string;
  override: string;
  links: string;
  signIn: string;
};
/** Of each vendor what a country holds; a key is "id:secret". */
export type VendorKeys = {
  koios: { org: string; read: string; write: string; web: string };
  thundercloud: { org: string; token: string; login: string };
  steama: string;
};
export type LocalKeys = Record<CountryCode, MachineKeys> & {
  aws: { id: string; secret: string };
  cm: string;
  om: string;
  /** Signs what whoever is on call is told. */
  onCall: string;
  /** Signs what the home of staff says. */
  identity: PrivateKey;
  vendors: { LS: VendorKeys; BJ: VendorKeys };
};

export const sha256Hex = (text: string) => createHash("sha256").update(text).digest("hex");
export const drawKey = () => randomBytes(24).toString("base64url").replaceAll(/[-_]/g, "x");

/** As LINK_SIGNING_KEYS and SIGN_IN_KEYS hold one: "id:hex". */
export const drawSigningKey = () => `local:${randomBytes(32).toString("hex")}`;

/** The machine keys of this clone's local world, drawn at the first start. There is no default. */
export async function keysIn(dataDir: string): Promise<LocalKeys> {
  const file = join(dataDir, "keys.json");
  const machine = () => ({
    ops: drawKey(),
    gateway: drawKey(),
    provider: drawKey(),
    iot: drawKey(),
    bridge: drawKey(),
    override: drawKey(),
    links: drawSigningKey(),
    signIn: drawSigningKey(),
  });
  const vendors = (code: string): VendorKeys => ({
    koios: {
      org: randomUUID(),
      read: `${code}-read:${drawKey()}`,
      write: `${code}-write:${drawKey()}`,
      web: `koios-${code}@example.org:${drawKey()}`,
    },
    thundercloud: {
      org: `${code}-thundercloud`,
      token: drawKey(),
      login: `thundercloud-${code}@example.org:${drawKey()}`,
    },
    steama: `clinics-${code}:${drawKey()}`,
  });
  // Keys that are newer than the file are drawn beside those it has.
  const known: Partial<LocalKeys> = existsSync(file) ? JSON.parse(readFileSync(file, "utf8")) : {};
  const countries = KNOWN_COUNTRIES.map((code) => [code, { ...machine(), ...known[code] }] as const);
  const keys: LocalKeys = {
    ...(Object.fromEntries(countries) as Record<CountryCode, MachineKeys>),
    aws: known.aws ?? { id: `AKIA${drawKey().slice(0, 16).toUpperCase()}`, secret: drawKey() },
    cm: known.cm ?? drawKey(),
    om: known.om ?? drawKey(),
    onCall: known.onCall ?? `whsec_${randomBytes(24).toString("base64")}`,
    identity: known.identity ?? drawIdentityKey(),
    vendors: { LS: { ...vendors("ls"), ...known.vendors?.LS }, BJ: { ...vendors("bj"), ...known.vendors?.BJ } },
  };
  await writeFile(file, `${JSON.stringify(keys, null, 2)}\n`, { mode: 0o600 });
  return keys;
}
