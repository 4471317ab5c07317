import type { FieldFault } from "../customer.ts";
import { err, ok, type Result } from "../result.ts";
import { fileFault, ROWS_MAX, type Sheet } from "./cell.ts";
import { type FoundColumn, readColumns } from "./columns.ts";
import { type FileRules, faultsWithin, type ReadRow, readRow } from "./read-row.ts";

/** A registration file, row by row, as far as the file alone can tell. */
export type CheckedSheet = {
  columns: FoundColumn[];
  rows: ReadRow[];
  /** Rows below the headers with nothing to read in them. */
  emptyRows: number;
};

/** Faults are of the whole file; what is wrong with a row stands at the row. */
export function checkSheet(sheet: Sheet, rules: FileRules): Result<CheckedSheet, FieldFault[]> {
  const said = sheet.rows.filter(({ cells }) => !isBlank(cells));
  const [header, ...below] = said;
  const columns = readColumns(header);
  if (!columns.ok) return columns;
  const rows: ReadRow[] = [];
  for (const each of below) {
    const row = readRow(each, columns.value, rules);
    if (row !== null) rows.push(row);
    if (rows.length > ROWS_MAX)
      return err(fileFault(`more than ${ROWS_MAX} rows`, `at most ${ROWS_MAX} customers; cut it in two`));
  }
  if (rows.length === 0) return err(fileFault("no rows", "a row for each customer below the headers"));
  const again = faultsWithin(rows);
  return ok({
    columns: columns.value,
    rows: rows.map((row) => withFault(row, again.get(row.row))),
    emptyRows: Math.max(0, (below.at(-1)?.row ?? 0) - (header?.row ?? 0) - rows.length),
  });
}

const withFault = (row: ReadRow, fault: FieldFault | undefined): ReadRow =>
  fault === undefined ? row : { ...row, faults: [...row.faults, fault], customer: null };

/** Remarks count as blank: they may stand above the headers too. */
const isBlank = (cells: Sheet["rows"][number]["cells"]) => {
  const first = cells.find((cell) => cell !== null && cell.text.trim() !== "");
  return first == null || first.text.trimStart().startsWith("#");
};
