import type { Language } from "../domain/country.ts";
import type { TicketCategory, TicketPriority } from "../domain/ticket.ts";
import type { Change, Registered } from "./registry.ts";
import type { TicketHand, TicketOrder } from "./tickets.ts";

/** Whom a phone belongs to. */
export type CareCustomer = {
  customerId: number;
  name: string;
  language: Language | null;
  site: string | null;
  accounts: { account: string; site: string; status: string }[];
};

/** A message as the bridge brought it, with what was found about it. */
export type CareIn = {
  key: string;
  sender: string;
  phone: string | null;
  customerId: number | null;
  account: string | null;
  ticketId: number | null;
  text: string;
  category: TicketCategory;
  at: number;
  receivedAt: number;
};
export type CareOut = {
  key: string;
  state: "draft" | "queued";
  sender: string;
  phone: string | null;
  customerId: number | null;
  account: string | null;
  ticketId: number | null;
  text: string;
  at: number;
};
export type CareNotice = { noticeId: number; to: string; phone: string | null; ticketId: number | null; text: string };

/** The care line's conversations. Each message is there once under its key. */
export interface Care {
  customersOfPhone(phone: string): Promise<CareCustomer[]>;
  isAccount(account: string): Promise<boolean>;
  /** What became of a message that came before; null: it is new. */
  known(key: string): Promise<{ ticketId: number | null; category: TicketCategory } | null>;
  /**
   * The newest message of this sender that belongs to a ticket; null: none since. `seenId`: all that the sender has written up to it
   * has been looked at.
   */
  lastOf(
    sender: string,
    since: number,
  ): Promise<{ seenId: number; last: { ticketId: number; at: number; isResolved: boolean } | null }>;
  /**
   * A ticket, the message that opens it and its answer, whose text has `TICKET_PLACE` for the number: all or nothing, one after the
   * other for a sender. `exists`: after `seenId` the sender has written something within `nearMs` that has a ticket, or this very
   * message is kept already.
   */
  openTicket(
    order: TicketOrder,
    message: Omit<CareIn, "ticketId">,
    answer: Pick<CareOut, "key" | "text">,
    seen: { seenId: number; nearMs: number },
    by: TicketHand,
  ): Promise<Registered>;
  /**
   * A message that goes on with a ticket, as its comment, and the answer: all or nothing, one after the other for a sender. The ticket
   * becomes as grave as `raiseTo` where it was less; null: it stays as it is. `exists`: it is resolved, and nothing was written.
   */
  extendTicket(
    message: CareIn & { ticketId: number },
    answer: CareOut,
    raiseTo: TicketPriority | null,
    by: TicketHand,
  ): Promise<Registered>;
  /** A message that has no ticket, and its draft. */
  receive(message: CareIn, answer: CareOut | null): Promise<void>;
  /** Answers that wait for the bridge, marked as handed. One that was handed and not acknowledged for `againMs` is given again. */
  fetch(limit: number, now: number, againMs: number): Promise<CareNotice[]>;
  /** How many of them were not told before. */
  acknowledge(noticeIds: number[], now: number): Promise<number>;
  /**
   * Tickets of the care line that ended since, by a person's hand not after `until`, and of which their sender was not told.
   * `version`: that at which it ended.
   */
  endedTickets(
    since: number,
    until: number,
  ): Promise<
    {
      ticketId: number;
      version: number;
      sender: string;
      phone: string | null;
      customerId: number | null;
      language: Language | null;
    }[]
  >;
  /** An answer that somebody writes, or that follows from a ticket; under the same key once. */
  put(answer: CareOut, by: Change | null): Promise<Registered>;
  /** A draft goes out as `text` says, or is dismissed (null). */
  decide(messageId: number, text: string | null, by: Change): Promise<Registered>;
}
