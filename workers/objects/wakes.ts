import { createMissing } from "./create-missing.ts";
import { type Late, type Steps, stepsOf } from "./steps.ts";

/**
 * Due times by name, of which the object's one alarm always carries the earliest. They are read from storage once and
 * then kept beside it; `forget` after a transaction that was rolled back. Changes of one step are written at its end, and
 * once, however often a time moved in it.
 */
export class WakeTable implements Late {
  readonly #sql: SqlStorage;
  readonly #steps: Steps;
  #due: Map<string, number> | null = null;
  /** Names whose times are not written yet. */
  #changed = new Set<string>();

  constructor(sql: SqlStorage) {
    this.#sql = sql;
    this.#steps = stepsOf(sql);
    this.#steps.join(this);
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
    this.#changed.clear();
  }

  has(name: string): boolean {
    return this.#known().has(name);
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
    due.set(name, at);
    this.#note(name);
  }

  clear(name: string) {
    if (this.#known().delete(name)) this.#note(name);
  }

  #note(name: string) {
    this.#changed.add(name);
    if (!this.#steps.isOpen) this.write();
  }

  write() {
    if (this.#changed.size === 0) return;
    const names = [...this.#changed];
    this.#changed.clear();
    const due = this.#known();
    const set = names.map((name) => [name, due.get(name)] as const).filter(([, at]) => at !== undefined);
    const cleared = names.filter((name) => !due.has(name));
    if (set.length > 0)
      this.#sql.exec(
        `INSERT INTO wakes SELECT value ->> 0, value ->> 1 FROM json_each(?) WHERE true
         ON CONFLICT (name) DO UPDATE SET due_at = excluded.due_at`,
        JSON.stringify(set),
      );
    if (cleared.length > 0)
      this.#sql.exec("DELETE FROM wakes WHERE name IN (SELECT value FROM json_each(?))", JSON.stringify(cleared));
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
