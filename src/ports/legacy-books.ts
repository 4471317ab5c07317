import type { LegacyTransaction } from "../domain/legacy.ts";
import type { Change } from "./registry.ts";

export type LegacyKey = { source: string; sourceId: string };

/** How far a file has been brought over. */
export type LegacyProgress = { rows: number; total: number; done: boolean };

/** The old system's history as Postgres has it. Throws when Postgres does not answer. */
export interface LegacyBooks {
  /** Adds what is not there yet, with one audit row; what is there is never changed. Returns how many were new. */
  add(rows: readonly LegacyTransaction[], job: string, by: Change): Promise<number>;
  /** Of these, those that stand in the books with other content. */
  differing(rows: readonly LegacyTransaction[]): Promise<LegacyKey[]>;
  progress(job: string): Promise<LegacyProgress | null>;
  /** Rows `from` to `to` of `total` are done; counts only when all before them were. */
  advance(job: string, from: number, to: number, total: number, at: number): Promise<LegacyProgress>;
}
