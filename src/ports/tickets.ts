import type { TicketCategory, TicketClass, TicketPriority, TicketSource, WorkState } from "../domain/ticket.ts";
import type { Change, Registered } from "./registry.ts";

/** A new ticket. `key` names what opened it: the same again opens no second one. */
export type TicketOrder = {
  key: string;
  class: TicketClass;
  category: TicketCategory;
  priority: TicketPriority;
  source: TicketSource;
  /** The rule that opened it; null: a person or a message did. While one is open, the rule opens no other of the same account or site. */
  rule: string | null;
  /** The reconciliation case that it is about. */
  caseKey: string | null;
  site: string | null;
  account: string | null;
  /** Of whoever reported it, E.164 without "+". */
  phone: string | null;
  summary: string;
  reportedBy: string;
  /** When it broke, UTC ms; null: not known. */
  failedAt: number | null;
};

/** What changes of a ticket; what is not named stays. `version`: of the ticket as whoever changes it has read it. */
export type TicketChange = {
  version: number;
  state?: WorkState | undefined;
  class?: TicketClass | undefined;
  category?: TicketCategory | undefined;
  priority?: TicketPriority | undefined;
  site?: string | null | undefined;
  account?: string | null | undefined;
  summary?: string | undefined;
  failedAt?: number | null | undefined;
};

export type TicketEnd = { cause: string; resolution: string };

/** The ticket as whoever ends it has read it; `messageId`: the newest message of customers that was there then. */
export type TicketSeen = { version: number; messageId?: number };

/** `machine`: no person did it. It stands in the ticket's own history, and is no act of the audit. */
export type TicketHand = Change & { machine?: boolean };

/** Tickets and what becomes of them. Each call leaves its line in the ticket's history and, of a person, its act in the audit. */
export interface Tickets {
  open(order: TicketOrder, by: TicketHand): Promise<Registered>;
  /** Under the same key it is said once. */
  comment(ticketId: number, said: { key: string; text: string }, by: TicketHand): Promise<Registered>;
  /** To somebody who works here, by their number; null: to nobody. `refused`: it is resolved. */
  assign(ticketId: number, staffId: number | null, by: TicketHand): Promise<Registered>;
  /** `exists: version N`: somebody changed it since it was read. */
  change(ticketId: number, change: TicketChange, by: TicketHand): Promise<Registered>;
  /**
   * One that is resolved already stays as it is. `exists`: since it was `seen` it was changed, or its customer has written something;
   * whoever does not name what they saw ends it as it is.
   */
  resolve(ticketId: number, end: TicketEnd, by: TicketHand, seen?: TicketSeen): Promise<Registered>;
  /** `exists`: its rule has opened another since. */
  reopen(ticketId: number, by: TicketHand): Promise<Registered>;
}
