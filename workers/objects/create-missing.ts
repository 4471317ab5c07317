/** What each storage has; forgotten with `forgetTables` after all of it was deleted. */
const known = new WeakMap<SqlStorage, Set<string>>();

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
    names.add(name);
  }
}

export const forgetTables = (sql: SqlStorage) => known.delete(sql);

const namesIn = (sql: SqlStorage) =>
  new Set(
    sql
      .exec<{ name: string }>("SELECT name FROM sqlite_schema")
      .toArray()
      .map(({ name }) => name),
  );
