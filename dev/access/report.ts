import type { Country } from "../../src/domain/country.ts";
import { formatKwh, RATE_SCALE } from "../../src/domain/energy.ts";
import type { MoveFigures } from "../../src/domain/moving-in/figures.ts";
import type { MainMove } from "../../src/domain/moving-in/move.ts";
import type { NotTaken } from "../../src/domain/moving-in/not-taken.ts";
import type { LeftForAPerson } from "../../src/domain/moving-in/records.ts";
import { isOurMoney, type OldSettings } from "../../src/domain/moving-in/settings.ts";
import { counts, leftLines, leftOutLines, line, paymentLines, sumsText, total } from "../moving-in/report-lines.ts";
import type { Written } from "../moving-in/written.ts";

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

/** The report for people. */
export function reportLines(
  { files, figures, conflicts, left, notTaken, asOf }: MoveReport,
  country: Country,
): string[] {
  const { customers, accounts, meters, transactions, payments, readings, openings, settings, derived } = figures;
  return [
    ...files.flatMap(fileLines),
    "",
    line("data until", asOf, ""),
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
    ...settingLines(settings, country),
    ...paymentLines(payments.bySiteAndYear, country),
    ...(conflicts.length === 0
      ? []
      : ["", "meters that two rows say different things of; the first is taken, and where it is empty the second"]),
    ...conflicts.map(({ meter, fields }) => {
      const said = Object.entries(fields).map(
        ([name, { taken, other }]) => `${name} ${taken ?? "-"}, not ${other ?? "-"}`,
      );
      return `  ${meter.padEnd(20)} ${said.join("; ")}`;
    }),
    ...leftLines(left),
    ...leftOutLines(notTaken),
  ];
}

function settingLines(settings: OldSettings | null, country: Country): string[] {
  if (settings === null) return [line("rate", "none", "the old database has no settings")];
  const { rateE4PerKwh, rateFrom, currency, lowBalanceWh, company } = settings;
  const rate = rateE4PerKwh === null ? "none" : (rateE4PerKwh / RATE_SCALE).toFixed(4);
  const from = rateFrom === null ? "no day: it is not set" : `from ${new Date(rateFrom).toISOString()}`;
  const rest = { lowBalanceWh, company };
  const foreign = isOurMoney(settings, country) ? "" : `, and not in ${country.currency}: it is not set`;
  return [
    line("rate", rate, `${currency ?? ""} per kWh, ${from}${foreign}`),
    line("  not written", "", JSON.stringify(rest)),
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
