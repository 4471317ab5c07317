import type { FieldFault } from "../domain/customer.ts";
import type { ReadSheet } from "../domain/registration/cell.ts";
import { checkSheet } from "../domain/registration/check-sheet.ts";
import type { FileRules } from "../domain/registration/read-row.ts";
import { err, ok, type Result } from "../domain/result.ts";
import { type NewRow, type Registrations, ROWS_PAGE_MAX } from "../ports/registrations.ts";
import type { Change, RegistryRefusal } from "../ports/registry.ts";

export type UploadPorts = { readSheet: ReadSheet; registrations: Registrations };
export type Upload = { key: string; bytes: Uint8Array; contentHash: string; fileName: string | null; rules: FileRules };
export type UploadRefusal = { kind: "bad_file"; faults: FieldFault[] } | RegistryRefusal;

/**
 * Reads a file of new customers and keeps every row with what is wrong with it and whose twin it may be; nobody is
 * registered. The same act, or the same file again, is the batch that is there, its twins looked for anew; one that died
 * half-way goes on.
 */
export async function uploadRegistration(
  { readSheet, registrations }: UploadPorts,
  { key, bytes, contentHash, fileName, rules }: Upload,
  by: Change,
): Promise<Result<{ batchId: number }, UploadRefusal>> {
  const sheet = readSheet(bytes);
  if (!sheet.ok) return err({ kind: "bad_file", faults: sheet.error });
  const checked = checkSheet(sheet.value, rules);
  if (!checked.ok) return err({ kind: "bad_file", faults: checked.error });
  const { columns, rows, emptyRows } = checked.value;
  const { format, name } = sheet.value;
  const begun = await registrations.begin(
    { key, contentHash, fileName, format, sheet: name, site: rules.site, columns, rowCount: rows.length, emptyRows },
    by,
  );
  if (!begun.ok) return begun;
  const { batchId } = begun.value;
  const kept = rows.map(({ row, typed, faults, customer }): NewRow => {
    if (customer === null) return { row, typed, faults, customer: null, site: null, openedAt: null, readyboard: false };
    const { openedAt, readyboard, ...fields } = customer;
    return { row, typed, faults, customer: fields, site: fields.site, openedAt, readyboard };
  });
  for (let from = 0; from < kept.length; from += ROWS_PAGE_MAX)
    await registrations.addRows(batchId, kept.slice(from, from + ROWS_PAGE_MAX));
  await registrations.check(batchId);
  return ok({ batchId });
}
