import type { Reader } from "../ports/reader.ts";
import { ms } from "./sql.ts";

/** A country has some dozens of staff. */
const STAFF_MAX = 2_000;

export type DirectoryMark = {
  email: string;
  employeeId: string;
  departments: string[];
  status: string;
  /** When a sync last found this person named. */
  seenAt: number;
};

/** What the directory has said, at its last syncs, of those who are at home here; who is missing was never named. */
export const directoryMarks = (db: Reader): Promise<DirectoryMark[]> =>
  db.read<DirectoryMark>(
    `SELECT p.email, p.employee_id AS "employeeId", p.departments, p.status, ${ms("p.seen_at", '"seenAt"')}
    FROM hr_people p JOIN staff s ON s.email = p.email WHERE s.home IS NULL ORDER BY p.email LIMIT ${STAFF_MAX}`,
  );

/** When a sync last named anybody; null: none ever has. */
export async function lastNamedAt(db: Reader): Promise<number | null> {
  const [row] = await db.read<{ at: number | null }>(`SELECT ${ms("max(p.seen_at)", "at")} FROM hr_people p`);
  return row?.at ?? null;
}
