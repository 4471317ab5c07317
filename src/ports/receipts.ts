import type { Claim, ClaimAnswer, HoldBecause, Move, MoveAnswer, Provider, ReceiptState } from "../domain/claim.ts";

/** Who holds a receipt's money. Made real by the ReceiptBook objects, found by the receipt's shard. */
export interface Receipts {
  /** First claim fixes receipt, amount, currency and paid-at for ever. Twice is the same as once. */
  claim(claim: Claim): Promise<ClaimAnswer>;
  move(move: Move): Promise<MoveAnswer>;
  /** The operator took it back: blocks the receipt, also one not seen yet, and opens a case. Nothing is debited. */
  block(notice: {
    receipt: string;
    provider: Provider;
    because: HoldBecause;
    sightingKey: string;
    at: number;
  }): Promise<void>;
  /** A person closed the reversal case. */
  unblock(order: { receipt: string; actor: string; reason: string; at: number }): Promise<ReceiptState | null>;
  state(receipt: string): Promise<ReceiptState | null | "not_ready">;
}
