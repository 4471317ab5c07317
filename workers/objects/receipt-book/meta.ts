import { createHash } from "node:crypto";
import type { SightingRow } from "../../../src/domain/outbox.ts";
import type { ReversalNotice } from "../../../src/domain/receipt-rows.ts";

const DAY_MS = 86_400_000;

/** Receipts of one day that changed after their claim: moves, refusals, reversals. */
const CHANGED_MAX = 5_000;

/** A UTC day of claims, and the receipts of any day that changed on it, with the number of their last change. */
export type ShardDay = { count: number; sha256: string; changed: { receipt: string; version: number }[] };

/** What a shard knows beside its receipts: its own name, what it has seen, the operator's reversals. */
export class BookTable {
  readonly #sql: SqlStorage;

  constructor(sql: SqlStorage) {
    this.#sql = sql;
  }

  setName(name: string) {
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
    this.#sql.exec("UPDATE book SET restored_through = coalesce(restore_after, '') WHERE restored_through IS NULL");
  }

  /** The last receipt that a restore has loaded. */
  restoreAfter(): string {
    return this.#row()?.restore_after ?? "";
  }

  setRestoreAfter(receipt: string) {
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
    const [row] = this.#sql
      .exec<{ notice: string; version: number }>("SELECT notice, version FROM reversals WHERE receipt = ?", receipt)
      .toArray();
    return row === undefined ? null : { notice: JSON.parse(row.notice) as ReversalNotice, version: row.version };
  }

  putReversal(notice: ReversalNotice, version: number) {
    this.#sql.exec(
      "INSERT INTO reversals VALUES (?1, ?2, ?3, ?4) ON CONFLICT (receipt) DO UPDATE SET notice = ?2, open = ?3, version = ?4",
      notice.receipt,
      JSON.stringify(notice),
      notice.closedAt === null ? 1 : 0,
      version,
    );
  }

  /** In the order of the bytes of `receipt#generation`. */
  claimsOf(day: string): { receipt: string; generation: number }[] {
    const from = Date.parse(`${day}T00:00:00Z`);
    return this.#sql
      .exec<{ receipt: string; generation: number }>(
        `SELECT receipt, generation FROM receipts WHERE claimed_at >= ? AND claimed_at < ?
         ORDER BY receipt || '#' || generation`,
        from,
        from + DAY_MS,
      )
      .toArray();
  }

  digest(day: string): ShardDay {
    const claims = this.claimsOf(day);
    const hash = createHash("sha256");
    for (const { receipt, generation } of claims) hash.update(`${receipt}#${generation}\n`, "utf8");
    return { count: claims.length, sha256: hash.digest("hex"), changed: this.#changedOn(day) };
  }

  #changedOn(day: string): ShardDay["changed"] {
    const from = Date.parse(`${day}T00:00:00Z`);
    return this.#sql
      .exec<{ receipt: string; version: number }>(
        `SELECT receipt, version FROM receipts WHERE changed_at >= ? AND changed_at < ? AND version > 1
         ORDER BY receipt LIMIT ?`,
        from,
        from + DAY_MS,
        CHANGED_MAX,
      )
      .toArray();
  }

  #row() {
    const [row] = this.#sql
      .exec<{ name: string; restored_through: string | null; restore_after: string | null }>("SELECT * FROM book")
      .toArray();
    return row;
  }
}
