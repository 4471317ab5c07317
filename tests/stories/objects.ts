import { createHash, createHmac } from "node:crypto";
import { copyFileSync, cpSync, existsSync, readdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const ROOT = fileURLToPath(new URL("../..", import.meta.url));

export type ObjectClass = "AccountLedger" | "ReceiptBook" | "Mailbox" | "Till" | "DisconnectGate" | "Directory";

/** The id that workerd gives to a name: 16 bytes of the name's HMAC, and 16 that prove them, under the namespace's key. */
function idFromName(namespace: string, name: string): string {
  const key = createHash("sha256").update(namespace).digest();
  const hmac = (data: string | Buffer) => createHmac("sha256", key).update(data).digest().subarray(0, 16);
  const base = hmac(name);
  return Buffer.concat([base, hmac(base)]).toString("hex");
}

const folderOf = (data: string, country: string) => join(ROOT, data, country, "objects", "v3", "do");
const keptAs = (data: string, country: string, label: string) => join(ROOT, data, country, `objects-${label}`);

/** Where an object's memory is; null when the country has no object of the class. */
function placeOf(folder: string, className: ObjectClass, name: string): { folder: string; file: string } | null {
  const namespace = readdirSync(folder).find((found) => found.endsWith(`-${className}`));
  if (namespace === undefined) return null;
  return { folder: join(folder, namespace), file: idFromName(namespace, name) };
}

/** An object loses its memory. Only while its world is stopped; false when it had none. */
export function wipeObject(data: string, country: string, className: ObjectClass, name: string): boolean {
  const place = placeOf(folderOf(data, country), className, name);
  if (place === null) return false;
  const found = readdirSync(place.folder).filter((entry) => entry.startsWith(`${place.file}.`));
  for (const entry of found) rmSync(join(place.folder, entry));
  return found.length > 0;
}

/** All objects of a country lose their memory. Only while its world is stopped. */
export function wipeAllObjects(data: string, country: string) {
  rmSync(folderOf(data, country), { recursive: true });
}

const KEEP_TRIES_MAX = 10;

/**
 * Keeps the memory of every object of a country as it is now, while nothing is on its way. An object that is put to sleep
 * meanwhile takes its journal into its file, and the journal is gone: then all is copied anew.
 */
export function keepObjects(data: string, country: string, label: string) {
  const kept = keptAs(data, country, label);
  for (let tries = 1; ; tries++) {
    rmSync(kept, { recursive: true, force: true });
    try {
      cpSync(folderOf(data, country), kept, { recursive: true, filter: (from) => !from.endsWith("-shm") });
      return;
    } catch (thrown) {
      if ((thrown as NodeJS.ErrnoException).code !== "ENOENT" || tries === KEEP_TRIES_MAX) throw thrown;
    }
  }
}

/**
 * An object has again the memory that it had when this was kept; none, if it was not there yet. The platform's own list of
 * alarms is left as it is. Only while its world is stopped; false when nothing changed.
 */
export function setObjectBack(
  data: string,
  country: string,
  label: string,
  className: ObjectClass,
  name: string,
): boolean {
  const wiped = wipeObject(data, country, className, name);
  const [from, to] = [keptAs(data, country, label), folderOf(data, country)].map((folder) =>
    placeOf(folder, className, name),
  );
  if (from == null || to == null) return wiped;
  for (const suffix of [".sqlite", ".sqlite-wal"]) {
    const kept = join(from.folder, `${from.file}${suffix}`);
    if (existsSync(kept)) copyFileSync(kept, join(to.folder, `${to.file}${suffix}`));
  }
  return true;
}
