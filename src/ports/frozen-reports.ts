import type { Report } from "../domain/metrics/reports.ts";
import type { Change, Registered } from "./registry.ts";

/** A report that was frozen, as people are told of it. */
export type FrozenRow = {
  frozenId: number;
  report: Report;
  /** A site's code; null: all. */
  site: string | null;
  from: string;
  to: string;
  asOf: number;
  /** Which definitions it was computed by. */
  definitions: string;
  objectKey: string;
  sha256: string;
  bytes: number;
  reason: string;
  actor: string;
  frozenAt: number;
};
export type NewFrozen = Omit<FrozenRow, "frozenId" | "actor" | "frozenAt" | "reason"> & {
  /** Of the act, so that a repeat is the same act. */
  actKey: string;
  /** Of what it says, but for the instant: the same figures are frozen once. */
  samenessSha256: string;
};

export interface FrozenReports {
  /** Keeps it once: one of the same act, or of the same figures, stays the only one. */
  add(frozen: NewFrozen, by: Change): Promise<Registered>;
  /** Of that act or of those figures. */
  findSame(actKey: string, samenessSha256: string): Promise<FrozenRow | null>;
  find(frozenId: number): Promise<FrozenRow | null>;
  /** The newest first, after the one with that number; 0: from the beginning. */
  list(before: number, limit: number): Promise<FrozenRow[]>;
}

/** Where their answers are. A key names its content. */
export interface FrozenFiles {
  put(key: string, bytes: Uint8Array, sha256: string): Promise<void>;
  /** Null: it is not there. */
  get(key: string): Promise<Uint8Array | null>;
  delete(key: string): Promise<void>;
}
