import { BACKUPS } from "../../src/domain/clock-job.ts";
import { withClient } from "../database-server.ts";

/** The database itself knows when it was last backed up, so that an alarm can say that this was too long ago. Twice is once. */
export const tellBackup = (ownerUrl: string, takenAt: string): Promise<void> =>
  withClient(ownerUrl, async (client) => {
    await client.query(
      `INSERT INTO job_runs AS j (job, unit, state, ended_at) VALUES ($1, 'postgres', 'done', $2::timestamptz)
       ON CONFLICT ON CONSTRAINT job_runs_key DO UPDATE SET ended_at = greatest(j.ended_at, excluded.ended_at)`,
      [BACKUPS, takenAt],
    );
  });
