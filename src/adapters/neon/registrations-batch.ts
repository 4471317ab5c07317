import { BY, refuseWhen } from "./registry-write.ts";

const NEW = `jsonb_to_record($1::jsonb) AS r(key text, "contentHash" text, "fileName" text, format text, sheet text, site text,
  columns jsonb, "rowCount" integer, "emptyRows" integer, actor text, at bigint)`;

/** The act's own batch, or the file's while that is not undone: neither is made a second time. */
export const BEGIN_BATCH: string[] = [
  refuseWhen(
    "exists",
    "'this key brought another file, registration ' || b.id",
    `FROM ${NEW} JOIN registration_batches b ON b.batch_key = r.key WHERE b.content_hash <> r."contentHash"`,
  ),
  refuseWhen(
    "unknown",
    "'site ' || r.site",
    `FROM ${NEW} WHERE r.site IS NOT NULL AND NOT EXISTS (SELECT FROM sites s WHERE s.code = r.site)`,
  ),
  `WITH made AS (
    INSERT INTO registration_batches (batch_key, content_hash, file_name, format, sheet, site_code, columns, row_count,
      empty_rows, state, created_by, created_at, touched_at)
    SELECT r.key, r."contentHash", r."fileName", r.format, r.sheet, r.site, r.columns, r."rowCount", r."emptyRows",
      'reading', r.actor, cc_at(r.at), cc_at(r.at)
    FROM ${NEW} WHERE NOT EXISTS (SELECT FROM registration_batches b WHERE b.batch_key = r.key)
    ON CONFLICT DO NOTHING RETURNING *)
  INSERT INTO mutations (actor, reason, at, action, subject, after)
  SELECT ${BY}, 'registration.upload', 'registration:' || made.id, to_jsonb(made) - 'columns' FROM made`,
];

export const ADD_ROWS = `INSERT INTO registration_rows (batch_id, row_number, site_code, typed, fields, opened_at, faults)
  SELECT b.id, r.row, r.site, r.typed, r.fields, cc_at(r."openedAt"), r.faults
  FROM jsonb_to_recordset($2::jsonb) AS r(row integer, site text, typed jsonb, fields jsonb, "openedAt" bigint, faults jsonb)
    JOIN registration_batches b ON b.id = $1::bigint AND b.state = 'reading'
  ON CONFLICT DO NOTHING`;

/** How alike two names are, 0 to 1, before a shared phone or plot makes them likely one person; a shared id always does. */
const LIKENESS_MIN = 0.4;
/** Customers of one phone or plot that are looked at, and twins that are told of a row. */
const LOOKED_AT_MAX = 50;
const TWINS_MAX = 5;

const candidates = (because: string, condition: string) =>
  `(SELECT c.id, c.name, c.sort_name, '${because}' AS because FROM customers c WHERE ${condition}
      AND c.withdrawn_at IS NULL AND NOT starts_with(c.customer_key, 'batch:' || p.batch_id || ':') LIMIT ${LOOKED_AT_MAX})`;

/**
 * The likely twins of a page of waiting rows ($1 batch, $2 after which row, $3 how many, $4 up to which row), as of now. Customers of the same batch
 * are none: the file was compared with itself when it was read.
 */
export const FIND_TWINS = `WITH page AS MATERIALIZED (
    SELECT r.batch_id, r.row_number, r.twins, n.phones, n.national_id, n.plot_number, "left"(cc_plain(n.name), 60) AS sort_name
    FROM registration_rows r CROSS JOIN LATERAL jsonb_populate_record(NULL::customers, r.fields) AS n
    WHERE r.batch_id = $1::bigint AND r.state = 'waiting' AND r.fields IS NOT NULL AND r.row_number > $2::int
      AND r.row_number <= $4::int
    ORDER BY r.row_number LIMIT $3::int
  ), alike AS (
    SELECT p.row_number, k.id, k.name, similarity(k.sort_name, p.sort_name) AS likeness,
      array_agg(DISTINCT k.because ORDER BY k.because) AS because
    FROM page p CROSS JOIN LATERAL (
      ${candidates("phone", "cardinality(p.phones) > 0 AND cc_last8(c.phones) && cc_last8(p.phones)")}
      UNION ALL ${candidates("national id", "p.national_id IS NOT NULL AND c.national_id IS NOT NULL AND cc_compact(c.national_id) = cc_compact(p.national_id)")}
      UNION ALL ${candidates("plot", "p.plot_number IS NOT NULL AND c.plot_number IS NOT NULL AND cc_compact(c.plot_number) = cc_compact(p.plot_number)")}
    ) AS k GROUP BY p.row_number, k.id, k.name, k.sort_name, p.sort_name
    HAVING similarity(k.sort_name, p.sort_name) >= ${LIKENESS_MIN} OR 'national id' = ANY (array_agg(k.because))
  ), found AS (
    SELECT p.row_number, p.twins AS before, coalesce((SELECT jsonb_agg(jsonb_build_object('customerId', t.id, 'name', t.name,
        'because', t.because, 'likeness', round(t.likeness::numeric, 2), 'accounts',
        (SELECT coalesce(jsonb_agg(a.account_number ORDER BY a.account_number), '[]') FROM accounts a
          WHERE a.customer_id = t.id)) ORDER BY t.likeness DESC, t.id)
      FROM (SELECT * FROM alike a WHERE a.row_number = p.row_number ORDER BY a.likeness DESC, a.id LIMIT ${TWINS_MAX}) AS t),
      '[]'::jsonb) AS twins
    FROM page p
  ), changed AS (
    UPDATE registration_rows r SET twins = f.twins FROM found f
    WHERE r.batch_id = $1::bigint AND r.row_number = f.row_number AND r.twins <> f.twins)
  SELECT json_build_object('last', CASE WHEN count(*) = $3::int THEN max(row_number) END)::text AS row FROM page`;

const DECIDED = `jsonb_to_record($1::jsonb) AS r("batchId" bigint, mode text, "takesTwins" boolean, at bigint)
  JOIN registration_batches b ON b.id = r."batchId"`;

export const COMMIT_BATCH: string[] = [
  refuseWhen(
    "refused",
    "'this registration is ' || b.state",
    `FROM ${DECIDED} WHERE NOT (b.state = 'checked' OR (b.state IN ('committing', 'committed')
      AND (b.mode, b.takes_twins) = (r.mode, r."takesTwins")))`,
  ),
  `WITH made AS (
    UPDATE registration_batches u SET state = 'committing', mode = r.mode, takes_twins = r."takesTwins", because = NULL,
      committed_by = $2::text, committed_at = cc_at(r.at), touched_at = cc_at(r.at)
    FROM ${DECIDED} WHERE u.id = b.id AND u.state = 'checked' RETURNING u.*)
  INSERT INTO mutations (actor, reason, at, action, subject, after)
  SELECT ${BY}, 'registration.commit', 'registration:' || made.id,
    jsonb_build_object('mode', made.mode, 'takesTwins', made.takes_twins) FROM made`,
];

const UNDONE = `jsonb_to_record($1::jsonb) AS r("batchId" bigint, at bigint) JOIN registration_batches b ON b.id = r."batchId"`;

/** One that is undone may be undone again: what was kept is looked at anew. */
export const UNDO_BATCH: string[] = [
  refuseWhen(
    "refused",
    "'this registration is ' || b.state",
    `FROM ${UNDONE} WHERE b.state NOT IN ('committed', 'undoing', 'undone')`,
  ),
  `WITH made AS (
    UPDATE registration_batches u SET state = 'undoing', undone_by = $2::text, undone_at = cc_at(r.at),
      undo_reason = coalesce(nullif($3::text, ''), 'undone'), touched_at = cc_at(r.at)
    FROM ${UNDONE} WHERE u.id = b.id AND u.state <> 'undoing' RETURNING u.*)
  INSERT INTO mutations (actor, reason, at, action, subject)
  SELECT ${BY}, 'registration.undo', 'registration:' || made.id FROM made`,
];

/** It is looked at again: $2 says why it could not be taken. */
export const GIVE_BACK = `UPDATE registration_batches SET state = 'checked', mode = NULL, takes_twins = NULL, because = $2::text,
  touched_at = cc_at($3::bigint) WHERE id = $1::bigint AND state = 'committing'`;

export const FINISH_BATCH = `UPDATE registration_batches SET touched_at = cc_at($2::bigint),
  state = CASE state WHEN 'committing' THEN 'committed' ELSE 'undone' END
  WHERE id = $1::bigint AND state IN ('committing', 'undoing')`;

/** Work goes on. */
export const TOUCH = "UPDATE registration_batches SET touched_at = cc_at($2::bigint) WHERE id = $1::bigint";
