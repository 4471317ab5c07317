import type { Cleared, Mirrored, OmTicket } from "../domain/om-ticket.ts";

/** failed: certainly not done. unclear: nobody knows whether it was done. refused: it will never be done as it is. */
export type OmFailure = { kind: "failed" | "unclear" | "refused"; error: string };
export type OmAnswer<T> = { ok: true; value: T } | { ok: false; failure: OmFailure };

/** The O&M system. One call each, no retry: who calls knows what was sent before. `key` names the call: twice under one is once, where they heed it. */
export interface OmSystem {
  /** The tickets that carry this very reference, the first that was made first; none: there certainly is none. */
  find(reference: string): Promise<OmAnswer<OmTicket[]>>;
  create(body: Record<string, unknown>, key: string): Promise<OmAnswer<OmTicket>>;
  update(omId: string, body: Record<string, unknown>): Promise<OmAnswer<null>>;
  comment(omId: string, comment: { user: string; text: string }, key: string): Promise<OmAnswer<null>>;
  read(omId: string): Promise<OmAnswer<OmTicket | null>>;
}

/** A ticket of which something is not over there yet, as whoever claimed it has read it. */
export type DueMirror = {
  ticket: Mirrored & { version: number };
  omId: string | null;
  sentVersion: number;
  /** Its status over there on which both sides were last at one; null: nobody knows. */
  omStatus: string | null;
  /** Which try in a row this is; 1: the first. */
  attempts: number;
  /** What happened to it since the version that is over there, and may have emptied a field. */
  cleared: Cleared[];
  /** They refused this version of it before (4xx), and it was not asked for again: it is not sent. */
  isRefused: boolean;
  /** Comments that are not over there, the oldest first. */
  comments: { eventId: number; actor: string; text: string }[];
};
/** What is over there after a step. What is not named stays. */
export type MirrorStep = { omId: string; sentVersion?: number; sentEvent?: number; omStatus?: string | null };
/** A version of a ticket that they refused, until it changes or somebody asks for it again; `error` null: as it was said before. */
export type OmRefusal = { version: number; error: string | null };
export type SeenMirror = {
  ticketId: number;
  openedAt: number;
  omId: string;
  omStatus: string | null;
  state: Mirrored["state"];
  version: number;
};

/**
 * A claim, from when its ticket is taken in hand, lasts longer than the calls that it may see, each with its time limit: five of a
 * search, a create, a question, a change and twenty comments, 20 s each. A run that died leaves its ticket so long.
 */
export const CLAIM_MS = 15 * 60_000;

/** A ticket that was resolved here may be opened again there for so long, and is asked about. */
export const SEEN_DAYS = 14;

export interface OmMirrors {
  /**
   * Numbers of the tickets whose next try is due: unresolved ones first, the most urgent first, of these the newest. Last are those
   * that were resolved here before they were there.
   */
  due(limit: number, now: number): Promise<number[]>;
  /**
   * Takes a ticket in hand until `until`, and counts the try before it is made. Null: another run has it, or it is not due. A run
   * that dies leaves its claim, which ends by itself.
   */
  claim(ticketId: number, until: number, now: number): Promise<DueMirror | null>;
  /** Something went over. The claim stays. */
  done(ticketId: number, step: MirrorStep): Promise<void>;
  /** All went over that they take: tries begin anew, and the claim is over. `refused`: what they do not take, which is shown. */
  settle(ticketId: number, refused: OmRefusal | null, now: number): Promise<void>;
  /** The claim is over, and the next try is at `nextAt`. */
  failed(ticketId: number, tried: { error: string; attempts: number; version: number; nextAt: number }): Promise<void>;
  /** Mirrored tickets that were asked about longest ago, unresolved here or resolved lately. */
  toSee(limit: number, now: number): Promise<SeenMirror[]>;
  /** Both sides are at one on their status `omStatus`, unless another run has written another since it was `before`. */
  agreed(ticketId: number, before: string | null, omStatus: string | null, now: number): Promise<void>;
  /** It was asked about, and what they have is not ours: why, in words, and since when that is so. The next look asks again. */
  notAgreed(ticketId: number, error: string, now: number): Promise<void>;
  /** Makes what waits or was refused due at once, but for what is claimed or due within `CLAIM_MS`; answers how many. */
  again(limit: number, now: number): Promise<number>;
}
