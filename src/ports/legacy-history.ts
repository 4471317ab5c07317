import type { LegacyReading, LegacyReadingRefusal } from "../domain/legacy-reading.ts";
import type { LegacyTotal } from "../domain/legacy-total.ts";
import type { Change } from "./registry.ts";

/** Rows by their place in the page, so that each answer says of which it is. */
export type Placed<T> = T & { index: number };
/** How many were new, and which are not taken though they read well. */
export type Added<Because> = { taken: number; refused: { index: number; because: Because }[] };

/** The old system's readings and totals as Postgres has them. Adds alone, and what is there stays. Throws when Postgres does not answer. */
export interface LegacyHistory {
  /** Meters that are not here yet, without a place: nothing is debited by one that hangs on no account. */
  addMeters(meters: readonly string[], by: Change): Promise<{ made: number }>;
  addReadings(
    readings: readonly Placed<LegacyReading>[],
    source: string,
    by: Change,
  ): Promise<Added<Extract<LegacyReadingRefusal, "meter_unknown" | "after_cut_over" | "differs">>>;
  addTotals(totals: readonly Placed<LegacyTotal>[], origin: string, by: Change): Promise<Added<"differs">>;
}
