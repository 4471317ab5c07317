import { describe, expect, it } from "vitest";
import { COUNTRIES } from "../../../src/domain/country.ts";
import { readLegacyRow } from "../../../src/domain/legacy.ts";
import type { OldRow } from "../../../src/domain/moving-in/cells.ts";
import { readCustomers } from "../../../src/domain/moving-in/customers.ts";
import { legacyRowOf } from "../../../src/domain/moving-in/legacy-row.ts";
import { readMeters } from "../../../src/domain/moving-in/meters.ts";
import { recordsOf } from "../../../src/domain/moving-in/records.ts";
import type { OldAccount } from "../../../src/domain/moving-in/registers.ts";
import { legacyTransactionOf, type OldTransaction } from "../../../src/domain/moving-in/transactions.ts";
import { moved } from "../../access-files.ts";

const LS = COUNTRIES.LS;
const account = (over: Partial<OldAccount> = {}): OldAccount => ({
  account: "0045MAK",
  site: "MAK",
  tables: ["tblmeter"],
  holders: [{ customerId: 1, from: "2021-03-15", until: null }],
  meters: [],
  ...over,
});
const records = (given: {
  customer?: OldRow;
  meters?: OldRow[];
  account?: Partial<OldAccount>;
  transactions?: OldTransaction[];
}) =>
  recordsOf(
    {
      customers: readCustomers(
        [{ "customer id": 1, "first name": "Thato", "last name": "Mokoena", ...given.customer }],
        LS,
      ).customers,
      accounts: [account(given.account)],
      meters: readMeters(
        (given.meters ?? []).map((meter) => ({ accountnumber: "0045MAK", ...meter })),
        [],
        LS,
      ).meters,
      transactions: given.transactions ?? [],
    },
    LS,
  );

describe("a customer of the old database", () => {
  it("has the type that stands beside the meter where its own row has none", () => {
    const { customers } = records({ meters: [{ meterid: "7", "customer type": "sme" }] });
    expect(customers).toMatchObject([{ legacyId: 1, fields: { name: "Thato Mokoena", customerType: "SME" } }]);
  });

  it("keeps what reads and lists what does not: a place in the sea takes no name away", () => {
    const { customers, left } = records({
      customer: {
        "gps x": 12.5,
        "gps y": -29.5,
        "concession name": "XXX",
        "cell phone 1": "none",
        "customer position": "KING",
      },
    });
    expect(customers).toMatchObject([
      { fields: { name: "Thato Mokoena", latitude: null, longitude: null, site: null } },
    ]);
    expect(left.map(({ what, detail }) => [what, detail.split(/[ ,]/)[0]])).toEqual([
      ["field_left_empty", "phone"],
      ["field_left_empty", "site"],
      ["field_left_empty", "latitude"],
      ["field_left_empty", "type"],
    ]);
  });

  it("without a name is called by its number, and listed", () => {
    const { customers, left } = records({ customer: { "first name": " ", "last name": null } });
    expect(customers).toMatchObject([{ fields: { name: "Customer 1" } }]);
    expect(left).toMatchObject([{ what: "name_missing", subject: "customer 1" }]);
  });
});

describe("an account of the old database", () => {
  it("goes to who has it now, and lists who had it before", () => {
    const holders = [
      { customerId: 9, from: "2021-03-15", until: "2023-03-18" },
      { customerId: 1, from: "2023-06-23", until: null },
    ];
    const { accounts, left } = records({ account: { holders } });
    expect(accounts).toMatchObject([{ legacyId: 1, openedAt: Date.parse("2023-06-22T22:00:00Z"), terminatedAt: null }]);
    expect(left).toMatchObject([{ what: "earlier_holder", subject: "customer 9" }]);
  });

  it("that has ended has no meters, and did not begin after it ended", () => {
    const holders = [{ customerId: 1, from: null, until: "2023-03-18" }];
    const customer = { "record create date": new Date("2024-01-01T00:00:00Z") };
    const [ended] = records({ account: { holders }, customer, meters: [{ meterid: "7" }] }).accounts;
    expect(ended).toMatchObject({ meters: [], terminatedAt: Date.parse("2023-03-17T22:00:00Z") });
    expect(ended?.openedAt).toBe(ended?.terminatedAt);
  });

  it.each([
    ["one meter, in any state", [["1", "faulty"]], ["1 primary"]],
    [
      "one that is alone in use",
      [
        ["1", "active"],
        ["2", "inactive"],
      ],
      ["1 primary", "2 check"],
    ],
    [
      "two in use: a person says which debits",
      [
        ["1", "active"],
        ["2", "active"],
      ],
      ["1 check", "2 check"],
    ],
    [
      "one retired and one in store",
      [
        ["1", "retired"],
        ["2", "stock"],
        ["3", null],
      ],
      ["3 primary"],
    ],
  ])("has %s", (_, given, expected) => {
    const meters = given.map(([meterid, status]) => ({ meterid: meterid ?? "", "current status": status ?? null }));
    const { accounts, left } = records({ meters });
    expect(accounts[0]?.meters.map(({ meterNumber, role }) => `${meterNumber} ${role}`)).toEqual(expected);
    expect(left.some(({ what }) => what === "primary_meter_unclear")).toBe(
      !expected.some((each) => each.includes("primary")),
    );
  });
});

it("every transaction of the files, sent as a row of the old books, is read there as it is here", () => {
  const { transactions } = moved().main;
  const now = Date.UTC(2026, 10, 28);
  for (const row of transactions) {
    const read = readLegacyRow(legacyRowOf(row, LS), LS, "", now);
    expect(read).toMatchObject({ ok: true, value: { dateDoubted: false, transaction: legacyTransactionOf(row, LS) } });
  }
  expect(transactions.length).toBeGreaterThan(5_000);
});
