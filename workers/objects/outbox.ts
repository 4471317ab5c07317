import type { CopyReport, OutboxItem, OutboxRow, Refusals } from "../../src/domain/outbox.ts";
import { addMissingColumn, createMissing } from "./create-missing.ts";
import { LateRows } from "./steps.ts";

/** Reasons shown of one object, the most frequent first. */
const BECAUSE_MAX = 10;
/** Rows that are kept in memory; an object that owes more looks into its storage each time. */
const KEPT_MAX = 500;

/** What this object owes Postgres, oldest first. A row is deleted only when the consumer says that Postgres has it. */
export class OutboxTable {
  readonly #sql: SqlStorage;
  readonly #added: LateRows;
  /** Why nothing is copied; undefined: not looked at yet. */
  #stopped: string | null | undefined = undefined;
  /** The number of the last row, also of one that is gone: none is given twice. Null: not read. */
  #lastId: number | null = null;
  /** What waits, as the table has it: most rows are fetched soon after they were added. Null: not known, or too many. */
  #waiting: Map<number, OutboxRow> | null = null;

  constructor(sql: SqlStorage) {
    this.#sql = sql;
    this.#added = new LateRows(sql, "INSERT INTO outbox (id, row)");
    this.open();
  }

  /** Also after all storage was deleted. */
  open() {
    const sql = this.#sql;
    this.forget();
    createMissing(sql, SCHEMA);
    // Objects of before this column wake up under newer code.
    addMissingColumn(sql, "outbox", "refused_at", "INTEGER");
  }

  forget() {
    this.#stopped = undefined;
    this.#lastId = null;
    this.#waiting = null;
    this.#added.forget();
  }

  /** Call inside the transaction that makes the row true. Returns the debt's number. */
  add(row: OutboxRow): number {
    const id = this.nextId();
    this.#lastId = id;
    this.#added.add(id, JSON.stringify(row));
    this.#waiting?.set(id, row);
    if (this.#waiting !== null && this.#waiting.size > KEPT_MAX) this.#waiting = null;
    return id;
  }

  /** The number that the next row gets. */
  nextId(): number {
    if (this.#lastId === null) this.#look();
    return (this.#lastId ?? 0) + 1;
  }

  /** What an object that has just woken up has to know first, in one statement. */
  #look() {
    const { last, has, because } = this.#sql
      .exec<{ last: number | null; has: number; because: string | null }>(
        `SELECT (SELECT seq FROM sqlite_sequence WHERE name = 'outbox') AS last,
          EXISTS (SELECT 1 FROM outbox) AS has, (SELECT because FROM outbox_stop) AS because`,
      )
      .one();
    this.#stopped = because;
    // Later in a life, rows of the step that is open may not be written yet: what is in memory is newer.
    if (this.#lastId !== null) return;
    this.#lastId = last ?? 0;
    if (has === 0) this.#waiting = new Map();
  }

  /** Rows that this step added are in the table from now on. */
  write() {
    this.#added.write();
  }

  /** True when there is something to copy now. */
  isWaiting(): boolean {
    this.write();
    if (this.stopped() !== null) return false;
    if (this.#waiting !== null) return this.#waiting.size > 0;
    return this.#sql.exec("SELECT 1 FROM outbox WHERE refused IS NULL LIMIT 1").toArray().length > 0;
  }

  waiting(max: number): OutboxItem[] {
    this.write();
    if (this.stopped() !== null) return [];
    if (this.#waiting !== null) return [...this.#waiting].slice(0, max).map(([id, row]) => ({ id, row }));
    const items = this.#sql
      .exec<{ id: number; row: string }>("SELECT id, row FROM outbox WHERE refused IS NULL ORDER BY id LIMIT ?", max)
      .toArray()
      .map(({ id, row }) => ({ id, row: JSON.parse(row) as OutboxRow }));
    // Fewer than were asked for: that is all there is.
    if (items.length < max && items.length <= KEPT_MAX) this.#waiting = new Map(items.map(({ id, row }) => [id, row]));
    return items;
  }

  /** Refused rows stay, with the reason: nothing is marked recorded that Postgres does not have. */
  close(report: CopyReport, at: number) {
    this.write();
    if (report.recorded.length > 0)
      this.#sql.exec(
        "DELETE FROM outbox WHERE id IN (SELECT value FROM json_each(?))",
        JSON.stringify(report.recorded),
      );
    for (const id of report.recorded) this.#waiting?.delete(id);
    for (const { id } of report.refused) this.#waiting?.delete(id);
    const isStillOwed = report.refused.map(
      ({ id, because }) =>
        this.#sql
          .exec("UPDATE outbox SET refused = ?, refused_at = ? WHERE id = ? RETURNING id", because, at, id)
          .toArray().length === 1,
    );
    if (report.stop === null) return;
    // A row that was withdrawn while it was on its way stops nothing: what replaced it has not been tried.
    if (isStillOwed.length > 0 && !isStillOwed.includes(true)) return;
    this.#sql.exec("INSERT OR IGNORE INTO outbox_stop VALUES (1, ?)", report.stop);
    this.#stopped = undefined;
  }

  /** Why nothing is copied any more; null while all is well. */
  stopped(): string | null {
    if (this.#stopped === undefined) this.#look();
    return this.#stopped ?? null;
  }

  /** A person has looked: refused rows are tried again. Returns the last row that may be among them; 0: there is none. */
  resume(): number {
    this.write();
    this.#sql.exec("DELETE FROM outbox_stop");
    this.#stopped = undefined;
    this.#waiting = null;
    this.#sql.exec("UPDATE outbox SET refused = NULL, refused_at = NULL WHERE refused IS NOT NULL");
    return this.#sql.exec<{ last: number }>("SELECT coalesce(max(id), 0) AS last FROM outbox").one().last;
  }

  refusals(): Refusals {
    this.write();
    const { oldestId, since } = this.#sql
      .exec<{ oldestId: number | null; since: number | null }>(
        "SELECT min(id) AS oldestId, min(refused_at) AS since FROM outbox",
      )
      .one();
    const because = this.#sql
      .exec<{ refused: string }>(
        `SELECT refused FROM outbox WHERE refused IS NOT NULL GROUP BY refused
         ORDER BY count(*) DESC, refused LIMIT ${BECAUSE_MAX}`,
      )
      .toArray()
      .map(({ refused }) => refused);
    return { ...this.depth(), because, since, stopped: this.stopped(), oldestId };
  }

  depth(): { waiting: number; refused: number } {
    this.write();
    return this.#sql
      .exec<{ waiting: number; refused: number }>(
        "SELECT count(*) FILTER (WHERE refused IS NULL) AS waiting, count(refused) AS refused FROM outbox",
      )
      .one();
  }
}

const SCHEMA = [
  `CREATE TABLE IF NOT EXISTS outbox (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    row TEXT NOT NULL,
    refused TEXT,
    refused_at INTEGER
  ) STRICT`,
  "CREATE TABLE IF NOT EXISTS outbox_stop (one INTEGER PRIMARY KEY CHECK (one = 1), because TEXT NOT NULL) STRICT",
] as const;
