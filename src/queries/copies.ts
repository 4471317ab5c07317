import type { CopyCase } from "../ports/copies.ts";
import type { Reader } from "../ports/reader.ts";
import { ms } from "./sql.ts";

/** More tills than any country has. */
const TILLS_MAX = 200;
const SUBJECTS_MAX = 500;
/** Cases of one object that one call closes. */
const CASES_MAX = 500;

/** The ids of all tills. */
export const tillIds = async (db: Reader): Promise<string[]> =>
  (await db.read<{ id: string }>(`SELECT id FROM tills ORDER BY id LIMIT ${TILLS_MAX}`)).map(({ id }) => id);

/** Objects that open cases say Postgres refused a row of, as `object:name`. */
export const copyCaseSubjects = async (db: Reader): Promise<string[]> =>
  (
    await db.read<{ subject: string }>(
      `SELECT DISTINCT subject FROM reconciliation_cases WHERE case_kind = 'copy_conflict' AND state = 'open'
      ORDER BY subject LIMIT ${SUBJECTS_MAX}`,
    )
  ).map(({ subject }) => subject);

export const openCopyCases = (db: Reader, subject: string) =>
  db.read<CopyCase>(
    `SELECT case_key AS "caseKey", subject, details::text AS "detailsJson", ${ms("opened_at", '"openedAt"')}, version
      FROM reconciliation_cases WHERE case_kind = 'copy_conflict' AND state = 'open' AND subject = $1
      ORDER BY opened_at LIMIT ${CASES_MAX}`,
    [subject],
  );
