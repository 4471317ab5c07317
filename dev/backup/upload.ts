/** A backup in a bucket of R2, and back: the manifest goes last there too, so that half an upload is no backup. */
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import { z } from "zod";
import type { Tools } from "../deliver/tools.ts";
import { tail } from "../deliver/tools.ts";
import { filesOf, MANIFEST, readManifest } from "./manifest.ts";

/** Names the newest whole backup of a country: wrangler lists no bucket. */
const NEWEST = "newest.json";
const Newest = z.object({
  prefix: z.string().regex(/^[a-z]{2}\/[0-9TZ.-]+$/, "a country and an instant, as ls/2026-…"),
});

/** Answers the key before the files' names. Throws at the first file that is not taken; sending all again is the same as once. */
export function uploadBackup(
  tools: Tools,
  { folder, bucket, country }: Record<"folder" | "bucket" | "country", string>,
) {
  const code = country.toLowerCase();
  const prefix = `${code}/${basename(folder)}`;
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
