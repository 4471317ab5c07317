import type { SteamaProgress } from "../../ports/steama-progress.ts";
import type { Database } from "./database.ts";

const JOB = "sync-steama";
/** The run of all meters; no meter is called so. */
const ALL = "all";

const ADVANCE = `INSERT INTO job_runs AS j (job, unit, state, watermark, started_at, ended_at)
  VALUES ('${JOB}', $1::text, 'done', jsonb_build_object('at', $2::bigint), cc_at($3::bigint), cc_at($3::bigint))
  ON CONFLICT ON CONSTRAINT job_runs_key DO UPDATE SET ended_at = excluded.ended_at,
    watermark = jsonb_build_object('at', greatest((j.watermark->>'at')::bigint, (excluded.watermark->>'at')::bigint))`;

export function neonSteamaProgress(db: Database): SteamaProgress {
  const at = async (unit: string) => {
    const [row] = await db.read<{ at: number | null }>(
      `SELECT (watermark->>'at')::bigint AS at FROM job_runs WHERE job = '${JOB}' AND unit = $1::text`,
      [unit],
    );
    return row?.at ?? null;
  };
  const advance = async (unit: string, reached: number, now: number) => {
    await db.transaction([{ query: ADVANCE, params: [unit, String(reached), String(now)] }]);
  };
  return { watermark: at, advance, lastRun: () => at(ALL), ran: (now) => advance(ALL, now, now) };
}
