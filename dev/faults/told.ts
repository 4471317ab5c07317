/** What the isolate tells the harness. */
import type { Action, StepKind } from "./shots.ts";

/** A fault that was injected; `at` is machine time, UTC milliseconds. */
export type Did = { owner: string; place: string; kind: StepKind; action: Action | "evict"; n: number; at: number };

/** A Mailbox gave out a forward, has recorded that the old endpoint took it, or was told that it may not have. */
export type Note = {
  what: "leased" | "confirmed" | "failed";
  phoneId: string;
  forwardId: number;
  body: string | null;
  at: number;
};
