import { createMissing } from "./create-missing.ts";
import { type Late, type Steps, stepsOf } from "./steps.ts";

/** Due times that follow from what an object's other tables say: they need no row of their own. */
export type Derived = { names: readonly string[]; times: () => Iterable<readonly [name: string, at: number | null]> };

/**
 * Due times by name, of which the object's one alarm always carries the earliest. They are read from storage once and
 * then kept beside it; `forget` after a transaction that was rolled back. Changes of one step are written at its end, and
 * once, however often a time moved in it. Those that are derived are never written: an object that wakes up makes them anew.
 */
export class WakeTable implements Late {
  readonly #sql: SqlStorage;
  readonly #steps: Steps;
  #due: Map<string, number> | null = null;
  /** Names whose times are not written yet. */
  #changed = new Set<string>();
  #derived: Derived = { names: [], times: () => [] };

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

  /** Call in the object's constructor, before any time is asked for. */
  derive(derived: Derived) {
    this.#derived = derived;
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
    if (this.#derived.names.includes(name)) return;
    this.#changed.add(name);
    if (!this.#steps.isOpen) this.write();
  }

  write() {
    if (this.#changed.size === 0) return;
    const due = this.#known();
    for (const name of this.#changed) {
      const at = due.get(name);
      if (at === undefined) this.#sql.exec("DELETE FROM wakes WHERE name = ?", name);
      else
        this.#sql.exec(
          "INSERT INTO wakes VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET due_at = excluded.due_at",
          name,
          at,
        );
    }
    this.#changed.clear();
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
    this.#due ??= this.#read();
    return this.#due;
  }

  #read(): Map<string, number> {
    const { names, times } = this.#derived;
    const stored = this.#sql.exec<{ name: string; due_at: number }>("SELECT name, due_at FROM wakes").toArray();
    // An object of before they were derived has rows of them, too.
    const due = new Map(stored.flatMap(({ name, due_at }) => (names.includes(name) ? [] : [[name, due_at] as const])));
    for (const [name, at] of times()) if (at !== null) due.set(name, at);
    return due;
  }
}
