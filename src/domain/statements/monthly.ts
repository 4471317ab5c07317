import type { Country } from "../country.ts";
import type { FieldFault } from "../customer.ts";
import { wholeUnits } from "../decimal.ts";
import { fileFault, type Sheet, type SheetRow } from "../registration/cell.ts";
import { err, ok, type Result } from "../result.ts";
import { minorOf } from "../vendor-payment-read.ts";
import { accountOfCode } from "../vendor-reading.ts";
import { type Aliases, findHeader, textIn } from "./header.ts";
import type { RowRead } from "./line.ts";

const COLUMNS = {
  customer: ["customer_code"],
  serial: ["meter_serial"],
  energy: ["total_energy"],
} satisfies Aliases<string>;
type Column = keyof typeof COLUMNS;

const WH_DECIMALS = 3;
const firstText = ({ cells }: SheetRow) => cells.find((cell) => cell !== null)?.text.trim() ?? "";
const says = (sheet: Sheet, words: string) =>
  sheet.rows.findIndex((row) => firstText(row).toLowerCase() === words.toLowerCase());

/** What a meter, or a customer without one, used in a month by the vendor's own sum. */
export type MonthEnergy = { row: number; account: string | null; serial: string | null; energyWh: number };

/** A site's readings of a month: SUMMARY, then METER DETAILS, then the table. */
export function readMonthlyReadings(sheet: Sheet): Result<RowRead<MonthEnergy>[], FieldFault[]> {
  const details = says(sheet, "METER DETAILS");
  if (says(sheet, "SUMMARY") < 0 || details < 0)
    return err(fileFault("no SUMMARY and METER DETAILS", "a site's monthly readings, as the vendor writes them"));
  const below = sheet.rows.slice(details + 1);
  const header = findHeader<Column>(below, COLUMNS, ["customer", "serial", "energy"]);
  if (header === null)
    return err(fileFault("no table", "customer_code, meter_serial and total_energy below METER DETAILS"));
  const rows: RowRead<MonthEnergy>[] = [];
  const seen = new Set<string>();
  for (const row of below.slice(header.index + 1)) {
    const text = (column: Column) => textIn(row, header, column);
    if (row.cells.every((cell) => cell === null)) continue;
    const account = accountOfCode(text("customer"));
    const serial = /^(none|null|)$/i.test(text("serial")) ? null : text("serial").toUpperCase();
    const energyWh = wholeUnits(text("energy"), WH_DECIMALS);
    const name = `${account} ${serial}`;
    const refuse = (field: string, value: unknown, expected: string) =>
      rows.push({ row: row.row, fault: { field, value, expected } });
    if (account === null && serial === null) refuse("customer_code", text("customer"), "a customer's code, or a meter");
    else if (energyWh === null || energyWh < 0) refuse("total_energy", text("energy"), "kilowatt-hours, not below 0");
    else if (seen.has(name)) refuse("meter_serial", text("serial"), "each customer and meter once");
    else {
      seen.add(name);
      rows.push({ row: row.row, line: { row: row.row, account, serial, energyWh } });
    }
  }
  return ok(rows);
}

/** A site's payments of a month: their sum alone. */
export function readMonthlyPayments(
  sheet: Sheet,
  country: Country,
): Result<{ row: number; totalMinor: number }, FieldFault[]> {
  const found = sheet.rows.filter((row) => firstText(row).toLowerCase() === "total payments");
  const [row] = found;
  if (row === undefined || found.length > 1)
    return err(fileFault(`${found.length} lines "Total Payments"`, "one line: Total Payments,<amount>"));
  const text = row.cells.filter((cell) => cell !== null)[1]?.text.trim() ?? "";
  const totalMinor = minorOf(text, country.currency);
  return totalMinor === null || totalMinor < 0
    ? err([{ field: `row ${row.row}`, value: text, expected: `an amount of ${country.currency}, not below 0` }])
    : ok({ row: row.row, totalMinor });
}
