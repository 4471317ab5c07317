/** A backup in a bucket of R2: the manifest goes last there too, so that half an upload is no backup. */
import { readdirSync } from "node:fs";
import { basename, join } from "node:path";
import type { Tools } from "../deliver/tools.ts";
import { tail } from "../deliver/tools.ts";
import { MANIFEST } from "./manifest.ts";

/** Answers the key before the files' names. Throws at the first file that is not taken; sending all again is the same as once. */
export function uploadBackup(
  tools: Tools,
  { folder, bucket, country }: Record<"folder" | "bucket" | "country", string>,
) {
  const prefix = `${country.toLowerCase()}/${basename(folder)}`;
  const files = readdirSync(folder).filter((file) => file !== MANIFEST);
  for (const file of [...files, MANIFEST]) {
    const args = ["r2", "object", "put", `${bucket}/${prefix}/${file}`, "--file", join(folder, file), "--remote"];
    const { status, stdout, stderr } = tools.run("wrangler", args);
    if (status !== 0) throw new Error(`${file} was not taken by ${bucket}: ${tail(stderr || stdout)}`);
  }
  return prefix;
}
