import type { Result } from "../../domain/result.ts";
import type { RegistryRefusal } from "../../ports/registry.ts";
import type { Uploads } from "../../ports/uploads.ts";
import type { Database, Statement } from "./database.ts";
import { BY, change, refuseWhen } from "./registry-write.ts";

const NEW = `jsonb_to_record($1::jsonb) AS r(sha256 text, kind text, format text, "fileName" text, bytes integer, "rowCount" integer,
  "tillId" text, provider text, site text, "from" bigint, "to" bigint)`;

/** The file's own upload is never made a second time; brought as something else, it says as what it is here. */
const BEGIN: string[] = [
  refuseWhen(
    "exists",
    `'this file is upload ' || u.id || ', ' || u.kind || coalesce(' of ' || u.till_id, ' of ' || u.site_code, '')`,
    `FROM ${NEW} JOIN uploads u ON u.sha256 = r.sha256 WHERE (u.kind, u.till_id, u.site_code, u.period_from, u.period_to)
      IS DISTINCT FROM (r.kind, r."tillId", r.site, cc_at(r."from"), least(cc_at(r."to"), u.period_to))`,
  ),
  refuseWhen(
    "unknown",
    `'till ' || r."tillId"`,
    `FROM ${NEW} WHERE r."tillId" IS NOT NULL AND NOT EXISTS (SELECT FROM tills t WHERE t.id = r."tillId")`,
  ),
  refuseWhen(
    "unknown",
    `'site ' || r.site`,
    `FROM ${NEW} WHERE r.site IS NOT NULL AND NOT EXISTS (SELECT FROM sites s WHERE s.code = r.site)`,
  ),
  // One at a time: two of the same file at once are one upload.
  "SELECT pg_advisory_xact_lock(hashtext(r.sha256)) FROM jsonb_to_record($1::jsonb) AS r(sha256 text)",
  `WITH run AS (
    INSERT INTO import_runs (source, file_sha256, state, started_at)
    SELECT 'file:' || r.kind, r.sha256, 'running', cc_at($4::bigint) FROM ${NEW}
    WHERE NOT EXISTS (SELECT FROM uploads u WHERE u.sha256 = r.sha256) RETURNING id
  ), made AS (
    INSERT INTO uploads (sha256, kind, format, file_name, bytes, row_count, till_id, provider, site_code, period_from,
      period_to, run_id, uploaded_by, uploaded_at, touched_at)
    SELECT r.sha256, r.kind, r.format, r."fileName", r.bytes, r."rowCount", r."tillId", r.provider, r.site, cc_at(r."from"),
      cc_at(r."to"), run.id, $2::text, cc_at($4::bigint), cc_at($4::bigint)
    FROM ${NEW} CROSS JOIN run RETURNING *)
  INSERT INTO mutations (actor, reason, at, action, subject, after)
  SELECT ${BY}, 'upload.begin', 'upload:' || made.id, to_jsonb(made) FROM made`,
];

const ADD_ROWS = `INSERT INTO upload_rows (upload_id, row_number, line, fault, result, receipt)
  SELECT $1::bigint, r.row, r.line, r.fault, r.result, r.receipt
  FROM jsonb_to_recordset($2::jsonb) AS r(row integer, line jsonb, fault jsonb, result text, receipt text)
  ON CONFLICT DO NOTHING`;

const TOUCH = "UPDATE uploads SET touched_at = cc_at($2::bigint) WHERE id = $1::bigint";

const RUN = "(SELECT run_id FROM uploads WHERE id = $1::bigint)";
/** As the rows say: a count that is added to would count a repeat twice. */
const COUNTED = `rows_taken = c.taken, rows_refused = c.refused FROM (SELECT
    count(*) FILTER (WHERE result <> 'refused') AS taken, count(*) FILTER (WHERE result = 'refused') AS refused
  FROM upload_rows WHERE upload_id = $1::bigint) AS c`;

export const neonUploads = (db: Database): Uploads => ({
  async begin({ period, ...upload }, by) {
    const begun = await change(db, { ...upload, from: period?.from ?? null, to: period?.to ?? null }, by, BEGIN);
    if (!begun.ok) return begun;
    const [row] = await db.read<{ uploadId: number }>(`SELECT id AS "uploadId" FROM uploads WHERE sha256 = $1::text`, [
      upload.sha256,
    ]);
    if (row === undefined) throw new Error("an upload that was begun is not there");
    return { ok: true, value: row } satisfies Result<{ uploadId: number }, RegistryRefusal>;
  },

  addRows: (uploadId, rows) => run(db, [{ query: ADD_ROWS, params: [String(uploadId), JSON.stringify(rows)] }]),

  allRead: (uploadId, at) =>
    run(db, [
      { query: TOUCH, params: [String(uploadId), String(at)] },
      {
        query: `UPDATE import_runs SET cursor = '{"read":true}', ${COUNTED} WHERE id = ${RUN} AND state = 'running'`,
        params: [String(uploadId)],
      },
    ]),

  waiting: (uploadId, limit) =>
    db.read(
      `SELECT row_number AS row, line FROM upload_rows WHERE upload_id = $1::bigint AND result IS NULL
        ORDER BY row_number LIMIT $2::int`,
      [String(uploadId), String(limit)],
    ),

  took: (uploadId, rows, at) =>
    run(db, [
      {
        query: `UPDATE upload_rows u SET result = r.result, because = r.because, account_number = r.account
          FROM jsonb_to_recordset($2::jsonb) AS r(row integer, result text, because text, account text)
          WHERE u.upload_id = $1::bigint AND u.row_number = r.row AND u.result IS NULL`,
        params: [String(uploadId), JSON.stringify(rows)],
      },
      { query: TOUCH, params: [String(uploadId), String(at)] },
      {
        query: `UPDATE import_runs SET pages = pages + 1, ${COUNTED} WHERE id = ${RUN} AND state = 'running'`,
        params: [String(uploadId)],
      },
    ]),

  finish: (uploadId, at) =>
    run(db, [
      {
        query: `UPDATE import_runs SET state = 'done', ended_at = cc_at($2::bigint) WHERE id = ${RUN} AND state = 'running'`,
        params: [String(uploadId), String(at)],
      },
    ]),
});

const run = async (db: Database, statements: Statement[]): Promise<void> => {
  await db.transaction(statements);
};
