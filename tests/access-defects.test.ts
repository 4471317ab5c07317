/** Each defect that is planted in the Access files, met as the answer key says: row by row. */
import { createHash } from "node:crypto";
import { describe, expect, it } from "vitest";
import type { NotTaken, NotTakenReason } from "../src/domain/moving-in/not-taken.ts";
import { HISTORY_TABLES } from "../src/domain/moving-in/transactions.ts";
import { key, mainFile, moved } from "./access-files.ts";

const { main, derived, readings, totals } = moved();
const { defects } = key;

type KeyRow = { table: string; ID: number; id?: number; accountnumber: string; date: string; amount: string };

const all = [...main.notTaken, ...derived.notTaken];
const leftOut = new Map(all.map((row) => [`${row.table} ${row.row}`, row]));
const named = (rows: readonly NotTaken[]) => rows.map(({ table, row }) => `${table} ${row}`).sort();
const namedByKey = (rows: KeyRow[]) => rows.map(({ table, ID, id }) => `${table} ${ID ?? id}`).sort();
const because = (reason: NotTakenReason) => all.filter((row) => row.reason === reason);
const isHistory = ({ table }: { table: string }) => HISTORY_TABLES.some((each) => each === table);
const taken = new Map(main.transactions.map((each) => [`${each.table} ${each.id}`, each]));
/** The transaction that a row of the key came over as, in its own row or in the one it is a copy of. */
const cameAs = ({ table, ID }: KeyRow) => {
  const other = leftOut.get(`${table} ${ID}`)?.sameAs;
  return taken.get(`${table} ${ID}`) ?? (other && taken.get(`${other.table} ${other.row}`));
};
const minor = (text: string) => Math.round(Number(text) * 100);

describe("a planted defect", () => {
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

  it("the same transaction in both history tables: one is taken, the other names it", () => {
    const { rows, count } = defects.same_transaction_in_both_history_tables;
    expect(rows).toHaveLength(count);
    for (const [newer, older] of rows as [number, number][]) {
      const refs = [`tblaccounthistory1 ${newer}`, `tblaccounthistoryOriginal ${older}`];
      const out = refs.flatMap((ref) => leftOut.get(ref) ?? []);
      const parked = out.filter(({ reason }) => reason === "account_unknown");
      // Both copies of a row whose account nobody knows are parked: there is no copy to take.
      if (parked.length > 0) expect(parked).toHaveLength(2);
      else {
        expect(refs.filter((ref) => taken.has(ref))).toHaveLength(1);
        expect(out.map(({ sameAs }) => `${sameAs?.table} ${sameAs?.row}`)).toEqual(
          refs.filter((ref) => taken.has(ref)),
        );
      }
    }
  });

  it("exact duplicate rows: the first is taken", () => {
    const { rows, count } = defects.exact_duplicate_rows;
    expect(rows).toHaveLength(count);
    for (const row of rows) {
      const id = row.ID ?? row.id;
      if (id === undefined) {
        const of = row.meterid ?? `${row.accountnumber} of customer ${row.customerid}`;
        // A meter row may be left out for its customer too: it is listed once for each.
        const listed = all.filter((each) => each.table === row.table && each.row === of);
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

  it("day and month swapped: exactly these rows are parked, whatever day is taken for the end of the data", () => {
    const { rows, count } = defects.swapped_day_and_month;
    expect(named(because("date_swapped"))).toEqual(namedByKey(rows));
    expect(rows).toHaveLength(count);
    expect(rows.filter((row: KeyRow) => taken.has(`${row.table} ${row.ID}`))).toEqual([]);
    const later = moved(Date.UTC(2026, 10, 28)).main;
    expect(named(later.notTaken.filter(({ reason }) => reason === "date_swapped"))).toEqual(namedByKey(rows));
    expect(later.transactions).toHaveLength(main.transactions.length);
  });

  it("a swapped row whose other copy has the right date: the transaction is taken, with that date", () => {
    const onlyOne = defects.swapped_day_and_month.rows.filter(({ how }: { how: string }) =>
      how.startsWith("one of the two"),
    );
    expect(onlyOne).toHaveLength(7);
    for (const row of onlyOne) {
      const came = cameAs(row);
      expect(came?.account).toBe(row.accountnumber.toUpperCase());
      expect(came?.wallMs).toBe(Date.parse(`${row.trueDate.replace(" ", "T")}Z`));
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

  it("kWh NULL on payments: the energy is unknown, not 0", () => {
    const { rows, count, transactions } = defects.null_kwh_on_payments;
    expect(rows).toHaveLength(count);
    for (const row of rows)
      expect(cameAs(row)).toMatchObject({ kind: "payment", energyWh: null, amountMinor: minor(row.amount) });
    expect(main.transactions.filter(({ kind, energyWh }) => kind === "payment" && energyWh === null)).toHaveLength(
      transactions,
    );
  });

  it("consumption rows with kWh in the column of money: energy, and no money", () => {
    const { transactions } = defects.consumption_rows_with_kwh_in_money_column;
    const used = main.transactions.filter(({ kind }) => kind === "consumption");
    expect(used.filter(({ amountMinor, energyWh }) => amountMinor !== null || energyWh === null)).toEqual([]);
    const parked = main.parked.filter(({ kind, isTakenElsewhere }) => kind === "consumption" && !isTakenElsewhere);
    expect(used.length + parked.length).toBe(transactions);
    // Whole watt-hours each: the sum lies within half a watt-hour a row of the old books' own.
    const kwh = used.reduce((sum, { energyWh }) => sum + (energyWh ?? 0), 0) / 1_000;
    const said = Number(defects.consumption_rows_with_kwh_in_money_column.kwhInMoneyColumnTaken);
    expect(Math.abs(kwh - said)).toBeLessThan(used.length * 0.0005);
  });

  it("payment false with money and energy both filled: of unknown kind, in no sum", () => {
    const { rows, count } = defects.flag_false_with_money_and_kwh;
    expect(rows).toHaveLength(count);
    const unknown = main.transactions.filter(({ kind }) => kind === "unknown");
    expect(unknown.map(({ table, id }) => `${table} ${id}`).sort()).toEqual(namedByKey(rows));
    for (const row of rows)
      expect(cameAs(row)).toMatchObject({
        amountMinor: minor(row.amount),
        energyWh: Math.round(Number(row.kwh) * 1_000),
      });
  });

  it("negative amounts: a payment taken back keeps its sign, of money and of energy", () => {
    const { rows, count, transactions } = defects.negative_amounts;
    expect(rows).toHaveLength(count);
    for (const row of rows) {
      const came = cameAs(row);
      expect(came).toMatchObject({ kind: "payment", amountMinor: minor(row.amount) });
      expect(came?.energyWh).toBeLessThan(0);
    }
    expect(main.transactions.filter(({ amountMinor }) => (amountMinor ?? 0) < 0)).toHaveLength(transactions);
  });

  it("amounts as currency and as double with binary noise: whole minor units", () => {
    const { rows, doublesWithNoise } = defects.amount_types;
    expect(rows).toHaveLength(doublesWithNoise);
    for (const row of rows) expect(cameAs(row)?.amountMinor).toBe(minor(row.amount));
    expect(main.transactions.filter(({ amountMinor }) => !Number.isSafeInteger(amountMinor ?? 0))).toEqual([]);
  });

  it("repeat purchases that look like duplicates: both stay", () => {
    const { rows, count } = defects.repeat_purchases_that_are_not_duplicates;
    expect(rows).toHaveLength(count);
    for (const { accountnumber, amount, dates } of rows)
      for (const date of dates) {
        const wallMs = Date.parse(`${date.replace(" ", "T")}Z`);
        const found = main.transactions.filter((each) => each.account === accountnumber && each.wallMs === wallMs);
        expect(found.map(({ amountMinor }) => amountMinor)).toContain(minor(amount));
      }
  });

  it("meters in both tables: one meter, and the fields that disagree are named", () => {
    const { conflicts, agree } = defects.meters_in_both_tables;
    const OURS: Record<string, string> = {
      accountnumber: "account",
      "customer id": "customerId",
      community: "site",
      "customer type": "customerType",
      "current status": "status",
      latitude: "latitude",
      longitude: "longitude",
    };
    type Sides = { tblmeter: unknown; copy: unknown };
    const wanted = conflicts.map(({ meter, fields }: { meter: string; fields: Record<string, Sides> }) => {
      const ours = Object.entries(fields).map(([name, { tblmeter, copy }]) => [
        OURS[name] ?? name,
        { taken: tblmeter === "" ? null : tblmeter, other: copy === "" ? null : copy },
      ]);
      return { meter, fields: Object.fromEntries(ours), other: "Copy Of tblmeter" };
    });
    const byMeter = (a: { meter: string }, b: { meter: string }) => (a.meter < b.meter ? -1 : 1);
    expect([...main.conflicts].sort(byMeter)).toEqual(wanted.sort(byMeter));
    const both = main.meters.filter(({ tables }) => tables.length === 2).map(({ meter }) => meter);
    expect(both.sort()).toEqual([...conflicts, ...agree].map(({ meter }) => meter).sort());
  });

  it("meter ids padded to 12 digits: one meter, without the zeros, in every table", () => {
    const meters = new Set(main.meters.map(({ meter }) => meter));
    for (const { canonical } of defects.meter_ids_padded_to_12_digits.rows) expect(meters).toContain(canonical);
    const seen = [...meters, ...readings.map(({ meter }) => meter), ...main.transactions.map(({ meter }) => meter)];
    expect(seen.filter((meter) => meter?.startsWith("0"))).toEqual([]);
    const file = mainFile();
    const padded = (table: Parameters<typeof file.rows>[0]) =>
      [...file.rows(table)].filter(({ meterid }) => /^0\d+$/.test(String(meterid))).length;
    for (const [table, rows] of Object.entries(defects.meter_ids_padded_to_12_digits.inOtherTables))
      expect([table, padded(table as Parameters<typeof padded>[0])]).toEqual([table, rows]);
  });

  it("meter rows of unknown customers: the meter comes, the account does not, and each row is listed", () => {
    const { rows, count } = defects.meter_rows_of_unknown_customers;
    expect(rows).toHaveLength(count);
    const meters = new Set(main.meters.map(({ meter }) => meter));
    for (const row of rows) expect(meters).toContain(row.meterid);
    const listed = because("customer_unknown");
    expect(listed.map(({ table, row }) => ({ table, meterid: row }))).toEqual(
      expect.arrayContaining(
        rows.map(({ table, meterid }: { table: string; meterid: string }) => ({ table, meterid })),
      ),
    );
    expect(listed).toHaveLength(count);
    expect(main.accountsOfUnknownCustomers.sort()).toEqual(rows.map((row: KeyRow) => row.accountnumber).sort());
  });

  it("account numbers given to a second customer: one account with two holders, one after the other", () => {
    const wanted = defects.account_numbers_reused.rows;
    for (const { account, holders } of wanted) {
      const found = main.accounts.find((each) => each.account === account);
      type Holder = { customerId: number; opened: string; terminated?: string };
      expect(found?.holders).toEqual(
        holders.map(({ customerId, opened, terminated }: Holder) => ({
          customerId,
          from: opened,
          until: terminated ?? null,
        })),
      );
    }
    expect(main.accounts.filter(({ holders }) => holders.length > 1)).toHaveLength(wanted.length);
  });

  it("customers without a service-connected date: null, and the eight that have one keep its day", () => {
    const { count, customersWithDate, customersWithTerminatedDate } = defects.service_connected_missing;
    expect(main.customers.filter(({ connectedOn }) => connectedOn === null)).toHaveLength(count);
    const dated = main.customers.flatMap(({ legacyId, connectedOn }) =>
      connectedOn === null ? [] : [{ customerId: legacyId, date: connectedOn }],
    );
    expect(dated).toEqual(customersWithDate);
    expect(main.customers.filter(({ terminatedOn }) => terminatedOn !== null)).toHaveLength(
      customersWithTerminatedDate,
    );
  });

  it("phones as integer, text and double: each one E.164", () => {
    const { rows, count } = defects.phones;
    expect(rows).toHaveLength(count);
    const byId = new Map(main.customers.map((customer) => [customer.legacyId, customer.phones]));
    for (const { customerId, e164 } of rows) expect(byId.get(customerId)).toContain(e164.slice(1));
    expect(main.customers.flatMap(({ unreadPhones }) => unreadPhones)).toEqual([]);
    expect(new Set(main.customers.flatMap(({ phones }) => phones)).size).toBe(
      new Set(rows.map(({ e164 }: { e164: string }) => e164)).size,
    );
  });

  it("names with apostrophes or letters beyond ASCII: unchanged", () => {
    const { rows, count } = defects.unicode_names;
    expect(rows).toHaveLength(count);
    const byId = new Map(main.customers.map((customer) => [customer.legacyId, customer]));
    for (const { customerId, first, middle, last } of rows)
      expect(byId.get(customerId)).toMatchObject({ firstName: first, middleName: middle || null, lastName: last });
  });

  it("empty strings beside NULL: both are missing", () => {
    const COLUMNS = {
      "MIDDLE NAME": "middleName",
      GENDER: "gender",
      "ID NUMBER": "nationalId",
      EMAIL: "email",
      "PLOT NUMBER": "plot",
      "STREET ADDRESS": "streetAddress",
      CITY: "city",
      DISTRICT: "district",
      "CUSTOMER POSITION": "position",
      NOTES: "notes",
    } as const;
    const planted = defects.empty_string_beside_null.byTable;
    for (const [column, field] of Object.entries(COLUMNS))
      expect([column, main.customers.filter((customer) => customer[field] !== null).length]).toEqual([
        column,
        planted.tblcustomer[column].filled,
      ]);
    const texts = [...main.customers, ...main.meters, ...main.transactions, ...readings].flatMap((row) =>
      Object.values(row),
    );
    expect(texts).not.toContain("");
  });

  it("memos over 255 characters: whole, over pages", () => {
    const { rows, count } = defects.long_memo;
    expect(rows).toHaveLength(count);
    for (const { table, key: of, length, sha256 } of rows) {
      const notes =
        table === "tblcustomer"
          ? main.customers.find(({ legacyId }) => legacyId === of["CUSTOMER ID"])?.notes
          : main.meters.find(({ meter }) => meter === of.meterid)?.notes;
      expect(notes).toHaveLength(length);
      expect(
        createHash("sha256")
          .update(notes ?? "", "utf8")
          .digest("hex"),
      ).toBe(sha256);
    }
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
