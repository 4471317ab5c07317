import type { Corrected, CorrectionCode } from "../domain/correction.ts";
import type { Change, Registered } from "./registry.ts";

/** waiting: for a second person. approved: to be posted. posted: in the account. refused: by a person, or by the account. */
export type CorrectionState = "waiting" | "approved" | "posted" | "refused";

export type Correction = Corrected & {
  id: string;
  account: string;
  worthMinor: number | null;
  currency: string;
  code: CorrectionCode;
  reason: string;
  document: string;
  state: CorrectionState;
  because: string | null;
  orderedBy: string;
  orderedAt: number;
  decidedBy: string | null;
  decidedAt: number | null;
  postedAt: number | null;
};

export type NewCorrection = Pick<Correction, "id" | "account" | "worthMinor" | "currency" | "code" | "document"> &
  Corrected & { limitMinor: number };

/** Orders of people to put a balance right. Throws when Postgres does not answer. */
export interface Corrections {
  /**
   * Files an order, once an id; what was ordered for the account within a day decides whether it waits for a second
   * person. `exists`: another order has this id.
   */
  order(order: NewCorrection, by: Change & { reason: string }): Promise<Registered>;
  /** A second person decides. `exists`: it was decided otherwise, or whoever ordered it decides; `unknown`: no such order. */
  decide(id: string, approve: boolean, by: Change & { reason: string }): Promise<Registered>;
  /** The account's answer. */
  answered(id: string, answer: { state: "posted" | "refused"; because: string | null; at: number }): Promise<void>;
  find(id: string): Promise<Correction | null>;
  /** The newest first; `after` is the last id of the page before. */
  list(
    filter: { state: CorrectionState | null; account: string | null; after: string },
    limit: number,
  ): Promise<Correction[]>;
  /** Approved so long ago, and not known to be posted. */
  approvedBefore(at: number, limit: number): Promise<Correction[]>;
  /** The country's own limit; null: none was set. */
  limitMinor(): Promise<number | null>;
  setLimit(limitMinor: number, by: Change & { reason: string }): Promise<Registered>;
}
