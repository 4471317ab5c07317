import type { Json } from "../../domain/audit/diff.ts";
import type { RevertTable } from "../../domain/audit/revertible.ts";
import { err } from "../../domain/result.ts";
import type { Audit } from "../../ports/audit.ts";
import type { Change } from "../../ports/registry.ts";
import type { Database } from "./database.ts";
import { RECORD_TABLES, type RecordTable, toldAccounts } from "./records.ts";
import { BY, change, nameRequest, refuseWhen, VERSION } from "./registry-write.ts";

/** The one act. Fenced: no plan may read the rows of other acts as if they were of this table. */
const ACT = `(SELECT m.* FROM jsonb_to_record($1::jsonb) AS r(id bigint) JOIN mutations m ON m.id = r.id OFFSET 0) AS m`;

const COMMON = [
  refuseWhen(
    "unknown",
    "'act ' || r.id",
    "FROM jsonb_to_record($1::jsonb) AS r(id bigint) WHERE NOT EXISTS (SELECT FROM mutations m WHERE m.id = r.id)",
  ),
  refuseWhen("exists", "'reverted by ' || v.id", `FROM ${ACT} JOIN mutations v ON v.reverts = m.id`),
];

const CHANGED = "changed since";
/** Accounts of one customer, or that one meter has served. */
const TOUCHED_MAX = 500;

/**
 * What an act did is seen in its row: no before, it made the row; no after, it took the row away; both, it changed it. The
 * three statements each do their own case, and no two changes of the registry run at once, so nothing slips in between.
 */
function revertOf(table: RevertTable): string[] {
  const record: RecordTable = RECORD_TABLES[table];
  const { key, columns, hasVersion } = record;
  const list = (alias: string) => columns.map((column) => `${alias}.${column}`).join(", ");
  const before = `jsonb_populate_record(NULL::${table}, m.before) AS n`;
  const after = `jsonb_populate_record(NULL::${table}, m.after) AS w`;
  const row = `${ACT} CROSS JOIN LATERAL ${after} LEFT JOIN ${table} t ON t.${key} = w.${key}`;
  const version = hasVersion ? ["facts_version", VERSION] : [];
  const audit = `INSERT INTO mutations (actor, reason, at, action, subject, before, after, reverts)
    SELECT ${BY}, '${record.kind}.revert', m.subject`;
  return [
    ...COMMON,
    refuseWhen(
      "exists",
      `'${CHANGED}'`,
      // What an old act says nothing of, since the column came later, has not changed by it.
      `FROM ${row} CROSS JOIN LATERAL jsonb_populate_record(t, m.after) AS x
      WHERE m.after IS NOT NULL AND (t.${key} IS NULL OR ROW(${list("t")}) IS DISTINCT FROM ROW(${list("x")}))`,
    ),
    `WITH was AS (SELECT ${record.shown("t")} AS shown, m.id FROM ${row} WHERE m.before IS NOT NULL AND m.after IS NOT NULL
    ), made AS (
      UPDATE ${table} t SET (${[...columns, ...version.slice(0, 1)].join(", ")}) = ROW(${[list("n"), ...version.slice(1)].join(", ")})
      FROM ${ACT} CROSS JOIN LATERAL ${after} JOIN ${table} b ON b.${key} = w.${key}
        CROSS JOIN LATERAL jsonb_populate_record(b, m.before) AS n
      WHERE t.${key} = b.${key} AND m.before IS NOT NULL AND m.after IS NOT NULL RETURNING t.*
    )${toldAccounts(record)}
    ${audit}, was.shown, ${record.shown("made")}, m.id FROM made CROSS JOIN was JOIN mutations m ON m.id = was.id`,
    ...(record.goes
      ? [
          `WITH made AS (
            DELETE FROM ${table} t USING ${ACT} CROSS JOIN LATERAL ${after}
            WHERE t.${key} = w.${key} AND m.before IS NULL RETURNING t.*)
          ${audit}, ${record.shown("made")}, NULL, m.id FROM made CROSS JOIN ${ACT}`,
        ]
      : []),
    ...(record.comes
      ? [
          refuseWhen(
            "exists",
            `'${CHANGED}'`,
            `FROM ${ACT} CROSS JOIN LATERAL ${before} JOIN ${table} t ON t.${key} = n.${key} OR t.${record.name} = n.${record.name}
            WHERE m.after IS NULL`,
          ),
          `WITH made AS (
            INSERT INTO ${table} OVERRIDING SYSTEM VALUE SELECT n.* FROM ${ACT} CROSS JOIN LATERAL
              jsonb_populate_record(NULL::${table}, m.before${hasVersion ? ` || jsonb_build_object('facts_version', ${VERSION})` : ""}) AS n
            WHERE m.after IS NULL AND m.before IS NOT NULL RETURNING *)
          ${audit}, NULL, ${record.shown("made")}, m.id FROM made CROSS JOIN ${ACT}`,
        ]
      : []),
  ];
}

const RECORD = `INSERT INTO mutations (actor, reason, at, action, subject, after)
  SELECT ${BY}, r.action, r.subject, r.after FROM jsonb_to_record($1::jsonb) AS r(action text, subject text, after jsonb)`;

export const neonAudit = (db: Database): Audit => ({
  async record(act, by) {
    const params = [JSON.stringify(act), by.actor, by.reason ?? "", String(by.at)];
    await db.transaction([nameRequest(by), { query: RECORD, params }]);
  },

  async rowOf(id, table) {
    const { key, shown } = RECORD_TABLES[table];
    const [found] = await db.read<{ row: Json }>(
      `SELECT ${shown("t")} AS row FROM mutations m
        CROSS JOIN LATERAL jsonb_populate_record(NULL::${table}, coalesce(m.after, m.before)) AS w JOIN ${table} t ON t.${key} = w.${key}
      WHERE m.id = $1::bigint`,
      [String(id)],
    );
    return found?.row ?? null;
  },

  async touched(id, table) {
    const made = `SELECT w.* FROM mutations m CROSS JOIN LATERAL jsonb_populate_record(NULL::${table}, coalesce(m.after, m.before)) AS w
      WHERE m.id = $1::bigint`;
    const { told }: RecordTable = RECORD_TABLES[table];
    const which = table === "accounts" ? "a.id = made.id" : told;
    if (which === null) return [];
    const rows = await db.read<{ account: string }>(
      `SELECT a.account_number AS account FROM (${made}) AS made JOIN accounts a ON ${which} ORDER BY 1 LIMIT ${TOUCHED_MAX}`,
      [String(id)],
    );
    return rows.map(({ account }) => account);
  },

  async revert(id: number, table: RevertTable, by: Change) {
    const [act] = await db.read<{ made: boolean; gone: boolean }>(
      "SELECT before IS NULL AS made, after IS NULL AS gone FROM mutations WHERE id = $1::bigint",
      [String(id)],
    );
    const { goes, comes } = RECORD_TABLES[table];
    if (act !== undefined && ((act.made && !goes) || (act.gone && !comes)))
      return err({ kind: "refused", detail: `a row of ${table} neither comes nor goes by a revert` });
    const done = await change(db, { id }, by, revertOf(table));
    if (done.ok) return done;
    const { kind, detail } = done.error;
    const earlier = /^reverted by (\d+)$/.exec(detail)?.[1];
    if (earlier !== undefined) return err({ kind: "reverted", by: Number(earlier) });
    if (detail === CHANGED) return err({ kind: "changed" });
    // A key that another row points with: what somebody made is in use by now.
    return kind === "unknown" && detail !== `act ${id}` ? err({ kind: "in_use" }) : done;
  },
});
