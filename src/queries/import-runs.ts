import type { Reader } from "../ports/reader.ts";
import { ms } from "./sql.ts";

export const RUNS_PAGE_MAX = 100;

export type ImportRun = {
  id: number;
  source: string;
  /** Null, with its day, where a file was taken. */
  site: string | null;
  day: string | null;
  isFile: boolean;
  state: "running" | "done" | "failed";
  pages: number;
  rowsTaken: number;
  rowsRefused: number;
  error: string | null;
  startedAt: number;
  endedAt: number | null;
};
export type RunsQuestion = {
  site: string | null;
  state: ImportRun["state"] | null;
  /** The last run of the page before. */
  before: number | null;
  limit: number;
};

/** Attempts at units of an import, the newest first. */
export const importRunsOf = (db: Reader, { site, state, before, limit }: RunsQuestion): Promise<ImportRun[]> =>
  db.read(
    `SELECT r.id, r.source, r.site_code AS site, r.day::text AS day, r.file_sha256 IS NOT NULL AS "isFile", r.state, r.pages,
      r.rows_taken AS "rowsTaken", r.rows_refused AS "rowsRefused", r.error, ${ms("r.started_at", '"startedAt"')},
      ${ms("r.ended_at", '"endedAt"')}
    FROM import_runs r WHERE ($1::text = '' OR r.site_code = $1::text) AND ($2::text = '' OR r.state = $2::text)
      AND ($3::text = '' OR r.id < $3::bigint)
    ORDER BY r.id DESC LIMIT $4::int`,
    [site ?? "", state ?? "", before === null ? "" : String(before), String(limit)],
  );
