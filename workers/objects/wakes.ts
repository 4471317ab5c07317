/** Due times by name, of which the object's one alarm always carries the earliest. */
export class WakeTable {
  readonly #sql: SqlStorage;

  constructor(sql: SqlStorage) {
    this.#sql = sql;
    sql.exec("CREATE TABLE IF NOT EXISTS wakes (name TEXT PRIMARY KEY, due_at INTEGER NOT NULL) STRICT");
  }

  /** Due at `at`, or sooner if it already was. */
  bring(name: string, at: number) {
    this.#sql.exec(
      "INSERT INTO wakes VALUES (?1, ?2) ON CONFLICT (name) DO UPDATE SET due_at = min(due_at, ?2)",
      name,
      at,
    );
  }

  /** Due at `at`, whatever it was before. */
  set(name: string, at: number) {
    this.#sql.exec("INSERT INTO wakes VALUES (?1, ?2) ON CONFLICT (name) DO UPDATE SET due_at = ?2", name, at);
  }

  clear(name: string) {
    this.#sql.exec("DELETE FROM wakes WHERE name = ?", name);
  }

  dueBy(now: number): string[] {
    return this.#sql
      .exec<{ name: string }>("SELECT name FROM wakes WHERE due_at <= ? ORDER BY due_at, name", now)
      .toArray()
      .map((row) => row.name);
  }

  earliest(): number | null {
    return this.#sql.exec<{ at: number | null }>("SELECT min(due_at) AS at FROM wakes").one().at;
  }
}
