import type { Reading } from "../domain/reading.ts";
import type { Steama, SteamaMeter } from "../ports/steama.ts";
import type { SteamaProgress } from "../ports/steama-progress.ts";
import type { FeedRefusal } from "../ports/vendor-feeds.ts";
import type { Recorded } from "./record-readings.ts";

const HOUR_MS = 3_600_000;
/** The hour at the boundary comes twice, and hours come late: what was brought already changes nothing. */
const OVERLAP_MS = 6 * HOUR_MS;
/** So far back a meter is read that never was. */
const FIRST_MS = 7 * 24 * HOUR_MS;
/** Most of one go: the next goes on from there. */
const SPAN_MS_MAX = 31 * 24 * HOUR_MS;

export type SteamaPorts = {
  steama: Steama;
  progress: Pick<SteamaProgress, "watermark" | "advance">;
  record(readings: Reading[]): Promise<Recorded[]>;
  now(): number;
};

export type SteamaSynced =
  | { status: "done"; read: number; leftOut: number; counts: Record<string, number>; hasMore: boolean }
  | { status: "refused"; refusal: FeedRefusal }
  /** Not everything could be stored: the same again. */
  | { status: "later" };

/** Brings what a clinic's meter counted since it was asked last, by the road of all readings. Twice is once. */
export async function syncSteama(ports: SteamaPorts, meter: SteamaMeter): Promise<SteamaSynced> {
  const now = ports.now();
  const known = await ports.progress.watermark(meter.meterNumber);
  const from = known === null ? now - FIRST_MS : known - OVERLAP_MS;
  const to = Math.min(now, from + SPAN_MS_MAX);
  const got = await ports.steama.readings(meter, from, to);
  if ("refused" in got) return { status: "refused", refusal: got };
  const counts: Record<string, number> = {};
  if (got.readings.length > 0) {
    const recorded = await ports.record(got.readings);
    if (recorded.some(({ status }) => status === "later")) return { status: "later" };
    for (const { status } of recorded) counts[status] = (counts[status] ?? 0) + 1;
  }
  // Without a reading a month may have been silent: the watermark goes on, or it would be asked for for ever.
  const newest = Math.max(known ?? 0, ...got.readings.map(({ readAt }) => readAt).filter((at) => at <= now));
  const reached = to < now ? Math.max(newest, to) : newest;
  if (reached > 0 && reached !== known) await ports.progress.advance(meter.meterNumber, reached, now);
  return { status: "done", read: got.readings.length, leftOut: got.leftOut, counts, hasMore: to < now };
}
