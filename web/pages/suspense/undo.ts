import type { Answer } from "../../api.ts";
import { move, type ReceiptState } from "./acts.ts";

/** Takes a move back: all that it gave away waits in suspense again, unless somebody has moved it on meanwhile. */
export const undoMove = (state: ReceiptState, reason: string): Promise<Answer<ReceiptState>> =>
  move(state.receipt, state.generation, [{ to: "suspense", amountMinor: state.amountMinor }], reason);
