import type { SuspenseCaseRow } from "../domain/outbox.ts";

/** An SMS as its Mailbox keeps it. */
export type StoredSms = {
  phoneId: string;
  tillId: string;
  channel: "electricity" | "fees";
  externalId: string | null;
  contentHash: string;
  sender: string;
  content: string;
  receivedAt: number;
  /** The receipt that this text came to before, where it is read again: its money stands there. Null: none yet, or nobody knows. */
  claimed: string | null;
  /** It was left as a stranger's, as a case of its own: that case ends once its receipt is known. */
  waitsAsText: boolean;
};

/** done: nothing more will come of it by itself. later: something it needs did not answer; the Mailbox tries again. */
export type ProcessOutcome =
  | {
      state: "done";
      outcome:
        | "credited"
        | "held"
        | "duplicate"
        | "conflict"
        | "no_receipt"
        | "outgoing"
        | "reversal"
        | "unparsed"
        | "balance_asked"
        | "call_asked"
        | "menu_asked";
      because: string | null;
      receipt: string | null;
      account: string | null;
      parsedJson: string;
      /** Cases that are not about a claimed receipt: a text without one. Written by the Mailbox, which says when one was closed. */
      cases: SuspenseCaseRow[];
    }
  | { state: "later"; because: LaterBecause };

type Done = ProcessOutcome & { state: "done" };

/** What did not answer, so that the SMS waits. The same word is kept in its Mailbox, listed and shown. */
export type LaterBecause =
  | "account_unknown_yet" // whose it is: an account's object, or the database for a name or a phone
  | "till_not_ready"
  | "old_books_unknown_yet"
  | "shard_not_ready"
  | "holder_unknown_yet" // who asks for a balance, or to be called
  | "account_not_ready"
  | "mailbox_not_ready"
  | "threw"; // or took longer than PROCESS_MS_MAX; the log has it

/** A text that had claimed a receipt is read as another one, or as none, by a newer parser. */
export const READ_OTHERWISE = "read_otherwise";

/** What became of a text, as its Mailbox and Postgres keep it. */
type Result = { outcome: string | null; because: string | null };

const CLAIMS: readonly (string | null)[] = ["credited", "held", "duplicate", "conflict"] satisfies Done["outcome"][];

/** Whether a text that came to this was a claim of its receipt. A stranger's never is; an earlier release held some. */
export const isClaim = ({ outcome, because }: Result): boolean =>
  CLAIMS.includes(outcome) && !(outcome === "duplicate" && because === "sender");

/** Whether a text waits for a person alone because its sender is not on the till's list. */
export const isLeftAsStrangers = ({ outcome, because }: Result): boolean =>
  outcome === "no_receipt" && because === "sender";

export interface SmsProcessor {
  process(sms: StoredSms): Promise<ProcessOutcome>;
}
