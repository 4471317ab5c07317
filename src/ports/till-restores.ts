import type { TillFacts } from "./tills.ts";

/** What a Till loads from Postgres when it has lost, or never had, its own memory. "down": it did not answer. */
export interface TillRestores {
  /** Null: there is no such till. */
  tillFacts(tillId: string): Promise<TillFacts | null | "down">;
}
