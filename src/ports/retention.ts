import type { Retention } from "../domain/retention.ts";
import type { Change, RegisteredOnRead, SeenVersion } from "./registry.ts";

/** How long a country keeps what is only kept for a time. */
export interface RetentionBook {
  /** `version` null: nobody has set any of it. */
  kept(): Promise<{ retention: Retention; version: number | null }>;
  /** All of it at once; what was read is named, so that nobody's later word is overwritten unseen. */
  put(retention: Retention, by: Change, seen: SeenVersion): Promise<RegisteredOnRead>;
}
