/** A backup in a bucket of R2, and back: the manifest goes last there too, so that half an upload is no backup. */
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import { z } from "zod";
import type { Tools } from "../deliver/tools.ts";
import { tail } from "../deliver/tools.ts";
import { filesOf, MANIFEST, readManifest } from "./manifest.ts";

/**
 * Names the newest whole backup of a country, since wrangler lists no bucket. It is written anew each time, so it stands outside
 * of what the bucket locks: {@link lockedPrefix}.
 */
const NEWEST = "newest.json";
/** All backups of a country begin so, and nothing else does; what a bucket locks it neither overwrites nor deletes (docs/operations.md). */
export const lockedPrefix = (country: string) => `${country.toLowerCase()}/20`;
const Newest = z.object({
  prefix: z.string().regex(/^[a-z]{2}\/[0-9TZ.-]+$/, "a country and an instant, as ls/2026-…"),
});

/**
 * Answers the key before the files' names. Throws at the first file that is not taken; what was sent by then stays and is no backup,
 * and a bucket that locks takes no file twice: another try is another backup.
 */
export function uploadBackup(
  tools: Tools,
  { folder, bucket, country }: Record<"folder" | "bucket" | "country", string>,
) {
  const code = country.toLowerCase();
  const prefix = `${code}/${basename(folder)}`;
  if (!prefix.startsWith(lockedPrefix(code)))
    throw new Error(`${basename(folder)} is no name of a backup, which begins with its year: no bucket would lock it`);
  const put = (key: string, how: string[]) => {
    const { status, stdout, stderr } = tools.run("wrangler", [
      ...["r2", "object", "put", `${bucket}/${key}`],
      ...how,
      "--remote",
    ]);
    if (status !== 0) throw new Error(`${basename(key)} was not taken by ${bucket}: ${tail(stderr || stdout)}`);
  };
  for (const file of [...readManifest(folder).tables.flatMap(filesOf), MANIFEST])
    put(`${prefix}/${file}`, ["--file", join(folder, file)]);
  const newest = join(folder, "..", NEWEST);
  writeFileSync(newest, JSON.stringify({ prefix } satisfies z.infer<typeof Newest>));
  put(`${code}/${NEWEST}`, ["--file", newest]);
  return prefix;
}

/** `from`: a country's code, for its newest, or what {@link uploadBackup} answered. Answers the folder under `into`. */
export function downloadBackup(
  tools: Tools,
  { bucket, from, into }: Record<"bucket" | "from" | "into", string>,
): string {
  const get = (key: string, file: string) => {
    const { status, stdout, stderr } = tools.run("wrangler", [
      ...["r2", "object", "get", `${bucket}/${key}`],
      ...["--file", file, "--remote"],
    ]);
    if (status !== 0) throw new Error(`${key} was not given by ${bucket}: ${tail(stderr || stdout)}`);
  };
  mkdirSync(into, { recursive: true });
  let prefix = from;
  if (/^[a-z]{2}$/.test(from)) {
    const newest = join(into, `${from}-${NEWEST}`);
    get(`${from}/${NEWEST}`, newest);
    prefix = Newest.parse(JSON.parse(readFileSync(newest, "utf8"))).prefix;
  }
  const folder = join(into, basename(prefix));
  mkdirSync(folder, { recursive: true });
  get(`${prefix}/${MANIFEST}`, join(folder, MANIFEST));
  for (const file of readManifest(folder).tables.flatMap(filesOf)) get(`${prefix}/${file}`, join(folder, file));
  return folder;
}
