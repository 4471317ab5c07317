/** A table, or a part of it, and what its keeper does when there is nothing in it. */
type Part = { from: string; setEmpty: () => void };

/**
 * Which tables of an account are empty, asked in one statement: of most accounts most are, and each look into one of them
 * costs an account that has just woken up as much as one that finds something. Keepers call `look` before they read.
 */
export class Empties {
  readonly #sql: SqlStorage;
  readonly #parts: Part[] = [];
  #hasLooked = false;

  constructor(sql: SqlStorage) {
    this.#sql = sql;
  }

  /** `from`: "looks", "effects WHERE state = 'pending'". `setEmpty` is called before anything was read since `forget`. */
  watch(from: string, setEmpty: () => void) {
    this.#parts.push({ from, setEmpty });
  }

  /** After a transaction that was rolled back, and after all storage was deleted. */
  forget() {
    this.#hasLooked = false;
  }

  look() {
    if (this.#hasLooked) return;
    const columns = this.#parts.map(({ from }, place) => `EXISTS (SELECT 1 FROM ${from}) AS p${place}`);
    const has = this.#sql.exec<Record<string, number>>(`SELECT ${columns.join(", ")}`).one();
    this.#hasLooked = true;
    this.#parts.forEach(({ setEmpty }, place) => {
      if (has[`p${place}`] === 0) setEmpty();
    });
  }
}
