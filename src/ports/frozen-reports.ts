import type { FrozenRow } from "../domain/metrics/frozen.ts";
import type { Change, Registered } from "./registry.ts";

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
