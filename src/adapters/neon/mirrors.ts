import type { MemoCredit, Mirrored, Mirrors, OurCredit } from "../../ports/mirrors.ts";
import { neonCopies } from "./copy-rows.ts";
import type { Database } from "./database.ts";

const JOB = "mirror-payments";
const MIRRORED_MAX = 10;

const ADVANCE = `INSERT INTO job_runs AS j (job, unit, state, watermark, counts, started_at, ended_at)
  VALUES ('${JOB}', $1::text, 'done', jsonb_build_object('at', $2::bigint), $3::jsonb, cc_at($4::bigint), cc_at($4::bigint))
  ON CONFLICT ON CONSTRAINT job_runs_key DO UPDATE SET ended_at = excluded.ended_at, counts = excluded.counts,
    watermark = jsonb_build_object('at', greatest((j.watermark ->> 'at')::bigint, $2::bigint))`;

/** How far the vendors' payments are mirrored, and what is known of them. */
export const neonMirrors = (db: Database): Mirrors => ({
  async watermark(vendor) {
    const rows = await db.read<{ at: number }>(
      `SELECT (watermark ->> 'at')::bigint AS at FROM job_runs WHERE job = '${JOB}' AND unit = $1::text`,
      [vendor],
    );
    return rows[0]?.at ?? null;
  },
  async advance(vendor, at, counts, now) {
    await db.transaction([{ query: ADVANCE, params: [vendor, String(at), JSON.stringify(counts), String(now)] }]);
  },
  async credits(externalIds) {
    if (externalIds.length === 0) return new Map();
    const rows = await db.read<OurCredit>(
      `SELECT c.external_id AS id, a.account_number AS account, c.amount_minor AS "amountMinor", c.state
      FROM vendor_credits c JOIN accounts a ON a.id = c.account_id WHERE c.external_id IN (SELECT jsonb_array_elements_text($1::jsonb))`,
      [JSON.stringify(externalIds)],
    );
    return new Map(rows.map((credit) => [credit.id, credit]));
  },
  async creditsByMemo(credits) {
    if (credits.length === 0) return [];
    return db.read<OurCredit & MemoCredit>(
      `SELECT c.external_id AS id, q.account, q."amountMinor", q.memo, c.state
      FROM (SELECT DISTINCT * FROM jsonb_to_recordset($1::jsonb) AS r(account text, "amountMinor" bigint, memo text)) q
        JOIN accounts a ON a.account_number = q.account
        JOIN vendor_credits c ON c.account_id = a.id AND c.amount_minor = q."amountMinor" AND upper(btrim(c.memo)) = q.memo`,
      [JSON.stringify(credits)],
    );
  },
  mirrored: (account, amountMinor, since) =>
    db.read<Mirrored>(
      `SELECT p.receipt, cc_ms(p.paid_at) AS at FROM payments p JOIN accounts a ON a.id = p.account_id
      WHERE p.road = 'mirror' AND a.account_number = $1::text AND p.amount_minor = $2::bigint
        AND p.paid_at >= cc_at($3::bigint) ORDER BY p.paid_at DESC, p.receipt LIMIT ${MIRRORED_MAX}`,
      [account, String(amountMinor), String(since)],
    ),
  async openCase(row) {
    const written = await neonCopies(db).write([{ id: 1, row: { kind: "case", ...row } }]);
    if (!written.recorded.includes(1)) throw new Error(`the case was not written: ${written.refused[0]?.because}`);
  },
});
