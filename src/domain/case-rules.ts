import type { CaseRow } from "./outbox.ts";

/**
 * Whether a person may say of a case that it is settled, with nothing but a reason. No: its cause or an act of its own closes
 * it, and a case closed over the head of its cause would come back.
 */
const BY_HAND = {
  // Two contents of one receipt stay two for ever, and nothing moved.
  receipt_conflict: true,
  // The first list stands; the day is final when the rest of it agrees.
  statement_contradiction: true,
  reversal: false, // freed or taken out
  // Nothing was blocked by it: whoever has looked has taken the money out, or found that the operator said no such thing.
  stranger_reversal: true,
  chain_break: false, // the missing text, a statement, or its own act
  copy_conflict: false, // the copy is resumed
  // What the night found and put right; the same find is the same case, and it is told once.
  ledger_drift: true,
  refiled_entry: true,
  priced_otherwise: true,
  foreign_row: true,
  forward_parked: false, // sent again, or left
  // A body that nobody could read stays one.
  gateway_body: true,
  // A text whose amount could not be read: whoever has looked recorded the payment by hand, or found that it is none.
  unread_money: true,
  dead_letter: false, // replayed
  reading_quarantined: false, // released
  disconnect_breaker: false, // reset
  audit_chain: false, // a broken chain stays broken: it is said until somebody has mended it
  import_degraded: false, // the day fetched again
  import_held: false,
  import_refused: false,
  import_gap: false,
  feed_stale: false, // heard again
  vendor_credit: false, // the wallet has it
  // Payments of a platform, each told once.
  mirror_unknown: true,
  mirror_reversal: true,
  mirror_echo_unknown: true,
  mirror_credit_reversed: true,
  // Written off or repaid it closes by itself; whoever lets both stand says so.
  two_advances: true,
} as const satisfies Record<CaseRow["caseKind"] | "two_advances", boolean>;

/** The kinds that a person closes by hand. */
export const KINDS_BY_HAND: readonly string[] = Object.entries(BY_HAND).flatMap(([kind, may]) => (may ? [kind] : []));

export const isClosedByHand = (kind: string): boolean => KINDS_BY_HAND.includes(kind);
