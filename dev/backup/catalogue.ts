/** What a country's database consists of, from PostgreSQL's own catalogue: nothing is listed here that could be forgotten. */
import type pg from "pg";
import type { BackupManifest } from "./manifest.ts";

/** What a question is asked of: a connection, or a database in this process. */
export type Asked = {
  query<R extends pg.QueryResultRow>(text: string, values?: unknown[]): Promise<{ rows: R[] }>;
};

export type TableShape = { name: string; columns: string[]; orderBy: string[] };

/** Every table with rows of its own, a partitioned one as one; generated columns make themselves again. */
export async function tablesOf(client: pg.Client): Promise<TableShape[]> {
  const { rows } = await client.query<TableShape>(`
    SELECT c.relname AS name,
      (SELECT json_agg(a.attname ORDER BY a.attnum) FROM pg_attribute a
        WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped AND a.attgenerated = '') AS columns,
      coalesce(
        (SELECT json_agg(a.attname ORDER BY array_position(i.indkey::int2[], a.attnum)) FROM pg_index i
          JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum = ANY (i.indkey::int2[])
          WHERE i.indrelid = c.oid AND i.indisprimary),
        (SELECT json_agg(a.attname ORDER BY a.attnum) FROM pg_attribute a
          WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped AND a.attgenerated = '')) AS "orderBy"
    FROM pg_class c
    WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p') AND NOT c.relispartition
      AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.objid = c.oid AND d.deptype = 'e')
    ORDER BY c.relname`);
  return rows;
}

export async function partitionsOf(client: pg.Client): Promise<BackupManifest["partitions"]> {
  const { rows } = await client.query<BackupManifest["partitions"][number]>(`
    SELECT c.relname AS name, p.relname AS parent, pg_get_expr(c.relpartbound, c.oid) AS bound
    FROM pg_class c JOIN pg_inherits i ON i.inhrelid = c.oid JOIN pg_class p ON p.oid = i.inhparent
    WHERE c.relnamespace = 'public'::regnamespace AND c.relkind = 'r' ORDER BY c.relname`);
  return rows;
}

/** `last` null: no number was drawn yet. */
export async function sequencesOf(client: Asked): Promise<BackupManifest["sequences"]> {
  const { rows } = await client.query<BackupManifest["sequences"][number]>(
    "SELECT sequencename AS name, last_value::text AS last FROM pg_sequences WHERE schemaname = 'public' ORDER BY 1",
  );
  return rows;
}

/** Hashes of the migrations that it has had, in order. */
export async function migrationsOf(client: pg.Client): Promise<string[]> {
  const { rows } = await client.query<{ hash: string }>("SELECT hash FROM drizzle.__drizzle_migrations ORDER BY id");
  return rows.map(({ hash }) => hash);
}

export type ForeignKey = { table: string; name: string; definition: string };

export async function foreignKeysOf(client: pg.Client): Promise<ForeignKey[]> {
  const { rows } = await client.query<ForeignKey>(`
    SELECT conrelid::regclass::text AS table, conname AS name, pg_get_constraintdef(oid) AS definition
    FROM pg_constraint WHERE contype = 'f' AND connamespace = 'public'::regnamespace AND conparentid = 0 ORDER BY 1, 2`);
  return rows;
}

/** Name in quotes: names come from a catalogue or a manifest. */
export const quoted = (id: string) => `"${id.replaceAll('"', '""')}"`;

/** All rows in the order that equal rows always have. */
export const copyOut = ({ name, columns, orderBy }: TableShape) =>
  `COPY (SELECT ${columns.map(quoted).join(", ")} FROM ${quoted(name)} ORDER BY ${orderBy.map(quoted).join(", ")}) TO STDOUT`;
