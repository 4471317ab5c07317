import type { Country } from "../domain/country.ts";
import { localDay } from "../domain/local-day.ts";
import type { CaseRow } from "../domain/outbox.ts";
import { ok, type Result } from "../domain/result.ts";
import type { Change, RegistryRefusal } from "../ports/registry.ts";
import type { Contradiction, Statements, TillOf } from "../ports/statements.ts";
import { ROWS_PAGE_MAX, type Uploads } from "../ports/uploads.ts";
import type { VendorFiles } from "../ports/vendor-files.ts";
import type { OpenedFile } from "./open-file.ts";

export type KeepPorts = {
  uploads: Uploads;
  statements: Statements;
  vendorFiles: VendorFiles;
  country: Country;
  openCases(cases: CaseRow[]): Promise<void>;
};

/**
 * Keeps a file with all its rows, and what they say; its money is claimed by the job that follows. The same file again is
 * the upload that is there, and one that died half-way goes on.
 */
export async function keepFile(
  { uploads, statements, vendorFiles, country, openCases }: KeepPorts,
  { rows, statement: _statement, totalMinor, ...about }: OpenedFile,
  file: { sha256: string; fileName: string | null; bytes: number },
  by: Change,
): Promise<Result<{ uploadId: number }, RegistryRefusal>> {
  const { currency, utcOffsetMinutes } = country;
  const begun = await uploads.begin({ ...about, ...file, rowCount: rows.length }, by);
  if (!begun.ok) return begun;
  const { uploadId } = begun.value;
  for (let from = 0; from < rows.length; from += ROWS_PAGE_MAX)
    await uploads.addRows(uploadId, rows.slice(from, from + ROWS_PAGE_MAX));
  const { kind, tillId, provider, site, period } = about;
  if (kind === "statement" && tillId !== null && provider !== null) {
    const other = await statements.addLines(uploadId, { tillId, provider, currency, utcOffsetMinutes });
    if (other.length > 0) {
      // The cases first: a row that says so has its case.
      await openCases(other.map((each) => caseOf(uploadId, { tillId, provider }, each, by.at)));
      await uploads.took(uploadId, other.map(contradicting), by.at);
    }
  }
  if (kind === "portfolio_payments") await vendorFiles.addPayments(uploadId, currency);
  if ((kind === "monthly_payments" || kind === "monthly_readings") && site !== null && period !== null)
    await vendorFiles.noteMonth(
      { site, month: localDay(period.from, utcOffsetMinutes) },
      { uploadId, totalMinor, currency },
      by.at,
    );
  await uploads.allRead(uploadId, by.at);
  return ok({ uploadId });
}

/** One a movement, whichever files contradict each other; while it is open its day is. */
const caseOf = (
  uploadId: number,
  { tillId, provider }: TillOf,
  { receipt, kind, row, ...said }: Contradiction,
  at: number,
): CaseRow => ({
  caseKey: `statement_contradiction:${tillId}:${provider}:${receipt}:${kind}`,
  caseKind: "statement_contradiction",
  subject: receipt,
  detailsJson: JSON.stringify({ till: tillId, provider, receipt, kind, uploadId, row, ...said }),
  state: "open",
  openedAt: at,
  closedAt: null,
  version: at,
});

const contradicting = ({ row }: Contradiction) => ({
  row,
  result: "contradicts",
  because: "another statement of this till has another amount for it",
  account: null,
});
