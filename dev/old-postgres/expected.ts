import { type Country, withClosedSites } from "../../src/domain/country.ts";
import { countByReason } from "../../src/domain/moving-in/not-taken.ts";
import { TRANSACTION_TABLE } from "../../src/domain/moving-in/postgres-transactions.ts";
import type { Expected } from "../moving-in/validate/expected.ts";
import type { MovedPostgres } from "./migrate.ts";
import { READINGS_SOURCE } from "./to-write.ts";

/** What the old database says must be here. */
export function expectedOf({ records, report }: MovedPostgres, country: Country): Expected {
  const { siteCodes } = withClosedSites(country);
  const ours = records.accounts.filter(({ account }) => siteCodes.includes(account.slice(-3)));
  const { transactions, payments, customers } = report.figures;
  const ofPostgres = records.customers.filter(({ legacyId }) => legacyId === null).length;
  const coming = new Set(ours.map(({ account }) => account));
  return {
    name: report.database,
    customersOfAccess: customers - ofPostgres,
    customersOfPostgres: ofPostgres,
    accounts: ours.length,
    metersPlaced: new Set(ours.flatMap(({ meters }) => meters.map(({ meterNumber }) => meterNumber))).size,
    sources: [TRANSACTION_TABLE],
    transactionsByKind: transactions.takenByKind,
    undated: transactions.forReceiptAlone,
    payments: payments.bySiteAndYear,
    openings: report.cutoverAt === null ? null : report.openings.filter(({ account }) => coming.has(account)),
    readings: { [READINGS_SOURCE]: report.figures.readings.takenByYear },
    explained: countByReason(report.notTaken),
    oldRows: { transactions: transactions.rows, meter_readings: report.figures.readings.rows },
  };
}
