import { once } from "node:events";
import { createWriteStream } from "node:fs";
import type { Country } from "../../src/domain/country.ts";
import { formatKwh } from "../../src/domain/energy.ts";
import { formatMoney } from "../../src/domain/money.ts";
import type { MoveFigures } from "../../src/domain/moving-in/figures.ts";
import type { MainMove } from "../../src/domain/moving-in/move.ts";
import { countByReason, type NotTaken, type NotTakenReason } from "../../src/domain/moving-in/not-taken.ts";
import type { LeftForAPerson } from "../../src/domain/moving-in/records.ts";
import type { PaymentSums } from "../../src/domain/moving-in/sums.ts";
import type { Written } from "./written.ts";

/** Rows shown of each table and reason; all of them are in the report's file. */
const EXAMPLES_MAX = 3;
const NAME_CHARS = 24;
const COUNT_CHARS = 10;

export type FileFacts = {
  name: string;
  bytes: number;
  sha256: string;
  rows: Record<string, { found: number; said: number }>;
  missingColumns: readonly { table: string; column: string }[];
};
export type MoveReport = {
  country: string;
  /** The day after which no date of the main file is believed. */
  asOf: string;
  files: FileFacts[];
  figures: MoveFigures;
  conflicts: MainMove["conflicts"];
  openings: MainMove["openings"];
  /** What comes over in part, or needs a person. */
  left: readonly LeftForAPerson[];
  notTaken: readonly NotTaken[];
  /** Null: nothing was written, or not to the end. */
  written: Written | null;
};

const SAID: Record<NotTakenReason, string> = {
  duplicate: "the same as another row, which is taken",
  differs: "of the same thing as another row, and says something else of it: the first one is taken",
  date_missing: "no date",
  date_before_2010: "a date of 1970: parked",
  date_future: "dated after the end of the data: parked",
  date_swapped: "day and month changed places: parked, a person says which it is",
  account_unknown: "an account of no register: parked",
  meter_unknown: "a meter of neither meter table: parked",
  customer_unknown: "its customer is not in the customer table: the account does not come",
  id_missing: "nothing names the row",
  number_unreadable: "money or energy that is no number",
};

const LEFT: Record<LeftForAPerson["what"], string> = {
  field_left_empty: "fields that do not read and stay empty",
  name_missing: "customers without a name",
  earlier_holder: "customers who had an account before its present holder: the account goes to the present one",
  meter_not_placed: "meters that hang on no account",
  primary_meter_unclear: "accounts with several meters of which none is alone in use",
};

/** The report for people. */
export function reportLines(
  { files, figures, conflicts, left, notTaken, asOf }: MoveReport,
  country: Country,
): string[] {
  const { customers, accounts, meters, transactions, payments, readings, openings, derived } = figures;
  return [
    ...files.flatMap(fileLines),
    "",
    `${"data until".padEnd(NAME_CHARS)} ${asOf.padStart(COUNT_CHARS)}`,
    line(
      "customers",
      customers.total,
      `${customers.withAnAccount} with an account, ${customers.terminated} terminated`,
    ),
    line(
      "accounts",
      accounts.total,
      `${accounts.reused} given to a second customer, ${accounts.ofUnknownCustomers} of unknown customers left out`,
    ),
    line("meters", meters.total, `${meters.inBothTables} in both tables, ${meters.conflicts} of them disagree`),
    line("transactions", transactions.taken, `of ${transactions.rows} rows: ${counts(transactions.takenByKind)}`),
    line("  doubles", transactions.duplicates, ""),
    line("  parked rows", total(transactions.parkedRows), counts(transactions.parkedRows)),
    line(
      "readings",
      readings.taken,
      `of ${readings.rows} rows, ${readings.meters} meters, ${readings.duplicates} doubles`,
    ),
    line("  parked rows", total(readings.parked), counts(readings.parked)),
    line("openings", openings.total, `${formatKwh(openings.balanceWh)} kWh in all, by the old books' last balances`),
    line("payments", payments.total.payments, sumsText(payments.total, country)),
    ...Object.entries(payments.parked).map(([reason, sums]) =>
      line(`  ${reason}`, sums.payments, sumsText(sums, country)),
    ),
    ...Object.entries(derived).map(([table, { distinct, rows }]) => line(table, distinct, `of ${rows} rows`)),
    "",
    "payments by site and year",
    ...Object.entries(payments.bySiteAndYear).flatMap(([site, years]) =>
      Object.entries(years).map(([year, sums]) => line(`  ${site} ${year}`, sums.payments, sumsText(sums, country))),
    ),
    ...(conflicts.length === 0
      ? []
      : ["", "meters that two rows say different things of; the first is taken, and where it is empty the second"]),
    ...conflicts.map(({ meter, fields }) => {
      const said = Object.entries(fields).map(
        ([name, { taken, other }]) => `${name} ${taken ?? "-"}, not ${other ?? "-"}`,
      );
      return `  ${meter.padEnd(20)} ${said.join("; ")}`;
    }),
    ...(left.length === 0 ? [] : ["", "for a person"]),
    ...[...Map.groupBy(left, ({ what }) => what)].flatMap(([what, all]) => [
      `  ${all.length} ${LEFT[what]}`,
      ...all.slice(0, EXAMPLES_MAX).map(({ subject, detail }) => `    ${subject}: ${detail}`),
      ...moreLine(all.length),
    ]),
    ...(notTaken.length === 0 ? [] : ["", "rows left out"]),
    ...leftOutLines(notTaken),
  ];
}

function fileLines({ name, bytes, sha256, rows, missingColumns }: FileFacts): string[] {
  const wrong = Object.entries(rows).filter(([, { found, said }]) => found !== said);
  return [
    `${name}  ${(bytes / 1_000_000).toFixed(1)} MB  sha256 ${sha256}`,
    ...wrong.map(
      ([table, { found, said }]) =>
        `  ${table} says it has ${said} rows, and ${found} were found: repair the file in Access`,
    ),
    ...missingColumns.map(({ table, column }) => `  ${table} has no column [${column}]: it stays empty`),
  ];
}

function leftOutLines(notTaken: readonly NotTaken[]): string[] {
  const groups = Map.groupBy(notTaken, ({ table, reason }) => `${table}\n${reason}`);
  return countByReason(notTaken).flatMap(({ table, reason, rows }) => [
    `  ${table}: ${rows} ${rows === 1 ? "row" : "rows"}, ${SAID[reason]}`,
    ...(groups.get(`${table}\n${reason}`) ?? []).slice(0, EXAMPLES_MAX).map(exampleLine),
    ...moreLine(rows),
  ]);
}

const moreLine = (rows: number) => (rows > EXAMPLES_MAX ? [`    and ${rows - EXAMPLES_MAX} more in the report`] : []);

function exampleLine({ row, said, sameAs }: NotTaken): string {
  const cells = Object.entries(said).map(([name, value]) => `${name} ${value ?? "-"}`);
  return `    ${row}: ${cells.join(", ")}${sameAs === undefined ? "" : ` = ${sameAs.table} ${sameAs.row}`}`;
}

const line = (name: string, count: number, more: string) =>
  `${name.padEnd(NAME_CHARS)} ${String(count).padStart(COUNT_CHARS)}  ${more}`.trimEnd();
const counts = (of: Record<string, number | undefined>) =>
  Object.entries(of)
    .map(([name, count]) => `${name} ${count}`)
    .join(", ");
const total = (of: Record<string, number | undefined>) =>
  Object.values(of).reduce<number>((sum, count) => sum + (count ?? 0), 0);

function sumsText({ amountMinor, energyWh, ofThemNegative, ofThemWithNullKwh }: PaymentSums, country: Country): string {
  return [
    `${formatMoney(amountMinor, country)}, ${formatKwh(energyWh)} kWh`,
    ...(ofThemNegative > 0 ? [`${ofThemNegative} taken back`] : []),
    ...(ofThemWithNullKwh > 0 ? [`${ofThemWithNullKwh} without kWh`] : []),
  ].join(", ");
}

/** The same as JSON, a row a line, so that a report of millions of rows is no one text in memory. */
export async function writeReport(path: string, { notTaken, left, openings, ...rest }: MoveReport): Promise<void> {
  const out = createWriteStream(path, { encoding: "utf8" });
  const write = async (text: string) => {
    if (!out.write(text)) await once(out, "drain");
  };
  await write(`${JSON.stringify(rest, null, 1).slice(0, -2)},\n "openings": `);
  await writeRows(write, openings);
  await write(`,\n "left": `);
  await writeRows(write, left);
  await write(`,\n "notTaken": `);
  await writeRows(write, notTaken);
  out.end("\n}\n");
  await once(out, "finish");
}

async function writeRows(write: (text: string) => Promise<void>, rows: readonly object[]): Promise<void> {
  await write("[");
  for (const [at, row] of rows.entries()) await write(`${at === 0 ? "" : ","}\n  ${JSON.stringify(row)}`);
  await write(rows.length === 0 ? "]" : "\n ]");
}
