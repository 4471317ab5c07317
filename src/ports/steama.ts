import type { Reading } from "../domain/reading.ts";
import type { FeedRefusal } from "./vendor-feeds.ts";

/** A clinic's meter at SteamaCo. */
export type SteamaMeter = { id: string; meterNumber: string };

export interface Steama {
  /** `leftOut`: meters whose reference is no number. */
  meters(): Promise<{ meters: SteamaMeter[]; leftOut: number } | FeedRefusal>;
  /** Registers at the ends of the hours from one instant to another, oldest first. */
  readings(
    meter: SteamaMeter,
    from: number,
    to: number,
  ): Promise<{ readings: Reading[]; leftOut: number } | FeedRefusal>;
}
