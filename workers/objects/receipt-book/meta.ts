import type { SightingRow } from "../../../src/domain/outbox.ts";
import type { ReversalNotice } from "../../../src/domain/receipt-rows.ts";

/** What a shard knows beside its receipts: its own name, what it has seen, the operator's reversals. */
export class BookTable {
  readonly #sql: SqlStorage;
  /** Read from storage once, and again after each change; undefined: not read. */
  #known: BookRow | null | undefined = undefined;
  /** Most shards have no reversal at all; null: not looked at yet. */
  #hasReversals: boolean | null = null;

  constructor(sql: SqlStorage) {
    this.#sql = sql;
  }

  /** After a transaction that was rolled back. */
  forget() {
    this.#known = undefined;
    this.#hasReversals = null;
  }

  setName(name: string) {
    if (this.#row() !== null) return;
    this.forget();
    this.#sql.exec("INSERT OR IGNORE INTO book (one, name) VALUES (1, ?)", name);
  }

  name(): string | null {
    return this.#row()?.name ?? null;
  }

  /** `shard-07` is 7. */
  shard(): number {
    const number = Number(this.name()?.split("-").at(-1));
    if (!Number.isSafeInteger(number)) throw new Error("this shard does not know its number");
    return number;
  }

  isRestored(): boolean {
    return this.#row()?.restored_through != null;
  }

  setRestored() {
    this.forget();
    this.#sql.exec("UPDATE book SET restored_through = coalesce(restore_after, '') WHERE restored_through IS NULL");
  }

  /** The last receipt that a restore has loaded. */
  restoreAfter(): string {
    return this.#row()?.restore_after ?? "";
  }

  setRestoreAfter(receipt: string) {
    this.forget();
    this.#sql.exec("UPDATE book SET restore_after = ?", receipt);
  }

  sighting(sightingKey: string): SightingRow["verdict"] | null {
    const [row] = this.#sql
      .exec<{ verdict: SightingRow["verdict"] }>("SELECT verdict FROM sightings WHERE sighting_key = ?", sightingKey)
      .toArray();
    return row?.verdict ?? null;
  }

  /** False when it was seen in this way before: the first verdict stays. */
  addSighting(row: SightingRow): boolean {
    const added = this.#sql.exec(
      "INSERT OR IGNORE INTO sightings VALUES (?, ?, ?) RETURNING receipt",
      row.sightingKey,
      row.receipt,
      row.verdict,
    );
    if (added.toArray().length === 0) return false;
    this.#sql.exec(
      "INSERT OR IGNORE INTO sighting_rows VALUES (?, ?, ?)",
      row.sightingKey,
      row.receipt,
      JSON.stringify(row),
    );
    return true;
  }

  sightingsOf(receipt: string): SightingRow[] {
    return this.#sql
      .exec<{ row: string }>("SELECT row FROM sighting_rows WHERE receipt = ? ORDER BY sighting_key", receipt)
      .toArray()
      .map(({ row }) => JSON.parse(row) as SightingRow);
  }

  reversal(receipt: string): { notice: ReversalNotice; version: number } | null {
    this.#hasReversals ??= this.#sql.exec("SELECT 1 FROM reversals LIMIT 1").toArray().length > 0;
    if (!this.#hasReversals) return null;
    const [row] = this.#sql
      .exec<{ notice: string; version: number }>("SELECT notice, version FROM reversals WHERE receipt = ?", receipt)
      .toArray();
    return row === undefined ? null : { notice: JSON.parse(row.notice) as ReversalNotice, version: row.version };
  }

  openReversals(): string[] {
    return this.#sql
      .exec<{ receipt: string }>("SELECT receipt FROM reversals WHERE open = 1 ORDER BY receipt")
      .toArray()
      .map(({ receipt }) => receipt);
  }

  putReversal(notice: ReversalNotice, version: number) {
    this.#hasReversals = true;
    this.#sql.exec(
      "INSERT INTO reversals VALUES (?1, ?2, ?3, ?4) ON CONFLICT (receipt) DO UPDATE SET notice = ?2, open = ?3, version = ?4",
      notice.receipt,
      JSON.stringify(notice),
      notice.closedAt === null ? 1 : 0,
      version,
    );
  }

  #row(): BookRow | null {
    if (this.#known === undefined) this.#known = this.#sql.exec<BookRow>("SELECT * FROM book").toArray()[0] ?? null;
    return this.#known;
  }
}

type BookRow = { name: string; restored_through: string | null; restore_after: string | null };
