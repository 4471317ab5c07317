import type { Rebuilt } from "../../src/adapters/neon/rebuild-days.ts";

/** What one unit of a rebuild came to: some meters over some local days, both included. `next` names the unit after it. */
export type RebuildPage = Rebuilt & { from: string; to: string; written: boolean; next: string | null };
