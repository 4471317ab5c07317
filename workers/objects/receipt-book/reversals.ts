import { type ReversalNotice, reversalCaseRow } from "../../../src/domain/receipt-rows.ts";
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

  /** Told twice, or told again after a person has closed the case: nothing new. */
  block(notice: ReversalWord, now: number) {
    const { book } = this.#house;
    if (book.reversal(notice.receipt) !== null) return;
    this.#put({ ...notice, closedBy: null, closedReason: null, closedAt: null }, 1, now);
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

  #put(notice: ReversalNotice, version: number, now: number) {
    const { book, table, changes, outbox } = this.#house;
    book.putReversal(notice, version);
    const stored = table.find(notice.receipt);
    outbox.add(reversalCaseRow(notice, stored, version));
    if (stored !== null) changes.setBlocked(stored, notice.closedAt === null, now);
  }
}
