import type { Country } from "../country.ts";
import { canonicalPhone } from "../phone.ts";
import { canonicalReceipt } from "../receipt.ts";
import type { SheetRow } from "../registration/cell.ts";
import { localInstant } from "../sms/reading.ts";
import { type Aliases, findHeader, type Header, textIn } from "./header.ts";
import { fault, type LayoutReader, type RowOutcome } from "./layout.ts";
import { amountIn, kindOf, payerOf } from "./words.ts";

const COLUMNS = {
  date: ["Transaction Date", "Date"],
  code: ["Approval Code"],
  amount: ["Amount"],
  type: ["Type", "Transaction Type"],
  details: ["Details"],
  phone: ["Sender MSISDN", "MSISDN"],
} satisfies Aliases<string>;
type Column = keyof typeof COLUMNS;

const CODE = /^MP(\d\d)(\d\d)(\d\d)\.(\d\d)(\d\d)\.[A-Z]\d{4,}$/;

/** Its dates come in several orders, so they are not read at all: the approval code says when, to the minute. */
export const ecocashCsv: LayoutReader = {
  format: "ecocash_csv",
  provider: "ecocash",
  ordered: false,
  open(rows, country) {
    const header = findHeader<Column>(rows, COLUMNS, ["date", "code", "amount", "type", "phone"]);
    return header && { headerIndex: header.index, read: (row) => readRow(row, header, country) };
  },
};

function readRow(row: SheetRow, header: Header<Column>, country: Country): RowOutcome {
  const text = (column: Column) => textIn(row, header, column);
  const receipt = canonicalReceipt(text("code"));
  const at = instantOfCode(receipt ?? "", country);
  if (receipt === null || at === null)
    return fault("Approval Code", text("code"), "a code with its date in it, as MP260410.1757.A12345");
  const type = text("type").toUpperCase();
  if (type !== "CREDIT" && type !== "DEBIT") return fault("Type", text("type"), "CREDIT or DEBIT");
  const amountMinor = amountIn(text("amount"), country, type === "DEBIT");
  if (amountMinor === null || amountMinor === 0)
    return fault("Amount", text("amount"), `an amount of ${country.currency} above 0`);
  const details = text("details");
  // All of it is what a payer typed: of money that came it says neither whose number nor whose money. Of money that left, any
  // word of a reversal is one for a person to look at; of which receipt it says nothing.
  const { rest } = payerOf(details, "", country);
  const kind =
    type === "CREDIT" ? "payment" : kindOf({ comesIn: false, reason: "", details, hasPayer: false }, country);
  return {
    line: {
      row: row.row,
      receipt,
      kind,
      amountMinor,
      at,
      balanceMinor: null,
      payerPhone: canonicalPhone(text("phone"), country),
      text: rest,
      linked: null,
      linkedMinor: null,
    },
  };
}

function instantOfCode(code: string, country: Country): number | null {
  const [year, month, day, hour, minute] = (CODE.exec(code) ?? []).slice(1).map(Number);
  if (year === undefined || month === undefined || day === undefined || hour === undefined || minute === undefined)
    return null;
  const at = localInstant([2000 + year, month, day, hour, minute], country);
  return at === "impossible" ? null : at;
}
