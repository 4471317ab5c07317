import type { Change, Registered } from "./registry.ts";

/** Two customers who may be one person: somebody proposes it, somebody decides. Money never moves; accounts change their holder. */
export interface Merges {
  /** `exists`: the pair was decided already. The same again is no change. */
  propose(one: number, other: number, by: Change): Promise<Registered>;
  /** They are two people: the pair is not asked about again. */
  dismiss(mergeId: number, by: Change): Promise<Registered>;
  /**
   * They are one, who is `keep`: the other's accounts are theirs, what was missing of them is filled in, phones are added,
   * and the other is withdrawn.
   */
  accept(mergeId: number, keep: number, by: Change): Promise<Registered>;
  /** The accounts go back, and so does every field that nobody has changed since. */
  undo(mergeId: number, by: Change): Promise<Registered>;
}
