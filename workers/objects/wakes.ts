import { createMissing } from "./create-missing.ts";

/**
 * Due times by name, of which the object's one alarm always carries the earliest. They are read from storage once and
 * then kept beside it; `forget` after a transaction that was rolled back.
 */
export class WakeTable {
  readonly #sql: SqlStorage;
  #due: Map<string, number> | null = null;

  constructor(sql: SqlStorage) {
    this.#sql = sql;
    this.open();
  }

  /** Also after all storage was deleted. */
  open() {
    createMissing(this.#sql, [
      "CREATE TABLE IF NOT EXISTS wakes (name TEXT PRIMARY KEY, due_at INTEGER NOT NULL) STRICT",
    ]);
    this.forget();
  }

  forget() {
    this.#due = null;
  }

  /** Due at `at`, or sooner if it already was. */
  bring(name: string, at: number) {
    const known = this.#known().get(name);
    if (known === undefined || at < known) this.set(name, at);
  }

  /** Due at `at`, whatever it was before. */
  set(name: string, at: number) {
    const due = this.#known();
    if (due.get(name) === at) return;
    this.#sql.exec("INSERT INTO wakes VALUES (?1, ?2) ON CONFLICT (name) DO UPDATE SET due_at = ?2", name, at);
    due.set(name, at);
  }

  clear(name: string) {
    const due = this.#known();
    if (!due.has(name)) return;
    this.#sql.exec("DELETE FROM wakes WHERE name = ?", name);
    due.delete(name);
  }

  dueBy(now: number): string[] {
    return [...this.#known()]
      .filter(([, at]) => at <= now)
      .sort(([left, leftAt], [right, rightAt]) => leftAt - rightAt || (left < right ? -1 : 1))
      .map(([name]) => name);
  }

  earliest(): number | null {
    const times = [...this.#known().values()];
    return times.length === 0 ? null : Math.min(...times);
  }

  #known(): Map<string, number> {
    this.#due ??= new Map(
      this.#sql
        .exec<{ name: string; due_at: number }>("SELECT name, due_at FROM wakes")
        .toArray()
        .map(({ name, due_at }) => [name, due_at]),
    );
    return this.#due;
  }
}
