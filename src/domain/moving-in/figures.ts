import type { DerivedCounts, DerivedTable } from "./derived.ts";
import type { DerivedFileMove, MainMove } from "./move.ts";
import { countByReason, type NotTakenReason } from "./not-taken.ts";
import { REGISTER_TABLES } from "./registers.ts";
import type { OldSettings } from "./settings.ts";
import { countBy, type PaymentSums, sumBySiteAndYear, sumPayments } from "./sums.ts";
import { HISTORY_TABLES } from "./transactions.ts";

type Counts = Record<string, number>;

/** What the move comes to, in figures that can be held against the old database's own. */
export type MoveFigures = {
  customers: { total: number; bySite: Counts; withAnAccount: number; terminated: number };
  accounts: { total: number; bySite: Counts; byTable: Counts; reused: number; ofUnknownCustomers: number };
  meters: { total: number; byTable: Counts; inBothTables: number; conflicts: number };
  transactions: {
    rows: number;
    /** rows = taken + duplicates + the parked rows. */
    taken: number;
    takenByKind: Counts;
    duplicates: number;
    /** Rows that are left out though no other row has the same, by reason. */
    parkedRows: Partial<Record<NotTakenReason, number>>;
    /** The transactions of these rows; one that another row has right is not among them. */
    parkedTransactions: Partial<Record<NotTakenReason, number>>;
  };
  payments: {
    total: PaymentSums;
    bySiteAndYear: Record<string, Record<string, PaymentSums>>;
    parked: Partial<Record<NotTakenReason, PaymentSums>>;
  };
  readings: {
    rows: number;
    taken: number;
    takenByYear: Counts;
    meters: number;
    duplicates: number;
    withoutPower: number;
    parked: Partial<Record<NotTakenReason, number>>;
  };
  openings: { total: number; balanceWh: number };
  /** Null: the old database has none. */
  settings: OldSettings | null;
  derived: Partial<Record<DerivedTable, DerivedCounts>>;
};

export function figuresOf(main: MainMove, derived: DerivedFileMove | null): MoveFigures {
  const { customers, accounts, meters, transactions, parked, readings, notTaken } = main;
  const holders = new Set(accounts.flatMap((account) => account.holders.map(({ customerId }) => customerId)));
  const history = notTaken.filter(({ table }) => HISTORY_TABLES.some((each) => each === table));
  const trulyParked = parked.filter(({ isTakenElsewhere }) => !isTakenElsewhere);
  return {
    customers: {
      total: customers.length,
      bySite: countBy(customers, ({ site }) => site ?? ""),
      withAnAccount: customers.filter(({ id }) => holders.has(id)).length,
      terminated: customers.filter(({ terminatedOn }) => terminatedOn !== null).length,
    },
    accounts: {
      total: accounts.length,
      bySite: countBy(accounts, ({ site }) => site),
      byTable: Object.fromEntries(
        REGISTER_TABLES.map((table) => [table, accounts.filter(({ tables }) => tables.includes(table)).length]),
      ),
      reused: accounts.filter((account) => account.holders.length > 1).length,
      ofUnknownCustomers: main.accountsOfUnknownCustomers.length,
    },
    meters: {
      total: meters.length,
      byTable: countBy(
        meters.flatMap(({ tables }) => tables),
        (table) => table,
      ),
      inBothTables: meters.filter(({ tables }) => tables.length > 1).length,
      conflicts: main.conflicts.length,
    },
    transactions: {
      rows: main.transactionRows,
      taken: transactions.length,
      takenByKind: countBy(transactions, ({ kind }) => kind),
      duplicates: history.filter(({ reason }) => reason === "duplicate").length,
      parkedRows: reasonsOf(history),
      parkedTransactions: countBy(trulyParked, ({ reason }) => reason),
    },
    payments: {
      total: sumPayments(transactions),
      bySiteAndYear: sumBySiteAndYear(transactions),
      parked: Object.fromEntries(
        [...Map.groupBy(trulyParked, ({ reason }) => reason)].map(([reason, of]) => [reason, sumPayments(of)]),
      ),
    },
    readings: {
      ...readings,
      parked: reasonsOf(notTaken.filter(({ table }) => table.startsWith("tblmeterdata"))),
    },
    openings: {
      total: main.openings.length,
      balanceWh: main.openings.reduce((sum, { balanceWh }) => sum + balanceWh, 0),
    },
    settings: main.settings,
    derived: derived?.tables ?? {},
  };
}

/** Rows left out that are no duplicates, by reason. */
function reasonsOf(rows: MainMove["notTaken"]): Partial<Record<NotTakenReason, number>> {
  const counts: Partial<Record<NotTakenReason, number>> = {};
  for (const { reason, rows: more } of countByReason(rows))
    if (reason !== "duplicate") counts[reason] = (counts[reason] ?? 0) + more;
  return counts;
}
