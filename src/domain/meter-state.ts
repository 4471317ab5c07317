import type { Vendor } from "./vendor.ts";

/** Who hears a meter first: we ourselves, or the platform of its maker. */
export const PLATFORMS = ["own", "koios", "thundercloud", "steama"] as const satisfies readonly (
  | Vendor
  | "own"
  | "steama"
)[];
export type Platform = (typeof PLATFORMS)[number];
export const METER_STATES = [
  "heard",
  "silent",
  "dark",
  "dark_with_credit",
  "override",
  "check",
  "held",
  "unplaced",
] as const;
export type MeterState = (typeof METER_STATES)[number];

/** How many meters there are, and how many of each state; a meter is in several states, or in none. */
export type MeterCounts = Record<MeterState, number> & { all: number };
export const COUNTED_STATES = ["all", ...METER_STATES] as const satisfies readonly (keyof MeterCounts)[];
/** What a walk over all meters counted of one platform. */
export type PlatformCounts = MeterCounts & { platform: Platform };
