import type { Country } from "../country.ts";
import type { OldRow } from "./cells.ts";
import { CUSTOMER_TABLE, type OldCustomer, readCustomers } from "./customers.ts";
import { DERIVED_TABLES, type DerivedCounts, DerivedMove, type DerivedRow, type DerivedTable } from "./derived.ts";
import { type MeterConflict, type OldMeter, readMeters } from "./meters.ts";
import type { NotTaken } from "./not-taken.ts";
import { type OldOpening, openingsOf } from "./openings.ts";
import { type OldReading, READING_TABLES, type ReadingCounts, ReadingMove } from "./readings.ts";
import {
  METER_COPY_TABLE,
  METER_TABLE,
  type OldAccount,
  REGISTER_TABLES,
  readAccounts,
  readRegisterRow,
} from "./registers.ts";
import { type OldSettings, readSettings, SETTINGS_TABLE } from "./settings.ts";
import type { OldTable } from "./tables.ts";
import {
  HISTORY_TABLES,
  HistoryReader,
  type HistoryRow,
  mergeHistories,
  type OldTransaction,
  type ParkedTransaction,
} from "./transactions.ts";

/** A file of the old database. Each table can be gone through once, and its rows come in no order. */
export type OldFile = { rows: (table: OldTable) => Iterable<OldRow> };

export type MoveRules = {
  country: Country;
  /** The end of this file's data, as wall time: what is dated later is not believed. */
  untilWall: number;
};

/** What the main file gives: rows as they may be written, and every row that may not, with its reason. */
export type MainMove = {
  customers: OldCustomer[];
  accounts: OldAccount[];
  /** Accounts that only rows of unknown customers name. */
  accountsOfUnknownCustomers: string[];
  meters: OldMeter[];
  conflicts: MeterConflict[];
  transactions: OldTransaction[];
  transactionRows: number;
  parked: ParkedTransaction[];
  openings: OldOpening[];
  readings: ReadingCounts;
  settings: OldSettings | null;
  notTaken: NotTaken[];
};

/** Reads the main file. Readings are too many to hold: each one that is taken goes to `onReading`. */
export function readMainFile(
  file: OldFile,
  { country, untilWall }: MoveRules,
  onReading: (reading: OldReading) => void,
): MainMove {
  const { customers, notTaken: customerRows } = inTable(CUSTOMER_TABLE, () =>
    readCustomers([...file.rows(CUSTOMER_TABLE)], country),
  );
  const registers = new Map(REGISTER_TABLES.map((table) => [table, [...file.rows(table)]]));
  const {
    accounts,
    named,
    ofUnknownCustomers,
    notTaken: registerRows,
  } = readAccounts(
    REGISTER_TABLES.flatMap((table) =>
      inTable(table, () => (registers.get(table) ?? []).map((row) => readRegisterRow(table, row))),
    ),
    customers,
  );
  const {
    meters,
    conflicts,
    notTaken: meterRows,
  } = readMeters(registers.get(METER_TABLE) ?? [], registers.get(METER_COPY_TABLE) ?? [], country);
  const history = readHistory(file, country);
  const merged = mergeHistories(history.rows, named, untilWall);
  const readings = new ReadingMove(new Set(meters.map(({ meter }) => meter)), untilWall, country);
  for (const table of READING_TABLES)
    inTable(table, () => {
      for (const row of file.rows(table)) {
        const reading = readings.read(table, row);
        if (reading !== null) onReading(reading);
      }
    });
  return {
    customers,
    accounts,
    accountsOfUnknownCustomers: ofUnknownCustomers,
    meters,
    conflicts,
    transactions: merged.taken,
    transactionRows: history.rows.length + history.notTaken.length,
    parked: merged.parked,
    openings: openingsOf(merged.taken, country),
    readings: readings.counts,
    settings: inTable(SETTINGS_TABLE, () => readSettings([...file.rows(SETTINGS_TABLE)], country)),
    notTaken: [
      ...customerRows,
      ...registerRows,
      ...meterRows,
      ...history.notTaken,
      ...merged.notTaken,
      ...readings.notTaken,
    ],
  };
}

function readHistory(file: OldFile, country: Country): { rows: HistoryRow[]; notTaken: NotTaken[] } {
  const rows: HistoryRow[] = [];
  const notTaken: NotTaken[] = [];
  const reader = new HistoryReader(country);
  for (const table of HISTORY_TABLES)
    inTable(table, () => {
      for (const cells of file.rows(table)) {
        const row = reader.read(table, cells);
        if ("reason" in row) notTaken.push(row);
        else rows.push(row);
      }
    });
  return { rows, notTaken };
}

/** A cell of another type than its column should have is said with its table. */
function inTable<T>(table: string, work: () => T): T {
  try {
    return work();
  } catch (thrown) {
    if (thrown instanceof TypeError) throw new TypeError(`${table}: ${thrown.message}`, { cause: thrown });
    throw thrown;
  }
}

export type DerivedFileMove = { tables: Record<DerivedTable, DerivedCounts>; notTaken: NotTaken[] };

/** Reads the file of totals that the old system had made. Each total goes to `onRow`. */
export function readDerivedFile(
  file: OldFile,
  { country, untilWall }: MoveRules,
  onRow: (row: DerivedRow) => void,
): DerivedFileMove {
  const notTaken: NotTaken[] = [];
  const counts = (table: DerivedTable): DerivedCounts => {
    const move = new DerivedMove(table, untilWall, country);
    inTable(table, () => {
      for (const cells of file.rows(table)) {
        const row = move.read(cells);
        if (row !== null) onRow(row);
      }
    });
    for (const row of move.notTaken) notTaken.push(row);
    return move.counts;
  };
  const tables = Object.fromEntries(DERIVED_TABLES.map((table) => [table, counts(table)]));
  return { tables: tables as Record<DerivedTable, DerivedCounts>, notTaken };
}
