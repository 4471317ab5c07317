/** An object's storage over `node:sqlite`, as far as our objects use it. What was written outlives whatever happens to the object. */
import { DatabaseSync, type StatementSync } from "node:sqlite";

type Value = string | number | null | ArrayBuffer | Uint8Array;
type Row = Record<string, string | number | null | ArrayBuffer>;

const SEVERAL = /^\s*(?:CREATE|DROP|ALTER|DELETE)\b[^;]*;\s*\S/;

const READS = /^\s*(?:SELECT|PRAGMA|EXPLAIN)\b/i;

/** The disk of one object: its rows and its one alarm. */
export class Disk {
  readonly database = new DatabaseSync(":memory:");
  readonly #statements = new Map<string, StatementSync>();
  #hasChanged = true;
  alarmAt: number | null = null;
  /** Raised with every change of the alarm: one that was set before says nothing any more. */
  alarmTurn = 0;
  alarmTries = 0;
  depth = 0;

  statement(query: string): StatementSync {
    const known = this.#statements.get(query) ?? this.database.prepare(query);
    this.#statements.set(query, known);
    return known;
  }

  /** True once after each change of its rows. */
  hasChanged(): boolean {
    const has = this.#hasChanged;
    this.#hasChanged = false;
    return has;
  }

  has(table: string): boolean {
    return this.statement("SELECT 1 FROM sqlite_schema WHERE name = ?").get(table) !== undefined;
  }

  /** Every table with every row. */
  all(): Record<string, Row[]> {
    const tables = this.rows("SELECT name FROM sqlite_schema WHERE type = 'table' ORDER BY name", []);
    return Object.fromEntries(tables.map(({ name }) => [String(name), this.rows(`SELECT * FROM "${name}"`, [])]));
  }

  rows(query: string, bindings: readonly Value[]): Row[] {
    if (!READS.test(query)) this.#hasChanged = true;
    // Several statements in one text are schemas, which answer nothing.
    if (bindings.length === 0 && SEVERAL.test(query)) {
      this.database.exec(query);
      return [];
    }
    const values = bindings.map((value) => (value instanceof ArrayBuffer ? new Uint8Array(value) : value));
    return (this.statement(query).all(...(values as never[])) as Record<string, unknown>[]).map(plain);
  }
}

/** Bytes as the platform gives them. */
const plain = (row: Record<string, unknown>): Row =>
  Object.fromEntries(
    Object.entries(row).map(([name, value]) => [
      name,
      value instanceof Uint8Array ? (value.slice().buffer as ArrayBuffer) : (value as string | number | null),
    ]),
  );

/** What a cursor answers; all rows are read at once. */
class Cursor {
  readonly #rows: Row[];
  #at = 0;
  readonly columnNames: string[];
  readonly rowsRead: number;
  readonly rowsWritten = 0;
  constructor(rows: Row[]) {
    this.#rows = rows;
    this.rowsRead = rows.length;
    this.columnNames = Object.keys(rows[0] ?? {});
  }
  next() {
    const value = this.#rows[this.#at++];
    return value === undefined ? { done: true as const, value: undefined } : { done: false as const, value };
  }
  [Symbol.iterator]() {
    return this;
  }
  toArray(): Row[] {
    const left = this.#rows.slice(this.#at);
    this.#at = this.#rows.length;
    return left;
  }
  one(): Row {
    const [row, more] = this.toArray();
    if (row === undefined || more !== undefined) throw new Error("expected exactly one row");
    return row;
  }
  raw() {
    return this.toArray().map((row) => Object.values(row));
  }
}

/** `step` may throw: the disk fails before a transaction has done anything. */
type Hooks = { check: () => void; step: () => void; alarm: (at: number | null) => void };

/** The storage that one life of an object sees. A dead one reads and writes nothing. */
export function storageOf(disk: Disk, { check, step: mayFail, alarm }: Hooks) {
  const sql = {
    exec(query: string, ...bindings: Value[]) {
      check();
      return new Cursor(disk.rows(query, bindings));
    },
    get databaseSize() {
      return Number(disk.rows("PRAGMA page_count", [])[0]?.page_count ?? 0) * 4096;
    },
  };
  return {
    sql,
    transactionSync<T>(step: () => T): T {
      check();
      mayFail();
      const name = `step_${disk.depth++}`;
      disk.database.exec(`SAVEPOINT ${name}`);
      try {
        const done = step();
        disk.database.exec(`RELEASE ${name}`);
        return done;
      } catch (thrown) {
        disk.database.exec(`ROLLBACK TO ${name}`);
        disk.database.exec(`RELEASE ${name}`);
        throw thrown;
      } finally {
        disk.depth -= 1;
      }
    },
    async setAlarm(at: number | Date) {
      check();
      alarm(Number(at));
    },
    async getAlarm() {
      check();
      return disk.alarmAt;
    },
    async deleteAlarm() {
      check();
      alarm(null);
    },
    async deleteAll() {
      check();
      const names = disk.rows("SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%'", []);
      for (const { name } of names) disk.database.exec(`DROP TABLE "${String(name)}"`);
      alarm(null);
    },
    async sync() {},
  };
}
