import type { OpeningsWritten } from "./openings.ts";

export type Counts = Record<string, number>;

/** What a writing run came to. */
export type Written = { customers: Counts; accounts: Counts; openings: OpeningsWritten };
