import { CLOCK_RUNS } from "../../domain/clock-job.ts";
import type { Database } from "./database.ts";

const ERROR_CHARS_MAX = 300;

/** Keeps when a job that the clock starts came to its end, or failed: one row a job. */
export async function keepJobEnd(db: Database, job: string, at: number, error: string | null): Promise<void> {
  const isFailure = error !== null;
  await db.transaction([
    {
      query: `INSERT INTO job_runs AS j (job, unit, state, started_at, ended_at, error, watermark)
        VALUES ('${CLOCK_RUNS}', $1, $3, cc_at($2::bigint), CASE WHEN $3 = 'done' THEN cc_at($2::bigint) END, nullif($4, ''),
          CASE WHEN $3 = 'failed' THEN jsonb_build_object('failedAt', $2::bigint) END)
        ON CONFLICT ON CONSTRAINT job_runs_key DO UPDATE SET state = excluded.state, error = excluded.error,
          watermark = excluded.watermark, ended_at = coalesce(excluded.ended_at, j.ended_at)`,
      params: [job, String(at), isFailure ? "failed" : "done", (error ?? "").slice(0, ERROR_CHARS_MAX)],
    },
  ]);
}
