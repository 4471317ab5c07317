import type { RefreshRun, RefreshRuns } from "../../ports/refresh-runs.ts";
import type { Database } from "./database.ts";
import { BY } from "./registry-write.ts";

const JOB = "refresh-accounts";
/** So long a unit is left to who took it. */
const LEASE_MS = 2 * 60_000;

/** Files a run in the transaction of its change. `source` has the columns unit, site and account (null: all). */
export const beginRun = (
  source: string,
) => `INSERT INTO job_runs (job, unit, state, watermark, counts, lease_until, started_at)
  SELECT '${JOB}', n.unit, 'running',
    jsonb_build_object('after', '', 'walked', false, 'site', n.site, 'account', n.account, 'late', '[]'::jsonb),
    jsonb_build_object('seen', 0, 'accounts', (SELECT count(*) FROM accounts a
      WHERE (n.site IS NULL OR a.site_code = n.site) AND (n.account IS NULL OR a.account_number = n.account))), b.at, b.at
  FROM (${source}) AS n CROSS JOIN (SELECT ${BY}) AS b(actor, reason, at)
  ON CONFLICT ON CONSTRAINT job_runs_key DO NOTHING`;

/** What a later run covers whole is told with it: facts are read after it was taken, and are the newest. */
const TAKE = `WITH mine AS (
    UPDATE job_runs SET fence = fence + 1, lease_until = cc_at($2::bigint + ${LEASE_MS})
    WHERE job = '${JOB}' AND unit = $1::text AND state = 'running' RETURNING *
  ), covered AS (
    UPDATE job_runs o SET state = 'done', ended_at = cc_at($2::bigint),
      counts = o.counts || jsonb_build_object('toldBy', mine.unit)
    FROM mine WHERE o.job = '${JOB}' AND o.state = 'running' AND o.id < mine.id
      AND mine.watermark ->> 'after' = '' AND o.watermark ->> 'after' = '' AND o.watermark -> 'late' = '[]'
      AND mine.watermark ->> 'account' IS NULL
      AND (mine.watermark ->> 'site' IS NULL OR mine.watermark ->> 'site' = coalesce(o.watermark ->> 'site',
        right(o.watermark ->> 'account', 3))))
  SELECT (jsonb_build_object('unit', unit, 'fence', fence) || watermark || counts)::text AS row FROM mine`;

const ADVANCE = `UPDATE job_runs SET watermark = watermark || ($3::jsonb - 'seen'), counts = counts || jsonb_build_object('seen', $3::jsonb -> 'seen'),
    lease_until = cc_at($4::bigint), state = CASE WHEN $6::boolean THEN 'done' ELSE 'running' END,
    ended_at = CASE WHEN $6::boolean THEN cc_at($5::bigint) END
  WHERE job = '${JOB}' AND unit = $1::text AND fence = $2::bigint AND state = 'running'
  RETURNING 'true' AS row`;

export const neonRefreshRuns = (db: Database): RefreshRuns => ({
  async take(unit, at) {
    const [rows] = await db.transaction([{ query: TAKE, params: [unit, String(at)] }]);
    return (rows?.[0] as RefreshRun | undefined) ?? null;
  },

  accountsAfter: async ({ after, site, account }, limit) =>
    (
      await db.read<{ account: string }>(
        `SELECT account_number AS account FROM accounts
        WHERE account_number > $1::text AND ($2::text = '' OR site_code = $2::text)
          AND ($3::text = '' OR account_number = $3::text) ORDER BY 1 LIMIT $4::int`,
        [after, site ?? "", account ?? "", String(limit)],
      )
    ).map((row) => row.account),

  async advance({ unit, fence, after, walked, late, seen }, dueAt, at) {
    const done = walked && late.length === 0;
    const [rows] = await db.transaction([
      {
        query: ADVANCE,
        params: [
          unit,
          String(fence),
          JSON.stringify({ after, walked, late, seen }),
          String(dueAt),
          String(at),
          String(done),
        ],
      },
    ]);
    return rows?.length === 1;
  },

  due: async (at, limit) =>
    (
      await db.read<{ unit: string }>(
        `SELECT unit FROM job_runs WHERE job = '${JOB}' AND state = 'running' AND lease_until <= cc_at($1::bigint)
        ORDER BY (watermark ->> 'account' IS NOT NULL), (watermark ->> 'site' IS NOT NULL), id DESC LIMIT $2::int`,
        [String(at), String(limit)],
      )
    ).map(({ unit }) => unit),
});
