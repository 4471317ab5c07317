import type { LegacyTransaction } from "../../domain/legacy.ts";
import type { LegacyBooks, LegacyKey, LegacyProgress } from "../../ports/legacy-books.ts";
import type { Database } from "./database.ts";
import { BY, nameRequest } from "./registry-write.ts";

const JOB = "legacy-claim";

const ROWS = `jsonb_to_recordset($1::jsonb) AS r(source text, "sourceId" text, kind text, account text,
  "amountMinor" bigint, currency text, "energyWh" bigint, "paidAt" bigint, receipt text, "payerPhone" text)`;

/** One audit row a page, and none for a page that was here already. */
const ADD = `WITH made AS (
    INSERT INTO legacy_transactions (source, source_id, kind, account_number, amount_minor, currency, energy_wh, paid_at,
      receipt, payer_phone, recorded_at)
    SELECT r.source, r."sourceId", r.kind, r.account, r."amountMinor", r.currency, r."energyWh", cc_at(r."paidAt"),
      r.receipt, r."payerPhone", cc_at($4::bigint)
    FROM ${ROWS} ON CONFLICT ON CONSTRAINT legacy_transactions_source DO NOTHING RETURNING id),
  audited AS (
    INSERT INTO mutations (actor, reason, at, action, subject, after)
    SELECT ${BY}, 'legacy.add', 'legacy:' || $5::text, jsonb_build_object('rows', count(*), 'firstId', min(id), 'lastId', max(id))
    FROM made HAVING count(*) > 0)
  SELECT json_build_object('added', count(*))::text AS row FROM made`;

const DIFFERING = `SELECT DISTINCT r.source, r."sourceId" FROM ${ROWS}
  JOIN legacy_transactions l ON l.source = r.source AND l.source_id = r."sourceId"
  WHERE (l.kind, l.account_number, l.amount_minor, l.currency, l.energy_wh, cc_ms(l.paid_at), l.receipt, l.payer_phone)
    IS DISTINCT FROM (r.kind, r.account, r."amountMinor", r.currency, r."energyWh", r."paidAt", r.receipt, r."payerPhone")`;

const PROGRESS = `(watermark->>'rows')::int AS rows, (watermark->>'total')::int AS total, state = 'done' AS done`;

/** A page that does not follow what is done says nothing about the rows between. */
const ADVANCE = `INSERT INTO job_runs AS j (job, unit, state, watermark, started_at, ended_at)
  SELECT '${JOB}', $1::text, CASE WHEN t.rows >= t.total THEN 'done' ELSE 'running' END,
    jsonb_build_object('rows', t.rows, 'total', t.total), cc_at($5::bigint),
    CASE WHEN t.rows >= t.total THEN cc_at($5::bigint) END
  FROM (SELECT CASE WHEN $2::int = 0 THEN $3::int ELSE 0 END AS rows, $4::int AS total) t
  ON CONFLICT ON CONSTRAINT job_runs_key DO UPDATE SET
    watermark = jsonb_build_object('rows', greatest((j.watermark->>'rows')::int, $3::int), 'total', $4::int),
    state = CASE WHEN greatest((j.watermark->>'rows')::int, $3::int) >= $4::int THEN 'done' ELSE 'running' END,
    ended_at = CASE WHEN greatest((j.watermark->>'rows')::int, $3::int) >= $4::int THEN cc_at($5::bigint) END
  WHERE (j.watermark->>'rows')::int >= $2::int`;

export const neonLegacyBooks = (db: Database): LegacyBooks => ({
  async add(rows, job, by) {
    if (rows.length === 0) return 0;
    const params = [JSON.stringify(rows), by.actor, by.reason ?? "", String(by.at), job];
    const answers = await db.transaction([nameRequest(by), { query: ADD, params }]);
    return (answers.at(-1)?.[0] as { added: number } | undefined)?.added ?? 0;
  },

  differing: async (rows: readonly LegacyTransaction[]) =>
    rows.length === 0 ? [] : db.read<LegacyKey>(DIFFERING, [JSON.stringify(rows)]),

  progress: (job) => progress(db, job),

  async advance(job, from, to, total, at) {
    await db.transaction([{ query: ADVANCE, params: [job, String(from), String(to), String(total), String(at)] }]);
    return (await progress(db, job)) ?? { rows: 0, total, done: false };
  },
});

const progress = async (db: Database, job: string): Promise<LegacyProgress | null> =>
  (
    await db.read<LegacyProgress>(`SELECT ${PROGRESS} FROM job_runs WHERE job = '${JOB}' AND unit = $1::text`, [job])
  )[0] ?? null;
