import { describe, expect, it } from "vitest";
import { COUNTRIES } from "../../../src/domain/country.ts";
import type { OldRow } from "../../../src/domain/moving-in/cells.ts";
import { openingsOf } from "../../../src/domain/moving-in/openings.ts";
import {
  HistoryReader,
  type HistoryRow,
  type HistoryTable,
  legacyTransactionOf,
  mergeHistories,
} from "../../../src/domain/moving-in/transactions.ts";

const NEW = "tblaccounthistory1";
const OLD = "tblaccounthistoryOriginal";
const UNTIL = Date.parse("2025-10-16T23:59:59Z");

/** A payment of 20.00 on 1 March 2024 by 0045MAK, unless told otherwise. */
const cells = (over: OldRow): OldRow => ({
  id: 1,
  accountnumber: "0045MAK",
  meterid: "000023097965",
  "transaction date": new Date("2024-03-20T10:00:00Z"),
  "transaction amount": "20.0000",
  "kwh value": 4,
  payment: true,
  "current balance": "6.5000",
  ...over,
});
const read = (over: OldRow = {}, table: HistoryTable = NEW) => new HistoryReader(COUNTRIES.LS).read(table, cells(over));
const row = (over: OldRow = {}, table: HistoryTable = NEW): HistoryRow => {
  const found = read(over, table);
  if ("reason" in found) throw new Error(found.reason);
  return found;
};
const merge = (...rows: HistoryRow[]) => mergeHistories(rows, new Set(["0045MAK", "0046MAK"]), UNTIL);
const at = (text: string) => new Date(`${text}Z`);

describe("a row of the old history", () => {
  it.each([
    ["a payment", {}, { kind: "payment", amountMinor: 2_000, energyWh: 4_000 }],
    ["a payment without kWh", { "kwh value": null }, { kind: "payment", amountMinor: 2_000, energyWh: null }],
    ["a payment of 0 kWh", { "kwh value": 0 }, { kind: "payment", amountMinor: 2_000, energyWh: 0 }],
    [
      "a payment taken back",
      { "transaction amount": "-20.0000", "kwh value": -4 },
      { kind: "payment", amountMinor: -2_000, energyWh: -4_000 },
    ],
    [
      "energy used",
      { payment: false, "transaction amount": "5.7084", "kwh value": null },
      { kind: "consumption", amountMinor: null, energyWh: 5_708 },
    ],
    [
      "energy used, with 0 beside it",
      { payment: false, "transaction amount": 5.7084, "kwh value": 0 },
      { kind: "consumption", amountMinor: null, energyWh: 5_708 },
    ],
    ["nobody knows what", { payment: false }, { kind: "unknown", amountMinor: 2_000, energyWh: 4_000 }],
    ["without an amount", { "transaction amount": null }, { kind: "payment", amountMinor: null, energyWh: 4_000 }],
    [
      "a double with noise",
      { "transaction amount": 20.000000000000004 },
      { kind: "payment", amountMinor: 2_000, energyWh: 4_000 },
    ],
  ])("is %s", (_, over, expected) => expect(row(over)).toMatchObject(expected));

  it("says in its own words what does not read, or has no number", () => {
    expect(read({ "kwh value": "four" })).toMatchObject({
      reason: "number_unreadable",
      row: "1",
      said: { kwh: "four" },
    });
    expect(read({ id: null })).toMatchObject({ reason: "id_missing" });
  });

  it("of another type than it should be is another column: nothing is guessed", () => {
    expect(() => read({ "transaction date": "2024-03-01" })).toThrow(
      "[transaction date] should be a date and is string",
    );
    expect(() => read({ payment: "yes" })).toThrow("[payment] should be yes or no");
  });
});

describe("two histories as one", () => {
  it("take a transaction once that stands in both, in other letters and other types, and name the copy", () => {
    const merged = merge(
      row({ id: 7, accountnumber: "0045mak" }),
      row({ id: 3_200, "transaction amount": 20.000000000000004 }, OLD),
    );
    expect(merged.taken).toMatchObject([{ table: NEW, id: 7, account: "0045MAK", amountMinor: 2_000 }]);
    expect(merged.notTaken).toMatchObject([
      { table: OLD, row: "3200", reason: "duplicate", sameAs: { table: NEW, row: "7" } },
    ]);
  });

  it.each([
    ["a second later", { "transaction date": at("2024-03-20T10:00:01") }],
    ["of another cent", { "transaction amount": "20.0100" }],
    ["of another account", { accountnumber: "0046MAK" }],
    ["of the same size in kWh", { payment: false, "kwh value": null }],
  ])("take both where one is %s", (_, over) => expect(merge(row(), row({ id: 2, ...over })).taken).toHaveLength(2));

  it("know a payment by its cents: what a double has below them tells no two apart", () => {
    const merged = merge(row(), row({ id: 2, "transaction amount": 19.9999 }, OLD));
    expect(merged.taken).toHaveLength(1);
    expect(merged.notTaken).toMatchObject([{ reason: "duplicate" }]);
  });

  it("take the first of two that say other things of one transaction, and list the second as that", () => {
    const merged = merge(row(), row({ id: 9, "kwh value": 5 }, OLD));
    expect(merged.taken).toMatchObject([{ energyWh: 4_000 }]);
    expect(merged.notTaken).toMatchObject([{ row: "9", reason: "differs", said: { energyWh: "5000" } }]);
  });

  it("tell two consumptions of one second apart by their fourth decimal", () => {
    const used = (id: number, kwh: string) => row({ id, payment: false, "kwh value": null, "transaction amount": kwh });
    expect(merge(used(1, "5.7084"), used(2, "5.7085"), used(3, "5.7084")).taken).toHaveLength(2);
  });

  it("park what nobody knows the account of, once however many rows it has", () => {
    const merged = merge(
      row({ accountnumber: null }),
      row({ id: 9, accountnumber: "" }, OLD),
      row({ id: 2, accountnumber: "9999MAK" }),
    );
    expect(merged.taken).toEqual([]);
    expect(merged.notTaken.map(({ reason }) => reason)).toEqual(Array(3).fill("account_unknown"));
    expect(merged.parked).toHaveLength(2);
  });

  it("park a swapped date, and take its other copy that has the right one", () => {
    const days = ["2023-11-28", "2023-11-30", "2023-12-01", "2023-12-04", "2023-12-06"];
    const around = days.map((day, n) => row({ id: n < 3 ? n + 1 : n + 2, "transaction date": at(`${day}T08:00:00`) }));
    const bad = row({ id: 4, accountnumber: "0046MAK", "transaction date": at("2023-03-12T15:14:50") });
    const good = row({ id: 900, accountnumber: "0046MAK", "transaction date": at("2023-12-03T15:14:50") }, OLD);
    const alone = merge(...around, bad);
    expect(alone.notTaken).toMatchObject([{ row: "4", reason: "date_swapped", said: { date: "2023-03-12 15:14:50" } }]);
    expect(alone.parked).toMatchObject([{ reason: "date_swapped", isTakenElsewhere: false }]);
    const both = merge(...around, bad, good);
    expect(both.taken).toHaveLength(6);
    expect(both.notTaken).toMatchObject([{ row: "4", reason: "date_swapped", sameAs: { table: OLD, row: "900" } }]);
    expect(both.parked).toMatchObject([{ isTakenElsewhere: true }]);
  });

  it("keep the instant in UTC: half past midnight in Maseru is still yesterday", () => {
    const { taken } = merge(row({ "transaction date": at("2024-01-01T00:30:00") }));
    expect(taken.map((each) => legacyTransactionOf(each, COUNTRIES.LS).paidAt)).toEqual([
      Date.parse("2023-12-31T22:30:00Z"),
    ]);
  });

  it("come out the same from rows in any order", () => {
    const rows = [row({ id: 3 }), row({ id: 2, accountnumber: "0046MAK" }), row({ id: 5 }, OLD), row({ id: 1 })];
    expect(merge(...rows)).toEqual(merge(...[...rows].reverse()));
  });
});

describe("an opening", () => {
  it("is the balance beside the account's latest transaction that has one, and names its row", () => {
    const { taken } = merge(
      row({ id: 1, "transaction date": at("2024-03-20T10:00:00"), "current balance": "6.5000" }),
      row({ id: 2, "transaction date": at("2024-03-22T10:00:00"), "current balance": "-0.2500" }),
      row({ id: 3, "transaction date": at("2024-03-23T10:00:00"), "current balance": null }),
      row({ id: 4, "transaction date": at("2024-03-21T10:00:00"), "current balance": "99.0000" }),
    );
    expect(openingsOf(taken, COUNTRIES.LS)).toEqual([
      {
        account: "0045MAK",
        balanceWh: -250,
        at: Date.parse("2024-03-22T08:00:00Z"),
        document: { table: NEW, row: "2" },
      },
    ]);
  });
});
