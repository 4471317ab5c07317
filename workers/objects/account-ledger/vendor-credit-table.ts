import type { VendorCredit } from "../../../src/domain/vendor-credit.ts";
import { creditDueAt } from "../../../src/domain/vendor-credit-case.ts";
import { createMissing } from "../create-missing.ts";
import type { Empties } from "./empties.ts";

/** Credits for the vendor's wallet, each named by the entry that it carries there. */
export class VendorCreditTable {
  readonly #sql: SqlStorage;
  /** When the next one is due; undefined: not read. */
  #nextAt: number | null | undefined = undefined;

  readonly #empties: Empties;

  constructor(sql: SqlStorage, empties: Empties) {
    this.#sql = sql;
    this.#empties = empties;
    empties.watch("vendor_credits", () => {
      this.#nextAt = null;
    });
    this.migrate();
  }

  /** After a transaction that was rolled back. */
  forget() {
    this.#nextAt = undefined;
  }

  migrate() {
    this.forget();
    createMissing(this.#sql, SCHEMA);
  }

  /** Once a key: false when it was there. */
  add(credit: VendorCredit): boolean {
    this.#nextAt = undefined;
    return (
      this.#sql
        .exec(
          "INSERT OR IGNORE INTO vendor_credits VALUES (?, ?, ?, ?) RETURNING external_id",
          credit.externalId,
          credit.queuedAt,
          creditDueAt(credit),
          JSON.stringify(credit),
        )
        .toArray().length > 0
    );
  }

  put(credit: VendorCredit) {
    this.#nextAt = undefined;
    this.#sql.exec(
      "INSERT OR REPLACE INTO vendor_credits VALUES (?, ?, ?, ?)",
      credit.externalId,
      credit.queuedAt,
      creditDueAt(credit),
      JSON.stringify(credit),
    );
  }

  find(externalId: string): VendorCredit | null {
    return this.#credits("SELECT credit FROM vendor_credits WHERE external_id = ?", externalId)[0] ?? null;
  }

  /** Those of which something is due, longest first. */
  due(now: number, max: number): VendorCredit[] {
    return this.#credits(
      "SELECT credit FROM vendor_credits WHERE due_at <= ? ORDER BY due_at, external_id LIMIT ?",
      now,
      max,
    );
  }

  nextAt(): number | null {
    this.#empties.look();
    if (this.#nextAt === undefined)
      this.#nextAt = this.#sql.exec<{ at: number | null }>("SELECT min(due_at) AS at FROM vendor_credits").one().at;
    return this.#nextAt;
  }

  latest(max: number): VendorCredit[] {
    return this.#credits("SELECT credit FROM vendor_credits ORDER BY queued_at DESC, external_id LIMIT ?", max);
  }

  ofAmount(amountMinor: number, max: number): VendorCredit[] {
    return this.#credits(
      "SELECT credit FROM vendor_credits WHERE credit ->> 'amountMinor' = ? ORDER BY queued_at DESC, external_id LIMIT ?",
      amountMinor,
      max,
    );
  }

  /** How many there are, and the sum of their versions: for the comparison with Postgres. */
  extent(): { count: number; versions: number } {
    return this.#sql
      .exec<{ count: number; versions: number }>(
        "SELECT count(*) AS count, coalesce(sum(credit ->> 'version'), 0) AS versions FROM vendor_credits",
      )
      .one();
  }

  all(max: number): VendorCredit[] {
    return this.#credits("SELECT credit FROM vendor_credits ORDER BY queued_at, external_id LIMIT ?", max);
  }

  #credits(query: string, ...bindings: (string | number)[]): VendorCredit[] {
    return (
      this.#sql
        .exec<{ credit: string }>(query, ...bindings)
        .toArray()
        // What a release queued that knew of no other spelling has none, and went out under its key.
        .map((row): VendorCredit => ({ sentAs: null, ...JSON.parse(row.credit) }))
    );
  }
}

const SCHEMA = [
  `CREATE TABLE IF NOT EXISTS vendor_credits (
    external_id TEXT PRIMARY KEY,
    queued_at INTEGER NOT NULL,
    due_at INTEGER,
    credit TEXT NOT NULL
  ) STRICT`,
  "CREATE INDEX IF NOT EXISTS vendor_credits_due ON vendor_credits (due_at) WHERE due_at IS NOT NULL",
] as const;
