import { createHash } from "node:crypto";
import { canonicalJson } from "../domain/canonical-json.ts";
import { type FrozenReport, type FrozenRow, samenessOf } from "../domain/metrics/frozen.ts";
import { err, ok, type Result } from "../domain/result.ts";
import type { FrozenFiles, FrozenReports } from "../ports/frozen-reports.ts";
import type { Change, RegistryRefusal } from "../ports/registry.ts";

export type FreezePorts = { reports: FrozenReports; files: FrozenFiles };
export type Frozen = { status: "created" | "exists"; frozen: FrozenRow };
export type FreezeRefusal = RegistryRefusal | { kind: "no_store"; because: string };

const sha256Of = (bytes: Uint8Array | string) => createHash("sha256").update(bytes).digest("hex");

/**
 * Keeps a report's answer as it is now. The file first, then the row that names it: a file without a row is nobody's, and goes again. The
 * same act, and the same figures, are frozen once.
 */
export async function freezeReport(
  { reports, files }: FreezePorts,
  report: FrozenReport,
  { actKey, definitions }: { actKey: string; definitions: string },
  by: Change,
): Promise<Result<Frozen, FreezeRefusal>> {
  const samenessSha256 = sha256Of(samenessOf(report));
  const there = await reports.findSame(actKey, samenessSha256);
  if (there !== null)
    return there.report === report.answer.report && there.site === report.answer.site
      ? ok({ status: "exists", frozen: there })
      : err({ kind: "exists", detail: "this Idempotency-Key froze another report" });
  const bytes = new TextEncoder().encode(canonicalJson(report));
  const sha256 = sha256Of(bytes);
  const objectKey = `reports/${sha256}.json`;
  try {
    await files.put(objectKey, bytes, sha256);
  } catch (thrown) {
    return err({ kind: "no_store", because: thrown instanceof Error ? thrown.message : String(thrown) });
  }
  const { report: name, site, from, to, asOf } = report.answer;
  const row = { actKey, samenessSha256, report: name, site, from, to, asOf, definitions, objectKey, sha256 };
  const added = await reports.add({ ...row, bytes: bytes.length }, by);
  if (!added.ok) {
    await files.delete(objectKey).catch(() => undefined);
    return added;
  }
  const kept = await reports.findSame(actKey, samenessSha256);
  if (kept === null) throw new Error("a report that was frozen is not there");
  // Somebody else was quicker with the same figures: theirs is the one, and this file is nobody's.
  if (kept.sha256 !== sha256) await files.delete(objectKey).catch(() => undefined);
  return ok({ status: kept.sha256 === sha256 ? "created" : "exists", frozen: kept });
}

export type OpenRefusal =
  | { kind: "no_file" }
  | { kind: "no_store"; because: string }
  | { kind: "not_as_frozen"; expected: string; found: string };

/** The answer as it was frozen: its hash is checked each time. */
export async function openFrozen(
  files: FrozenFiles,
  { objectKey, sha256 }: Pick<FrozenRow, "objectKey" | "sha256">,
): Promise<Result<{ report: FrozenReport; text: string }, OpenRefusal>> {
  let bytes: Uint8Array | null;
  try {
    bytes = await files.get(objectKey);
  } catch (thrown) {
    return err({ kind: "no_store", because: thrown instanceof Error ? thrown.message : String(thrown) });
  }
  if (bytes === null) return err({ kind: "no_file" });
  const found = sha256Of(bytes);
  if (found !== sha256) return err({ kind: "not_as_frozen", expected: sha256, found });
  const text = new TextDecoder().decode(bytes);
  return ok({ report: JSON.parse(text) as FrozenReport, text });
}
