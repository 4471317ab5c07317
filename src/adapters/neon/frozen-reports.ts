import type { FrozenRow } from "../../domain/metrics/frozen.ts";
import type { FrozenReports } from "../../ports/frozen-reports.ts";
import type { Database } from "./database.ts";
import { BY, change } from "./registry-write.ts";

const ROWS = `SELECT f.id AS "frozenId", f.report, f.site_code AS site, f.period_from::text AS "from", f.period_to::text AS "to",
    cc_ms(f.as_of) AS "asOf", f.definitions, f.object_key AS "objectKey", f.sha256, f.bytes, f.reason, f.actor,
    cc_ms(f.created_at) AS "frozenAt"
  FROM frozen_reports f`;

const ADD = [
  `WITH made AS (
    INSERT INTO frozen_reports (act_key, report, site_code, period_from, period_to, as_of, definitions, object_key, sha256, sameness_sha256,
      bytes, reason, actor, created_at)
    SELECT r."actKey", r.report, r.site, r."from", r."to", cc_at(r."asOf"), r.definitions, r."objectKey", r.sha256, r."samenessSha256",
      r.bytes, b.reason, b.actor, b.at
    FROM jsonb_to_record($1::jsonb) AS r("actKey" text, report text, site text, "from" date, "to" date, "asOf" bigint, definitions text,
      "objectKey" text, sha256 text, "samenessSha256" text, bytes int) CROSS JOIN (SELECT ${BY}) AS b(actor, reason, at)
    ON CONFLICT DO NOTHING RETURNING *)
  INSERT INTO mutations (actor, reason, at, action, subject, after)
  SELECT ${BY}, 'report.freeze', 'frozen_report:' || made.id, to_jsonb(made) FROM made`,
];

export const neonFrozenReports = (db: Database): FrozenReports => ({
  add: (frozen, by) => change(db, frozen, by, ADD),
  findSame: async (actKey, samenessSha256) =>
    (
      await db.read<FrozenRow>(
        `${ROWS} WHERE f.act_key = $1::text OR f.sameness_sha256 = $2::text ORDER BY f.act_key = $1::text DESC LIMIT 1`,
        [actKey, samenessSha256],
      )
    )[0] ?? null,
  find: async (frozenId) =>
    (await db.read<FrozenRow>(`${ROWS} WHERE f.id = $1::bigint`, [String(frozenId)]))[0] ?? null,
  list: (before, limit) =>
    db.read<FrozenRow>(`${ROWS} WHERE $1::bigint = 0 OR f.id < $1::bigint ORDER BY f.id DESC LIMIT $2::int`, [
      String(before),
      String(limit),
    ]),
});
