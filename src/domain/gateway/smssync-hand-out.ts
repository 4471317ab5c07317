import type { OutgoingState } from "../outbox.ts";
import { isFit } from "./smssync-answer.ts";
import { CLAIM_REPLAY_MS_MAX } from "./smssync-claim.ts";
import type { SmssyncVersion } from "./smssync-results.ts";

/** An outgoing SMS as far as handing it out is concerned. Instants in UTC ms. */
export type Handable = {
  id: string;
  to: string;
  content: string;
  template: string | null;
  state: OutgoingState;
  createdAt: number;
  expiresAt: number;
  /** How often it was handed to the phone, and when last. */
  offers: number;
  offeredAt: number | null;
  /** When the phone claimed it (results API); null: not yet. */
  claimedAt: number | null;
  /** Reports since the claim that we asked it into and that did not name it. */
  absentResults: number;
};

export type HandOutFacts = {
  now: number;
  /** True once the phone has claimed anything: it then sends only what it claimed. */
  resultsApi: boolean;
  version: SmssyncVersion | null;
  /** Templates a customer may safely get twice. */
  repeatable?: ReadonlySet<string>;
};

export type HandOut<T extends Handable> = {
  /** Mark them offered in the same transaction, before the answer leaves. */
  offer: T[];
  /** Without a word from the phone, and too old to be worth sending. */
  expired: string[];
  /** No phone can send them. */
  unfit: string[];
};

/** Messages in one answer: about what a phone sends between two polls without its quota dialog. */
export const HAND_OUT_MAX = 10;
/** The first time, and once more where that is safe. */
export const OFFERS_MAX = 2;
/** Longer than a replayed claim is honoured, so that two claims of one id are never both answered. */
export const REOFFER_MS_MIN = 2 * CLAIM_REPLAY_MS_MAX;
/** Version 2.8 reports every SMS it knows: absent this often means it never had it. */
export const ABSENT_RESULTS_MAX = 2;
/** None: a second receipt reads as a second payment, and without the results API nobody knows that an answer was lost. */
export const REPEATABLE_TEMPLATES: ReadonlySet<string> = new Set();

/** Which SMS the answer to a task check carries, oldest first. */
export function decideHandOut<T extends Handable>(waiting: readonly T[], facts: HandOutFacts): HandOut<T> {
  const hand: HandOut<T> = { offer: [], expired: [], unfit: [] };
  for (const sms of waiting.toSorted((a, b) => a.createdAt - b.createdAt)) {
    if (isUnanswered(sms) && sms.expiresAt <= facts.now) hand.expired.push(sms.id);
    else if (sms.state === "queued" && !isFit(sms)) hand.unfit.push(sms.id);
    else if (hand.offer.length < HAND_OUT_MAX && mayOffer(sms, facts)) hand.offer.push(sms);
  }
  return hand;
}

// A claim is no word: version 3 never reports a success, so what it claimed and never spoke of is listed like the rest.
const isUnanswered = (sms: Handable) => sms.state === "queued" || sms.state === "offered";

function mayOffer(sms: Handable, facts: HandOutFacts): boolean {
  if (sms.state === "queued") return true;
  const isOpen = sms.state === "offered" || sms.state === "pending";
  if (!isOpen || sms.expiresAt <= facts.now || sms.offers >= OFFERS_MAX) return false;
  if (sms.offeredAt === null || facts.now - sms.offeredAt < REOFFER_MS_MIN) return false;
  // Not claimed is not sent, as long as the phone claims at all.
  if (facts.resultsApi && sms.claimedAt === null) return true;
  if (!(facts.repeatable ?? REPEATABLE_TEMPLATES).has(sms.template ?? "")) return false;
  return !facts.resultsApi || wasNeverReceived(sms, facts.version);
}

/** Version 3 never reports a success, so there its silence proves nothing. */
const wasNeverReceived = (sms: Handable, version: SmssyncVersion | null) =>
  version?.major === 2 && version.minor >= 7 && sms.absentResults >= ABSENT_RESULTS_MAX;

/** Ids in one question for news. */
export const ASK_MAX = 50;

/** Of which SMS we want news (task=result): in the phone's hands, and without a last word. Oldest claim first. */
export function decideAskedUuids(waiting: readonly Handable[]): string[] {
  return waiting
    .filter((sms) => sms.claimedAt !== null && (sms.state === "offered" || sms.state === "pending"))
    .toSorted((a, b) => (a.claimedAt ?? 0) - (b.claimedAt ?? 0))
    .slice(0, ASK_MAX)
    .map((sms) => sms.id);
}

/** Of the ids we asked for, those the report did not name: add one to their `absentResults`. */
export function absentFrom(asked: readonly string[], reported: readonly { uuid: string }[]): string[] {
  const named = new Set(reported.map((result) => result.uuid));
  return asked.filter((uuid) => !named.has(uuid));
}
