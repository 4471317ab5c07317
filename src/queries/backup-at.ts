import { BACKUPS } from "../domain/clock-job.ts";
import type { Reader } from "../ports/reader.ts";
import { ms } from "./sql.ts";

/**
 * Since when nothing newer is in a backup: when the newest was taken that was told here; where none ever was, when the country's
 * first account was registered. Null: it has no account, and nothing to lose.
 */
export async function backupAt(db: Reader): Promise<number | null> {
  const rows = await db.read<{ at: number | null }>(
    `SELECT ${ms(
      `coalesce((SELECT max(ended_at) FROM job_runs WHERE job = '${BACKUPS}'),
        (SELECT created_at FROM accounts ORDER BY id LIMIT 1))`,
      "at",
    )}`,
  );
  return rows[0]?.at ?? null;
}
