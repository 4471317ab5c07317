/** What both gateway protocols come down to. */

/** One SMS as a phone brought it. `quarantine` says what was wrong with its shape; it is stored and acknowledged all the same. */
export type InboundItem = {
  /** The id the phone gave it; null when there was none or it was no string or number. */
  externalId: string | null;
  sender: string;
  content: string;
  /** The phone's own times, UTC ms, as claimed; null when absent or senseless. Never used to order or key anything. */
  claimedSentAt: number | null;
  claimedReceivedAt: number | null;
  quarantine: string | null;
};

/** A phone's word about an outgoing SMS. Statuses may go backward: a person may press Retry. */
export type StatusUpdate = {
  id: string;
  status: "UNSENT" | "PENDING" | "SENT" | "DELIVERED" | "FAILED";
  reason: string | null;
};
