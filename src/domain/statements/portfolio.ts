import type { Country } from "../country.ts";
import type { FieldFault } from "../customer.ts";
import { localDay } from "../local-day.ts";
import { fileFault, type Sheet } from "../registration/cell.ts";
import { err, ok, type Result } from "../result.ts";
import { minorOf } from "../vendor-payment-read.ts";
import { accountOfCode } from "../vendor-reading.ts";
import { type DateForm, readDate } from "./dates.ts";
import { type Aliases, findHeader, textIn } from "./header.ts";
import type { RowRead } from "./line.ts";

const COLUMNS = {
  site: ["site_name", "Site", "Site Name"],
  date: ["processed_date", "Created"],
  amount: ["amount"],
  status: ["status", "State"],
  type: ["type"],
  customer: ["customer_code", "To"],
  serial: ["meter_serial_number", "Meter Serial"],
  by: ["creator_name", "User"],
} satisfies Aliases<string>;
type Column = keyof typeof COLUMNS;

/** The vendor's own clock is UTC. The second form has a day alone. */
const FORMS: readonly DateForm[] = [
  {
    expected: "a date as 2026-04-10 or 2026-04-10 17:57:03, as in the rows above",
    pattern:
      /^(?<y>\d{4})-(?<m>\d{2})-(?<d>\d{2})(?:[T ](?<h>\d{2}):(?<min>\d{2}):(?<s>\d{2})(?:\.\d{1,6})?(?<zone>Z|[+-]\d{2}:?\d{2})?)?$/,
  },
  {
    expected: "a date as 04/10/2026, month first, as in the rows above",
    pattern: /^(?<m>\d{2})\/(?<d>\d{2})\/(?<y>\d{4})$/,
  },
];
const UTC = { utcOffsetMinutes: 0 };

/** A payment on the vendor's platform, as its export lists it. Reversals are below nought. */
export type VendorPayment = {
  row: number;
  /** Names it: the export has no number of its own. Of rows that are alike in all, `#2` is the second. */
  key: string;
  siteName: string;
  /** Of the customer's code; null: it has none. */
  site: string | null;
  account: string | null;
  serial: string | null;
  /** The local day; with a time in the file, of that instant. */
  day: string;
  amountMinor: number;
  kind: "payment" | "reversal";
  /** What is not processed is kept, and counts nowhere. */
  processed: boolean;
  by: string | null;
};

/** A portfolio's payments, as somebody downloads them by hand. */
export function readPortfolio(sheet: Sheet, country: Country): Result<RowRead<VendorPayment>[], FieldFault[]> {
  const header = findHeader<Column>(sheet.rows, COLUMNS, ["site", "date", "amount", "status", "type", "customer"]);
  if (header === null) return err(fileFault("no header", "the columns of a portfolio's payments export"));
  const rows: RowRead<VendorPayment>[] = [];
  const seen = new Map<string, number>();
  let form: DateForm | null = null;
  for (const row of sheet.rows.slice(header.index + 1)) {
    const text = (column: Column) => textIn(row, header, column);
    if (row.cells.every((cell) => cell === null)) continue;
    // One form for the whole column, that of its first row: the two have no text in common.
    form ??= FORMS.find(({ pattern }) => pattern.test(text("date"))) ?? null;
    const at = form === null ? null : readDate(text("date"), form, UTC);
    if (form === null || at === null)
      return err([
        { field: `row ${row.row}`, value: text("date"), expected: form?.expected ?? FORMS[0]?.expected ?? "" },
      ]);
    const hasTime = text("date").includes(":");
    const kind = text("type").toLowerCase();
    const amountMinor = minorOf(text("amount"), country.currency);
    const refuse = (field: string, value: unknown, expected: string) =>
      rows.push({ row: row.row, fault: { field, value, expected } });
    if (kind !== "payment" && kind !== "reversal") refuse("type", text("type"), "payment or reversal");
    else if (amountMinor === null || amountMinor === 0)
      refuse("amount", text("amount"), `an amount of ${country.currency}`);
    else if (kind === "reversal" ? amountMinor > 0 : amountMinor < 0)
      refuse("amount", text("amount"), kind === "reversal" ? "a reversal below 0" : "a payment above 0");
    else {
      const account = accountOfCode(text("customer"));
      const named = [
        text("site"),
        account ?? text("customer"),
        text("serial").toUpperCase(),
        text("date"),
        amountMinor,
      ];
      const name = [...named, kind, text("status").toLowerCase()].join("|");
      const nth = (seen.get(name) ?? 0) + 1;
      seen.set(name, nth);
      rows.push({
        row: row.row,
        line: {
          row: row.row,
          key: nth === 1 ? name : `${name}#${nth}`,
          siteName: text("site"),
          site: account === null ? null : account.slice(4),
          account,
          serial: text("serial") === "" ? null : text("serial").toUpperCase(),
          day: hasTime ? localDay(at, country.utcOffsetMinutes) : new Date(at).toISOString().slice(0, 10),
          amountMinor,
          kind,
          processed: text("status").toLowerCase() === "processed",
          by: text("by") === "" ? null : text("by"),
        },
      });
    }
  }
  return ok(rows);
}
