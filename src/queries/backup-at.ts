import { BACKUPS } from "../domain/clock-job.ts";
import type { Reader } from "../ports/reader.ts";
import { ms } from "./sql.ts";

/** When the newest backup was taken that was told here; null: none was. */
export async function backupAt(db: Reader): Promise<number | null> {
  const rows = await db.read<{ at: number | null }>(
    `SELECT ${ms("max(ended_at)", "at")} FROM job_runs WHERE job = '${BACKUPS}'`,
  );
  return rows[0]?.at ?? null;
}
