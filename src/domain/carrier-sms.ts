/**
 * What becomes of an SMS at the bulk carrier (CM.com), as a rule without IO. It stands on one sentence: an SMS goes to one
 * channel at a time, and leaves one only where it is certain that nothing of it was sent there. A request that nobody
 * answered is unknown and not failed: it may have arrived.
 */

/**
 * held: a campaign that nobody has started. queued: to be sent. sending: named in a request. accepted, delivered, failed:
 * what the carrier said later. rejected: certainly not sent. unknown: nobody can say. moving, moved: a phone's now.
 */
export const CARRIER_STATES = [
  ...(["held", "queued", "sending", "accepted", "delivered", "failed"] as const),
  ...(["rejected", "unknown", "expired", "stopped", "moving", "moved"] as const),
] as const;
export type CarrierState = (typeof CARRIER_STATES)[number];

/**
 * What the carrier's answer to a request says of one SMS of it. not_taken: the whole request was refused before anything of
 * it was read (no valid token, too many requests): it may be sent again.
 */
export type CarrierVerdict =
  | { kind: "accepted" }
  | { kind: "rejected"; because: string }
  | { kind: "not_taken"; because: string }
  | { kind: "unknown"; because: string };

/** Requests that one SMS may be named in; after that it is rejected, which is certain: none of them took it. */
export const CARRIER_TRIES_MAX = 12;
/** After a request that failed as a whole the carrier is left alone for so long, and the next one names a single SMS. */
export const CARRIER_PAUSE_MS = 5 * 60_000;
/** A request that has not ended by now died with whoever made it: what it named is unknown. */
export const CARRIER_SENDING_MS_MAX = 10 * 60_000;

export type CarrierStep = { state: CarrierState; because: string | null; nextAt: number; isFault: boolean };

/** What an SMS becomes after a request that named it, its `tries`-th. */
export function afterRequest(verdict: CarrierVerdict, tries: number, now: number): CarrierStep {
  const nextAt = now + CARRIER_PAUSE_MS;
  switch (verdict.kind) {
    case "accepted":
      return { state: "accepted", because: null, nextAt, isFault: false };
    case "rejected":
      return { state: "rejected", because: verdict.because, nextAt, isFault: false };
    case "not_taken":
      return {
        state: tries < CARRIER_TRIES_MAX ? "queued" : "rejected",
        because: verdict.because,
        nextAt,
        isFault: true,
      };
    case "unknown":
      return { state: "unknown", because: verdict.because, nextAt, isFault: true };
  }
}

/** What networks say afterwards, by the carrier's words. Anything else changes nothing. */
export type DeliveryWord = "accepted" | "delivered" | "failed" | "rejected" | "cancelled";
const WORDS: Readonly<Record<string, DeliveryWord>> = {
  ...{ accepted: "accepted", delivered: "delivered", failed: "failed", rejected: "rejected", cancelled: "cancelled" },
  // The same as numbers, as the carrier's export has them.
  ...{ "37": "accepted", "20": "delivered", "21": "failed", "40": "rejected", "22": "cancelled" },
};
export const deliveryWord = (status: string): DeliveryWord | null => WORDS[status.trim().toLowerCase()] ?? null;

/**
 * The state after a network's word; null: it says nothing new. Words come late, twice and out of order, so that an end stays
 * one. A failure may have been delivered in parts and is not sent again; only a rejection is certain, and only where it names
 * the SMS: one that was matched by its number may be about another.
 */
export function afterWord(state: CarrierState, word: DeliveryWord, isNamed: boolean): CarrierState | null {
  const isOpen = state === "sending" || state === "accepted" || state === "unknown";
  switch (word) {
    case "accepted":
      return state === "unknown" || state === "sending" ? "accepted" : null;
    case "delivered":
      return isOpen || state === "failed" ? "delivered" : null;
    case "failed":
    case "cancelled":
      return isOpen ? "failed" : null;
    case "rejected":
      return isOpen ? (isNamed ? "rejected" : "failed") : null;
  }
}

/**
 * Whether an SMS may leave the carrier for a phone: only after a request that certainly sent nothing of it, and never where
 * a phone had it before, so that it changes channel at most once in its life.
 */
export const mayLeaveCarrier = (sms: { state: CarrierState; tries: number; cameFrom: string | null }): boolean =>
  sms.cameFrom === null && (sms.state === "rejected" || (sms.state === "queued" && sms.tries > 0));

/**
 * What the carrier says to a phone that hands an SMS over, given what it has of that name. It takes each once in its life.
 * exists: this very hand-over has arrived before, and its answer was lost. refused: it had it from elsewhere and gave it
 * away; whoever has it now keeps it.
 */
export function takeFrom(
  known: { state: CarrierState; cameFrom: string | null } | null,
  from: string | null,
): "queued" | "exists" | "refused" {
  if (known === null) return "queued";
  if (known.cameFrom === from) return "exists";
  return "refused";
}
