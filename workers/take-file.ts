import type { FieldFault } from "../src/domain/customer.ts";
import type { ReadSheet } from "../src/domain/registration/cell.ts";
import { err, type Result } from "../src/domain/result.ts";
import type { Change, RegistryRefusal } from "../src/ports/registry.ts";
import type { UploadKind } from "../src/ports/uploads.ts";
import { accountStands, knownReceipts, tillProviders } from "../src/queries/uploads.ts";
import { type PreviewRow, previewStatement } from "../src/services/preview-statement.ts";
import { openStatement, uploadStatement } from "../src/services/upload-statement.ts";
import type { Env } from "./env.ts";
import { directoryOf } from "./objects/locate.ts";
import { clockOf, countryOf, readerOf, statementsOf, uploadsOf } from "./ports.ts";

/** What whoever brings a file says of it. */
export type FileOf = {
  kind: UploadKind;
  name?: string | undefined;
  till?: string | undefined;
  site?: string | undefined;
  from?: string | undefined;
  to?: string | undefined;
  month?: string | undefined;
};
export type FileRefusal = { kind: "bad_file"; faults: FieldFault[] } | RegistryRefusal;
type Taken<T> = Promise<Result<T, FileRefusal>>;

const bad = (field: string, value: unknown, expected: string) =>
  err({ kind: "bad_file" as const, faults: [{ field, value, expected }] });

/** Keeps a file with all its rows; the job takes them. By request or from the drop folder: the same. */
export async function takeFile(
  env: Env,
  readSheet: ReadSheet,
  bytes: Uint8Array<ArrayBuffer>,
  file: FileOf,
  by: Change,
): Taken<{ uploadId: number }> {
  const ports = { readSheet, uploads: uploadsOf(env), statements: statementsOf(env), country: countryOf(env) };
  const sha256 = await hashOf(bytes);
  switch (file.kind) {
    case "statement": {
      const till = await tillIn(env, file);
      if (!till.ok) return till;
      const fileName = file.name ?? null;
      return uploadStatement(ports, { bytes, sha256, fileName, tillId: till.value, days: daysOf(file) }, by);
    }
    default:
      return bad("kind", file.kind, "statement");
  }
}

export type Tried = { format: string; rows: PreviewRow[]; results: Record<string, number> };

/** What each row would come to; nothing is kept. */
export async function tryFile(env: Env, readSheet: ReadSheet, bytes: Uint8Array, file: FileOf): Taken<Tried> {
  if (file.kind !== "statement") return bad("dry", "1", "kind=statement: other files are looked at by taking them");
  const till = await tillIn(env, file);
  if (!till.ok) return till;
  const now = clockOf(env).now();
  const opened = openStatement(readSheet, { bytes, days: daysOf(file) }, countryOf(env), now);
  if (!opened.ok) return err({ kind: "bad_file", faults: opened.error });
  const db = readerOf(env);
  const rows = await previewStatement(
    {
      country: countryOf(env),
      known: (receipts) => knownReceipts(db, receipts),
      stands: (accounts) => accountStands(db, accounts),
      cutoverAt: () => directoryOf(env).cutoverAt(),
    },
    opened.value,
    now,
  );
  const results: Record<string, number> = {};
  for (const { result } of rows) results[result] = (results[result] ?? 0) + 1;
  return { ok: true, value: { format: opened.value.format, rows, results } };
}

const daysOf = ({ from, to }: FileOf) => (from === undefined || to === undefined ? null : { from, to });

async function tillIn(env: Env, { till }: FileOf): Taken<string> {
  if (till === undefined) return bad("till", null, "the till whose statement it is");
  return (await tillProviders(readerOf(env), till)) === null
    ? bad("till", till, "a till of this country")
    : { ok: true, value: till };
}

const hashOf = async (bytes: Uint8Array<ArrayBuffer>) =>
  Buffer.from(await crypto.subtle.digest("SHA-256", bytes)).toString("hex");
