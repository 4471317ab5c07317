import type { SmsInboundRow, SmsOutboundRow } from "../domain/outbox.ts";
import type { PhoneFacts } from "./mailboxes.ts";

export type SeenSms = { externalId: string | null; contentHash: string };

export type RestoredOutgoing = Omit<SmsOutboundRow, "phoneId">;

/** What a Mailbox loads from Postgres when it has lost, or never had, its own memory. "down": it did not answer. */
export interface MailboxRestores {
  /** Null: there is no such phone. */
  phoneFacts(phoneId: string): Promise<PhoneFacts | null | "down">;
  /** Every SMS this phone ever brought, after the given one in the order of (external id, hash); a null id sorts as "". */
  mailboxHashes(phoneId: string, after: SeenSms | null, limit: number): Promise<SeenSms[] | "down">;
  /** SMS this phone was the first to bring, since an instant, of which no result is recorded; oldest first. */
  unprocessedSms(phoneId: string, since: number, limit: number): Promise<SmsInboundRow[] | "down">;
  /** These SMS, whichever phone was the first to bring them. */
  smsNamed(keys: SeenSms[]): Promise<SmsInboundRow[] | "down">;
  /** Every SMS that was to be sent through this phone, in order of id; of those at their end only the id matters. */
  outgoingSms(phoneId: string, afterId: string, limit: number): Promise<RestoredOutgoing[] | "down">;
}
