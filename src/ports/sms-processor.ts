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
        | "balance_asked";
      because: string | null;
      receipt: string | null;
      account: string | null;
      parsedJson: string;
      /** Cases that are not about a claimed receipt: a text without one. Written by the Mailbox's own outbox. */
      cases: SuspenseCaseRow[];
    }
  | { state: "later"; because: string };

export interface SmsProcessor {
  process(sms: StoredSms): Promise<ProcessOutcome>;
}
