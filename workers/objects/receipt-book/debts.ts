import type { OutboxRow } from "../../../src/domain/outbox.ts";
import type { HeldMoney } from "../../../src/ports/gate.ts";
import type { OutboxTable } from "../outbox.ts";
import { LateRows } from "../steps.ts";

/** Begins the keys of money that an account has not answered for: no answer of ours waits until the gate knows of it. */
export const ON_ITS_WAY = "posting:";

/** Receipts of which it is kept in memory how much they owe. */
const OWING_MAX = 5_000;

/** One word for the gate: this money waits, or it does not any more. */
export type GateDebt = { key: string; held: HeldMoney; wanted: "hold" | "release" };

/** What a shard still owes others: rows to Postgres, by receipt, and words to the disconnect gate. */
export class DebtTable {
  readonly #sql: SqlStorage;
  readonly #outbox: OutboxTable;
  readonly #owed: LateRows;
  /** Of most receipts the gate has nothing to know: false is known, null is not looked at yet. */
  #isUntold: boolean | null = null;
  #hasDebts: boolean | null = null;
  /** How many rows each receipt is known to owe; of one that is not named here nothing is known. */
  readonly #owing = new Map<string, number>();

  constructor(sql: SqlStorage, outbox: OutboxTable) {
    this.#sql = sql;
    this.#outbox = outbox;
    this.#owed = new LateRows(sql, "INSERT INTO owed (outbox_id, receipt)");
  }

  /** After a transaction that was rolled back. */
  forget() {
    this.#forgetGate();
    this.#owed.forget();
    this.#owing.clear();
  }

  #forgetGate() {
    this.#isUntold = null;
    this.#hasDebts = null;
  }

  /** True when the gate has not been told of all. */
  isUntold(): boolean {
    this.#isUntold ??= this.#sql.exec("SELECT 1 FROM gate_debts WHERE told = 0 LIMIT 1").toArray().length > 0;
    return this.#isUntold;
  }

  #isEmpty(): boolean {
    this.#hasDebts ??= this.#sql.exec("SELECT 1 FROM gate_debts LIMIT 1").toArray().length > 0;
    return !this.#hasDebts;
  }

  /** The receipt is not closed before this row is confirmed. */
  owe(receipt: string, row: OutboxRow) {
    this.#owed.add(this.#outbox.add(row), receipt);
    if (this.#owing.size >= OWING_MAX) this.#owing.clear();
    this.#owing.set(receipt, (this.#owing.get(receipt) ?? 0) + 1);
  }

  /** True when it certainly owes something: nothing has to be looked at to know that it is not closed. */
  isOwing(receipt: string): boolean {
    return (this.#owing.get(receipt) ?? 0) > 0;
  }

  #pay(receipts: readonly { receipt: string }[]): string[] {
    for (const { receipt } of receipts) {
      const left = (this.#owing.get(receipt) ?? 0) - 1;
      if (left > 0) this.#owing.set(receipt, left);
      else this.#owing.delete(receipt);
    }
    return [...new Set(receipts.map(({ receipt }) => receipt))];
  }

  /** Receipts of confirmed outbox rows. */
  paid(outboxIds: readonly number[]): string[] {
    if (outboxIds.length === 0) return [];
    this.#owed.write();
    const receipts = this.#sql
      .exec<{ receipt: string }>(
        "DELETE FROM owed WHERE outbox_id IN (SELECT value FROM json_each(?)) RETURNING receipt",
        JSON.stringify(outboxIds),
      )
      .toArray();
    return this.#pay(receipts);
  }

  /** The same, for rows whose confirmation was interrupted half way. */
  paidUnnoticed(limit: number): string[] {
    this.write();
    const receipts = this.#sql
      .exec<{ receipt: string }>(
        `DELETE FROM owed WHERE outbox_id IN
           (SELECT outbox_id FROM owed WHERE outbox_id NOT IN (SELECT id FROM outbox) LIMIT ?) RETURNING receipt`,
        limit,
      )
      .toArray();
    this.#pay(receipts);
    return receipts.map(({ receipt }) => receipt);
  }

  /** What this step owes is in the tables from now on. */
  write() {
    this.#owed.write();
    this.#outbox.write();
  }

  /** True when the receipt's own row, a share or a posting of it waits to be copied: what Postgres lacks is on its way. */
  owesMoney(receipt: string): boolean {
    this.write();
    return (
      this.#sql
        .exec(
          `SELECT 1 FROM owed JOIN outbox ON outbox.id = owed.outbox_id
           WHERE owed.receipt = ? AND outbox.refused IS NULL AND outbox.row ->> 'kind' IN ('payment', 'allocation', 'posting') LIMIT 1`,
          receipt,
        )
        .toArray().length > 0
    );
  }

  /** Said again in the same words, the gate is not told again. */
  hold(receipt: string, held: HeldMoney) {
    this.#forgetGate();
    this.#sql.exec(
      `INSERT INTO gate_debts (key, receipt, held, wanted, told) VALUES (?1, ?2, ?3, 'hold', 0)
       ON CONFLICT (key) DO UPDATE SET held = ?3, wanted = 'hold', told = 0 WHERE held <> ?3 OR wanted <> 'hold'`,
      held.key,
      receipt,
      JSON.stringify(held),
    );
  }

  release(key: string) {
    if (this.#isEmpty()) return;
    this.#forgetGate();
    this.#sql.exec("UPDATE gate_debts SET wanted = 'release', told = 0 WHERE key = ?", key);
  }

  /** Holds of earlier generations; `kept` is the one of the present, if money still waits. */
  releaseOthers(receipt: string, kept: readonly string[]) {
    if (this.#isEmpty()) return;
    for (const { key } of this.#sql
      .exec<{ key: string }>("SELECT key FROM gate_debts WHERE receipt = ?", receipt)
      .toArray())
      if (!kept.includes(key)) this.release(key);
  }

  /** What the gate has not been told, holds first; of one receipt or of all. */
  untold(receipt: string | null, limit: number): (GateDebt & { receipt: string })[] {
    if (!this.isUntold()) return [];
    return this.#sql
      .exec<{ key: string; receipt: string; held: string; wanted: "hold" | "release" }>(
        `SELECT key, receipt, held, wanted FROM gate_debts WHERE told = 0 AND (?1 IS NULL OR receipt = ?1)
         ORDER BY wanted, key LIMIT ?2`,
        receipt,
        limit,
      )
      .toArray()
      .map((row) => ({ ...row, held: JSON.parse(row.held) as HeldMoney }));
  }

  /** What the gate is to hold, by key. */
  heldKeys(): string[] {
    return this.#sql
      .exec<{ key: string }>("SELECT key FROM gate_debts WHERE wanted = 'hold' ORDER BY key")
      .toArray()
      .map(({ key }) => key);
  }

  /** All of it is to be told once more. */
  untell() {
    this.#forgetGate();
    this.#sql.exec("UPDATE gate_debts SET told = 0 WHERE wanted = 'hold'");
  }

  /** Only if nothing else is to be told by now. */
  told({ key, held, wanted }: GateDebt) {
    this.#forgetGate();
    if (wanted === "hold")
      this.#sql.exec(
        "UPDATE gate_debts SET told = 1 WHERE key = ? AND wanted = 'hold' AND held = ?",
        key,
        JSON.stringify(held),
      );
    else this.#sql.exec("DELETE FROM gate_debts WHERE key = ? AND wanted = 'release'", key);
  }
}
