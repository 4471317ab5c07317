import type { Country } from "../domain/country.ts";
import type { FieldFault } from "../domain/customer.ts";
import type { ReadSheet } from "../domain/registration/cell.ts";
import { err, ok, type Result } from "../domain/result.ts";
import { isLine, type RowRead, type Statement } from "../domain/statements/line.ts";
import { readStatement } from "../domain/statements/read-statement.ts";
import type { Change, RegistryRefusal } from "../ports/registry.ts";
import type { Statements } from "../ports/statements.ts";
import { type NewUploadRow, ROWS_PAGE_MAX, type Uploads } from "../ports/uploads.ts";

export type StatementFile = {
  bytes: Uint8Array;
  sha256: string;
  fileName: string | null;
  tillId: string;
  days: { from: string; to: string } | null;
};
export type StatementRefusal = { kind: "bad_file"; faults: FieldFault[] } | RegistryRefusal;

/** Reads a merchant statement; nothing is kept yet. */
export function openStatement(
  readSheet: ReadSheet,
  { bytes, days }: Pick<StatementFile, "bytes" | "days">,
  country: Country,
  now: number,
): Result<Statement, FieldFault[]> {
  const sheet = readSheet(bytes);
  return sheet.ok ? readStatement(sheet.value, { country, days, now }) : sheet;
}

/**
 * Keeps a statement, its rows and its lines; its money is claimed by the job that follows. The same file again is the upload
 * that is there, and one that died half-way goes on.
 */
export async function uploadStatement(
  ports: { readSheet: ReadSheet; uploads: Uploads; statements: Statements; country: Country },
  file: StatementFile,
  by: Change,
): Promise<Result<{ uploadId: number }, StatementRefusal>> {
  const { uploads, country } = ports;
  const opened = openStatement(ports.readSheet, file, country, by.at);
  if (!opened.ok) return err({ kind: "bad_file", faults: opened.error });
  const { format, provider, period, rows } = opened.value;
  const { sha256, fileName, tillId, bytes } = file;
  const begun = await uploads.begin(
    {
      sha256,
      kind: "statement",
      format,
      fileName,
      bytes: bytes.length,
      rowCount: rows.length,
      tillId,
      provider,
      site: null,
      period,
    },
    by,
  );
  if (!begun.ok) return begun;
  const { uploadId } = begun.value;
  const kept = rows.map(keptRow);
  for (let from = 0; from < kept.length; from += ROWS_PAGE_MAX)
    await uploads.addRows(uploadId, kept.slice(from, from + ROWS_PAGE_MAX));
  const { currency, utcOffsetMinutes } = country;
  const other = await ports.statements.addLines(uploadId, { tillId, provider, currency, utcOffsetMinutes });
  if (other.length > 0) await uploads.took(uploadId, other.map(contradicting), by.at);
  await uploads.allRead(uploadId, by.at);
  return ok({ uploadId });
}

const contradicting = (row: number) => ({
  row,
  result: "contradicts",
  because: "another statement of this till has another amount for it",
  account: null,
});

/** Only payments and reversals want something done. */
function keptRow(read: RowRead): NewUploadRow {
  if (!isLine(read)) return { row: read.row, receipt: null, line: null, fault: read.fault, result: "refused" };
  const { row, line } = read;
  const waits = line.kind === "payment" || line.kind === "reversal";
  return { row, receipt: line.receipt, line, fault: null, result: waits ? null : line.kind };
}
