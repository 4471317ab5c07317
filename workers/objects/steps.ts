/** The platform takes so many values in one statement. */
const VALUES_MAX = 100;

/** Something that gathers what a step changed and writes it at the step's end. */
export type Late = { write(): void };

/**
 * The steps of one object's storage, each the body of one transaction. What is gathered in a step is written at its end,
 * in as few statements as it takes; outside of a step it is written at once.
 */
export class Steps {
  readonly #late: Late[] = [];
  #depth = 0;

  join(late: Late) {
    this.#late.push(late);
  }

  get isOpen(): boolean {
    return this.#depth > 0;
  }

  /** All or nothing. A step within another writes what came before it first, so that it may fail alone. */
  transaction<T>(storage: DurableObjectStorage, step: () => T): T {
    this.#write();
    return storage.transactionSync(() => this.#run(step));
  }

  #run<T>(step: () => T): T {
    this.#depth += 1;
    try {
      const done = step();
      this.#write();
      return done;
    } finally {
      this.#depth -= 1;
    }
  }

  #write() {
    for (const late of this.#late) late.write();
  }
}

const known = new WeakMap<SqlStorage, Steps>();

export function stepsOf(sql: SqlStorage): Steps {
  const steps = known.get(sql) ?? new Steps();
  known.set(sql, steps);
  return steps;
}

type Value = string | number | ArrayBuffer | null;

/** Rows of one table that are added in a step, written together. */
export class LateRows implements Late {
  readonly #sql: SqlStorage;
  readonly #steps: Steps;
  readonly #into: string;
  #rows: Value[][] = [];

  /** `into`: "INSERT INTO owed (outbox_id, receipt)". */
  constructor(sql: SqlStorage, into: string) {
    this.#sql = sql;
    this.#steps = stepsOf(sql);
    this.#into = into;
    this.#steps.join(this);
  }

  add(...row: Value[]) {
    this.#rows.push(row);
    if (!this.#steps.isOpen) this.write();
  }

  /** Call before the table is read in the same step. */
  write() {
    const rows = this.#rows;
    if (rows.length === 0) return;
    this.#rows = [];
    insertRows(this.#sql, this.#into, rows);
  }

  /** After a transaction that was rolled back. */
  forget() {
    this.#rows = [];
  }
}

/** Writes rows of one length, several in a statement. */
export function insertRows(sql: SqlStorage, into: string, rows: readonly (readonly Value[])[]) {
  const [first] = rows;
  if (first === undefined) return;
  const atOnce = Math.floor(VALUES_MAX / first.length);
  const row = `(${first.map(() => "?").join(", ")})`;
  for (let from = 0; from < rows.length; from += atOnce) {
    const some = rows.slice(from, from + atOnce);
    sql.exec(`${into} VALUES ${some.map(() => row).join(", ")}`, ...some.flat());
  }
}
