import type { Operator } from "../domain/country.ts";
import type { FieldFault } from "../domain/customer.ts";
import type { Reader } from "../ports/reader.ts";
import type { UploadKind } from "../ports/uploads.ts";
import { ms } from "./sql.ts";

export const UPLOADS_PAGE_MAX = 50;
export const UPLOAD_ROWS_PAGE_MAX = 500;
const RESTING_MAX = 20;

/** A file that was brought, and how far its rows came. */
export type Upload = {
  uploadId: number;
  kind: UploadKind;
  format: string;
  fileName: string | null;
  sha256: string;
  tillId: string | null;
  provider: Operator | null;
  site: string | null;
  periodFrom: number | null;
  periodTo: number | null;
  state: "running" | "done" | "failed";
  /** All its rows are in. */
  isRead: boolean;
  rows: number;
  taken: number;
  refused: number;
  /** How many rows came to what. */
  results: Record<string, number>;
  uploadedBy: string;
  uploadedAt: number;
  touchedAt: number;
};

const UPLOAD = `SELECT u.id AS "uploadId", u.kind, u.format, u.file_name AS "fileName", u.sha256, u.till_id AS "tillId", u.provider,
    u.site_code AS site, ${ms("u.period_from", '"periodFrom"')}, ${ms("u.period_to", '"periodTo"')}, r.state,
    r.cursor IS NOT NULL AS "isRead", u.row_count AS rows, r.rows_taken AS taken, r.rows_refused AS refused,
    coalesce((SELECT json_object_agg(c.result, c.count) FROM (SELECT coalesce(w.result, 'waiting') AS result, count(*) AS count
      FROM upload_rows w WHERE w.upload_id = u.id GROUP BY 1) AS c), '{}') AS results,
    u.uploaded_by AS "uploadedBy", ${ms("u.uploaded_at", '"uploadedAt"')}, ${ms("u.touched_at", '"touchedAt"')}
  FROM uploads u JOIN import_runs r ON r.id = u.run_id`;

export const upload = async (db: Reader, uploadId: number): Promise<Upload | null> =>
  (await db.read<Upload>(`${UPLOAD} WHERE u.id = $1::bigint`, [String(uploadId)]))[0] ?? null;

/** Newest first, a page before an id. */
export const uploads = (db: Reader, before: number | null, limit: number): Promise<Upload[]> =>
  db.read<Upload>(
    `${UPLOAD} WHERE nullif($1::text, '') IS NULL OR u.id < nullif($1::text, '')::bigint ORDER BY u.id DESC LIMIT $2::int`,
    [before === null ? "" : String(before), String(Math.min(limit, UPLOADS_PAGE_MAX))],
  );

/** Files whose rows wait and on which nobody worked since an instant: their message was lost. */
export const restingUploads = async (db: Reader, since: number): Promise<number[]> =>
  (
    await db.read<{ id: number }>(
      `SELECT u.id FROM uploads u JOIN import_runs r ON r.id = u.run_id
        WHERE r.state = 'running' AND r.cursor IS NOT NULL AND u.touched_at < cc_at($1::bigint) ORDER BY u.id LIMIT ${RESTING_MAX}`,
      [String(since)],
    )
  ).map(({ id }) => id);

export type UploadRow = {
  row: number;
  result: string | null;
  because: string | null;
  receipt: string | null;
  account: string | null;
  amountMinor: number | null;
  fault: FieldFault | null;
};

/** What needs no look: it was known, or came to what it says. */
const QUIET = "('known', 'credited', 'withdrawal', 'charge', 'treasury', 'taken')";

/** problems: rows that were not taken, or that wait for a person. */
export const uploadRows = (
  db: Reader,
  uploadId: number,
  { show, after, limit }: { show: "all" | "problems"; after: number; limit: number },
): Promise<UploadRow[]> =>
  db.read<UploadRow>(
    `SELECT row_number AS row, result, because, receipt, account_number AS account, (line->>'amountMinor')::bigint AS "amountMinor", fault
      FROM upload_rows WHERE upload_id = $1::bigint AND row_number > $2::int
        AND ($3::text = 'all' OR coalesce(result, 'waiting') NOT IN ${QUIET}) ORDER BY row_number LIMIT $4::int`,
    [String(uploadId), String(after), show, String(Math.min(limit, UPLOAD_ROWS_PAGE_MAX))],
  );

export type KnownReceipt = {
  receipt: string;
  amountMinor: number;
  currency: string;
  holder: string;
  account: string | null;
};

/** Which of these receipts our books have. At most as many as a file has rows. */
export const knownReceipts = (db: Reader, receipts: readonly string[]): Promise<KnownReceipt[]> =>
  db.read<KnownReceipt>(
    `SELECT p.receipt, p.amount_minor AS "amountMinor", p.currency, p.holder_kind AS holder, a.account_number AS account
      FROM jsonb_array_elements_text($1::jsonb) AS r(receipt) JOIN payments p ON p.receipt = r.receipt
        LEFT JOIN accounts a ON a.id = p.account_id`,
    [JSON.stringify(receipts)],
  );

/** The stand of accounts, by number; one that is missing is none. */
export const accountStands = async (db: Reader, accounts: readonly string[]) =>
  Object.fromEntries(
    (
      await db.read<{ account: string; status: "live" | "postpaid" | "terminated" }>(
        `SELECT a.account_number AS account, a.status FROM jsonb_array_elements_text($1::jsonb) AS r(account)
          JOIN accounts a ON a.account_number = r.account`,
        [JSON.stringify(accounts)],
      )
    ).map(({ account, status }) => [account, status]),
  );

/** The till's operators; null: there is no such till. */
export const tillProviders = async (db: Reader, tillId: string): Promise<string[] | null> =>
  (await db.read<{ providers: string[] }>("SELECT providers FROM tills WHERE id = $1::text", [tillId]))[0]?.providers ??
  null;

/** What a file says, as it was read: rows that were not taken say nothing. */
export const uploadLines = async <Line>(db: Reader, uploadId: number): Promise<Line[]> =>
  (
    await db.read<{ line: Line }>(
      "SELECT line FROM upload_rows WHERE upload_id = $1::bigint AND line IS NOT NULL ORDER BY row_number",
      [String(uploadId)],
    )
  ).map(({ line }) => line);

/** Tills of which statements came, with their operators, in the order of "till operator". */
export const tillsWithStatements = (db: Reader, after: string, limit: number) =>
  db.read<{ tillId: string; provider: string }>(
    `SELECT DISTINCT till_id AS "tillId", provider, till_id || ' ' || provider COLLATE "C" AS name FROM uploads
      WHERE kind = 'statement' AND till_id || ' ' || provider COLLATE "C" > $1::text ORDER BY 3 LIMIT $2::int`,
    [after, String(limit)],
  );

/** Receipts that this file's rows claimed and that Postgres does not have yet. */
export const unrecorded = async (db: Reader, uploadId: number): Promise<number> =>
  (
    await db.read<{ count: number }>(
      `SELECT count(*) AS count FROM upload_rows u WHERE u.upload_id = $1::bigint AND u.result IN ('credited', 'held', 'pending')
        AND NOT EXISTS (SELECT FROM payments p WHERE p.receipt = u.receipt AND p.generation > 0)`,
      [String(uploadId)],
    )
  )[0]?.count ?? 0;
