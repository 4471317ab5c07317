import type { Language } from "../domain/country.ts";
import type { OutgoingSms } from "./mailboxes.ts";

/** A ticket that ended and whose sender is not told yet; `phone` E.164 without "+". */
export type EndedTicket = { ticketId: number; phone: string; account: string | null; language: Language | null };
export type BoundNotice = { ticketId: number; channel: string; sms: OutgoingSms };

/** SMS about tickets that ended, one a ticket. */
export interface TicketNotices {
  /** Resolved since and not after `until`, of customers who asked by SMS or whom a person noted with their phone. */
  ended(since: number, until: number, limit: number): Promise<EndedTicket[]>;
  /** Keeps channel and text for good; false: it was kept before. */
  bind(notice: BoundNotice, now: number): Promise<boolean>;
  /** The longest bound, but those of channels `except`. */
  bound(limit: number, except: readonly string[]): Promise<BoundNotice[]>;
  /** `because` null: the channel has it. */
  end(ticketId: number, because: string | null, now: number): Promise<void>;
}
