import type { Reading } from "../domain/reading.ts";

/** A meter that sends, and that nobody has placed on an account. Seen is when we got it, read is what the meter says. */
export type UnmappedMeter = {
  meterNumber: string;
  firstSeenAt: number;
  lastSeenAt: number;
  firstReadAt: number;
  lastReadAt: number;
  lastRegisterWh: number;
  /** Readings that are kept. */
  count: number;
  /** Readings that had to make room for newer ones. */
  lost: number;
};

export type Placement = { meterNumber: string; account: string; from: number; to: number | null };

/** Readings that no account owns, kept in order until one does. */
export interface UnmappedMeters {
  /** Commits them before it answers. Returns the meters that were one too many: nothing of those is kept. */
  keep(readings: Reading[]): Promise<string[]>;
  /** Tells of placements before the Directory routes by them, so that what waited is handed over first. */
  placed(placements: Placement[]): Promise<void>;
  /** By meter number, after one of them. */
  list(after: string, limit: number): Promise<UnmappedMeter[]>;
  count(): Promise<number>;
}
