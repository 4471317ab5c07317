import type { Currency } from "./country.ts";
import { sentAsOf } from "./external-id.ts";
import type { NotTaken, ReversedVerdict, SentVerdict } from "./judge-credit.ts";
import type { Vendor } from "./vendor.ts";
import type { NotSendable } from "./vendor-credit-gate.ts";
import type { FoundVerdict } from "./vendor-payment-read.ts";

/**
 * queued: owed, perhaps tried. sent: the vendor took it, the read-back is to come. confirmed: read back there. blocked: it
 * must not be sent now. rejected, dead: a person has to look. withdrawn: not needed any more, and never credited there.
 * taking_back, taken_back: the payment was reversed after its credit had left us.
 */
export const CREDIT_STATES = [
  "queued",
  "sent",
  "confirmed",
  "rejected",
  "blocked",
  "dead",
  "withdrawn",
  "taking_back",
  "taken_back",
] as const;
export type CreditState = (typeof CREDIT_STATES)[number];

/** Why it is blocked, rejected or dead. */
export type CreditBecause =
  | NotSendable
  | NotTaken
  | "other_content" // under our external id something else stands there
  | "failed_there" // the vendor took it and then failed with it
  | "reversed_there" // somebody reversed it on the platform
  | "cannot_take_back" // this vendor has no way to take a credit back
  | "negative" // money is to be taken from the wallet, and the vendor has no way to do that
  | "given_up"; // tried as often as is reasonable

/** What is done next. Nothing that may have left us is sent again before it was looked for. */
export type CreditCall = "send" | "find" | "reverse";

/** Money for a customer's wallet at a vendor, named by the entry that it carries there. */
export type VendorCredit = {
  /** The entry's key, and the vendor's external id: once here is once there. */
  externalId: string;
  /**
   * How it is spelled there, where that is not the key itself. It is given with the credit and never changes: under a second name it
   * would be credited a second time. Null: the key.
   */
  sentAs: string | null;
  vendor: Vendor;
  /** The account number, upper case. */
  customerCode: string;
  amountMinor: number;
  currency: Currency;
  memo: string;
  state: CreditState;
  because: CreditBecause | null;
  next: CreditCall;
  /** Tries since the last progress; a read-back is one too. */
  attempts: number;
  /** Null: nobody tries it by himself. */
  nextAt: number | null;
  vendorId: string | null;
  queuedAt: number;
  sentAt: number | null;
  confirmedAt: number | null;
  /** What went wrong last, for a person. */
  error: string | null;
  /** Its payment was reversed: nothing of it may stay in the wallet. Since when; null: it was not. */
  unwantedAt: number | null;
  /** A person has said that it is ours to send although the old system credited the site when it was posted; null: nobody has. */
  releasedAt: number | null;
  /** When its case was opened; null: there is none, or it was closed. */
  caseOpenedAt: number | null;
  version: number;
};

/** Memos of ours begin so: what the platform lists with it is the echo of our own credit. */
export const MEMO_PREFIX = "1PWR ";

const RETRY_MS_MIN = 60_000;
const RETRY_MS_MAX = 3_600_000;
/** Refused or unanswered so often, it waits for a person. */
export const TRIES_MAX = 20;
/** The read-back: soon, since the vendor mostly has it at once, and then less and less often. */
const CONFIRM_MS_MIN = 5_000;
const CONFIRM_MS_MAX = 900_000;
/** Taken by the vendor and unknown to it so long after: it is sent again under the same external id. */
const SEND_AGAIN_MS = 3 * 60_000;
/** What left us may arrive so late: before that nothing is taken for never credited. */
const LATE_MS = 10 * 60_000;
/** Longer than a call may take: the answer comes first, or never. */
const CALL_MS = 120_000;
/** A meter that is missing there is looked for again so often; also at once when the account's facts change. */
const NO_METER_MS = 30 * 60_000;

const retryMs = (attempts: number) =>
  Math.min(RETRY_MS_MAX, RETRY_MS_MIN * 2 ** Math.min(Math.max(attempts, 1) - 1, 10));
const confirmMs = (attempts: number) => Math.min(CONFIRM_MS_MAX, CONFIRM_MS_MIN * 2 ** Math.min(attempts, 10));

type Order = Pick<VendorCredit, "externalId" | "vendor" | "customerCode" | "amountMinor" | "currency" | "memo">;

export function newCredit(order: Order, now: number): VendorCredit {
  const isNegative = order.amountMinor <= 0;
  return {
    ...order,
    sentAs: sentAsOf(order.vendor, order.externalId),
    state: isNegative ? "rejected" : "queued",
    because: isNegative ? "negative" : null,
    next: "send",
    attempts: 0,
    nextAt: isNegative ? null : now,
    vendorId: null,
    queuedAt: now,
    sentAt: null,
    confirmedAt: null,
    error: null,
    unwantedAt: null,
    releasedAt: null,
    caseOpenedAt: null,
    version: 1,
  };
}

const ENDED: ReadonlySet<CreditState> = new Set(["confirmed", "withdrawn", "taken_back"]);
export const hasEnded = (state: CreditState) => ENDED.has(state);

const to = (credit: VendorCredit, change: Partial<VendorCredit>): VendorCredit => ({
  ...credit,
  ...change,
  version: credit.version + 1,
});

/**
 * Written before a call leaves: if nobody ever reports what came of it, the credit is looked for and not sent again. So a
 * death between any two steps leaves at most one credit at the vendor.
 */
export const begun = (credit: VendorCredit, now: number): VendorCredit =>
  to(credit, {
    next: "find",
    state: credit.state === "blocked" ? "queued" : credit.state,
    because: null,
    attempts: credit.attempts + 1,
    nextAt: now + CALL_MS,
  });

/** It never left: the vendor's budget had no room. That counts as no try. */
export const notSent = (credit: VendorCredit, call: CreditCall, retryAt: number, because: string): VendorCredit =>
  to(credit, { next: call, attempts: Math.max(0, credit.attempts - 1), nextAt: retryAt, error: because });

/** It must not be sent now. `until` null: nobody looks again by himself. */
export const blocked = (credit: VendorCredit, because: NotSendable, until: number | null): VendorCredit =>
  credit.state === "blocked" && credit.because === because
    ? { ...credit, nextAt: until }
    : to(credit, { state: "blocked", because, nextAt: until });

export function learnSent(credit: VendorCredit, verdict: SentVerdict, now: number): VendorCredit {
  if (credit.unwantedAt !== null) return learnSentUnwanted(credit, verdict, now);
  switch (verdict.is) {
    case "accepted":
    case "taken":
      return to(credit, {
        state: "sent",
        sentAt: credit.sentAt ?? now,
        vendorId: verdict.is === "accepted" ? (verdict.vendorId ?? credit.vendorId) : credit.vendorId,
        attempts: 0,
        nextAt: now + confirmMs(0),
        error: null,
      });
    case "refused":
      if (verdict.because === "no_meter")
        return to(credit, { state: "blocked", because: "no_meter", nextAt: now + NO_METER_MS, error: verdict.detail });
      // The same amount will be refused for ever.
      if (verdict.because === "too_many_decimals")
        return to(credit, { state: "rejected", because: "too_many_decimals", nextAt: null, error: verdict.detail });
      return tryLater(credit, verdict.detail, verdict.because, now);
    case "unknown":
      return tryLater(credit, verdict.detail, "given_up", now);
  }
}

/** Its payment was reversed while the call was under way: what may have arrived is looked for, to be taken back. */
const learnSentUnwanted = (credit: VendorCredit, verdict: SentVerdict, now: number): VendorCredit => {
  if (verdict.is === "refused") return to(credit, { state: "withdrawn", nextAt: null, error: verdict.detail });
  const vendorId = verdict.is === "accepted" ? verdict.vendorId : null;
  return to(credit, { state: "taking_back", next: "find", nextAt: now, vendorId: vendorId ?? credit.vendorId });
};

export function learnFound(credit: VendorCredit, verdict: FoundVerdict, now: number): VendorCredit {
  if (verdict.is === "other")
    return to(credit, { state: "rejected", because: "other_content", nextAt: null, error: verdict.detail });
  if (verdict.is === "unknown") return tryLater(credit, verdict.detail, "given_up", now);
  if (credit.unwantedAt !== null) return learnFoundUnwanted(credit, verdict, now);
  if (verdict.is === "absent") {
    if (credit.state === "sent" && now - (credit.sentAt ?? now) < SEND_AGAIN_MS)
      return to(credit, { nextAt: now + confirmMs(credit.attempts) });
    // The look was no try: the sending that follows it is.
    return to(credit, { state: "queued", next: "send", attempts: Math.max(0, credit.attempts - 1), nextAt: now });
  }
  const vendorId = verdict.vendorId ?? credit.vendorId;
  const sentAt = credit.sentAt ?? now;
  switch (verdict.standing) {
    case "processed":
      return to(credit, { state: "confirmed", confirmedAt: now, sentAt, vendorId, nextAt: null, error: null });
    case "pending":
      return to(credit, { state: "sent", sentAt, vendorId, nextAt: now + confirmMs(credit.attempts), error: null });
    case "failed":
      return to(credit, { state: "rejected", because: "failed_there", sentAt, vendorId, nextAt: null });
    case "reversed":
      return to(credit, { state: "rejected", because: "reversed_there", sentAt, vendorId, nextAt: null });
  }
}

function learnFoundUnwanted(
  credit: VendorCredit,
  verdict: Extract<FoundVerdict, { is: "found" | "absent" }>,
  now: number,
): VendorCredit {
  if (verdict.is === "absent") {
    // What left us may show up late: nothing is withdrawn that may still arrive.
    if (now - Math.max(credit.unwantedAt ?? now, credit.sentAt ?? 0) < LATE_MS)
      return to(credit, { nextAt: now + confirmMs(credit.attempts) });
    return to(credit, { state: "withdrawn", confirmedAt: null, nextAt: null, error: null });
  }
  const vendorId = verdict.vendorId ?? credit.vendorId;
  if (verdict.standing === "reversed" || verdict.standing === "failed")
    return to(credit, { state: "taken_back", vendorId, nextAt: null, error: null });
  if (credit.vendor !== "koios" || vendorId === null)
    return to(credit, { state: "rejected", because: "cannot_take_back", vendorId, nextAt: null });
  return to(credit, { state: "taking_back", next: "reverse", vendorId, nextAt: now });
}

export function learnReversed(credit: VendorCredit, verdict: ReversedVerdict, now: number): VendorCredit {
  if (verdict.is === "reversed") return to(credit, { state: "taken_back", nextAt: null, error: null });
  return tryLater(credit, verdict.detail, verdict.is === "refused" ? "cannot_take_back" : "given_up", now);
}

/** The payment was reversed: what never left is withdrawn, what did is taken back there. */
export function unwanted(credit: VendorCredit, now: number): VendorCredit {
  if (credit.unwantedAt !== null || credit.state === "withdrawn") return credit;
  const neverLeft = credit.next === "send" && credit.attempts === 0 && credit.sentAt === null;
  if (neverLeft || credit.because === "negative")
    return to(credit, { state: "withdrawn", because: null, nextAt: null, unwantedAt: now });
  const nextAt = credit.nextAt !== null && isUnderWay(credit, now) ? credit.nextAt : now;
  return to(credit, { state: "taking_back", because: null, next: "find", attempts: 0, nextAt, unwantedAt: now });
}

/** A call of it may still be without its answer. */
const isUnderWay = (credit: VendorCredit, now: number) =>
  credit.next === "find" && credit.attempts > 0 && credit.state === "queued" && (credit.nextAt ?? 0) > now;

/**
 * When the vendor's platform may have dated this credit, UTC ms, as the nearest instant to `at`; null: it never left. One that
 * left and is not confirmed may still arrive.
 */
export function creditedNear(credit: VendorCredit, at: number): number | null {
  const { state, next, attempts, queuedAt, sentAt, confirmedAt } = credit;
  if (state === "withdrawn" || (next === "send" && attempts === 0 && sentAt === null)) return null;
  const from = sentAt ?? queuedAt;
  const to = confirmedAt ?? (hasEnded(state) ? from : Number.MAX_SAFE_INTEGER);
  return Math.min(Math.max(at, from), Math.max(from, to));
}

/** A person wants it tried again; what has ended stays as it is. Null: there is nothing to try. */
export function revived(credit: VendorCredit, now: number): VendorCredit | null {
  if (hasEnded(credit.state) || credit.because === "negative") return null;
  const state = credit.unwantedAt !== null ? "taking_back" : credit.sentAt !== null ? "sent" : "queued";
  const neverLeft = credit.next === "send" && credit.sentAt === null && credit.unwantedAt === null;
  return to(credit, {
    state,
    because: null,
    next: neverLeft ? "send" : "find",
    // That it was tried is not forgotten: a reversal must not take it for one that never left.
    attempts: Math.min(credit.attempts, 1),
    nextAt: now,
    releasedAt: credit.because === "legacy_writes_site" ? now : credit.releasedAt,
  });
}

/**
 * A person has done on the platform what no call can: took money out of a wallet, or brought it there by hand. Null: it goes
 * on by itself, or has ended.
 */
export function settledThere(credit: VendorCredit, now: number): VendorCredit | null {
  if (credit.state !== "rejected" && credit.state !== "dead") return null;
  const end = { because: null, nextAt: null, error: null };
  return credit.unwantedAt === null
    ? to(credit, { ...end, state: "confirmed", confirmedAt: now })
    : to(credit, { ...end, state: "taken_back" });
}

/** What the account is has changed: what was blocked for it is looked at again. */
export const reopened = (credit: VendorCredit, now: number): VendorCredit =>
  credit.state === "blocked" && credit.nextAt !== null && credit.nextAt > now ? { ...credit, nextAt: now } : credit;

function tryLater(credit: VendorCredit, error: string, because: CreditBecause, now: number): VendorCredit {
  // A credit that the vendor took is read back for as long as it takes: it is not tried, it is waited for.
  if (credit.state === "sent") return to(credit, { nextAt: now + confirmMs(credit.attempts), error });
  if (credit.attempts >= TRIES_MAX) return to(credit, { state: "dead", because, nextAt: null, error });
  return to(credit, { nextAt: now + retryMs(credit.attempts), error });
}
