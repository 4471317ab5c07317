const HOUR_MS = 3_600_000;
const DAY_MS = 86_400_000;
/** Old rows taken away with each question, so that the table holds little more than a day. */
const PRUNE_MAX = 100;

export type OverLimit = { scope: "per_hour" | "per_day"; max: number; retry_after_seconds: number };

/** How often something was asked, per rolling hour and per local calendar day. */
export class QuestionLimits {
  readonly #sql: SqlStorage;

  constructor(sql: SqlStorage) {
    this.#sql = sql;
    sql.exec(
      "CREATE TABLE IF NOT EXISTS questions (id INTEGER PRIMARY KEY, key TEXT NOT NULL, at INTEGER NOT NULL) STRICT",
    );
    sql.exec("CREATE INDEX IF NOT EXISTS questions_by_key ON questions (key, at)");
    sql.exec("CREATE INDEX IF NOT EXISTS questions_by_time ON questions (at)");
    sql.exec("CREATE TABLE IF NOT EXISTS questions_named (name TEXT PRIMARY KEY, at INTEGER NOT NULL) STRICT");
    sql.exec("CREATE INDEX IF NOT EXISTS questions_named_by_time ON questions_named (at)");
  }

  /**
   * Counts one question, or says which limit it is over; then it is not counted. One that was counted under its name is
   * not counted again, for two days: whoever asks on its behalf may do so twice.
   */
  count(
    key: string,
    now: number,
    max: { hour: number; day: number },
    utcOffsetMinutes: number,
    name: string | null = null,
  ): OverLimit | null {
    if (name !== null && this.#isCounted(name)) return null;
    const dayBegan = Math.floor((now + utcOffsetMinutes * 60_000) / DAY_MS) * DAY_MS - utcOffsetMinutes * 60_000;
    if (this.#since(key, dayBegan) >= max.day)
      return { scope: "per_day", max: max.day, retry_after_seconds: Math.ceil((dayBegan + DAY_MS - now) / 1000) };
    if (this.#since(key, now - HOUR_MS + 1) >= max.hour)
      return { scope: "per_hour", max: max.hour, retry_after_seconds: HOUR_MS / 1000 };
    this.#sql.exec("INSERT INTO questions (key, at) VALUES (?, ?)", key, now);
    this.#sql.exec(
      "DELETE FROM questions WHERE id IN (SELECT id FROM questions WHERE at < ? ORDER BY at LIMIT ?)",
      now - 2 * DAY_MS,
      PRUNE_MAX,
    );
    if (name !== null) this.#name(name, now);
    return null;
  }

  #isCounted(name: string): boolean {
    return this.#sql.exec("SELECT 1 FROM questions_named WHERE name = ?", name).toArray().length > 0;
  }

  #name(name: string, now: number) {
    this.#sql.exec("INSERT INTO questions_named VALUES (?, ?)", name, now);
    this.#sql.exec(
      "DELETE FROM questions_named WHERE name IN (SELECT name FROM questions_named WHERE at < ? ORDER BY at LIMIT ?)",
      now - 2 * DAY_MS,
      PRUNE_MAX,
    );
  }

  #since(key: string, from: number): number {
    return this.#sql
      .exec<{ n: number }>("SELECT count(*) AS n FROM questions WHERE key = ? AND at >= ?", key, from)
      .one().n;
  }
}
