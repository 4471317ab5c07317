import { CLOCK_RUNS } from "../domain/clock-job.ts";
import type { Reader } from "../ports/reader.ts";
import { ms } from "./sql.ts";

export type JobEnd = {
  job: string;
  /** When it last came to its end; null: never yet. */
  endedAt: number | null;
  /** When it last failed, and what it said; null: not since it last came to its end. */
  failedAt: number | null;
  error: string | null;
};

export const jobEnds = (db: Reader): Promise<JobEnd[]> =>
  db.read<JobEnd>(
    `SELECT unit AS job, ${ms("ended_at", '"endedAt"')}, (watermark ->> 'failedAt')::bigint AS "failedAt", error
      FROM job_runs WHERE job = '${CLOCK_RUNS}' ORDER BY unit`,
  );
