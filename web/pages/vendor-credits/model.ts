import type { Tone } from "../../parts/badge.tsx";

const ENDED: ReadonlySet<string> = new Set(["confirmed", "withdrawn", "taken_back"]);
/** Older than this and not in the wallet: somebody has to look. */
const LATE_MS = 600_000;

/** How a credit stands, as a colour: what will go on by itself is no alarm until it is late. */
export function toneOf({ state, ageSeconds }: { state: string; ageSeconds: number }): Tone {
  if (ENDED.has(state)) return state === "confirmed" ? "good" : "quiet";
  if (state === "rejected" || state === "dead") return "bad";
  return state === "blocked" || ageSeconds * 1_000 > LATE_MS ? "warn" : "quiet";
}

/** What a person may do: try again what has not ended, and settle what the vendor will never take. */
export const handsOf = ({ state, because }: { state: string; because: string | null }) => ({
  retry: !ENDED.has(state) && because !== "negative",
  settle: state === "rejected" || state === "dead",
});

/** The waiting ones of a summary by state. */
export const waitingOf = (summary: Record<string, number>): number =>
  Object.entries(summary).reduce((sum, [state, count]) => sum + (ENDED.has(state) ? 0 : count), 0);

/** The receipt or the correction that a credit's external id names. */
export function subjectOf(externalId: string): { path: string; name: string } | null {
  const receipt = /^receipt:(.+)#\d+\.\d+$/.exec(externalId)?.[1];
  if (receipt !== undefined) return { path: `/payments/${encodeURIComponent(receipt)}`, name: receipt };
  const correction = /^correction:(.+)$/.exec(externalId)?.[1];
  return correction === undefined ? null : { path: `/corrections/${correction}`, name: correction };
}
