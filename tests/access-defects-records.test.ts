/** Defects planted in the customers, accounts and meters of the Access files, met as the answer key says: row by row. */
import { createHash } from "node:crypto";
import { describe, expect, it } from "vitest";
import { mainFile } from "./access-files.ts";
import { because, defects, type KeyRow, main, readings } from "./access-rows.ts";

describe("a planted defect of customers, accounts and meters", () => {
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
});
