import type { Operator } from "../domain/country.ts";
import type { FieldFault } from "../domain/customer.ts";
import type { Result } from "../domain/result.ts";
import type { Change, RegistryRefusal } from "./registry.ts";

/** What files may be of; each has its own way to be read. */
export const UPLOAD_KINDS = [
  "statement",
  "pay_file",
  "portfolio_payments",
  "monthly_payments",
  "monthly_readings",
  "daily_readings",
] as const;
export type UploadKind = (typeof UPLOAD_KINDS)[number];

/** Rows that one call brings. */
export const ROWS_PAGE_MAX = 1_000;

export type NewUpload = {
  sha256: string;
  kind: UploadKind;
  format: string;
  fileName: string | null;
  bytes: number;
  rowCount: number;
  tillId: string | null;
  provider: Operator | null;
  site: string | null;
  period: { from: number; to: number } | null;
};

/** A row as it was read. `result` null: it waits to be taken; what needs nothing more says so at once. */
export type NewUploadRow = { row: number; receipt: string | null } & (
  | { line: object; fault: null; result: string | null }
  | { line: null; fault: FieldFault; result: "refused" }
);

/** What became of a row. */
export type TakenRow = { row: number; result: string; because: string | null; account: string | null };

/** Files that people or the drop folder bring. Throws when nobody knows. */
export interface Uploads {
  /** The same file is the upload that is there. `exists`: it was brought as something else. */
  begin(upload: NewUpload, by: Change): Promise<Result<{ uploadId: number }, RegistryRefusal>>;
  /** At most ROWS_PAGE_MAX; a row that is there stays. */
  addRows(uploadId: number, rows: NewUploadRow[]): Promise<void>;
  /** All its rows are in: from now on it is worked on. */
  allRead(uploadId: number, at: number): Promise<void>;
  /** The first rows that wait. */
  waiting<Line>(uploadId: number, limit: number): Promise<{ row: number; line: Line }[]>;
  took(uploadId: number, rows: TakenRow[], at: number): Promise<void>;
  /** Nothing waits any more. */
  finish(uploadId: number, at: number): Promise<void>;
}
