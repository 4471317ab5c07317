import type { SampledMeter, SampleProgress } from "../../ports/samples.ts";
import type { Database } from "./database.ts";

const JOB = "sync-samples";

/** A meter without a gateway of ours has no samples in the table. */
const METERS = `SELECT m.id, m.meter_number AS "meterNumber", j.watermark->>'sampleTime' AS "sampleTime",
    (SELECT max(cc_ms(r.seen_at)) FROM meter_registers r WHERE r.meter_id = m.id) AS "seenAt"
  FROM meters m LEFT JOIN job_runs j ON j.job = '${JOB}' AND j.unit = m.meter_number
  WHERE m.thing IS NOT NULL`;

const ADVANCE = `INSERT INTO job_runs AS j (job, unit, state, watermark, started_at, ended_at)
  VALUES ('${JOB}', $1::text, 'done', jsonb_build_object('sampleTime', $2::text), cc_at($3::bigint), cc_at($3::bigint))
  ON CONFLICT ON CONSTRAINT job_runs_key DO UPDATE SET watermark = excluded.watermark, ended_at = excluded.ended_at
  WHERE j.watermark->>'sampleTime' < excluded.watermark->>'sampleTime'`;

export const neonSampleProgress = (db: Database): SampleProgress => ({
  metersAfter: (id, max) =>
    db.read<SampledMeter>(`${METERS} AND m.id > $1::bigint ORDER BY m.id LIMIT $2::int`, [String(id), String(max)]),
  async advance(meterNumber, sampleTime, at) {
    await db.transaction([{ query: ADVANCE, params: [meterNumber, sampleTime, String(at)] }]);
  },
});
