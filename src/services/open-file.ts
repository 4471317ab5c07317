import type { Country } from "../domain/country.ts";
import type { FieldFault } from "../domain/customer.ts";
import { dayStart } from "../domain/local-day.ts";
import type { Sheet } from "../domain/registration/cell.ts";
import { err, ok, type Result } from "../domain/result.ts";
import { isLine, type RowRead, type Statement } from "../domain/statements/line.ts";
import { readMonthlyPayments, readMonthlyReadings } from "../domain/statements/monthly.ts";
import { readPayFile } from "../domain/statements/pay-file.ts";
import { readPortfolio } from "../domain/statements/portfolio.ts";
import { readStatement } from "../domain/statements/read-statement.ts";
import type { NewUpload, NewUploadRow, UploadKind } from "../ports/uploads.ts";

/** What whoever brings a file says of it. */
export type FileOf = {
  kind: UploadKind;
  /** Of a merchant's list, or a payment file of its phone. */
  tillId: string | null;
  /** Of a vendor's monthly file. */
  site: string | null;
  /** As 2026-04. */
  month: string | null;
  /** Of a day's readings, UTC. */
  day: string | null;
  /** The local days that a list is of, where it does not say so itself. */
  days: { from: string; to: string } | null;
};

/** A file that was read; nothing of it is kept yet. */
export type OpenedFile = Omit<NewUpload, "sha256" | "fileName" | "bytes" | "rowCount"> & {
  rows: NewUploadRow[];
  /** Of a merchant's statement. */
  statement: Statement | null;
  /** Of a month's payments. */
  totalMinor: number | null;
};

const needed = (field: string, expected: string) => err([{ field, value: null, expected }]);

/** Reads a file strictly, as what it is said to be. */
export function openFile(
  sheet: Sheet,
  of: FileOf & { kind: Exclude<UploadKind, "daily_readings"> },
  country: Country,
  now: number,
): Result<OpenedFile, FieldFault[]> {
  const { kind, tillId, site } = of;
  const plain = {
    kind,
    format: kind,
    tillId: null,
    provider: null,
    site: null,
    period: null,
    statement: null,
    totalMinor: null,
  };
  switch (kind) {
    case "statement": {
      if (tillId === null) return needed("till", "the till whose statement it is");
      const read = readStatement(sheet, { country, days: of.days, now });
      if (!read.ok) return read;
      const { format, provider, period, rows } = read.value;
      const kept = rows.map((row) =>
        keptRow(row, ({ receipt, kind }) => ({ receipt, result: wants(kind) ? null : kind })),
      );
      return ok({ ...plain, format, tillId, provider, period, rows: kept, statement: read.value });
    }
    case "pay_file": {
      if (tillId === null) return needed("till", "the till whose phone it was copied from");
      const read = readPayFile(sheet, country);
      if (!read.ok) return read;
      return ok({
        ...plain,
        tillId,
        rows: read.value.map((row) => keptRow(row, ({ receipt }) => ({ receipt, result: null }))),
      });
    }
    case "portfolio_payments": {
      const read = readPortfolio(sheet, country);
      return read.ok ? ok({ ...plain, rows: read.value.map((row) => keptRow(row, taken)) }) : read;
    }
    case "monthly_readings":
    case "monthly_payments": {
      if (site === null) return needed("site", "the site whose month it is");
      if (of.month === null) return needed("month", "the month that it is of, as 2026-04");
      const about = { ...plain, site, period: monthPeriod(of.month, country) };
      if (kind === "monthly_readings") {
        const read = readMonthlyReadings(sheet);
        return read.ok ? ok({ ...about, rows: read.value.map((row) => keptRow(row, taken)) }) : read;
      }
      const read = readMonthlyPayments(sheet, country);
      if (!read.ok) return read;
      const { row, totalMinor } = read.value;
      const rows = [keptRow({ row, line: { amountMinor: totalMinor } }, taken)];
      return ok({ ...about, rows, totalMinor });
    }
  }
}

/** Only payments and reversals want something done. */
const wants = (kind: string) => kind === "payment" || kind === "reversal";
const taken = () => ({ receipt: null, result: "taken" });

function keptRow<Line extends object>(
  read: RowRead<Line>,
  of: (line: Line) => { receipt: string | null; result: string | null },
): NewUploadRow {
  if (!isLine(read)) return { row: read.row, receipt: null, line: null, fault: read.fault, result: "refused" };
  return { row: read.row, line: read.line, fault: null, ...of(read.line) };
}

function monthPeriod(month: string, { utcOffsetMinutes }: Country) {
  const [year = 0, number = 0] = month.split("-").map(Number);
  const first = (index: number) => new Date(Date.UTC(year, index, 1)).toISOString().slice(0, 10);
  return { from: dayStart(first(number - 1), utcOffsetMinutes), to: dayStart(first(number), utcOffsetMinutes) };
}
