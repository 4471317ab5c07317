import type { Country } from "../country.ts";
import { canonicalReceipt } from "../receipt.ts";
import type { SheetRow } from "../registration/cell.ts";
import { MONTH_FIRST, readDate } from "./dates.ts";
import { type Aliases, findHeader, type Header, textIn } from "./header.ts";
import { fault, fileFault, type LayoutReader, type RowOutcome } from "./layout.ts";
import { amountIn, kindOf, operatorWords, otherReceipt, payerOf } from "./words.ts";

const COLUMNS = {
  date: ["Date"],
  description: ["Description"],
  debit: ["Debit"],
  credit: ["Credit"],
  balance: ["Balance"],
} satisfies Aliases<string>;
type Column = keyof typeof COLUMNS;

/** Months first, and everything about a payment in one list with commas. */
export const headOffice: LayoutReader = {
  format: "mpesa_head_office",
  provider: "mpesa",
  ordered: true,
  open(rows, country) {
    const header = findHeader<Column>(rows, COLUMNS, ["date", "description", "debit", "credit", "balance"]);
    return header && { headerIndex: header.index, read: (row) => readRow(row, header, country) };
  },
};

function readRow(row: SheetRow, header: Header<Column>, country: Country): RowOutcome {
  const text = (column: Column) => textIn(row, header, column);
  const [first = "", ...others] = text("description")
    .split(",")
    .map((part) => part.trim());
  // The list begins with the receipt: letters and digits, unlike the long numbers behind it.
  const receipt = /[A-Z]/i.test(first) && /\d/.test(first) ? canonicalReceipt(first) : null;
  if (receipt === null) return fault("Description", first, "a list that begins with the operator's receipt");
  const at = readDate(text("date"), MONTH_FIRST, country);
  if (at === null) return fileFault(row.row, text("date"), MONTH_FIRST.expected);
  const [debit, credit] = [amountIn(text("debit"), country, true), amountIn(text("credit"), country)];
  if (debit === null) return fault("Debit", text("debit"), `an amount of ${country.currency}`);
  if (credit === null) return fault("Credit", text("credit"), `an amount of ${country.currency}`);
  if (debit > 0 === credit > 0)
    return fault("Credit", `${text("debit")} and ${text("credit")}`, "either Debit or Credit above 0");
  const details = others.filter((part) => !/^\d+$/.test(part)).join(", ");
  const { phone, rest } = payerOf(details, operatorWords(details), country);
  const kind = kindOf({ comesIn: credit > 0, reason: "", details, hasPayer: phone !== null }, country);
  return {
    line: {
      row: row.row,
      receipt,
      kind,
      amountMinor: credit > 0 ? credit : debit,
      at,
      balanceMinor: text("balance") === "" ? null : amountIn(text("balance"), country),
      payerPhone: phone,
      text: rest,
      linked: kind === "reversal" ? otherReceipt(operatorWords(details), receipt) : null,
      linkedMinor: null,
    },
  };
}
