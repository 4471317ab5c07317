/** `npm run identity:key`: draws a key of the home of staff and prints it, for the home and for every other country. */
import { generateKeyPairSync, randomBytes } from "node:crypto";
import { readFileSync } from "node:fs";
import { pathToFileURL } from "node:url";
import { parseArgs } from "node:util";
import { type PrivateKey, type PublicKey, publicKeysOf } from "../src/domain/identity-keys.ts";

/** A key nobody has seen, with a name of its own: the day, and a few letters. */
export function drawIdentityKey(now = Date.now()): PrivateKey {
  const { x = "", d = "" } = generateKeyPairSync("ed25519").privateKey.export({ format: "jwk" });
  const kid = `${new Date(now).toISOString().slice(0, 10)}-${randomBytes(3).toString("hex")}`;
  return { kty: "OKP", crv: "Ed25519", x, d, kid };
}

/** What every other country has of it, beside those it has already. */
export const publicSetOf = ({ kty, crv, x, kid }: PrivateKey, beside: readonly PublicKey[] = []): string =>
  JSON.stringify({ keys: [...beside, { kty, crv, x, kid }] });

if (process.argv[1] !== undefined && import.meta.url === pathToFileURL(process.argv[1]).href) main();

function main() {
  const { values } = parseArgs({ options: { beside: { type: "string" }, help: { type: "boolean", default: false } } });
  if (values.help) {
    console.log(
      "npm run identity:key -- [--beside FILE]   (FILE: the public set of one key in use now, which stays good beside the new one)",
    );
    return;
  }
  const beside = values.beside === undefined ? [] : publicKeysOf(readFileSync(values.beside, "utf8"));
  if (beside === null || beside.length > 1) {
    console.error(`--beside: ${values.beside} must hold one public key as {"keys":[…]}`);
    process.exitCode = 1;
    return;
  }
  const key = drawIdentityKey();
  console.log(`Of the home alone, IDENTITY_PRIVATE_KEY:\n${JSON.stringify(key)}\n`);
  console.log(`Of every other country, IDENTITY_PUBLIC_KEYS:\n${publicSetOf(key, beside)}`);
}
