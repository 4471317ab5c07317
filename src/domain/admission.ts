/** How much an isolate takes on at once. What is over it is refused at the door, unread, and comes again: phones and meters repeat by themselves. */

/** Something under way: since when, UTC milliseconds, and how large its body may be. */
export type UnderWay = { at: number; bytes: number };

export type AdmissionLimits = {
  /** Requests under way at once. */
  requestsMax: number;
  /** Bytes of their bodies together. */
  bytesMax: number;
  /**
   * What began longer ago is not counted any more, in milliseconds: whoever hangs up may take the end of a request along,
   * and a place that is never given back would shut the door for good.
   */
  heldMsMax: number;
};

/** Whoever is refused comes back after at least so long, and not all at the same moment. Whole seconds. */
const RETRY_SECONDS_MIN = 2;
const RETRY_SECONDS_SPREAD = 9;

export type Admission = { kind: "admitted" } | { kind: "refused"; retryAfterSeconds: number };

/**
 * Whether there is room for one more. Alone, any request is taken: a limit below the largest body would refuse it for ever.
 * `draw` is a number from 0 to below 1 that spreads those who come back.
 */
export function admit(
  underWay: readonly UnderWay[],
  asked: UnderWay,
  { requestsMax, bytesMax, heldMsMax }: AdmissionLimits,
  draw: number,
): Admission {
  const open = underWay.filter(({ at }) => asked.at - at < heldMsMax);
  const bytes = open.reduce((sum, each) => sum + each.bytes, asked.bytes);
  if (open.length === 0 || (open.length < requestsMax && bytes <= bytesMax)) return { kind: "admitted" };
  return { kind: "refused", retryAfterSeconds: RETRY_SECONDS_MIN + Math.floor(draw * RETRY_SECONDS_SPREAD) };
}
