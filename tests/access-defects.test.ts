/** Defects planted in rows of any table, in readings and in totals, met as the answer key says; and that none is left out. */
import { describe, expect, it } from "vitest";
import { HISTORY_TABLES } from "../src/domain/moving-in/transactions.ts";
import { key } from "./access-files.ts";
import {
  because,
  cameAs,
  defects,
  derived,
  isHistory,
  type KeyRow,
  leftOut,
  leftOutRows,
  main,
  named,
  namedByKey,
  readings,
  taken,
  totals,
} from "./access-rows.ts";

describe("a planted defect of any row", () => {
  it("account numbers in mixed letter case: every row counts for the account in capitals", () => {
    const { rows, count } = defects.account_letter_case;
    expect(rows).toHaveLength(count);
    const accounts = new Set(main.accounts.map(({ account }) => account));
    const inTotals = new Set(totals.map(({ account }) => account));
    for (const { table, ID, canonical } of rows) {
      if (isHistory({ table })) expect(cameAs({ table, ID } as KeyRow)?.account).toBe(canonical);
      else
        expect(table.startsWith("tblmonthly") || table === "tblhourlyconsumption" ? inTotals : accounts).toContain(
          canonical,
        );
    }
    expect(
      [...accounts, ...main.transactions.map(({ account }) => account)].filter((a) => a !== a?.toUpperCase()),
    ).toEqual([]);
  });

  it("exact duplicate rows: the first is taken", () => {
    const { rows, count } = defects.exact_duplicate_rows;
    expect(rows).toHaveLength(count);
    for (const row of rows) {
      const id = row.ID ?? row.id;
      if (id === undefined) {
        const of = row.meterid ?? `${row.accountnumber} of customer ${row.customerid}`;
        // A meter row may be left out for its customer too: it is listed once for each.
        const listed = leftOutRows.filter((each) => each.table === row.table && each.row === of);
        expect(listed.map(({ reason }) => reason)).toContain("duplicate");
        continue;
      }
      const [out, first] = [
        leftOut.get(`${row.table} ${id}`),
        leftOut.get(`${row.table} ${row.sameAsID ?? row.sameAsId}`),
      ];
      expect(out).toMatchObject({ reason: "duplicate" });
      // The row that it repeats is the one taken, or is itself the copy of a row of the other table.
      expect(out?.sameAs).toEqual(first?.sameAs ?? { table: row.table, row: String(row.sameAsID ?? row.sameAsId) });
    }
  });

  it("dates of 1970 and of the future: exactly these rows are parked, in history and in readings", () => {
    expect(named(because("date_before_2010"))).toEqual(namedByKey(defects.date_1970.rows));
    expect(named(because("date_future"))).toEqual(namedByKey(defects.date_in_the_future.rows));
    expect(defects.date_1970.rows).toHaveLength(defects.date_1970.count);
    expect(defects.date_in_the_future.rows).toHaveLength(defects.date_in_the_future.count);
  });

  it("unknown accounts and meters: exactly these rows are parked", () => {
    const { rows, count, history, historyTransactions } = defects.unknown_accounts;
    expect(rows).toHaveLength(count);
    expect(named([...because("account_unknown"), ...because("meter_unknown")])).toEqual(namedByKey(rows));
    expect(because("account_unknown")).toHaveLength(history);
    expect(main.parked.filter(({ reason }) => reason === "account_unknown")).toHaveLength(historyTransactions);
  });

  it("the same reading in two tables, also under two spellings of the meter: one is taken", () => {
    const { rows, count } = defects.same_reading_in_two_tables;
    expect(rows).toHaveLength(count);
    for (const { rows: copies } of rows as { rows: KeyRow[] }[]) {
      const out = copies.flatMap(({ table, ID }) => leftOut.get(`${table} ${ID}`) ?? []);
      expect(out).toHaveLength(copies.length - 1);
      expect(out[0]).toMatchObject({ reason: "duplicate" });
    }
    const distinct = new Set(readings.map(({ meter, readAt }) => `${meter} ${readAt}`));
    expect(distinct.size).toBe(readings.length);
  });

  it("readings without power: the register comes, the power is unknown", () => {
    const without = readings.filter(({ powerW }) => powerW === null);
    expect(without).toHaveLength(defects.readings_without_power.count);
    expect(without.filter(({ registerWh }) => registerWh <= 0)).toEqual([]);
  });

  it("derived rows with a meter id as account: no account, and the meter named", () => {
    const { rows, count } = defects.derived_rows_with_a_meter_id_as_account;
    expect(rows).toHaveLength(count);
    const found = Object.values(derived.tables).reduce((sum, { accountIsMeter }) => sum + accountIsMeter, 0);
    expect(found).toBe(count);
    const withoutAccount = totals
      .filter(({ account }) => account === null)
      .map(({ table, meter }) => `${table} ${meter}`);
    expect(withoutAccount.sort()).toEqual(
      rows
        .map(({ table, meterid }: { table: string; meterid: string }) => `${table} ${meterid.replace(/^0+/, "")}`)
        .sort(),
    );
  });

  it("rows deleted in Access do not come back, and rows that had moved in the file are there", () => {
    const { movedCustomers, note: _, ...deleted } = key.deletedRows;
    const customers = new Set(main.customers.map(({ legacyId }) => legacyId));
    for (const id of movedCustomers) expect(customers).toContain(id);
    for (const id of deleted.tblcustomer) expect(customers).not.toContain(id);
    for (const table of HISTORY_TABLES)
      for (const id of deleted[table]) expect(taken.has(`${table} ${id}`) || leftOut.has(`${table} ${id}`)).toBe(false);
  });
});

it("knows of every kind of defect that the key lists", () => {
  expect(Object.keys(defects).sort()).toEqual(
    [
      "account_letter_case",
      "account_numbers_reused",
      "amount_types",
      "consumption_rows_with_kwh_in_money_column",
      "date_1970",
      "date_in_the_future",
      "derived_rows_with_a_meter_id_as_account",
      "empty_string_beside_null",
      "exact_duplicate_rows",
      "flag_false_with_money_and_kwh",
      "long_memo",
      "meter_ids_padded_to_12_digits",
      "meter_rows_of_unknown_customers",
      "meters_in_both_tables",
      "negative_amounts",
      "null_kwh_on_payments",
      "phones",
      "readings_without_power",
      "repeat_purchases_that_are_not_duplicates",
      "same_reading_in_two_tables",
      "same_transaction_in_both_history_tables",
      "service_connected_missing",
      "swapped_day_and_month",
      "unicode_names",
      "unknown_accounts",
    ].sort(),
  );
});
