import type { CreditWriterRow, CreditWriters } from "../../ports/credit-writers.ts";
import type { Database } from "./database.ts";
import { BY, change, refuseWhen, VERSION } from "./registry-write.ts";

/** A site is switched a few times in its life. */
const ROWS_MAX = 10_000;

const WANTED = `jsonb_to_record($1::jsonb) AS r(site text, writer text)`;
const LAST = `LEFT JOIN LATERAL (SELECT c.* FROM credit_writers c WHERE c.site_code = r.site
  ORDER BY c.valid_from DESC LIMIT 1) last ON true`;

/** The version is drawn under a lock that lasts until the commit, so two switches at once come one after the other. */
const PUT: string[] = [
  refuseWhen(
    "unknown",
    `'site ' || r.site`,
    `FROM ${WANTED} LEFT JOIN sites s ON s.code = r.site WHERE s.code IS NULL`,
  ),
  `WITH was AS (SELECT last.* FROM ${WANTED} JOIN LATERAL (SELECT c.* FROM credit_writers c WHERE c.site_code = r.site
      ORDER BY c.valid_from DESC LIMIT 1) last ON true), made AS (
    INSERT INTO credit_writers (site_code, writer, valid_from, changed_by, reason, facts_version, created_at)
    SELECT r.site, r.writer, greatest(cc_at($4::bigint), last.valid_from + interval '1 millisecond'), $2::text, $3::text,
      ${VERSION}, cc_at($4::bigint)
    FROM ${WANTED} ${LAST} WHERE coalesce(last.writer, 'legacy') <> r.writer RETURNING *)
  INSERT INTO mutations (actor, reason, at, action, subject, before, after)
  SELECT ${BY}, 'credit_writer.put', 'site:' || made.site_code, to_jsonb(was), to_jsonb(made)
  FROM made LEFT JOIN was ON true`,
];

export const neonCreditWriters = (db: Database): CreditWriters => ({
  put: (site, writer, by) => change(db, { site, writer }, by, PUT),
  list: (site) => creditWriterRows(db, site),
  sites: async () => (await db.read<{ code: string }>("SELECT code FROM sites ORDER BY code")).map(({ code }) => code),
});

export const creditWriterRows = (db: Database, site: string | null): Promise<CreditWriterRow[]> =>
  db.read<CreditWriterRow>(
    `SELECT site_code AS site, writer, cc_ms(valid_from) AS "validFrom", changed_by AS "changedBy", reason,
      facts_version AS version FROM credit_writers
    WHERE nullif($1::text, '') IS NULL OR site_code = $1::text ORDER BY site_code, valid_from LIMIT ${ROWS_MAX}`,
    [site ?? ""],
  );
