import type { PhoneFacts } from "./mailboxes.ts";

export type SeenSms = { externalId: string | null; contentHash: string };

/** What a Mailbox loads from Postgres when it has lost, or never had, its own memory. "down": it did not answer. */
export interface MailboxRestores {
  /** Null: there is no such phone. */
  phoneFacts(phoneId: string): Promise<PhoneFacts | null | "down">;
  /** Every SMS this phone ever brought, after the given one in the order of (external id, hash); a null id sorts as "". */
  mailboxHashes(phoneId: string, after: SeenSms | null, limit: number): Promise<SeenSms[] | "down">;
}
