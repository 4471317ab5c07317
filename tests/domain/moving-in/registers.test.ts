import { describe, expect, it } from "vitest";
import { COUNTRIES } from "../../../src/domain/country.ts";
import type { OldRow } from "../../../src/domain/moving-in/cells.ts";
import { readCustomers } from "../../../src/domain/moving-in/customers.ts";
import { readMeters } from "../../../src/domain/moving-in/meters.ts";
import { type RegisterTable, readAccounts, readRegisterRow } from "../../../src/domain/moving-in/registers.ts";

const LS = COUNTRIES.LS;
const day = (text: string) => new Date(`${text}T00:00:00Z`);
const customers = (...rows: OldRow[]) => readCustomers(rows, LS);
const known = customers(
  { "customer id": 1, "first name": "Thato", "date service terminated": day("2023-03-18") },
  { "customer id": 2, "first name": "Lineo" },
).customers;

describe("a customer", () => {
  it("has its phones from a number, a text and a double, each once", () => {
    const [customer] = customers({
      "customer id": 3,
      phone: 50_001_884,
      "cell phone 1": "+266 5000 1884",
      "cell phone 2": 26_650_003_533,
    }).customers;
    expect(customer).toMatchObject({ phones: ["26650001884", "26650003533"], unreadPhones: [] });
  });

  it("keeps what is no phone to be looked at", () => {
    const [customer] = customers({ "customer id": 3, "cell phone 1": "ask at the shop" }).customers;
    expect(customer).toMatchObject({ phones: [], unreadPhones: ["ask at the shop"] });
  });

  it("without a number names nobody; a second one of the same number is listed", () => {
    const read = customers({ "customer id": null }, { "customer id": 4 }, { "customer id": 4 });
    expect(read.customers).toHaveLength(1);
    expect(read.notTaken.map(({ reason }) => reason)).toEqual(["id_missing", "duplicate"]);
  });

  it("comes in the order of its number, from rows in any order", () => {
    expect(customers({ "customer id": 9 }, { "customer id": 2 }).customers.map(({ legacyId }) => legacyId)).toEqual([
      2, 9,
    ]);
  });
});

const register = (table: RegisterTable, cells: OldRow) => readRegisterRow(table, cells);
const numbered = (accountnumber: string, customerid: number | null, more: OldRow = {}) =>
  register("tblaccountnumbers", { accountnumber, customerid, ...more });
const metered = (accountnumber: string | null, customer: number | null, meterid = "1") =>
  register("tblmeter", { accountnumber, "customer id": customer, meterid });

describe("an account", () => {
  it("is one, whichever registers and letters it stands in", () => {
    const { accounts } = readAccounts([numbered("0003tlh", 2), metered("0003TLH", 2, "007")], known);
    expect(accounts).toMatchObject([
      { account: "0003TLH", site: "TLH", tables: ["tblaccountnumbers", "tblmeter"], meters: ["7"] },
    ]);
  });

  it("counts if one register ties it to a customer who is known, and each row that does not is listed", () => {
    const read = readAccounts(
      [metered("0003TLH", 2), metered("0003TLH", 900, "2"), metered("0004TLH", null, "3")],
      known,
    );
    expect(read.accounts.map(({ account }) => account)).toEqual(["0003TLH"]);
    expect(read.ofUnknownCustomers).toEqual(["0004TLH"]);
    expect(read.notTaken.map(({ row, reason }) => [row, reason])).toEqual([
      ["2", "customer_unknown"],
      ["3", "customer_unknown"],
    ]);
    // History of the second one is history all the same.
    expect([...read.named]).toEqual(["0003TLH", "0004TLH"]);
  });

  it("given to a second customer has two holders, one after the other, in any order of rows", () => {
    const rows = [
      numbered("0003TLH", 2, { "opened date": day("2023-06-23") }),
      numbered("0003TLH", 1, { "opened date": day("2021-03-15") }),
    ];
    const holders = [
      { customerId: 1, from: "2021-03-15", until: "2023-03-18" },
      { customerId: 2, from: "2023-06-23", until: null },
    ];
    expect(readAccounts(rows, known).accounts).toMatchObject([{ holders }]);
    expect(readAccounts([...rows].reverse(), known).accounts).toMatchObject([{ holders }]);
  });

  it("is not left by who had left before it was opened", () => {
    const { accounts } = readAccounts([numbered("0003TLH", 1, { "opened date": day("2023-09-20") })], known);
    expect(accounts).toMatchObject([{ holders: [{ customerId: 1, from: "2023-09-20", until: null }] }]);
  });

  it("where no day tells, is now with whom the present meter table names", () => {
    const { accounts } = readAccounts([metered("0003TLH", 1), numbered("0003TLH", 2)], known);
    expect(accounts[0]?.holders.map(({ customerId }) => customerId)).toEqual([2, 1]);
  });

  it("registered twice in the same words is listed once more as that", () => {
    const read = readAccounts([numbered("0003TLH", 2), numbered("0003TLH", 2)], known);
    expect(read.notTaken.map(({ reason }) => reason)).toEqual(["duplicate"]);
  });
});

describe("a meter", () => {
  const meter = (cells: OldRow): OldRow => ({
    meterid: "23097965",
    accountnumber: "0002KET",
    "customer id": 80,
    ...cells,
  });

  it("in both tables is one; the present table counts, the copy fills what is empty there", () => {
    const { meters, conflicts } = readMeters(
      [meter({ "customer type": "" })],
      [meter({ meterid: "000023097965", "customer type": "SME" })],
      LS,
    );
    expect(meters).toMatchObject([
      { meter: "23097965", tables: ["tblmeter", "Copy Of tblmeter"], customerType: "SME" },
    ]);
    expect(conflicts).toEqual([
      { meter: "23097965", fields: { customerType: { taken: null, other: "SME" } }, other: "Copy Of tblmeter" },
    ]);
  });

  it("never has its account from one row and its customer from the other", () => {
    const copy = meter({ accountnumber: "0026SHG", "customer id": 162, latitude: -29.5, longitude: 28.1 });
    const { meters } = readMeters(
      [meter({ accountnumber: "0002KET", "customer id": null, latitude: -29.9 })],
      [copy],
      LS,
    );
    expect(meters).toMatchObject([{ account: "0002KET", customerId: null, latitude: -29.5, longitude: 28.1 }]);
  });

  it("without an id is listed; twice in one table it is one, and the second row is listed", () => {
    const read = readMeters([meter({ meterid: " " })], [meter({}), meter({})], LS);
    expect(read.meters).toHaveLength(1);
    expect(read.conflicts).toEqual([]);
    expect(read.notTaken.map(({ reason }) => reason)).toEqual(["id_missing", "duplicate"]);
  });
});
