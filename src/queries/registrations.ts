import type { FieldFault } from "../domain/customer.ts";
import type { FoundColumn } from "../domain/registration/columns.ts";
import type { Reader } from "../ports/reader.ts";
import type { BatchMode, BatchState } from "../ports/registrations.ts";
import { ms } from "./sql.ts";

export const BATCHES_PAGE_MAX = 50;
export const BATCH_ROWS_PAGE_MAX = 500;
const OPEN_MAX = 20;

/** A file of new customers, and how far it came. */
export type RegistrationBatch = {
  batchId: number;
  state: BatchState;
  mode: BatchMode | null;
  takesTwins: boolean | null;
  because: string | null;
  fileName: string | null;
  format: "xlsx" | "csv";
  sheet: string | null;
  site: string | null;
  columns: FoundColumn[];
  rows: {
    all: number;
    /** Below the headers, with nothing to read in them. */
    empty: number;
    /** Nothing speaks against them. */
    good: number;
    /** Likely twins of customers who are there, and otherwise right. */
    twins: number;
    faulty: number;
    /** Customers with an account; `told` of them are known to the accounts' objects. */
    registered: number;
    told: number;
    undone: number;
    /** In use, so an undo left them. */
    kept: number;
  };
  createdBy: string;
  createdAt: number;
  committedBy: string | null;
  committedAt: number | null;
  undoneBy: string | null;
  undoneAt: number | null;
  undoReason: string | null;
};

const BATCH = `SELECT b.id AS "batchId", b.state, b.mode, b.takes_twins AS "takesTwins", b.because, b.file_name AS "fileName",
    b.format, b.sheet, b.site_code AS site, b.columns, b.created_by AS "createdBy", ${ms("b.created_at", '"createdAt"')},
    b.committed_by AS "committedBy", ${ms("b.committed_at", '"committedAt"')}, b.undone_by AS "undoneBy",
    ${ms("b.undone_at", '"undoneAt"')}, b.undo_reason AS "undoReason",
    (SELECT json_build_object('all', b.row_count, 'empty', b.empty_rows,
        'good', count(*) FILTER (WHERE r.fields IS NOT NULL AND r.twins = '[]'::jsonb),
        'twins', count(*) FILTER (WHERE r.fields IS NOT NULL AND r.twins <> '[]'::jsonb),
        'faulty', count(*) FILTER (WHERE r.fields IS NULL),
        'registered', count(*) FILTER (WHERE r.state IN ('registered', 'told', 'kept')),
        'told', count(*) FILTER (WHERE r.state IN ('told', 'kept')),
        'undone', count(*) FILTER (WHERE r.state IN ('ended', 'undone')),
        'kept', count(*) FILTER (WHERE r.state = 'kept'))
      FROM registration_rows r WHERE r.batch_id = b.id) AS rows
  FROM registration_batches b`;

/** `site`: of this site alone; null: of any. */
export const registrationBatch = async (
  reader: Reader,
  batchId: number,
  site: string | null,
): Promise<RegistrationBatch | null> =>
  (
    await reader.read<RegistrationBatch>(
      `${BATCH} WHERE b.id = $1::bigint AND (nullif($2::text, '') IS NULL OR b.site_code = $2::text)`,
      [String(batchId), site ?? ""],
    )
  )[0] ?? null;

/** The newest first; `before`: a page after that batch. */
export const registrationBatches = (
  reader: Reader,
  { site, before, limit }: { site: string | null; before: number | null; limit: number },
): Promise<RegistrationBatch[]> =>
  reader.read<RegistrationBatch>(
    `${BATCH} WHERE (nullif($1::text, '') IS NULL OR b.site_code = $1::text)
      AND b.id < coalesce(nullif($2::text, '')::bigint, 9223372036854775807) ORDER BY b.id DESC LIMIT $3::int`,
    [site ?? "", before === null ? "" : String(before), String(Math.min(limit, BATCHES_PAGE_MAX))],
  );

/** A likely twin among the customers who are there. */
export type RowTwin = {
  customerId: number;
  name: string;
  accounts: string[];
  because: ("phone" | "national id" | "plot")[];
  likeness: number;
};

export type RegistrationRow = {
  row: number;
  /** taken: as it stands. twin: only where twins are taken too. wrong: not before it is put right. */
  verdict: "taken" | "twin" | "wrong";
  typed: Record<string, string>;
  faults: FieldFault[];
  twins: RowTwin[];
  state: "waiting" | "registered" | "told" | "ended" | "undone" | "kept";
  because: string | null;
  customerId: number | null;
  account: string | null;
};

export const ROW_FILTERS = ["all", "problems", "kept"] as const;
export type RowFilter = (typeof ROW_FILTERS)[number];
const SHOWS = {
  all: "true",
  problems: "(r.fields IS NULL OR r.twins <> '[]'::jsonb)",
  kept: "r.state = 'kept'",
} as const satisfies Record<RowFilter, string>;

export const registrationRows = (
  reader: Reader,
  batchId: number,
  { show, after, limit }: { show: RowFilter; after: number; limit: number },
): Promise<RegistrationRow[]> =>
  reader.read<RegistrationRow>(
    `SELECT r.row_number AS row, CASE WHEN r.fields IS NULL THEN 'wrong' WHEN r.twins <> '[]'::jsonb THEN 'twin'
        ELSE 'taken' END AS verdict, r.typed, r.faults, r.twins, r.state, r.because, r.customer_id AS "customerId",
      a.account_number AS account
    FROM registration_rows r LEFT JOIN accounts a ON a.id = r.account_id
    WHERE r.batch_id = $1::bigint AND r.row_number > $2::int AND ${SHOWS[show]} ORDER BY r.row_number LIMIT $3::int`,
    [String(batchId), String(after), String(Math.min(limit, BATCH_ROWS_PAGE_MAX))],
  );

/** Batches whose work lies still since then: a message of theirs was lost. */
export const restingBatches = async (reader: Reader, before: number): Promise<number[]> =>
  (
    await reader.read<{ batchId: number }>(
      `SELECT id AS "batchId" FROM registration_batches WHERE state IN ('committing', 'undoing')
        AND touched_at < cc_at($1::bigint) ORDER BY id LIMIT ${OPEN_MAX}`,
      [String(before)],
    )
  ).map(({ batchId }) => batchId);

/** The sites that are set up. */
export const siteCodes = async (reader: Reader): Promise<string[]> =>
  (await reader.read<{ code: string }>("SELECT code FROM sites ORDER BY 1")).map(({ code }) => code);
