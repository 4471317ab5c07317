import { FILE_BYTES_MAX } from "../../src/domain/registration/cell.ts";
import { DROP_PREFIX, readDropKey } from "../../src/domain/statements/drop-key.ts";
import { log } from "../../src/ports/log.ts";
import type { Env } from "../env.ts";
import { clockOf } from "../ports.ts";
import { type FileRefusal, takeFile } from "../take-file.ts";
import type { Job } from "./job.ts";

/** Files of one message. */
const FILES_MAX = 5;
/** Who brought it, as the audit says. */
const ACTOR = "drop folder";

/**
 * Takes what lies in the drop folder, oldest name first. A file that was taken moves to `taken/`, one that was refused to
 * `refused/` with the reason beside it: nothing is deleted that does not lie elsewhere. Killed in between, it is taken again
 * as the same upload. While the database is down everything stays where it is,
 * and so does a file that only this moment refuses: the next look takes it.
 */
export const dropFolderJob: Job = async (env, page) => {
  const from = isPage(page) ? { startAfter: page.after } : {};
  const { objects, truncated } = await env.DROP.list({ prefix: DROP_PREFIX, limit: FILES_MAX, ...from });
  for (const object of objects) await takeDropped(env, object);
  // Past what stays: it must not stand before the others for ever.
  const after = objects.at(-1)?.key;
  return truncated && after !== undefined ? { next: { after } } : null;
};

const isPage = (page: unknown): page is { after: string } =>
  typeof page === "object" && page !== null && "after" in page && typeof page.after === "string";

async function takeDropped(env: Env, { key, size, etag }: R2Object) {
  const name = key.split("/").at(-1) ?? "";
  const dropped = readDropKey(key);
  if (!dropped.ok) return refuse(env, key, `${etag}-${name}`, { kind: "bad_file", faults: dropped.error });
  if (size > FILE_BYTES_MAX) {
    const fault = { field: "file", value: `${size} bytes`, expected: `at most ${FILE_BYTES_MAX} bytes` };
    return refuse(env, key, `${etag}-${name}`, { kind: "bad_file", faults: [fault] });
  }
  const object = await env.DROP.get(key);
  // Somebody took it away, or put another in its place, which the next message takes.
  if (object === null || object.etag !== etag) return;
  const bytes = new Uint8Array(await object.arrayBuffer());
  const by = { actor: ACTOR, reason: key, at: clockOf(env).now(), requestId: crypto.randomUUID() };
  const taken = await takeFile(env, bytes, dropped.value.name, dropped.value, by);
  if (!taken.ok && taken.error.kind === "busy") return;
  if (!taken.ok) return refuse(env, key, `${etag}-${name}`, taken.error);
  await env.DROP.put(`taken/${taken.value.uploadId}/${name}`, bytes);
  await env.DROP.delete(key);
}

async function refuse(env: Env, key: string, as: string, why: FileRefusal) {
  const object = await env.DROP.get(key);
  if (object === null) return;
  await env.DROP.put(`refused/${as}`, object.body, { customMetadata: { key } });
  await env.DROP.put(`refused/${as}.because.json`, JSON.stringify({ key, error: why }, null, 2), {
    httpMetadata: { contentType: "application/json" },
  });
  await env.DROP.delete(key);
  log.warn("drop folder", { refused: as, kind: why.kind });
}
