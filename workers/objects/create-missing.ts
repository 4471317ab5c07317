/** What each storage has, and the statements that made it; forgotten with `forgetTables` after all of it was deleted. */
const known = new WeakMap<SqlStorage, Map<string, string>>();

/**
 * Makes tables and indexes where they are missing. An object that wakes up with all of them reads their names once:
 * there are many objects, and each wakes up often. Additive only: objects of older versions wake up under newer code.
 */
export function createMissing(sql: SqlStorage, statements: readonly string[]) {
  const names = known.get(sql) ?? namesIn(sql);
  known.set(sql, names);
  for (const statement of statements) {
    const name = /^\s*CREATE (?:TABLE|INDEX) IF NOT EXISTS (\w+)/.exec(statement)?.[1];
    if (name === undefined) throw new Error(`this makes no table and no index: ${statement}`);
    if (names.has(name)) continue;
    sql.exec(statement);
    names.set(name, statement);
  }
}

/** Adds a column to a table that an older version made without it. No other word of its statement may hold the name. */
export function addMissingColumn(sql: SqlStorage, table: string, column: string, type: string) {
  const made = known.get(sql)?.get(table) ?? "";
  if (made.includes(column)) return;
  sql.exec(`ALTER TABLE ${table} ADD COLUMN ${column} ${type}`);
  known.get(sql)?.set(table, `${made}, ${column} ${type}`);
}

export const forgetTables = (sql: SqlStorage) => known.delete(sql);

const namesIn = (sql: SqlStorage) =>
  new Map(
    sql
      .exec<{ name: string; sql: string | null }>("SELECT name, sql FROM sqlite_schema")
      .toArray()
      .map((row) => [row.name, row.sql ?? ""]),
  );
