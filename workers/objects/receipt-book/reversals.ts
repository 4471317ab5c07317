import {
  REVERSAL_TEXTS_MAX,
  type ReversalNotice,
  reversalCaseRow,
  reversalTextOf,
  reversalTexts,
} from "../../../src/domain/receipt-rows.ts";
import type { OutboxTable } from "../outbox.ts";
import type { ReceiptChanges } from "./changes.ts";
import type { BookTable } from "./meta.ts";
import type { ReceiptTable } from "./table.ts";

/** What is told of a reversal, and who ended it. */
export type ReversalWord = Pick<ReversalNotice, "receipt" | "provider" | "because" | "sightingKey" | "at">;
export type ReversalEnd = { receipt: string; actor: string; reason: string; at: number };

type House = { book: BookTable; table: ReceiptTable; changes: ReceiptChanges; outbox: OutboxTable };

/** Reversals of the operator. Every method belongs inside the caller's transaction; nothing is debited here. */
export class ReversalDesk {
  readonly #house: House;

  constructor(house: House) {
    this.#house = house;
  }

  /**
   * Told again in the same words, through whichever phone: nothing new, also after a person has closed the case. Other words
   * are new: an open case tells of them, and a closed one opens again, or a reversal that somebody forged and a person
   * closed would swallow the true one. Only of money that has gone back nothing is left to say.
   */
  block(notice: ReversalWord, now: number) {
    const known = this.#house.book.reversal(notice.receipt);
    if (known === null) return this.#put({ ...notice, closedBy: null, closedReason: null, closedAt: null }, 1, now);
    const before = reversalTexts(known.notice);
    const text = reversalTextOf(notice.sightingKey);
    const isClosed = known.notice.closedAt !== null;
    if (before.includes(text) || (isClosed && this.#isReturned(notice.receipt))) return;
    const texts = [...before, text].slice(-REVERSAL_TEXTS_MAX);
    const open = { closedBy: null, closedReason: null, closedAt: null };
    this.#put({ ...known.notice, ...notice, ...open, at: known.notice.at, texts }, known.version + 1, now);
  }

  unblock(order: ReversalEnd, now: number) {
    const reversal = this.#house.book.reversal(order.receipt);
    if (reversal === null || reversal.notice.closedAt !== null) return;
    const closed = { closedBy: order.actor, closedReason: order.reason, closedAt: order.at };
    this.#put({ ...reversal.notice, ...closed }, reversal.version + 1, now);
  }

  /** The case of a receipt's reversal once more, as it is. */
  tellAgain(receipt: string) {
    const { book, table, outbox } = this.#house;
    const reversal = book.reversal(receipt);
    if (reversal !== null) outbox.add(reversalCaseRow(reversal.notice, table.find(receipt), reversal.version));
  }

  /** The same for all that Postgres does not know to be open, and for those it does not know to be closed. */
  tellUnlike(openThere: ReadonlySet<string>): number {
    const { book } = this.#house;
    const openHere = new Set(book.openReversals());
    const closedHere = [...openThere].filter((receipt) => !openHere.has(receipt) && book.reversal(receipt) !== null);
    const unlike = [...openHere].filter((receipt) => !openThere.has(receipt)).concat(closedHere);
    for (const receipt of unlike) this.tellAgain(receipt);
    return unlike.length;
  }

  #isReturned(receipt: string): boolean {
    const shares = this.#house.changes.state(receipt)?.shares ?? [];
    return shares.length > 0 && shares.every(({ holder }) => holder.kind === "returned");
  }

  #put(notice: ReversalNotice, version: number, now: number) {
    const { book, table, changes, outbox } = this.#house;
    book.putReversal(notice, version);
    const stored = table.find(notice.receipt);
    outbox.add(reversalCaseRow(notice, stored, version));
    const blocked = notice.closedAt === null;
    if (stored !== null && stored.blocked !== blocked) changes.setBlocked(stored, blocked, now);
  }
}
