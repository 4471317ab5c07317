import type { FeePart } from "../domain/fees/debt.ts";
import type { FeeAct } from "../domain/fees/order.ts";
import type { Change, Registered } from "./registry.ts";

/** waiting: for a second person. approved: to be posted. posted: in the account. refused: by a person, or by the account. */
export type FeeOrderState = "waiting" | "approved" | "posted" | "refused";

export type FeeOrderRow = {
  id: string;
  account: string;
  act: FeeAct;
  part: FeePart;
  /** Null: the country's price, until the account has answered. */
  amountMinor: number | null;
  currency: string;
  reason: string;
  document: string | null;
  state: FeeOrderState;
  because: string | null;
  orderedBy: string;
  orderedAt: number;
  decidedBy: string | null;
  decidedAt: number | null;
  postedAt: number | null;
};

export type NewFeeOrder = Pick<
  FeeOrderRow,
  "id" | "account" | "act" | "part" | "amountMinor" | "currency" | "document"
>;

/** A payment that was taken for a fee by its amount alone, and what a person found of it. */
export type FeeVerification = {
  entryKey: string;
  receipt: string;
  account: string;
  part: FeePart;
  /** What was paid, and what of it the fee took. */
  amountMinor: number;
  feeMinor: number;
  paidAt: number;
  /** Null: it waits. */
  verdict: "verified" | "rejected" | null;
  note: string | null;
  verifiedBy: string | null;
  verifiedAt: number | null;
};

/** Orders about what accounts owe beside energy. Throws when Postgres does not answer. */
export interface Fees {
  /** Files an order, once an id. `exists`: another order has this id; `unknown`: no such account. */
  order(order: NewFeeOrder, by: Change & { reason: string }): Promise<Registered>;
  /** A second person decides. `exists`: it was decided otherwise, or whoever ordered it approves; `unknown`: no such order. */
  decide(id: string, approve: boolean, by: Change & { reason: string }): Promise<Registered>;
  /** The account's answer, and what it came to. That it posted is the last word, whichever of two answers is written first. */
  answered(
    id: string,
    answer: { state: "posted" | "refused"; because: string | null; amountMinor: number | null; at: number },
  ): Promise<void>;
  find(id: string): Promise<FeeOrderRow | null>;
  /** The newest first; `after` is the last id of the page before. */
  list(
    filter: { state: FeeOrderState | null; account: string | null; after: string },
    limit: number,
  ): Promise<FeeOrderRow[]>;
  /** Approved so long ago, and not known to be posted. */
  approvedBefore(at: number, limit: number): Promise<FeeOrderRow[]>;
  /** From when on a registration charges the connection; null: never yet. */
  chargedFrom(): Promise<number | null>;
  setChargedFrom(at: number | null, by: Change & { reason: string }): Promise<Registered>;
  /** Payments that were taken for a fee by their amount: those that wait, the oldest first, or those that were looked at. */
  verifications(
    prices: { connectionMinor: number; readyboardMinor: number },
    filter: { waiting: boolean; after: string },
    limit: number,
  ): Promise<FeeVerification[]>;
  /** `unknown`: no such part; `exists`: somebody found otherwise before. */
  verify(entryKey: string, verdict: "verified" | "rejected", by: Change & { reason: string }): Promise<Registered>;
}
