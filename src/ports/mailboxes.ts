import type { Language } from "../domain/country.ts";
import type { OutgoingState } from "../domain/outbox.ts";

/** A gateway phone as its Mailbox knows it. Tokens are random, so a SHA-256 is enough; two are valid while one is rotated. */
export type PhoneFacts = {
  phoneId: string;
  name: string;
  tillId: string;
  channel: "electricity" | "fees";
  tokenHashes: string[];
  /** SMSSync's own secret, hashed; null: none beyond the path token. */
  smssyncSecretHash: string | null;
  revoked: boolean;
  version: number;
};

/** A request of a gateway phone, as it came. */
export type GatewayRequest = {
  protocol: "medic" | "smssync";
  method: string;
  /** Everything after the first "?", as sent. */
  query: string;
  contentType: string;
  userAgent: string;
  token: string;
  /** Body after content decoding; empty for GET. */
  body: Uint8Array;
  /** True when the old system itself sent us a copy of what it got: stored and matched, never forwarded back. */
  mirrored: boolean;
  /** The request's own id, as the log names it: it is kept with each SMS that is new. */
  requestId?: string;
};

/** Always JSON, on every status: a body that is not makes one client crash. */
export type GatewayAnswer = { status: number; jsonText: string };

export type OutgoingSms = {
  id: string;
  to: string;
  content: string;
  template: string | null;
  language: Language | null;
  account: string | null;
  receipt: string | null;
  createdAt: number;
  expiresAt: number;
  /** Version of the SMS at the phone that hands it over, which names this very hand-over. Absent: no phone had it. */
  handover?: number;
};

export type MailboxView = {
  phoneId: string;
  name: string;
  tillId: string;
  channel: "electricity" | "fees";
  lastPollAt: number | null;
  silent: boolean;
  revoked: boolean;
  unprocessed: number;
  oldestUnprocessedAt: number | null;
  /** Of those that wait although they were tried: why. */
  later: LaterReason[];
  forwardWaiting: number;
  forwardParked: number;
  outgoingWaiting: number;
  copyWaiting: number;
  /** Rows that Postgres refused: they wait for a person. */
  copyRefused: number;
};

/** SMS whose last try ended for the same reason (a `LaterBecause`). The oldest came at `oldestAt`; the next try is at `nextAt`. */
export type LaterReason = { because: string; count: number; oldestAt: number; triesMax: number; nextAt: number };
/** An SMS that waits to be read. */
export type SmsWait = { because: string | null; tries: number; nextAt: number };

export type ForwardLease = {
  forwardId: number;
  leaseId: string;
  protocol: "medic" | "smssync";
  channel: "electricity" | "fees";
  method: string;
  query: string;
  contentType: string;
  userAgent: string;
  body: Uint8Array;
};

/** confirmed: a 2xx came. refused: another status came. unanswered: nothing came, so nobody knows. */
export type ForwardOutcome =
  | { kind: "confirmed"; status: number; body: string }
  | { kind: "refused"; status: number }
  | { kind: "unanswered"; error: string };

/** What a Mailbox says to an SMS that somebody wants sent; `refused` is for ever, `not_ready` is tried again. */
export type EnqueueAnswer =
  | { status: "queued" | "exists" }
  | { status: "refused"; because: string }
  | { status: "not_ready" };

/** How far passing one text on to the old system has come. confirmed: it said 2xx; parked: a person decides. */
export type SmsForward = {
  forwardId: number;
  state: "waiting" | "confirmed" | "parked";
  tries: number;
  because: string | null;
  changedAt: number;
};
/** An SMS of a phone, as Postgres has it. */
export type SmsName = { externalId: string | null; contentHash: string; receivedAt: number };

/** A forward that got no answer, in a country where such ones wait for a person. */
export type ParkedForward = { forwardId: number; receivedAt: number; tries: number; because: string };

export type StoredOutgoing = OutgoingSms & { state: OutgoingState; reason: string | null; stateAt: number };
