/** Storage of one object as workerd gives it, over Node's SQLite. Only what the Worker uses. */
import { DatabaseSync, type SQLInputValue, type StatementSync } from "node:sqlite";

const STATEMENTS_MAX = 500;

/** Thrown at whoever is dead already: nothing he does reaches the storage. */
export class Killed extends Error {}

export type Row = Record<string, unknown>;

class Cursor {
  readonly #rows: Row[];
  readonly rowsWritten: number;

  constructor(rows: Row[], rowsWritten: number) {
    this.#rows = rows;
    this.rowsWritten = rowsWritten;
  }

  toArray(): Row[] {
    return this.#rows;
  }

  one(): Row {
    const [first, ...more] = this.#rows;
    if (first === undefined || more.length > 0) throw new Error(`one row was expected, ${this.#rows.length} came`);
    return first;
  }

  [Symbol.iterator]() {
    return this.#rows[Symbol.iterator]();
  }
}

/** What lives on when its object dies. */
export class Storage {
  #database = new DatabaseSync(":memory:");
  #statements = new Map<string, StatementSync>();
  #depth = 0;

  exec(query: string, bindings: readonly unknown[]): Cursor {
    // Several statements in one text are those that make tables: nobody asks what they answer.
    if (bindings.length === 0 && /;\s*\S/.test(query)) {
      this.#database.exec(query);
      return new Cursor([], 0);
    }
    const statement = this.#prepared(query);
    const before = this.#changes();
    const rows = statement.all(...bindings.map(bound));
    return new Cursor(
      rows.map((row) => ({ ...row })),
      this.#changes() - before,
    );
  }

  /** All or nothing; one within another may fail alone. */
  transaction<T>(step: () => T): T {
    const [begin, end, back] =
      this.#depth === 0
        ? ["BEGIN", "COMMIT", ["ROLLBACK"]]
        : [
            `SAVEPOINT s${this.#depth}`,
            `RELEASE s${this.#depth}`,
            [`ROLLBACK TO s${this.#depth}`, `RELEASE s${this.#depth}`],
          ];
    this.#database.exec(begin as string);
    this.#depth++;
    try {
      const done = step();
      this.#database.exec(end as string);
      return done;
    } catch (thrown) {
      for (const each of back) this.#database.exec(each);
      throw thrown;
    } finally {
      this.#depth--;
    }
  }

  deleteAll() {
    this.#statements.clear();
    this.#database.close();
    this.#database = new DatabaseSync(":memory:");
  }

  #prepared(query: string): StatementSync {
    const known = this.#statements.get(query);
    if (known !== undefined) return known;
    if (this.#statements.size >= STATEMENTS_MAX) this.#statements.clear();
    const statement = this.#database.prepare(query);
    this.#statements.set(query, statement);
    return statement;
  }

  #changes(): number {
    return Number(this.#prepared("SELECT total_changes() AS n").get()?.n ?? 0);
  }
}

function bound(value: unknown): SQLInputValue {
  if (value === undefined || value === null) return null;
  if (typeof value === "boolean") return value ? 1 : 0;
  if (value instanceof ArrayBuffer) return new Uint8Array(value);
  return value as SQLInputValue;
}
