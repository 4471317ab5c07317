import { type Country, withClosedSites } from "../../src/domain/country.ts";
import { countByReason } from "../../src/domain/moving-in/not-taken.ts";
import type { OldReading } from "../../src/domain/moving-in/readings.ts";
import { HISTORY_TABLES } from "../../src/domain/moving-in/transactions.ts";
import type { Expected } from "../moving-in/validate/expected.ts";
import type { Moved } from "./migrate.ts";

/** Counts readings as they are read: by the source that they have here, and local year. */
export class ReadingTally {
  readonly bySource: Record<string, Record<string, number>> = {};
  readonly #offsetMs: number;

  constructor({ utcOffsetMinutes }: Country) {
    this.#offsetMs = utcOffsetMinutes * 60_000;
  }

  readonly onReading = ({ source, readAt }: OldReading) => {
    const years = this.bySource[`access:${source}`] ?? {};
    const year = String(new Date(readAt + this.#offsetMs).getUTCFullYear());
    years[year] = (years[year] ?? 0) + 1;
    this.bySource[`access:${source}`] = years;
  };
}

/** What the Access files say must be here. */
export function expectedOf({ main, records, report }: Moved, tally: ReadingTally, country: Country): Expected {
  const { siteCodes } = withClosedSites(country);
  const ours = records.accounts.filter(({ account }) => siteCodes.includes(account.slice(-3)));
  const coming = new Set(ours.map(({ account }) => account));
  const { transactions, payments, readings } = report.figures;
  return {
    name: report.files.map(({ name }) => name).join(", "),
    customersOfAccess: records.customers.length,
    customersOfPostgres: 0,
    accounts: ours.length,
    metersPlaced: new Set(ours.flatMap(({ meters }) => meters.map(({ meterNumber }) => meterNumber))).size,
    sources: HISTORY_TABLES,
    transactionsByKind: transactions.takenByKind,
    undated: 0,
    payments: payments.bySiteAndYear,
    openings: main.openings.filter(({ account }) => coming.has(account)),
    readings: tally.bySource,
    explained: countByReason(report.notTaken),
    oldRows: { transactions: transactions.rows, readings: readings.rows },
  };
}
