import { createHash, createHmac } from "node:crypto";
import { readdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const ROOT = fileURLToPath(new URL("../..", import.meta.url));

/** The id that workerd gives to a name: 16 bytes of the name's HMAC, and 16 that prove them, under the namespace's key. */
function idFromName(namespace: string, name: string): string {
  const key = createHash("sha256").update(namespace).digest();
  const hmac = (data: string | Buffer) => createHmac("sha256", key).update(data).digest().subarray(0, 16);
  const base = hmac(name);
  return Buffer.concat([base, hmac(base)]).toString("hex");
}

/** An object loses its memory. Only while its world is stopped; false when it had none. */
export function wipeObject(data: string, country: string, className: string, name: string): boolean {
  const folder = join(ROOT, data, country, "objects", "v3", "do");
  const namespace = readdirSync(folder).find((found) => found.endsWith(`-${className}`));
  if (namespace === undefined) return false;
  const file = idFromName(namespace, name);
  const found = readdirSync(join(folder, namespace)).filter((entry) => entry.startsWith(`${file}.`));
  for (const entry of found) rmSync(join(folder, namespace, entry));
  return found.length > 0;
}
