import type { SampledMeter, SampleProgress } from "../../ports/samples.ts";
import type { Database } from "./database.ts";

const JOB = "sync-samples";

/** A meter without a gateway of ours has no samples in the table. */
const METERS = `SELECT m.id, m.meter_number AS "meterNumber", j.watermark->>'sampleTime' AS "sampleTime",
    coalesce(j.watermark->'ahead', '[]') AS ahead,
    (SELECT max(cc_ms(r.seen_at)) FROM meter_registers r WHERE r.meter_id = m.id) AS "seenAt"
  FROM meters m LEFT JOIN job_runs j ON j.job = '${JOB}' AND j.unit = m.meter_number
  WHERE m.thing IS NOT NULL`;

/** Of one meter; a clock so often wrong is a case for a person anyway. */
const AHEAD_MAX = 500;
const ahead = (known: string) => `(SELECT coalesce(jsonb_agg(t ORDER BY t), '[]') FROM (
    SELECT DISTINCT t FROM jsonb_array_elements_text(${known}) t WHERE t > $4::text ORDER BY t LIMIT ${AHEAD_MAX}) AS kept)`;

const ADVANCE = `INSERT INTO job_runs AS j (job, unit, state, watermark, started_at, ended_at)
  VALUES ('${JOB}', $1::text, 'done',
    jsonb_build_object('sampleTime', nullif($2::text, ''), 'ahead', ${ahead("$3::jsonb")}), cc_at($5::bigint), cc_at($5::bigint))
  ON CONFLICT ON CONSTRAINT job_runs_key DO UPDATE SET ended_at = excluded.ended_at,
    watermark = jsonb_build_object(
      'sampleTime', greatest(j.watermark->>'sampleTime', excluded.watermark->>'sampleTime'),
      'ahead', ${ahead("coalesce(j.watermark->'ahead', '[]') || $3::jsonb")})`;

export const neonSampleProgress = (db: Database): SampleProgress => ({
  metersAfter: (id, max) =>
    db.read<SampledMeter>(`${METERS} AND m.id > $1::bigint ORDER BY m.id LIMIT $2::int`, [String(id), String(max)]),
  async advance(meterNumber, { sampleTime, ahead: times, forgetUpTo }, at) {
    const params = [meterNumber, sampleTime ?? "", JSON.stringify(times), forgetUpTo, String(at)];
    await db.transaction([{ query: ADVANCE, params }]);
  },
});
