import { describe, expect, it } from "vitest";
import { COUNTRIES } from "../../../src/domain/country.ts";
import type { OldRow } from "../../../src/domain/moving-in/cells.ts";
import { DerivedMove } from "../../../src/domain/moving-in/derived.ts";
import { ReadingMove, type ReadingTable } from "../../../src/domain/moving-in/readings.ts";
import { readSettings } from "../../../src/domain/moving-in/settings.ts";

const LS = COUNTRIES.LS;
const UNTIL = Date.parse("2025-10-16T23:59:59Z");
const cells = (over: OldRow): OldRow => ({
  id: 1,
  meterid: "000023098055",
  whdatetime: new Date("2024-08-28T00:15:00Z"),
  whreading: 35_329,
  powerkw: 0.0242,
  community: "shg",
  ...over,
});

function reader() {
  const move = new ReadingMove(new Set(["23098055"]), UNTIL, LS);
  const read = (over: OldRow = {}, table: ReadingTable = "tblmeterdata1") => move.read(table, cells(over));
  return { move, read };
}

describe("a reading of the old tables", () => {
  it("is whole watt-hours and watts at an instant in UTC", () => {
    expect(reader().read()).toEqual({
      meter: "23098055",
      readAt: Date.parse("2024-08-27T22:15:00Z"),
      registerWh: 35_329,
      powerW: 24,
      site: "SHG",
      source: "tblmeterdata1",
      row: 1,
    });
  });

  it("without power has none, which is not 0", () => {
    const { move, read } = reader();
    expect(read({ powerkw: null })?.powerW).toBeNull();
    expect(read({ id: 2, powerkw: 0, whdatetime: new Date("2024-08-28T00:30:00Z") })?.powerW).toBe(0);
    expect(move.counts).toMatchObject({ taken: 2, withoutPower: 1 });
  });

  it("in a second table, under another spelling, is the same reading", () => {
    const { move, read } = reader();
    read({ id: 2_220 });
    expect(read({ id: 119, meterid: "23098055" }, "tblmeterdatadump")).toBeNull();
    expect(move.notTaken).toMatchObject([
      { table: "tblmeterdatadump", row: "119", reason: "duplicate", sameAs: { table: "tblmeterdata1", row: "2220" } },
    ]);
    expect(move.counts).toMatchObject({ rows: 2, taken: 1, duplicates: 1, meters: 1, takenByYear: { "2024": 1 } });
  });

  it("that says something else for the same second is no duplicate: both registers are named", () => {
    const { move, read } = reader();
    read();
    read({ id: 2, whreading: 36_000 });
    expect(move.notTaken).toMatchObject([
      { row: "2", reason: "differs", said: { registerWh: "36000", takenRegisterWh: "35329" } },
    ]);
    expect(move.counts.duplicates).toBe(0);
  });

  it.each([
    [{ id: null }, "id_missing"],
    [{ meterid: "1" }, "meter_unknown"],
    [{ meterid: null }, "meter_unknown"],
    [{ whdatetime: null }, "date_missing"],
    [{ whdatetime: new Date("1970-01-01T02:00:00Z") }, "date_before_2010"],
    [{ whdatetime: new Date("1899-12-30T00:00:00Z") }, "date_before_2010"],
    [{ whdatetime: new Date("2040-01-01T02:00:00Z") }, "date_future"],
    [{ whreading: null }, "number_unreadable"],
    [{ whreading: Number.NaN }, "number_unreadable"],
  ])("with %j is left out: %s", (over, reason) => {
    const { move, read } = reader();
    expect(read(over)).toBeNull();
    expect(move.notTaken).toMatchObject([{ reason }]);
    expect(move.counts).toMatchObject({ rows: 1, taken: 0 });
  });
});

describe("a total of the old system", () => {
  const total: OldRow = {
    id: 1,
    accountnumber: "0045mak",
    meterid: "007",
    yearmonth: "2024-02",
    kwh: 3.0433,
    source: "accdb",
  };

  it("is summed in ten-thousandths of a kWh, and is from the month's first local midnight", () => {
    const move = new DerivedMove("tblmonthlyconsumption", UNTIL, LS);
    expect(move.read(total)).toMatchObject({
      account: "0045MAK",
      meter: "7",
      energyWh: 3_043,
      from: Date.parse("2024-01-31T22:00:00Z"),
    });
    expect(move.read({ ...total, id: 2, meterid: "7" })).toBeNull();
    expect(move.read({ ...total, id: 3, source: "koios" })).not.toBeNull();
    expect(move.counts).toMatchObject({ rows: 3, distinct: 2, duplicates: 1, bySource: { accdb: { kwhE4: 30_433 } } });
  });

  it("with the meter's id in place of an account has no account", () => {
    const move = new DerivedMove("tblmonthlyconsumption", UNTIL, LS);
    expect(move.read({ ...total, accountnumber: "000023080536", meterid: "23080536" })).toMatchObject({
      account: null,
      meter: "23080536",
    });
    expect(move.counts.accountIsMeter).toBe(1);
  });

  it.each(["2024-13", "2024-00", "202402", "", null])("of the month %j has no date", (yearmonth) => {
    const move = new DerivedMove("tblmonthlyconsumption", UNTIL, LS);
    expect(move.read({ ...total, yearmonth })).toBeNull();
    expect(move.notTaken).toMatchObject([{ reason: "date_missing" }]);
  });
});

describe("the old settings", () => {
  it("have the rate in ten-thousandths, and are null where there are none", () => {
    expect(readSettings([{ therate: "5.0000", "low balance kwh": 10 }], LS)).toMatchObject({
      rateE4PerKwh: 50_000,
      lowBalanceWh: 10_000,
      rateFrom: null,
    });
    expect(readSettings([], LS)).toBeNull();
  });
});
