import { err, type Result } from "../../domain/result.ts";
import type { PlainTable, RecordRefusal, Records } from "../../ports/records.ts";
import type { Change, RegistryRefusal } from "../../ports/registry.ts";
import type { Database } from "./database.ts";
import { RECORD_TABLES, type RecordTable, toldAccounts } from "./records.ts";
import { BY, change, refuseWhen, VERSION } from "./registry-write.ts";

const CHANGED = "changed since";
const ASKED = "jsonb_to_record($1::jsonb) AS r(name text, fields jsonb, seen jsonb)";

const audit = (record: RecordTable, act: string, before: string, after: string) =>
  `INSERT INTO mutations (actor, reason, at, action, subject, before, after)
  SELECT ${BY}, '${record.kind}.${act}', '${record.kind}:' || made.${record.name}, ${before}, ${after} FROM made`;

const unknown = (table: string, { name }: RecordTable) =>
  refuseWhen("unknown", "r.name", `FROM ${ASKED} WHERE NOT EXISTS (SELECT FROM ${table} t WHERE t.${name} = r.name)`);

/** Nobody's change is overwritten by somebody who has not seen it: what was seen has to be what is there. */
const stale = (table: string, { name }: RecordTable) =>
  refuseWhen(
    "exists",
    `'${CHANGED}'`,
    `FROM ${ASKED} JOIN ${table} t ON t.${name} = r.name WHERE NOT to_jsonb(t) @> r.seen`,
  );

function create(table: PlainTable): string[] {
  const record: RecordTable = RECORD_TABLES[table];
  const columns = [record.name, ...record.columns];
  const version = record.hasVersion ? [["facts_version"], [VERSION]] : [[], []];
  return [
    refuseWhen(
      "exists",
      `'${record.kind} ' || t.${record.name}`,
      `FROM ${ASKED} JOIN ${table} t ON t.${record.name} = r.name`,
    ),
    `WITH made AS (
      INSERT INTO ${table} (${[...columns, ...(version[0] ?? []), "created_at"].join(", ")})
      SELECT ${[...columns.map((column) => `n.${column}`), ...(version[1] ?? []), "cc_at($4::bigint)"].join(", ")}
      FROM ${ASKED} CROSS JOIN LATERAL jsonb_populate_record(NULL::${table}, r.fields) AS n RETURNING *)
    ${audit(record, "create", "NULL", record.shown("made"))}`,
  ];
}

function update(table: PlainTable): string[] {
  const record: RecordTable = RECORD_TABLES[table];
  const list = (alias: string) => record.columns.map((column) => `${alias}.${column}`).join(", ");
  const next = `${ASKED} JOIN ${table} b ON b.${record.name} = r.name CROSS JOIN LATERAL jsonb_populate_record(b, r.fields) AS n`;
  const [set, to] = record.hasVersion ? [", facts_version", `, ${VERSION}`] : ["", ""];
  return [
    unknown(table, record),
    stale(table, record),
    `WITH was AS (SELECT ${record.shown("b")} AS shown FROM ${next}), made AS (
      UPDATE ${table} t SET (${record.columns.join(", ")}${set}) = ROW(${list("n")}${to})
      FROM ${next} WHERE t.${record.key} = b.${record.key} AND ROW(${list("b")}) IS DISTINCT FROM ROW(${list("n")}) RETURNING t.*
    )${toldAccounts(record)}
    ${audit(record, "change", "(SELECT shown FROM was)", record.shown("made"))}`,
  ];
}

function erase(table: PlainTable): string[] {
  const record: RecordTable = RECORD_TABLES[table];
  return [
    unknown(table, record),
    stale(table, record),
    `WITH made AS (DELETE FROM ${table} t USING ${ASKED} WHERE t.${record.name} = r.name RETURNING t.*)
    ${audit(record, "delete", record.shown("made"), "NULL")}`,
  ];
}

type Asked = { name: string; fields?: object; seen?: object };

async function write(
  db: Database,
  asked: Asked,
  by: Change,
  queries: string[],
): Promise<Result<{ version: number }, RecordRefusal>> {
  const done = await change(db, { fields: {}, seen: {}, ...asked }, by, queries);
  return done.ok ? done : err(refusalOf(done.error, asked.name));
}

function refusalOf(refusal: RegistryRefusal, name: string): RecordRefusal {
  if (refusal.detail === CHANGED) return { kind: "changed" };
  return refusal.kind === "unknown" && refusal.detail !== name ? { kind: "in_use" } : refusal;
}

export const neonRecords = (db: Database): Records => ({
  create: (table, name, fields, by) => write(db, { name, fields }, by, create(table)),
  update: (table, name, fields, seen, by) => write(db, { name, fields, seen }, by, update(table)),
  erase: (table, name, seen, by) => write(db, { name, seen }, by, erase(table)),
  async touched(table, name) {
    const { told, name: column }: RecordTable = RECORD_TABLES[table];
    if (told === null) return [];
    const rows = await db.read<{ account: string }>(
      `SELECT a.account_number AS account FROM ${table} AS made JOIN accounts a ON ${told} WHERE made.${column} = $1::text LIMIT 500`,
      [name],
    );
    return rows.map(({ account }) => account);
  },
});
