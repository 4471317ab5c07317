import { type ErasePatterns, eraseJson, eraseText } from "../../src/domain/personal/patterns.ts";

/** Rows of one call; whoever asked asks again until none is left. */
export const ERASE_ROWS_MAX = 1_000;

/** What of an object's table may name a customer. `where`: rows that nothing waits for any more; the others come with a later look. */
export type PersonalRows = {
  table: string;
  key: readonly string[];
  texts?: readonly string[];
  /** JSON as text. */
  jsons?: readonly string[];
  /** Emptied with a row that names the person: bytes of what stands in a text of it. */
  emptied?: readonly string[];
  where?: string;
};

/** Rows that were changed, and rows that name the person still because something waits for them. */
export type Erased = { changed: number; waiting: number };

/** Takes a person out of an object's rows, inside the caller's transaction. */
export function eraseRows(
  sql: SqlStorage,
  personal: readonly PersonalRows[],
  patterns: ErasePatterns,
  isOwn: boolean,
): Erased {
  const made = new Set(
    sql
      .exec<{ name: string }>("SELECT name FROM sqlite_schema WHERE type = 'table'")
      .toArray()
      .map(({ name }) => name),
  );
  const erased: Erased = { changed: 0, waiting: 0 };
  for (const of of personal) {
    if (!made.has(of.table)) continue;
    const changes = changesOf(sql, of, patterns, isOwn, ERASE_ROWS_MAX - erased.changed);
    for (const { row, next } of changes) {
      if (row.is_settled === 1) write(sql, of, row, next);
      erased[row.is_settled === 1 ? "changed" : "waiting"] += 1;
    }
  }
  return erased;
}

type Row = Record<string, string | number | null>;
type RowChange = { row: Row; next: [string, string][] };

function changesOf(
  sql: SqlStorage,
  of: PersonalRows,
  patterns: ErasePatterns,
  isOwn: boolean,
  max: number,
): RowChange[] {
  const { table, key, texts = [], jsons = [], where = "true" } = of;
  const doubt = new RegExp(patterns.loose, "iu");
  const changes: RowChange[] = [];
  const columns = [...key, ...texts, ...jsons, `(${where}) AS is_settled`].join(", ");
  for (const row of sql.exec<Row>(`SELECT ${columns} FROM ${table}`)) {
    if (changes.length >= max) break;
    const next = [...texts, ...jsons].flatMap((column): [string, string][] => {
      const text = row[column];
      if (typeof text !== "string" || !doubt.test(text)) return [];
      const erased = jsons.includes(column)
        ? JSON.stringify(eraseJson(JSON.parse(text), patterns, isOwn))
        : eraseText(text, patterns, isOwn);
      return erased === text ? [] : [[column, erased]];
    });
    if (next.length > 0) changes.push({ row, next });
  }
  return changes;
}

function write(sql: SqlStorage, { table, key, emptied = [] }: PersonalRows, row: Row, next: [string, string][]) {
  const sets = [...next.map(([column]) => `${column} = ?`), ...emptied.map((column) => `${column} = NULL`)];
  sql.exec(
    `UPDATE ${table} SET ${sets.join(", ")} WHERE ${key.map((column) => `${column} = ?`).join(" AND ")}`,
    ...next.map(([, text]) => text),
    ...key.map((column) => row[column] ?? null),
  );
}
