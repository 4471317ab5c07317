/** Both Access files, read whole: the figures equal the answer key's, and each planted defect is met as the key says. */
import { describe, expect, it } from "vitest";
import type { DerivedSums } from "../src/domain/moving-in/derived.ts";
import { figuresOf } from "../src/domain/moving-in/figures.ts";
import { key, moved } from "./access-files.ts";

const { main, derived } = moved();
const figures = figuresOf(main, derived);
const { expected } = key;

describe("what both files come to", () => {
  it("has the customers of the key", () => {
    expect(figures.customers).toEqual({
      total: expected.customers,
      bySite: expected.customersBySite,
      withAnAccount: expected.customersWithAnAccount,
      terminated: expected.customersTerminated,
    });
  });

  it("has its accounts, by site and by the tables that tie them to a customer", () => {
    expect(figures.accounts).toEqual({
      total: expected.accounts,
      bySite: expected.accountsBySite,
      byTable: {
        tblaccountnumbers: expected.accountsBySource.tblaccountnumbers,
        tblmeter: expected.accountsBySource.tblmeter,
        "Copy Of tblmeter": expected.accountsBySource.copyOfTblmeter,
      },
      reused: key.defects.account_numbers_reused.count,
      ofUnknownCustomers: expected.accountsOnlyOfUnknownCustomers,
    });
  });

  it("has its meters, each once", () => {
    expect(figures.meters).toEqual({
      total: expected.meters,
      byTable: {
        tblmeter: expected.metersBySource.tblmeter,
        "Copy Of tblmeter": expected.metersBySource.copyOfTblmeter,
      },
      inBothTables: expected.metersBySource.inBoth,
      conflicts: key.defects.meters_in_both_tables.conflicting,
    });
  });

  it("has its transactions, taken, left out as doubles, and parked", () => {
    const { distinct, duplicateRowsDropped, note: _, parkedRows, parkedTransactions, ...same } = expected.transactions;
    const { duplicates, ...found } = figures.transactions;
    expect(found).toEqual({
      ...same,
      parkedRows: inOurNames(parkedRows),
      parkedTransactions: inOurNames(parkedTransactions),
    });
    expect(duplicates).toBe(duplicateRowsDropped);
    expect(found.taken + sum(Object.values(found.parkedTransactions))).toBe(distinct);
    expect(found.taken + duplicates + sum(Object.values(found.parkedRows))).toBe(found.rows);
  });

  it("has its payments to the lisente and the watt-hour, by site and year, and what is parked", () => {
    expect(figures.payments).toEqual({ ...expected.payments, parked: inOurNames(expected.payments.parked) });
  });

  it("has its readings", () => {
    const { distinct, duplicateRowsDropped, parked, ...same } = expected.readings;
    const { duplicates, withoutPower, ...found } = figures.readings;
    expect(found).toEqual({ ...same, parked: inOurNames(parked) });
    expect(duplicates).toBe(duplicateRowsDropped);
    expect(found.taken + sum(Object.values(found.parked))).toBe(distinct);
    expect(withoutPower).toBeLessThanOrEqual(key.defects.readings_without_power.count);
  });

  it("has its settings", () => {
    expect(main.settings).toMatchObject({ rateE4PerKwh: 50_000, currency: key.currency });
    expect(main.settings?.rateE4PerKwh).toBe(expected.config.tariffMinorPerKwh * 100);
  });

  type Expected = {
    rows: number;
    distinct: number;
    distinctBySource: Record<string, number>;
    kwhBySource: Record<string, string>;
    amountMinorBySource?: Record<string, number>;
  };
  it.each(Object.entries<Expected>(expected.derived))("has %s, summed by source without rounding", (table, of) => {
    const found = figures.derived[table as keyof typeof figures.derived];
    if (found === undefined) throw new Error(`${table} was not read`);
    const by = <T>(pick: (sums: DerivedSums) => T) =>
      Object.fromEntries(Object.entries(found.bySource).map(([source, sums]) => [source, pick(sums)]));
    expect(found).toMatchObject({ rows: of.rows, distinct: of.distinct });
    expect(by(({ rows }) => rows)).toEqual(of.distinctBySource);
    const kwhE4 = Object.entries(of.kwhBySource).map(([source, kwh]) => [source, Math.round(Number(kwh) * 10_000)]);
    expect(by((sums) => sums.kwhE4)).toEqual(Object.fromEntries(kwhE4));
    if (of.amountMinorBySource !== undefined)
      expect(by(({ amountMinor }) => amountMinor)).toEqual(of.amountMinorBySource);
  });
});

const sum = (numbers: (number | undefined)[]) => numbers.reduce<number>((total, each) => total + (each ?? 0), 0);

function inOurNames<T>(byReason: Record<string, T>): Record<string, T> {
  const names: Record<string, string> = {
    date1970: "date_before_2010",
    dateFuture: "date_future",
    swappedDate: "date_swapped",
    unknownAccount: "account_unknown",
    unknownMeter: "meter_unknown",
  };
  return Object.fromEntries(Object.entries(byReason).map(([name, value]) => [names[name] ?? name, value]));
}
