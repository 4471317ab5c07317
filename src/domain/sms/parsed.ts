import type { Operator } from "../country.ts";

/** Raised by one whenever any operator format reads a text differently; stored beside each result. */
export const PARSER_VERSION = 3;

/** Money that an SMS says has arrived. A claim, not money in the bank. */
export type ParsedPayment = {
  kind: "payment";
  provider: Operator;
  /** Canonical receipt (`canonicalReceipt`), or null when the text carries none: such a text never credits by itself. */
  receipt: string | null;
  amountMinor: number;
  /** The payer's number as E.164 without "+", or null. */
  payerPhone: string | null;
  /**
   * The instant printed in the text (or inside an EcoCash approval code), UTC ms; null when the text prints none. A date that
   * is printed but cannot be one (31/2, 45:00) is "impossible": it lies in no window, so the payment is held for its date.
   */
  printedAt: number | "impossible" | null;
  /** Balance of the till after this payment, minor units; null when the text has none. */
  newBalanceMinor: number | null;
  /** What the payer typed: after "Reference:" or EcoCash's "for". Null when absent or empty. */
  reference: string | null;
  /** What the payer typed after Remark, Motif, Libellé, Message. Null when absent or empty. */
  remark: string | null;
  /**
   * What is left of the text outside the operator's own wording, reference and remark (the payer's name, words without a
   * label). Searched for account tokens only, so that none is overlooked. Null when nothing is left.
   */
  otherText: string | null;
};

/** Money that left the till: never income, but a link in the chain of balances. */
export type ParsedOutgoing = {
  kind: "outgoing";
  provider: Operator;
  receipt: string | null;
  amountMinor: number | null;
  newBalanceMinor: number | null;
  printedAt: number | null;
};

/** The operator took a payment back. It never debits by itself: it blocks the receipt it names. */
export type ParsedReversal = {
  kind: "reversal";
  provider: Operator;
  receipt: string | null;
  amountMinor: number | null;
  newBalanceMinor: number | null;
  printedAt: number | null;
};

export type UnparsedBecause =
  | "not_a_receipt" // chatter, adverts, questions
  | "empty"
  | "amount_unreadable" // shaped like a receipt, but the amount is not strictly a number of this currency
  | "foreign_currency" // an operator's receipt, in money of another country
  | "amount_zero"
  | "too_long";

/** Somebody may have paid, and nothing can be credited: a person reads such a text. */
export const isUnreadMoney = (because: string | null): boolean =>
  because === "amount_unreadable" || because === "foreign_currency";

export type Unparsed = { kind: "unparsed"; because: UnparsedBecause };

/**
 * Whether a text that was read as the payment of a receipt is read as another's now, or as none. It is never processed again by itself: its
 * money stands at the first receipt, and would be credited a second time.
 */
export const isReadOtherwise = (before: unknown, now: ParsedSms): boolean => {
  const { kind, receipt } = (before ?? {}) as { kind?: unknown; receipt?: unknown };
  return kind === "payment" && typeof receipt === "string" && (now.kind !== "payment" || now.receipt !== receipt);
};

export type ParsedSms = ParsedPayment | ParsedOutgoing | ParsedReversal | Unparsed;
