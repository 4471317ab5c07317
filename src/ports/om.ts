import type { Mirrored, OmTicket } from "../domain/om-ticket.ts";

/** failed: certainly not done. unclear: nobody knows whether it was done. refused: it will never be done as it is. */
export type OmFailure = { kind: "failed" | "unclear" | "refused"; error: string };
export type OmAnswer<T> = { ok: true; value: T } | { ok: false; failure: OmFailure };

/** The O&M system. One call each, no retry: who calls knows what was sent before. `key` names the call: twice under one is once, where they heed it. */
export interface OmSystem {
  /** The tickets whose text has this reference. */
  search(reference: string): Promise<OmAnswer<OmTicket[]>>;
  create(body: Record<string, unknown>, key: string): Promise<OmAnswer<OmTicket>>;
  update(omId: string, body: Record<string, unknown>): Promise<OmAnswer<null>>;
  comment(omId: string, comment: { user: string; text: string }, key: string): Promise<OmAnswer<null>>;
  read(omId: string): Promise<OmAnswer<OmTicket | null>>;
}

/** A ticket of which something is not over there yet. */
export type DueMirror = {
  ticket: Mirrored & { version: number };
  omId: string | null;
  sentVersion: number;
  /** Its status over there as it was seen or sent last; null: nobody knows. */
  omStatus: string | null;
  attempts: number;
  /** Comments that are not over there, the oldest first. */
  comments: { eventId: number; actor: string; text: string }[];
};
/** What is over there after a step. What is not named stays. */
export type MirrorStep = { omId: string; sentVersion?: number; sentEvent?: number; omStatus?: string | null };
export type SeenMirror = {
  ticketId: number;
  omId: string;
  omStatus: string | null;
  state: Mirrored["state"];
  version: number;
};

export interface OmMirrors {
  /** Those whose next try is due, the oldest first. */
  due(limit: number, now: number): Promise<DueMirror[]>;
  /** Something went over: tries begin anew. */
  done(ticketId: number, step: MirrorStep, now: number): Promise<void>;
  failed(ticketId: number, tried: { error: string; attempts: number; version: number; nextAt: number }): Promise<void>;
  /** Mirrored tickets that were asked about longest ago, unresolved here or resolved lately. */
  toSee(limit: number, now: number): Promise<SeenMirror[]>;
  seen(ticketId: number, omStatus: string | null, now: number): Promise<void>;
}
