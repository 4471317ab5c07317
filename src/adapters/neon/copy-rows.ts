import type { OutboxItem } from "../../domain/outbox.ts";
import type { Copies, CopyItem, CopyWritten } from "../../ports/copies.ts";
import { inKeyOrder, statementsFor } from "./copy-statements.ts";
import type { Verdict } from "./copy-step.ts";
import {
  type Database,
  isCertainlyNotCommitted,
  isFaultOfData,
  isGivenUp,
  isOthersTurn,
  NoAnswer,
  pgCode,
  refusalText,
} from "./database.ts";

/** Items in one transaction; a posting counts as one. */
export const COPY_ITEMS_MAX = 500;
/** Readings in one transaction: an item has as many as its account took in one call. One with more goes alone. */
export const COPY_READINGS_MAX = 2_000;
/** Characters of JSON in one transaction. Neon takes 10 MiB a request, and text inside text grows. */
export const COPY_CHARS_MAX = 3 * 1024 * 1024;
/** A single item longer than this could never be sent. */
export const ITEM_CHARS_MAX = 6 * 1024 * 1024;
/** A transaction that Postgres ended for another's sake (a deadlock) is sent again at once, so often in all. */
export const DEADLOCK_TRIES_MAX = 5;
/** Transactions of one `write`, bisecting included; what is not reached stays where it is and comes again. */
export const WRITE_CALLS_MAX = 300;
/** Calls of one `write` without an answer that are followed by half as much. */
export const UNANSWERED_MAX = 2;
/** Keys asked for at once. */
const KEYS_MAX = 5_000;

/** Writes what objects owe. Any item any number of times, in any order, by any number of writers at once. */
export const neonCopies = (db: Database): Copies => ({
  write: (items) => new Writing(db).write(items),

  async recordedKeys(entryKeys) {
    const found: string[] = [];
    for (let from = 0; from < entryKeys.length; from += KEYS_MAX) {
      const rows = await db.read<{ key: string }>(
        `SELECT entry_key AS key FROM ledger_entries
        WHERE entry_key IN (SELECT jsonb_array_elements_text($1::jsonb))`,
        [JSON.stringify(entryKeys.slice(from, from + KEYS_MAX))],
      );
      found.push(...rows.map(({ key }) => key));
    }
    return found;
  },
});

class Writing {
  readonly #db: Database;
  readonly #written: CopyWritten = { recorded: [], refused: [], conflicts: [] };
  /** Accounts of which a posting could not be recorded: the later ones wait, for nothing is skipped. */
  readonly #stopped = new Set<string>();
  #calls = 0;
  #unanswered = 0;

  constructor(db: Database) {
    this.#db = db;
  }

  async write(items: CopyItem[]): Promise<CopyWritten> {
    const chunks = chunksOf(inKeyOrder(items), (item) =>
      this.#written.refused.push({ id: item.id, because: "longer than the database takes" }),
    );
    for (const chunk of chunks) await this.#record(chunk);
    return this.#written;
  }

  /**
   * One transaction; when the data of some row is at fault, or all of it was too much work, two halves, down to one row
   * alone.
   */
  async #record(chunk: CopyItem[]): Promise<void> {
    const items = chunk.filter((item) => !this.#stopped.has(accountOf(item) ?? ""));
    if (items.length === 0 || this.#calls >= WRITE_CALLS_MAX) return;
    const failure = await this.#attempt(items);
    if (failure === null) return;
    const [item] = items;
    if (items.length > 1) {
      const middle = Math.ceil(items.length / 2);
      await this.#record(items.slice(0, middle));
      await this.#record(items.slice(middle));
    } else if (item !== undefined) {
      // Another writer may have taken a key just now: the second look sees whose row it is.
      const again = pgCode(failure) === "23505" ? await this.#attempt(items) : failure;
      if (again !== null) this.#refuse(item, refusalText(again));
    }
  }

  /** Null: committed. An error: certainly not, and the data is why. Anything else is thrown: nobody knows. */
  async #attempt(items: CopyItem[]): Promise<unknown> {
    const statements = statementsFor(items);
    for (let tries = 1; ; tries++) {
      this.#calls += 1;
      try {
        const answers = await this.#db.transaction(statements);
        // `row` of these statements is built as a Verdict, field by field.
        this.#note(items, answers.flat() as Verdict[]);
        return null;
      } catch (error) {
        if (isCertainlyNotCommitted(error) && isFaultOfData(error)) return error;
        if (items.length > 1 && (isGivenUp(error) || this.#wasTooMuch(error))) return error;
        if (!isOthersTurn(error) || tries >= DEADLOCK_TRIES_MAX) throw error;
      }
    }
  }

  /**
   * No answer in time: a transaction's statements may each be within theirs, and together too long. Half as much is tried
   * before the caller is told, for what was committed meanwhile is written again without harm; but a database that hangs is
   * not asked for ever.
   */
  #wasTooMuch(error: unknown): boolean {
    if (!(error instanceof NoAnswer)) return false;
    this.#unanswered += 1;
    return this.#unanswered <= UNANSWERED_MAX;
  }

  #note(items: CopyItem[], verdicts: Verdict[]) {
    const byPlace = new Map(verdicts.map((verdict) => [verdict.i, verdict]));
    items.forEach((item, i) => {
      const verdict = byPlace.get(i);
      if (verdict === undefined) this.#written.recorded.push(item.id);
      else if (verdict.detail !== null) this.#conflict(item, verdict.detail, verdict);
    });
  }

  /** An account's posting cannot be skipped like another row: it stops the account's copying, as a conflict does. */
  #refuse(item: CopyItem, because: string) {
    const account = accountOf(item);
    if (account === null) this.#written.refused.push({ id: item.id, because });
    else this.#conflict(item, `refused ${because}`, { account, receipt: receiptOf(item) });
  }

  #conflict(item: CopyItem, detail: string, about: Pick<Verdict, "account" | "receipt">) {
    this.#written.conflicts.push({ id: item.id, account: about.account, receipt: about.receipt, detail });
    const account = accountOf(item);
    if (account !== null) this.#stopped.add(account);
  }
}

/** The account whose order of postings this item belongs to; null for all other rows. */
const accountOf = ({ row }: OutboxItem): string | null => (row.kind === "posting" ? row.account : null);

const receiptOf = ({ row }: OutboxItem): string | null =>
  row.kind === "posting" ? (row.rows.find(({ receipt }) => receipt !== null)?.receipt ?? null) : null;

/**
 * Payments and postings both write payment rows, each in order of receipt, but one after the other: in one transaction
 * the two orders together would be none, and two writers could wait for each other's receipts.
 */
const locksAnew = (chunk: CopyItem[], { row }: OutboxItem) =>
  row.kind === "posting" && chunk.at(-1)?.row.kind !== "posting";

function chunksOf(items: CopyItem[], refuse: (item: OutboxItem) => void): CopyItem[][] {
  const chunks: CopyItem[][] = [];
  let chunk: CopyItem[] = [];
  let chars = 0;
  let readings = 0;
  for (const item of items) {
    const length = JSON.stringify(item.row).length;
    if (length > ITEM_CHARS_MAX) {
      refuse(item);
      continue;
    }
    const own = item.row.kind === "meter_readings" ? item.row.readings.length : 0;
    const isFull =
      chunk.length >= COPY_ITEMS_MAX || chars + length > COPY_CHARS_MAX || readings + own > COPY_READINGS_MAX;
    if (chunk.length > 0 && (isFull || locksAnew(chunk, item))) {
      chunks.push(chunk);
      chunk = [];
      chars = 0;
      readings = 0;
    }
    chunk.push(item);
    chars += length;
    readings += own;
  }
  if (chunk.length > 0) chunks.push(chunk);
  return chunks;
}
