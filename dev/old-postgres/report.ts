import type { Country } from "../../src/domain/country.ts";
import { formatKwh } from "../../src/domain/energy.ts";
import type { NotTaken } from "../../src/domain/moving-in/not-taken.ts";
import type { OldOpening } from "../../src/domain/moving-in/openings.ts";
import type { LeftForAPerson } from "../../src/domain/moving-in/records.ts";
import type { PaymentSums } from "../../src/domain/moving-in/sums.ts";
import { counts, leftLines, leftOutLines, line, paymentLines, sumsText, total } from "../moving-in/report-lines.ts";
import type { Written } from "../moving-in/written.ts";

export type PostgresFigures = {
  customers: number;
  accounts: number;
  accountsOfUnknownCustomers: number;
  meters: number;
  metersPlaced: number;
  transactions: {
    /** rows = taken + duplicates + the parked rows. */
    rows: number;
    taken: number;
    takenByKind: Record<string, number>;
    duplicates: number;
    parkedRows: Record<string, number>;
    /** Parked, and yet brought without its date: what is known of it is its receipt. */
    forReceiptAlone: number;
    /** Each is claimed, so that it credits nobody here. */
    receipts: number;
    /** Of the taken ones and those for their receipt: all, or with --since what is new. */
    toSend: number;
  };
  payments: { total: PaymentSums; bySiteAndYear: Record<string, Record<string, PaymentSums>> };
  readings: {
    rows: number;
    taken: number;
    /** By local year. */
    takenByYear: Record<string, number>;
    left: Record<string, number>;
    duplicates: number;
  };
  hours: { rows: number; implausible: number };
  openings: { total: number; balanceWh: number };
};
export type PostgresReport = {
  country: string;
  database: string;
  readAt: string;
  cutoverAt: string | null;
  since: string | null;
  missing: { tables: readonly string[]; columns: readonly { table: string; column: string }[] };
  figures: PostgresFigures;
  openings: readonly OldOpening[];
  left: readonly LeftForAPerson[];
  notTaken: readonly NotTaken[];
  /** Null: nothing was written, or not to the end. */
  written: Written | null;
};

/** The report for people. */
export function postgresReportLines(report: PostgresReport, country: Country): string[] {
  const { figures, missing, left, notTaken, since } = report;
  const { transactions, payments, openings, readings, hours } = figures;
  return [
    `${report.database}, read at ${report.readAt}${since === null ? "" : `; what is new since ${since} is sent`}`,
    ...missing.tables.map((table) => `  there is no table ${table}`),
    ...missing.columns.map(({ table, column }) => `  ${table} has no column ${column}: it stays empty`),
    "",
    line("customers", figures.customers, ""),
    line("accounts", figures.accounts, `${figures.accountsOfUnknownCustomers} of unknown customers left out`),
    line("meters", figures.meters, `${figures.metersPlaced} of them placed`),
    line("transactions", transactions.taken, `of ${transactions.rows} rows: ${counts(transactions.takenByKind)}`),
    line("  doubles", transactions.duplicates, ""),
    line("  parked rows", total(transactions.parkedRows), counts(transactions.parkedRows)),
    line("  receipts", transactions.receipts, `${transactions.forReceiptAlone} rows come for their receipt alone`),
    line("readings", readings.taken, `of ${readings.rows} rows, ${readings.duplicates} doubles`),
    line("  left out", total(readings.left), counts(readings.left)),
    line("hours", hours.rows, hours.implausible === 0 ? "" : `${hours.implausible} implausible ones left out`),
    line("openings", openings.total, `${formatKwh(openings.balanceWh)} kWh in all: credited less used, each once`),
    line("payments", payments.total.payments, sumsText(payments.total, country)),
    ...paymentLines(payments.bySiteAndYear, country),
    ...leftLines(left),
    ...leftOutLines(notTaken),
  ];
}
