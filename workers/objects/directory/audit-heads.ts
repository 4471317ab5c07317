import type { ChainHead } from "../../../src/domain/audit/chain.ts";

/** One a night, for more than a year. */
const KEPT_MAX = 400;

/** Where the audit's chain stood, kept outside the database that has it. */
export class AuditHeads {
  readonly #sql: SqlStorage;

  constructor(sql: SqlStorage) {
    this.#sql = sql;
    sql.exec(
      "CREATE TABLE IF NOT EXISTS audit_heads (seq INTEGER PRIMARY KEY, hash TEXT NOT NULL, at INTEGER NOT NULL) STRICT",
    );
  }

  /** What was once kept for a place is never replaced. */
  keep({ seq, hash }: ChainHead, at: number) {
    this.#sql.exec("INSERT OR IGNORE INTO audit_heads VALUES (?, ?, ?)", seq, hash, at);
    this.#sql.exec(
      "DELETE FROM audit_heads WHERE seq NOT IN (SELECT seq FROM audit_heads ORDER BY seq DESC LIMIT ?)",
      KEPT_MAX,
    );
  }

  /** In the order of the chain. */
  list(): ChainHead[] {
    return this.#sql.exec<ChainHead>("SELECT seq, hash FROM audit_heads ORDER BY seq LIMIT ?", KEPT_MAX).toArray();
  }
}
