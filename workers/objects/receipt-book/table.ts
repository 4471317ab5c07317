import type { Holder, PostedEntry, ReceiptPhase } from "../../../src/domain/claim.ts";
import { reversalKeyOf } from "../../../src/domain/claim.ts";
import type { EntryState, ShareEntry, StoredReceipt, StoredShare, Words } from "../../../src/domain/receipt-state.ts";
import { type Late, type Steps, stepsOf } from "../steps.ts";
import { type EntryColumns, entryOf, type ReceiptColumns, receiptOf, type ShareColumns } from "./rows.ts";
import { AWAITING, RECEIPT_BOOK_SCHEMA } from "./schema.ts";

/** Receipts that are kept in memory at one time. */
const REMEMBERED_MAX = 500;

/** What a step has changed of a receipt's row and not written yet. `row`: all of it. */
type Unwritten = { row?: StoredReceipt; phase?: ReceiptPhase; due?: { at: number | null; tries: number } };

/**
 * Receipts, their shares and the entries these want in accounts. Plain reading and writing; the deciding is elsewhere. A
 * receipt's row is written at the end of the step, once, however often it changed in it.
 */
export class ReceiptTable implements Late {
  readonly #sql: SqlStorage;
  readonly #steps: Steps;
  readonly #unwritten = new Map<string, Unwritten>();
  /** What was read of the receipts in work, as storage has it. */
  readonly #receipts = new Map<string, StoredReceipt | null>();
  readonly #entries = new Map<string, readonly ShareEntry[]>();
  /** Shares of the generation that was read or written last. */
  readonly #shares = new Map<string, { generation: number; shares: readonly StoredShare[] }>();

  constructor(sql: SqlStorage) {
    this.#sql = sql;
    this.#steps = stepsOf(sql);
    this.#steps.join(this);
    for (const statement of RECEIPT_BOOK_SCHEMA) sql.exec(statement);
  }

  /** After a transaction that was rolled back. */
  forget() {
    this.#unwritten.clear();
    this.#drop();
  }

  /** What was only read is read again when it is wanted. */
  #drop() {
    this.#receipts.clear();
    this.#entries.clear();
    this.#shares.clear();
  }

  find(receipt: string): StoredReceipt | null {
    const known = this.#receipts.get(receipt);
    if (known !== undefined) return known;
    this.write();
    const [row] = this.#sql.exec<ReceiptColumns>("SELECT * FROM receipts WHERE receipt = ?", receipt).toArray();
    return this.#remember(receipt, row === undefined ? null : receiptOf(row));
  }

  #remember(receipt: string, stored: StoredReceipt | null) {
    if (this.#receipts.size >= REMEMBERED_MAX && !this.#receipts.has(receipt)) this.#drop();
    this.#receipts.set(receipt, stored);
    return stored;
  }

  /** In order of receipt, after the one named; a page for heads and restores. */
  page(phase: ReceiptPhase | null, after: string, limit: number): StoredReceipt[] {
    this.write();
    return this.#sql
      .exec<ReceiptColumns>(
        "SELECT * FROM receipts WHERE receipt > ?1 AND (?2 IS NULL OR phase = ?2) ORDER BY receipt LIMIT ?3",
        after,
        phase,
        limit,
      )
      .toArray()
      .map(receiptOf);
  }

  claimedBetween(from: number, to: number): StoredReceipt[] {
    this.write();
    return this.#sql
      .exec<ReceiptColumns>("SELECT * FROM receipts WHERE claimed_at >= ? AND claimed_at < ?", from, to)
      .toArray()
      .map(receiptOf);
  }

  /** Those that changed after their claim. */
  changedBetween(from: number, to: number, limit: number): StoredReceipt[] {
    this.write();
    return this.#sql
      .exec<ReceiptColumns>(
        `SELECT * FROM receipts WHERE changed_at >= ? AND changed_at < ? AND version > 1
         ORDER BY receipt LIMIT ?`,
        from,
        to,
        limit,
      )
      .toArray()
      .map(receiptOf);
  }

  /** Those that are not closed, the longest unchanged first. */
  open(limit: number): StoredReceipt[] {
    this.write();
    return this.#sql
      .exec<ReceiptColumns>(
        "SELECT * FROM receipts WHERE phase <> 'closed' ORDER BY changed_at, receipt LIMIT ?",
        limit,
      )
      .toArray()
      .map(receiptOf);
  }

  openCount(): number {
    this.write();
    return this.#sql.exec<{ open: number }>("SELECT count(*) AS open FROM receipts WHERE phase <> 'closed'").one().open;
  }

  put(receipt: StoredReceipt) {
    const known = this.find(receipt.receipt);
    const { generation, version, phase, blocked, changedAt } = receipt;
    this.#remember(receipt.receipt, { ...(known ?? receipt), generation, version, phase, blocked, changedAt });
    if (known === null) {
      // It is new: nothing else can be known of it.
      this.#entries.set(receipt.receipt, []);
      this.#shares.set(receipt.receipt, { generation, shares: [] });
    }
    this.#note(receipt.receipt, { row: receipt });
  }

  /** Joins a change with what the step has changed before it. */
  #note(receipt: string, change: Unwritten) {
    const before = this.#unwritten.get(receipt);
    const next = { ...before, ...change };
    if (change.phase !== undefined && next.row !== undefined) next.row = { ...next.row, phase: change.phase };
    this.#unwritten.set(receipt, next);
    if (!this.#steps.isOpen) this.write();
  }

  write() {
    if (this.#unwritten.size === 0) return;
    const changes = [...this.#unwritten];
    this.#unwritten.clear();
    for (const [receipt, { row, phase, due }] of changes) {
      if (row !== undefined) this.#writeRow(row, due);
      else if (phase !== undefined && due !== undefined)
        this.#sql.exec(
          "UPDATE receipts SET phase = ?, due_at = ?, tries = ? WHERE receipt = ?",
          phase,
          due.at,
          due.tries,
          receipt,
        );
      else if (phase !== undefined) this.#sql.exec("UPDATE receipts SET phase = ? WHERE receipt = ?", phase, receipt);
      else if (due !== undefined)
        this.#sql.exec("UPDATE receipts SET due_at = ?, tries = ? WHERE receipt = ?", due.at, due.tries, receipt);
    }
  }

  #writeRow(receipt: StoredReceipt, due: Unwritten["due"]) {
    this.#sql.exec(
      `INSERT INTO receipts (receipt, provider, amount_minor, currency, paid_at, payer_phone, till, road, recorded_by,
         generation, version, phase, blocked, claimed_at, changed_at, due_at, tries)
       VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17)
       ON CONFLICT (receipt) DO UPDATE SET generation = ?10, version = ?11, phase = ?12, blocked = ?13, changed_at = ?15
         ${due === undefined ? "" : ", due_at = ?16, tries = ?17"}`,
      receipt.receipt,
      receipt.provider,
      receipt.amountMinor,
      receipt.currency,
      receipt.paidAt,
      receipt.payerPhone,
      receipt.till,
      receipt.road,
      receipt.recordedBy,
      receipt.generation,
      receipt.version,
      receipt.phase,
      receipt.blocked ? 1 : 0,
      receipt.claimedAt,
      receipt.changedAt,
      due?.at ?? null,
      due?.tries ?? 0,
    );
  }

  /** A phase is no change of what the receipt says, so the version stays. */
  setPhase(receipt: string, phase: ReceiptPhase) {
    const known = this.#receipts.get(receipt);
    if (known) this.#receipts.set(receipt, { ...known, phase });
    this.#note(receipt, { phase });
  }

  /** When the alarm looks at it again, and how often it has tried; null: nothing left to do. */
  setDue(receipt: string, dueAt: number | null, tries: number) {
    this.#note(receipt, { due: { at: dueAt, tries } });
  }

  dueBy(now: number, limit: number): { receipt: string; tries: number }[] {
    this.write();
    return this.#sql
      .exec<{ receipt: string; tries: number }>(
        "SELECT receipt, tries FROM receipts WHERE due_at <= ? ORDER BY due_at LIMIT ?",
        now,
        limit,
      )
      .toArray();
  }

  earliestDue(): number | null {
    this.write();
    return this.#sql
      .exec<{ at: number | null }>("SELECT min(due_at) AS at FROM receipts WHERE due_at IS NOT NULL")
      .one().at;
  }

  /** Of one generation, or of all. */
  shares(receipt: string, generation: number | null): readonly StoredShare[] {
    const known = this.#shares.get(receipt);
    if (known !== undefined && known.generation === generation) return known.shares;
    const shares = this.#sql
      .exec<ShareColumns>(
        "SELECT * FROM shares WHERE receipt = ?1 AND (?2 IS NULL OR generation = ?2) ORDER BY generation, share",
        receipt,
        generation,
      )
      .toArray()
      .map((row) => ({
        share: row.share,
        holder: JSON.parse(row.holder) as Holder,
        amountMinor: row.amount_minor,
        generation: row.generation,
        entryKey: row.entry_key,
        openedAt: row.opened_at,
        words: JSON.parse(row.words) as Words,
      }));
    if (generation !== null) this.#shares.set(receipt, { generation, shares });
    return shares;
  }

  putShare(receipt: string, share: StoredShare) {
    const known = this.#shares.get(receipt);
    if (known?.generation === share.generation) {
      const others = known.shares.filter((each) => each.share !== share.share);
      const shares = [...others, share].toSorted((a, b) => a.share - b.share);
      this.#shares.set(receipt, { generation: share.generation, shares });
    }
    this.#sql.exec(
      `INSERT INTO shares (receipt, generation, share, holder, amount_minor, entry_key, opened_at, words)
       VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)
       ON CONFLICT (receipt, generation, share) DO UPDATE SET holder = ?4`,
      receipt,
      share.generation,
      share.share,
      JSON.stringify(share.holder),
      share.amountMinor,
      share.entryKey,
      share.openedAt,
      JSON.stringify(share.words),
    );
  }

  entries(receipt: string): readonly ShareEntry[] {
    const known = this.#entries.get(receipt);
    if (known !== undefined) return known;
    const entries = this.#sql
      .exec<EntryColumns>("SELECT * FROM entries WHERE receipt = ? ORDER BY rowid", receipt)
      .toArray()
      .map(entryOf);
    if (this.#entries.size >= REMEMBERED_MAX) this.#entries.clear();
    this.#entries.set(receipt, entries);
    return entries;
  }

  addEntry(entry: Omit<ShareEntry, "state" | "entry" | "retired">) {
    const { entryKey, receipt, account, amountMinor, contra, twinAllowed, actor } = entry;
    const added = { entryKey, receipt, account, amountMinor, contra, twinAllowed, actor };
    const known = this.#entries.get(receipt);
    if (known !== undefined)
      this.#entries.set(receipt, [...known, { ...added, state: "wanted", entry: null, retired: null }]);
    this.#sql.exec(
      `INSERT INTO entries (entry_key, receipt, account, amount_minor, contra, twin_allowed, actor, state)
       VALUES (?, ?, ?, ?, ?, ?, ?, 'wanted')`,
      entry.entryKey,
      entry.receipt,
      entry.account,
      entry.amountMinor,
      entry.contra,
      entry.twinAllowed ? 1 : 0,
      entry.actor,
    );
  }

  /** As a restore found it. */
  adoptEntry(entry: ShareEntry & { recorded: boolean; reversalRecorded: boolean }) {
    this.#entries.delete(entry.receipt);
    const isKnown = this.#sql.exec("SELECT 1 FROM entries WHERE entry_key = ?", entry.entryKey).toArray().length > 0;
    if (!isKnown) this.addEntry(entry);
    this.#sql.exec(
      "UPDATE entries SET state = ?2, entry = ?3, retired = ?4, recorded = ?5, reversal_recorded = ?6 WHERE entry_key = ?1",
      entry.entryKey,
      entry.state,
      entry.entry === null ? null : JSON.stringify(entry.entry),
      entry.retired === null ? null : JSON.stringify(entry.retired),
      entry.recorded ? 1 : 0,
      entry.reversalRecorded ? 1 : 0,
    );
  }

  /** False when it was no longer in the state that the step began with: somebody else has taken it further. */
  stepEntry(entryKey: string, from: EntryState, to: EntryState, entry: PostedEntry | null): boolean {
    const changed = this.#sql
      .exec<{ receipt: string }>(
        "UPDATE entries SET state = ?3, entry = coalesce(?4, entry) WHERE entry_key = ?1 AND state = ?2 RETURNING receipt",
        entryKey,
        from,
        to,
        entry === null ? null : JSON.stringify(entry),
      )
      .toArray();
    for (const { receipt } of changed) {
      const stepped = this.#entries
        .get(receipt)
        ?.map((known) => (known.entryKey === entryKey ? { ...known, state: to, entry: entry ?? known.entry } : known));
      if (stepped !== undefined) this.#entries.set(receipt, stepped);
    }
    return changed.length === 1;
  }

  /** Why it is taken away or was refused. */
  setRetired(entryKey: string, retired: Words) {
    this.#entries.clear();
    this.#sql.exec("UPDATE entries SET retired = ? WHERE entry_key = ?", JSON.stringify(retired), entryKey);
  }

  retire(entryKey: string, retired: Words) {
    this.#entries.clear();
    this.#sql.exec(
      "UPDATE entries SET state = 'settling', retired = ? WHERE entry_key = ? AND state IN ('wanted', 'posted')",
      JSON.stringify(retired),
      entryKey,
    );
  }

  /** Keys of entries (and of their reversals) that accounts have made and Postgres is not known to have. */
  awaiting(limit: number): string[] {
    return this.#sql
      .exec<{ entry_key: string; recorded: number; state: string }>(
        `SELECT entry_key, recorded, state FROM entries WHERE ${AWAITING} ORDER BY entry_key LIMIT ?`,
        limit,
      )
      .toArray()
      .flatMap(({ entry_key, recorded, state }) => [
        ...(recorded === 0 ? [entry_key] : []),
        ...(state === "reversed" ? [reversalKeyOf(entry_key)] : []),
      ])
      .slice(0, limit);
  }

  /** The accounts whose entries those are. */
  awaitingAccounts(limit: number): string[] {
    return this.#sql
      .exec<{ account: string }>(`SELECT DISTINCT account FROM entries WHERE ${AWAITING} LIMIT ?`, limit)
      .toArray()
      .map(({ account }) => account);
  }

  /** Receipts that wait for Postgres since before an instant, with an entry that it lacks; oldest first. */
  recordingSince(before: number, limit: number): string[] {
    this.write();
    return this.#sql
      .exec<{ receipt: string }>(
        `SELECT receipt FROM receipts WHERE phase = 'recording' AND blocked = 0 AND changed_at < ?
          AND EXISTS (SELECT 1 FROM entries WHERE entries.receipt = receipts.receipt AND state = 'posted' AND recorded = 0)
          ORDER BY changed_at LIMIT ?`,
        before,
        limit,
      )
      .toArray()
      .map(({ receipt }) => receipt);
  }

  /** Marks keys as recorded, also before this shard knows the account's answer. Returns the receipts that are ours. */
  setRecorded(entryKeys: readonly string[]): string[] {
    const suffix = reversalKeyOf("");
    const reversals = entryKeys.filter((key) => key.endsWith(suffix));
    const posted = entryKeys.filter((key) => !key.endsWith(suffix));
    return [
      ...this.#mark("recorded", posted),
      ...this.#mark(
        "reversal_recorded",
        reversals.map((key) => key.slice(0, -suffix.length)),
      ),
    ];
  }

  #mark(column: "recorded" | "reversal_recorded", keys: readonly string[]): string[] {
    if (keys.length === 0) return [];
    return this.#sql
      .exec<{ receipt: string }>(
        `UPDATE entries SET ${column} = 1 WHERE entry_key IN (SELECT value FROM json_each(?)) RETURNING receipt`,
        JSON.stringify(keys),
      )
      .toArray()
      .map(({ receipt }) => receipt);
  }

  /** Keys of accounts' entries of a receipt, and of the reversals this shard knows, that Postgres was known to have. */
  recordedKeys(receipt: string): string[] {
    return this.#sql
      .exec<{ entry_key: string; recorded: number; reversal_recorded: number }>(
        `SELECT entry_key, recorded, reversal_recorded AND state = 'reversed' AS reversal_recorded
         FROM entries WHERE receipt = ? ORDER BY rowid`,
        receipt,
      )
      .toArray()
      .flatMap(({ entry_key, recorded, reversal_recorded }) => [
        ...(recorded === 1 ? [entry_key] : []),
        ...(reversal_recorded === 1 ? [reversalKeyOf(entry_key)] : []),
      ]);
  }

  /** Postgres has lost what it had under this key. */
  setLost(entryKey: string) {
    const suffix = reversalKeyOf("");
    if (entryKey.endsWith(suffix))
      this.#sql.exec("UPDATE entries SET reversal_recorded = 0 WHERE entry_key = ?", entryKey.slice(0, -suffix.length));
    else this.#sql.exec("UPDATE entries SET recorded = 0 WHERE entry_key = ?", entryKey);
  }

  /** An entry that its account had posted, and that is nowhere any more. False when it is no longer in that state. */
  loseEntry(entryKey: string, from: EntryState, to: EntryState): boolean {
    this.#entries.clear();
    return (
      this.#sql
        .exec(
          `UPDATE entries SET state = ?3, entry = NULL, recorded = 0, reversal_recorded = 0
           WHERE entry_key = ?1 AND state = ?2 RETURNING entry_key`,
          entryKey,
          from,
          to,
        )
        .toArray().length === 1
    );
  }

  /** Closes those of which all is answered and Postgres has everything. */
  closeRecorded(receipts: readonly string[]) {
    if (receipts.length === 0) return;
    this.write();
    const closed = this.#sql
      .exec<{ receipt: string }>(
        `UPDATE receipts SET phase = 'closed' WHERE receipt IN (SELECT value FROM json_each(?)) AND phase = 'recording'
          AND NOT EXISTS (SELECT 1 FROM owed WHERE owed.receipt = receipts.receipt)
          AND NOT EXISTS (SELECT 1 FROM entries WHERE entries.receipt = receipts.receipt AND (${AWAITING}))
         RETURNING receipt`,
        JSON.stringify(receipts),
      )
      .toArray();
    for (const { receipt } of closed) {
      const known = this.#receipts.get(receipt);
      if (known) this.#receipts.set(receipt, { ...known, phase: "closed" });
    }
  }
}
