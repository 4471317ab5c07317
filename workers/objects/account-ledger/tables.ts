import { reversalKeyOf } from "../../../src/domain/claim.ts";
import { type DebtStanding, isFeePart, standingsOf } from "../../../src/domain/fees/debt.ts";
import type { FinalAnswer, HeldPayment, LedgerRow, PaymentPost, RefusedBecause } from "../../../src/domain/ledger.ts";
import { consumptionOf, GENESIS, isMetered, type LedgerHead, siblingsOf } from "../../../src/domain/posting.ts";
import type { AccountFacts } from "../../../src/ports/accounts.ts";
import { createMissing } from "../create-missing.ts";
import { insertRows } from "../steps.ts";
import type { Empties } from "./empties.ts";

/** Payments of one amount that are looked at for a twin, nearest first. */
const TWIN_CANDIDATES_MAX = 50;

const ROADS = [
  "sms",
  "contract_sms",
  "webhook",
  "manual",
  "statement",
  "mirror",
] as const satisfies PaymentPost["road"][];

/** Lines of what is owed beside energy; few of an account's entries are, and most accounts have none. */
const FEES = "entries WHERE json_extract(row, '$.book') = 'customer_fees'";

type Meta = { name: string; facts: AccountFacts | null; restoredThrough: number | null };

/** An account's own memory: what it is, its entries, and the answer it gave to each key. */
export class AccountTables {
  readonly #sql: SqlStorage;
  /** Read from storage once; undefined: not yet. */
  #meta: Meta | null | undefined = undefined;
  #head: LedgerHead | null = null;
  readonly #empties: Empties;
  #standings: DebtStanding[] | null = null;

  constructor(sql: SqlStorage, empties: Empties) {
    this.#sql = sql;
    this.#empties = empties;
    empties.watch(FEES, () => {
      this.#standings = [];
    });
    this.migrate();
  }

  /** After a transaction that was rolled back. */
  forget() {
    this.#meta = undefined;
    this.#head = null;
    this.#standings = null;
  }

  migrate() {
    this.forget();
    createMissing(this.#sql, SCHEMA);
  }

  meta(): Meta | null {
    this.#meta = this.#meta === undefined ? this.#readMeta() : this.#meta;
    return this.#meta;
  }

  #readMeta(): Meta | null {
    const row = this.#sql
      .exec<{ name: string; facts: string | null; restored_through: number | null }>(
        "SELECT name, facts, restored_through FROM meta",
      )
      .toArray()[0];
    if (row === undefined) return null;
    const facts = row.facts === null ? null : (JSON.parse(row.facts) as AccountFacts);
    return { name: row.name, facts, restoredThrough: row.restored_through };
  }

  /** True when these facts are newer than what was known. */
  putFacts(facts: AccountFacts): boolean {
    this.#meta = undefined;
    return (
      this.#sql
        .exec(
          `INSERT INTO meta (id, name, facts, facts_version) VALUES (1, ?1, ?2, ?3)
         ON CONFLICT (id) DO UPDATE SET facts = ?2, facts_version = ?3
         WHERE facts_version IS NULL OR facts_version < ?3 RETURNING id`,
          facts.account,
          JSON.stringify(facts),
          facts.version,
        )
        .toArray().length > 0
    );
  }

  setRestored(seq: number) {
    this.#meta = undefined;
    this.#sql.exec("UPDATE meta SET restored_through = ? WHERE id = 1", seq);
  }

  head(): LedgerHead {
    this.#head ??= this.#readHead();
    return this.#head;
  }

  #readHead(): LedgerHead {
    const row = this.#sql
      .exec<HeadColumns>(
        "SELECT seq, balance_after_wh, hash FROM entries WHERE seq IS NOT NULL ORDER BY seq DESC LIMIT 1",
      )
      .toArray()[0];
    return row === undefined ? GENESIS : headOf(row);
  }

  /** The chain as it stood after entry `seq`; null when there is no such entry. */
  headAt(seq: number): LedgerHead | null {
    if (seq === 0) return GENESIS;
    const row = this.#sql
      .exec<HeadColumns>("SELECT seq, balance_after_wh, hash FROM entries WHERE seq = ?", seq)
      .toArray()[0];
    return row === undefined ? null : headOf(row);
  }

  entry(entryKey: string): LedgerRow | null {
    const found = this.#sql.exec<{ row: string }>("SELECT row FROM entries WHERE entry_key = ?", entryKey).toArray()[0];
    return found === undefined ? null : (JSON.parse(found.row) as LedgerRow);
  }

  entriesAfter(seq: number, limit: number): LedgerRow[] {
    return this.#rows("SELECT row FROM entries WHERE seq > ? ORDER BY seq LIMIT ?", seq, limit);
  }

  /** All lines of a posting, in the order in which they were filed. */
  linesOf(postingId: string): LedgerRow[] {
    const lines = this.#rows("SELECT row FROM entries WHERE posting_id = ? ORDER BY rowid", postingId);
    return lines.flatMap((row) => (isMetered(row) ? [row, ...siblingsOf(row)] : [row]));
  }

  /** What was ever owed beside energy, and how each of it stands. */
  standings(): readonly DebtStanding[] {
    this.#empties.look();
    this.#standings ??= standingsOf(this.feeLines());
    return this.#standings;
  }

  /** The account's lines of what is owed beside energy, in order. */
  feeLines(): LedgerRow[] {
    return this.#rows(`SELECT row FROM ${FEES} ORDER BY seq`);
  }

  append(rows: readonly LedgerRow[]) {
    if (rows.some(({ book }) => book === "customer_fees")) this.#standings = null;
    // Our own line of a metered posting follows from the account's: there are very many of them.
    const kept = rows.filter((row) => !isMetered(row) || row.seq !== null);
    insertRows(
      this.#sql,
      "INSERT INTO entries",
      kept.map((row) => [
        row.entryKey,
        row.postingId,
        row.seq,
        row.energyWh,
        row.balanceAfterWh,
        row.hash,
        JSON.stringify(row),
      ]),
    );
    for (const { seq, balanceAfterWh, hash } of kept)
      if (seq !== null && balanceAfterWh !== null && hash !== null && this.#head?.seq === seq - 1)
        this.#head = { seq, balanceWh: balanceAfterWh, hash };
      else if (seq !== null) this.#head = null;
  }

  /** Up to where a meter has been debited, by the newest entry that says so; null: no entry does. */
  newestUse(meterNumber: string): { toWh: number; readAt: number } | null {
    const row = this.#rows(
      "SELECT row FROM entries WHERE entry_key > ?1 || ':' AND entry_key < ?1 || ';' ORDER BY seq DESC LIMIT 1",
      `use:${meterNumber}`,
    )[0];
    return row === undefined ? null : consumptionOf(row);
  }

  /** When the newest payment was credited; null: none was. */
  lastPaymentAt(): number | null {
    const seq = this.#sql
      .exec<{ seq: number | null }>(
        "SELECT max(e.seq) AS seq FROM payments p JOIN entries e ON e.entry_key = p.entry_key WHERE p.reversed = 0",
      )
      .one().seq;
    return seq === null ? null : (this.entriesAfter(seq - 1, 1)[0]?.acceptedAt ?? null);
  }

  /** Only to file the same posting anew: an entry that left the ledger for good would be a balance typed in. */
  withdraw(postingId: string) {
    this.#head = null;
    this.#standings = null;
    this.#sql.exec("DELETE FROM entries WHERE posting_id = ?", postingId);
  }

  answer<A extends { status: string } = FinalAnswer>(key: string): A | null {
    const found = this.#sql.exec<{ answer: string }>("SELECT answer FROM answers WHERE key = ?", key).toArray()[0];
    return found === undefined ? null : (JSON.parse(found.answer) as A);
  }

  /** Once and for ever: a second answer to one key is a fault, and throws. */
  fixAnswer<A extends { status: string }>(key: string, answer: A): A {
    this.#sql.exec("INSERT INTO answers VALUES (?, ?)", key, JSON.stringify(answer));
    return answer;
  }

  fixRefusal(key: string, because: RefusedBecause, twinReceipt: string | null = null): FinalAnswer {
    return this.fixAnswer(key, { status: "refused", because, twinReceipt });
  }

  /** Its answers change only in where the entry stands: an entry that was filed anew after a restore. */
  replaceAnswer(key: string, answer: FinalAnswer) {
    this.#sql.exec("INSERT OR REPLACE INTO answers VALUES (?, ?)", key, JSON.stringify(answer));
  }

  addPayment(payment: Omit<HeldPayment, "actor"> & { entryKey: string }) {
    this.#sql.exec(
      "INSERT INTO payments (entry_key, receipt, provider, road, amount_minor, paid_at) VALUES (?, ?, ?, ?, ?, ?)",
      payment.entryKey,
      payment.receipt,
      payment.provider,
      payment.road,
      payment.amountMinor,
      payment.paidAt,
    );
  }

  reversePayment(entryKey: string) {
    this.#sql.exec("UPDATE payments SET reversed = 1 WHERE entry_key = ?", entryKey);
  }

  /** Held payments of this amount within the window, among which a twin may be. */
  heldNear(amountMinor: number, paidAt: number, windowMs: number): HeldPayment[] {
    return this.#sql
      .exec<{
        receipt: string;
        provider: string;
        road: string;
        amount_minor: number;
        paid_at: number;
        actor: string | null;
      }>(
        `SELECT p.receipt, p.provider, p.road, p.amount_minor, p.paid_at, json_extract(e.row, '$.actor') AS actor
         FROM payments p LEFT JOIN entries e ON e.entry_key = p.entry_key
         WHERE p.reversed = 0 AND p.amount_minor = ?1 AND p.paid_at BETWEEN ?2 - ?3 AND ?2 + ?3
         ORDER BY abs(p.paid_at - ?2), p.entry_key LIMIT ?4`,
        amountMinor,
        paidAt,
        windowMs,
        TWIN_CANDIDATES_MAX,
      )
      .toArray()
      .map((row) => ({
        receipt: row.receipt,
        provider: row.provider as HeldPayment["provider"],
        road: row.road as HeldPayment["road"],
        amountMinor: row.amount_minor,
        paidAt: row.paid_at,
        actor: row.actor,
      }));
  }

  /** Takes over an entry that Postgres has, under its own key and sequence, and the answer that it stands for. */
  adopt(account: string, row: LedgerRow) {
    this.append([row, ...siblingsOf(row)]);
    if (isMetered(row)) return;
    // A posting is asked about by its own key, which is not that of a part of it.
    if (!isFeePart(row)) this.replaceAnswer(row.entryKey, postedAnswer(account, row));
    if (row.kind !== "payment" || row.amountMinor === 0) this.#adoptReversal(row);
    // A payment is looked up by all that was paid, whatever its parts were for.
    else if (isFeePart(row) && this.#addToPayment(row)) return;
    else if (row.receipt !== null && row.provider !== null && row.amountMinor > 0)
      this.addPayment({
        entryKey: row.postingId,
        receipt: row.receipt,
        provider: row.provider,
        // A payment's row says by which road it came; one without that word was typed if it names who typed it.
        road: ROADS.find((road) => road === row.reason) ?? (row.actor === null ? "sms" : "manual"),
        amountMinor: row.amountMinor,
        paidAt: row.occurredAt,
      });
  }

  #adoptReversal(row: LedgerRow) {
    if (row.kind === "reversal")
      this.#sql.exec("UPDATE payments SET reversed = 1 WHERE ? = entry_key || ?", row.entryKey, reversalKeyOf(""));
  }

  /** False: the payment's own line had no money, and so the payment is not there yet. */
  #addToPayment({ amountMinor, postingId }: LedgerRow): boolean {
    const query = "UPDATE payments SET amount_minor = amount_minor + ? WHERE entry_key = ? RETURNING entry_key";
    return this.#sql.exec(query, amountMinor, postingId).toArray().length > 0;
  }

  #rows(query: string, ...bindings: (string | number)[]): LedgerRow[] {
    return this.#sql
      .exec<{ row: string }>(query, ...bindings)
      .toArray()
      .map(({ row }) => JSON.parse(row) as LedgerRow);
  }
}

type HeadColumns = { seq: number; balance_after_wh: number; hash: string };

const headOf = (row: HeadColumns): LedgerHead => ({ seq: row.seq, balanceWh: row.balance_after_wh, hash: row.hash });

/** What an account answers for an entry that it holds. */
export const postedAnswer = (account: string, row: LedgerRow): Extract<FinalAnswer, { status: "posted" }> => ({
  status: "posted",
  entry: {
    account,
    ...(row.accountId === null ? {} : { accountId: row.accountId }),
    seq: row.seq ?? 0,
    energyWh: row.energyWh,
    balanceAfterWh: row.balanceAfterWh ?? 0,
    rateE4PerKwh: row.rateE4PerKwh ?? 0,
  },
});

const SCHEMA = [
  `CREATE TABLE IF NOT EXISTS meta (
    id INTEGER PRIMARY KEY CHECK (id = 1),
    name TEXT NOT NULL,
    facts TEXT,
    facts_version INTEGER,
    restored_through INTEGER
  ) STRICT`,
  `CREATE TABLE IF NOT EXISTS entries (
    entry_key TEXT PRIMARY KEY,
    posting_id TEXT NOT NULL,
    seq INTEGER UNIQUE,
    energy_wh INTEGER NOT NULL,
    balance_after_wh INTEGER,
    hash TEXT,
    row TEXT NOT NULL
  ) STRICT`,
  `CREATE INDEX IF NOT EXISTS entries_by_posting ON entries (posting_id)`,
  `CREATE INDEX IF NOT EXISTS entries_of_fees ON ${FEES.replace("entries WHERE", "entries (seq) WHERE")}`,
  `CREATE TABLE IF NOT EXISTS answers (key TEXT PRIMARY KEY, answer TEXT NOT NULL) STRICT`,
  `CREATE TABLE IF NOT EXISTS payments (
    entry_key TEXT PRIMARY KEY,
    receipt TEXT NOT NULL,
    provider TEXT NOT NULL,
    road TEXT NOT NULL,
    amount_minor INTEGER NOT NULL CHECK (amount_minor > 0),
    paid_at INTEGER NOT NULL,
    reversed INTEGER NOT NULL DEFAULT 0 CHECK (reversed IN (0, 1))
  ) STRICT`,
  `CREATE INDEX IF NOT EXISTS payments_by_amount ON payments (amount_minor, paid_at) WHERE reversed = 0`,
] as const;
