import { BACKUPS } from "../../src/domain/clock-job.ts";
import { withClient } from "../database-server.ts";
import type { Tools } from "../deliver/tools.ts";
import { uploadBackup } from "./upload.ts";
import type { Source } from "./which.ts";

/** The database itself knows when it was last backed up, so that an alarm can say that this was too long ago. Twice is once. */
const tellBackup = (ownerUrl: string, takenAt: string): Promise<void> =>
  withClient(ownerUrl, async (client) => {
    await client.query(
      `INSERT INTO job_runs AS j (job, unit, state, ended_at) VALUES ($1, 'postgres', 'done', $2::timestamptz)
       ON CONFLICT ON CONSTRAINT job_runs_key DO UPDATE SET ended_at = greatest(j.ended_at, excluded.ended_at)`,
      [BACKUPS, takenAt],
    );
  });

/**
 * Ends a backup: sends it to its bucket, and only then tells the database that there is one. A copy on the machine that took it counts
 * for a local world alone. Answers the key in the bucket, and whether it was told.
 */
export async function endBackup(
  tools: Tools,
  source: Pick<Source, "country" | "ownerUrl" | "isLocal">,
  { folder, bucket, takenAt }: { folder: string; bucket: string | null; takenAt: string },
): Promise<{ prefix: string | null; isTold: boolean }> {
  const prefix = bucket === null ? null : uploadBackup(tools, { folder, bucket, country: source.country });
  const isTold = prefix !== null || source.isLocal;
  if (isTold) await tellBackup(source.ownerUrl, takenAt);
  return { prefix, isTold };
}
