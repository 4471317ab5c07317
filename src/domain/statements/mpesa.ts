import type { Country } from "../country.ts";
import { canonicalReceipt } from "../receipt.ts";
import type { SheetRow } from "../registration/cell.ts";
import { DAY_FIRST, type DateForm, ISO, readDate } from "./dates.ts";
import { type Aliases, findHeader, type Header, textIn } from "./header.ts";
import { fault, fileFault, type LayoutReader, type RowOutcome } from "./layout.ts";
import type { LineKind } from "./line.ts";
import { amountIn, columnReceipt, kindOf, operatorWords, otherReceipt, payerOf } from "./words.ts";

const COLUMNS = {
  receipt: ["Receipt No.", "Receipt", "Receipt Number"],
  completed: ["Completion Time", "Completed Time"],
  initiated: ["Initiation Time", "Initiated Time"],
  details: ["Details", "Transaction Details"],
  status: ["Transaction Status", "Status"],
  currency: ["Currency"],
  paidIn: ["Paid In", "Paid-In", "Deposit"],
  withdrawn: ["Withdrawn", "Withdrawal"],
  balance: ["Balance"],
  reason: ["Reason Type", "Reason"],
  party: ["Opposite Party", "Other Party Info", "Other Party"],
  linked: ["Linked Transaction ID", "Linked Transaction"],
} satisfies Aliases<string>;
type Column = keyof typeof COLUMNS;

const BOTH: Column[] = ["receipt", "completed", "details", "status", "paidIn", "withdrawn", "balance", "reason"];

/** The workbook of M-Pesa's organisation portal: who and when above, then the header. */
export const mpesaPortal: LayoutReader = {
  format: "mpesa_portal",
  provider: "mpesa",
  ordered: true,
  open: opener([...BOTH, "initiated", "currency"], DAY_FIRST),
};

/** The same as a text file: fewer columns, times as ISO writes them. */
export const mpesaCsv: LayoutReader = {
  format: "mpesa_csv",
  provider: "mpesa",
  ordered: true,
  open: opener([...BOTH, "party"], ISO),
};

function opener(needs: Column[], form: DateForm): LayoutReader["open"] {
  return (rows, country) => {
    const header = findHeader<Column>(rows, COLUMNS, needs);
    return header && { headerIndex: header.index, read: (row) => readRow(row, header, form, country) };
  };
}

function readRow(row: SheetRow, header: Header<Column>, form: DateForm, country: Country): RowOutcome {
  const text = (column: Column) => textIn(row, header, column);
  const receipt = canonicalReceipt(text("receipt"));
  if (receipt === null) return fault("Receipt No.", text("receipt"), "the operator's receipt");
  const at = readDate(text("completed"), form, country);
  if (at === null) return fileFault(row.row, text("completed"), form.expected);
  if (text("currency") !== "" && text("currency").toUpperCase() !== country.currency)
    return fault("Currency", text("currency"), country.currency);
  const [paidIn, withdrawn] = [amountIn(text("paidIn"), country), amountIn(text("withdrawn"), country, true)];
  if (paidIn === null) return fault("Paid In", text("paidIn"), `an amount of ${country.currency}`);
  if (withdrawn === null) return fault("Withdrawn", text("withdrawn"), `an amount of ${country.currency}`);
  if (paidIn > 0 === withdrawn > 0)
    return fault("Paid In", `${text("paidIn")} and ${text("withdrawn")}`, "either Paid In or Withdrawn above 0");
  const details = text("details");
  const { phone, rest } = payerOf(
    `${details} | ${text("party")}`,
    `${operatorWords(details)} | ${text("party")}`,
    country,
  );
  const told = { comesIn: paidIn > 0, reason: text("reason"), details, hasPayer: phone !== null };
  const kind = statusKind(text("status")) ?? kindOf(told, country);
  return {
    line: {
      row: row.row,
      receipt,
      kind,
      amountMinor: paidIn > 0 ? paidIn : withdrawn,
      at,
      balanceMinor: text("balance") === "" ? null : amountIn(text("balance"), country),
      payerPhone: phone,
      text: rest,
      linked:
        kind === "reversal" ? (columnReceipt(text("linked")) ?? otherReceipt(operatorWords(details), receipt)) : null,
      linkedMinor: null,
    },
  };
}

/** Anything but "Completed" has not happened, or not yet. */
const statusKind = (status: string): LineKind | null => (status.toLowerCase() === "completed" ? null : "unfinished");
