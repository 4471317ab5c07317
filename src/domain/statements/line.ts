import type { Operator } from "../country.ts";
import type { FieldFault } from "../customer.ts";

/** The four layouts in which operators list what moved on a merchant line. */
export type StatementFormat = "mpesa_portal" | "mpesa_csv" | "mpesa_head_office" | "ecocash_csv";

/**
 * payment: a customer's money, claimed like any other. reversal: the operator took one back. withdrawal: money that left the
 * till; charge: what the operator took for it, often under the same receipt. treasury: money of our own that came. unfinished:
 * the operator says that it did not happen.
 */
export type LineKind = "payment" | "reversal" | "withdrawal" | "charge" | "treasury" | "unfinished";

/** A row of a statement, read strictly. */
export type StatementLine = {
  /** The number that people see beside it. */
  row: number;
  /** Canonical. */
  receipt: string;
  kind: LineKind;
  /** Above zero; which way it went is in `kind`. */
  amountMinor: number;
  at: number;
  /** Of the till after it; null: the layout has none, or the cell is empty. */
  balanceMinor: number | null;
  payerPhone: string | null;
  /** What may name an account: everything about the payer but the number. */
  text: string;
  /** Of a reversal: the receipt that was taken back; null: the row does not say. */
  linked: string | null;
  /** What this file has that receipt for, as a payment; null: it has no such payment. */
  linkedMinor: number | null;
};

/** A row that was not taken, with what is wrong. */
export type RefusedRow = { row: number; fault: FieldFault };
export type RowRead<Line = StatementLine> = { row: number; line: Line } | RefusedRow;

/** From its first instant up to before its last, UTC ms. */
export type Period = { from: number; to: number };

/** A statement that was read: its rows in the file's order. */
export type Statement = {
  format: StatementFormat;
  provider: Operator;
  period: Period;
  rows: RowRead[];
};

export const isLine = <Line>(read: RowRead<Line>): read is { row: number; line: Line } => "line" in read;

/** Money that reached the till or left it, as its balance moved. */
export const movedMinor = ({ kind, amountMinor }: Pick<StatementLine, "kind" | "amountMinor">): number =>
  kind === "unfinished" ? 0 : kind === "payment" || kind === "treasury" ? amountMinor : -amountMinor;

/** What a reversal does: the receipt that it blocks, and whether that is one for a person to look at. */
export type TakesBack = { block: string | null; result: "blocked" | "unlinked"; because: string };

/**
 * It takes back the receipt that it names where this file or our books have that with its amount. One with another amount is
 * somebody else's payment. One that nobody has waits, blocked, for its text: until then a person has to find what it is.
 */
export function takesBack(
  { linked, linkedMinor, amountMinor }: Pick<StatementLine, "linked" | "linkedMinor" | "amountMinor">,
  oursMinor: number | null,
): TakesBack {
  if (linked === null) return { block: null, result: "unlinked", because: "it names no receipt that it takes back" };
  if (linkedMinor === amountMinor || oursMinor === amountMinor)
    return { block: linked, result: "blocked", because: `takes back ${linked}` };
  if ((linkedMinor ?? oursMinor) !== null)
    return { block: null, result: "unlinked", because: `it names ${linked}, which has another amount` };
  return { block: linked, result: "unlinked", because: `it names ${linked}, which nobody has: blocked should it come` };
}
