/** A claim the phone made, kept so that the same request, replayed by its HTTP library, gets the same answer. */
export type Claim = { asked: string[]; answered: string[]; at: number };

export type ClaimDecision = {
  /** The ids the phone may send now. */
  answer: string[];
  /** Those claimed by this very request: from now on they are in the phone's hands. */
  claimed: string[];
  /** Store it in the same transaction as `claimed`. */
  remember: Claim | null;
};

/** How long an identical claim is taken for a replay of the transport. Later it is a phone that already sent them. */
export const CLAIM_REPLAY_MS_MAX = 60_000;

/**
 * Answers task=sent. `offered` are ids handed to this phone and not claimed yet; others, of another phone or unknown,
 * are left out. A claimed id is never confirmed again, or the customer gets two SMS.
 */
export function decideClaimedUuids(
  asked: readonly string[],
  offered: ReadonlySet<string>,
  last: Claim | null,
  now: number,
): ClaimDecision {
  if (last !== null && isReplay(asked, last, now)) return { answer: last.answered, claimed: [], remember: last };
  const claimed = [...new Set(asked)].filter((uuid) => offered.has(uuid));
  // A claim that wins nothing is not worth remembering, and must not push out one that did.
  if (claimed.length === 0) return { answer: [], claimed, remember: last };
  return { answer: claimed, claimed, remember: { asked: [...asked], answered: claimed, at: now } };
}

function isReplay(asked: readonly string[], last: Claim, now: number): boolean {
  const isRecent = now - last.at >= 0 && now - last.at < CLAIM_REPLAY_MS_MAX;
  return isRecent && asked.length === last.asked.length && asked.every((uuid, index) => uuid === last.asked[index]);
}
