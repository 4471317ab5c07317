import { readList } from "../src/adapters/sheets/sheet.ts";
import type { FieldFault } from "../src/domain/customer.ts";
import { FILE_BYTES_MAX } from "../src/domain/registration/cell.ts";
import { err, ok, type Result } from "../src/domain/result.ts";
import type { Change, RegistryRefusal } from "../src/ports/registry.ts";
import { accountStands, knownReceipts, tillProviders } from "../src/queries/uploads.ts";
import { keepFile } from "../src/services/keep-file.ts";
import { type FileOf, type OpenedFile, openFile } from "../src/services/open-file.ts";
import { type PreviewRow, previewStatement } from "../src/services/preview-statement.ts";
import type { Env } from "./env.ts";
import { startUpload } from "./jobs/uploads.ts";
import { sha256Hex } from "./keys.ts";
import { directoryOf } from "./objects/locate.ts";
import { clockOf, countryOf, keepPortsOf, readerOf } from "./ports.ts";
import { takeReadingsFile } from "./take-readings-file.ts";

/** `busy`: of this moment alone; the same file can be taken later. */
export type FileRefusal =
  | { kind: "bad_file"; faults: FieldFault[] }
  | { kind: "busy"; detail: string }
  | RegistryRefusal;

const badFile = (faults: FieldFault[]) => err({ kind: "bad_file" as const, faults });

/** Keeps a file and starts the work on its rows. By request or from the drop folder: the same. */
export async function takeFile(
  env: Env,
  bytes: Uint8Array<ArrayBuffer>,
  name: string | null,
  of: FileOf,
  by: Change,
): Promise<Result<{ uploadId: number }, FileRefusal>> {
  if (of.kind === "daily_readings") {
    const { site, day } = of;
    if (site === null) return badFile([{ field: "site", value: null, expected: "the site whose readings they are" }]);
    if (day === null) return badFile([{ field: "day", value: null, expected: "the day (UTC) that they are of" }]);
    const taken = await takeReadingsFile(env, { bytes, sha256: await contentHash(bytes, of), name, site, day }, by);
    if (taken.ok) await startUpload(env, taken.value.uploadId);
    return taken;
  }
  const opened = await open(env, bytes, of, by.at);
  if (!opened.ok) return opened;
  const file = { sha256: await contentHash(bytes, of), fileName: name, bytes: bytes.length };
  const kept = await keepFile(keepPortsOf(env), opened.value, file, by);
  if (kept.ok) await startUpload(env, kept.value.uploadId);
  return kept;
}

export type Tried = { format: string; rows: PreviewRow[]; results: Record<string, number> };

/** What each row would come to; nothing is kept. */
export async function tryFile(env: Env, bytes: Uint8Array, of: FileOf): Promise<Result<Tried, FileRefusal>> {
  const now = clockOf(env).now();
  const opened = await open(env, bytes, of, now);
  if (!opened.ok) return opened;
  const rows = await previewOf(env, opened.value, now);
  const results: Record<string, number> = {};
  for (const { result } of rows) results[result] = (results[result] ?? 0) + 1;
  return ok({ format: opened.value.format, rows, results });
}

async function previewOf(env: Env, { statement, rows }: OpenedFile, now: number): Promise<PreviewRow[]> {
  const db = readerOf(env);
  const ports = {
    country: countryOf(env),
    known: (receipts: string[]) => knownReceipts(db, receipts),
    stands: (accounts: string[]) => accountStands(db, accounts),
    cutoverAt: () => directoryOf(env).cutoverAt(),
  };
  if (statement !== null) return previewStatement(ports, statement.rows, now);
  return rows.map(({ row, receipt, result, fault }) => ({
    row,
    receipt,
    amountMinor: null,
    result: result ?? "would_claim",
    because: null,
    account: null,
    fault,
  }));
}

async function open(env: Env, bytes: Uint8Array, of: FileOf, now: number): Promise<Result<OpenedFile, FileRefusal>> {
  const country = countryOf(env);
  if (of.tillId !== null && (await tillProviders(readerOf(env), of.tillId)) === null)
    return badFile([{ field: "till", value: of.tillId, expected: "a till of this country" }]);
  if (of.site !== null && !country.siteCodes.includes(of.site))
    return badFile([{ field: "site", value: of.site, expected: `one of ${country.siteCodes.join(", ")}` }]);
  if (bytes.length > FILE_BYTES_MAX)
    return badFile([{ field: "file", value: `${bytes.length} bytes`, expected: `at most ${FILE_BYTES_MAX} bytes` }]);
  const sheet = readList(bytes);
  if (!sheet.ok) return badFile(sheet.error);
  if (of.kind === "daily_readings")
    return badFile([
      { field: "dry", value: "1", expected: "another kind: a day's readings are looked at by taking them" },
    ]);
  const opened = openFile(sheet.value, { ...of, kind: of.kind }, country, now);
  return opened.ok ? opened : badFile(opened.error);
}

/** A monthly file does not say whose month it is: two quiet months are the same bytes, and are two files all the same. */
async function contentHash(bytes: Uint8Array<ArrayBuffer>, { kind, site, month, day }: FileOf): Promise<string> {
  const hash = await hashOf(bytes);
  return site === null ? hash : sha256Hex([kind, site, month ?? day, hash].join("\n"));
}

const hashOf = async (bytes: Uint8Array<ArrayBuffer>) =>
  Buffer.from(await crypto.subtle.digest("SHA-256", bytes)).toString("hex");
