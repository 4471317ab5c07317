import { describe, expect, it } from "vitest";
import { COUNTRIES } from "../../../src/domain/country.ts";
import type { RowRead } from "../../../src/domain/statements/line.ts";
import { readMonthlyPayments, readMonthlyReadings } from "../../../src/domain/statements/monthly.ts";
import { readPayFile } from "../../../src/domain/statements/pay-file.ts";
import { readPortfolio } from "../../../src/domain/statements/portfolio.ts";
import { sheetOf } from "./files.ts";

const { LS, BJ } = COUNTRIES;
const linesOf = <Line>(read: { ok: boolean; value?: RowRead<Line>[]; error?: unknown }) => {
  if (!read.ok) throw new Error(JSON.stringify(read.error));
  return (read.value ?? []).flatMap((row) => ("line" in row ? [row.line] : []));
};
const faultsOf = (read: { ok: boolean; value?: RowRead<unknown>[]; error?: { field: string; expected: string }[] }) =>
  read.ok
    ? (read.value ?? []).flatMap((row) =>
        "fault" in row ? [`${row.row} ${row.fault.field}: ${row.fault.expected}`] : [],
      )
    : (read.error ?? []).map(({ field, expected }) => `FILE ${field}: ${expected}`);

const EXPORT = "site_name,processed_date,amount,status,type,customer_code,meter_serial_number,creator_name";
const portfolio = (...rows: string[]) => sheetOf([EXPORT, ...rows].join("\n"));
const row = "Ketane,2026-04-30 22:30:00,20.00,processed,payment,0045ket,SM16R-01-0000abcd,API";

describe("a portfolio's payments", () => {
  it("have the local day of their instant, which the vendor writes in UTC", () => {
    expect(linesOf(readPortfolio(portfolio(row), LS))).toEqual([
      {
        row: 2,
        key: "Ketane|0045KET|SM16R-01-0000ABCD|2026-04-30 22:30:00|2000|payment|processed",
        siteName: "Ketane",
        site: "KET",
        account: "0045KET",
        serial: "SM16R-01-0000ABCD",
        day: "2026-05-01",
        amountMinor: 2_000,
        kind: "payment",
        processed: true,
        by: "API",
      },
    ]);
  });
  it("come under other names of the columns, with days alone, month first", () => {
    const file = sheetOf(
      "Site Name,Created,Amount,State,Type,To,Meter Serial,User\nKetane,04/10/2026,20.00,Processed,Payment,0045KET,,x",
    );
    expect(linesOf(readPortfolio(file, LS))).toMatchObject([
      { day: "2026-04-10", kind: "payment", processed: true, serial: null },
    ]);
  });
  it("that are alike in all are two; a second export has the same two", () => {
    const keys = linesOf(readPortfolio(portfolio(row, row), LS)).map(({ key }) => key);
    expect(new Set(keys).size).toBe(2);
    expect(
      linesOf(
        readPortfolio(portfolio(row, "Ketane,2026-05-01 09:00:00,5.00,processed,payment,0046KET,,API", row), LS),
      ).map(({ key }) => key),
    ).toEqual(expect.arrayContaining(keys));
  });
  it("a column of one form is not read in the other", () => {
    const mixed = portfolio(row, row.replace("2026-04-30 22:30:00", "04/30/2026"));
    expect(faultsOf(readPortfolio(mixed, LS))).toEqual([
      "FILE row 3: a date as 2026-04-10 or 2026-04-10 17:57:03, as in the rows above",
    ]);
    expect(faultsOf(readPortfolio(portfolio(row.replace("2026-04-30 22:30:00", "30/04/2026")), LS))[0]).toContain(
      "FILE row 2",
    );
  });
  it.each([
    ["a reversal is below nought", "payment", "reversal", /^2 amount: a reversal below 0/],
    ["a payment is not", "20.00", "-20.00", /^2 amount: a payment above 0/],
    ["nothing is neither", "20.00", "0.00", /^2 amount: an amount of LSL/],
    ["a third of a cent is no amount", "20.00", "20.001", /^2 amount/],
    ["a type that nobody knows", "payment", "bonus", /^2 type: payment or reversal/],
  ])("%s", (_, from, to, told) => {
    expect(faultsOf(readPortfolio(portfolio(row.replace(from, to)), LS))[0]).toMatch(told);
  });
  it("a reversal and one that is pending are kept as what they are", () => {
    const lines = linesOf(
      readPortfolio(
        portfolio(row.replace("20.00", "-20.00").replace("payment", "reversal"), row.replace("processed", "pending")),
        LS,
      ),
    );
    expect(lines.map(({ kind, amountMinor, processed }) => [kind, amountMinor, processed])).toEqual([
      ["reversal", -2_000, true],
      ["payment", 2_000, false],
    ]);
  });
  it("a customer whom the vendor calls None is nobody's", () => {
    expect(linesOf(readPortfolio(portfolio(row.replace("0045ket", "None")), LS))).toMatchObject([
      { account: null, site: null },
    ]);
  });
});

const readings = (...rows: string[]) =>
  sheetOf(
    ["SUMMARY", "Total Energy,3.5", "METER DETAILS", "customer_code,meter_serial,total_energy", ...rows].join("\n"),
  );

describe("a month's readings and payments", () => {
  it("kilowatt-hours become whole watt-hours from their text", () => {
    expect(
      linesOf(readMonthlyReadings(readings("0045KET,SM16R-01-0000ABCD,31.4005", "None,SM16R-01-0000ABCE,0.0015"))),
    ).toEqual([
      { row: 5, account: "0045KET", serial: "SM16R-01-0000ABCD", energyWh: 31_400 },
      { row: 6, account: null, serial: "SM16R-01-0000ABCE", energyWh: 2 },
    ]);
  });
  it.each([
    ["less than nothing", "0045KET,SM16R-01-0000ABCD,-1.0", /^5 total_energy/],
    ["no number", "0045KET,SM16R-01-0000ABCD,much", /^5 total_energy/],
    ["nobody", "None,None,1.0", /^5 customer_code/],
  ])("%s is told", (_, line, told) => expect(faultsOf(readMonthlyReadings(readings(line)))[0]).toMatch(told));
  it("the same meter again is told", () => {
    expect(faultsOf(readMonthlyReadings(readings("0045KET,S1,1.0", "0045ket,s1,2.0")))[0]).toMatch(/^6 meter_serial/);
  });
  it.each([
    "customer_code,meter_serial,total_energy\n0045KET,S1,1",
    "SUMMARY\nTotal Energy,3",
    "SUMMARY\nMETER DETAILS\na,b\n1,2",
  ])("another file is none: %s", (text) => expect(readMonthlyReadings(sheetOf(text)).ok).toBe(false));
  it("the payments are one line", () => {
    const read = (text: string, country: typeof LS = LS) => {
      const month = readMonthlyPayments(sheetOf(text), country);
      return month.ok ? month.value.totalMinor : month.error[0]?.expected;
    };
    expect(read("SUMMARY\nSite,Ketane\nTotal Payments,8120.50")).toBe(812_050);
    expect(read("total payments,0.00")).toBe(0);
    expect(read("Total Payments,12000.00", BJ)).toBe(12_000);
    expect(read("Total Payments,12000.50", BJ)).toContain("an amount of XOF");
    expect(read("Total Payments,-5.00")).toContain("not below 0");
    expect(read("Total Payments,1.00\nTotal Payments,2.00")).toContain("one line");
    expect(read("Total Energy,1.00")).toContain("one line");
  });
});

describe("a payment file of the old gateway", () => {
  const pay = (...lines: string[]) => sheetOf(lines.join("\n"));
  const line = "2026-04-10 17:57:03,08XX0TESTA57,20.00,26650000102,MPESA";
  it("is a line a payment: time, receipt, amount, phone, sender", () => {
    expect(
      linesOf(
        readPayFile(pay(line, line.replace("MPESA", "199").replace("08XX0TESTA57", "MP260410.1757.A12345.")), LS),
      ),
    ).toMatchObject([
      {
        receipt: "08XX0TESTA57",
        provider: "mpesa",
        at: Date.parse("2026-04-10T15:57:03Z"),
        payerPhone: "26650000102",
        text: "",
      },
      { receipt: "MP260410.1757.A12345", provider: "ecocash" },
    ]);
  });
  it.each([
    ["another sender", line.replace("MPESA", "VODACOM"), /^1 sender: MPESA or 199/],
    ["no amount", line.replace("20.00", "0.00"), /^1 amount/],
    ["another order of the date", line.replace("2026-04-10", "10-04-2026"), /^FILE row 1/],
    ["too few cells", "2026-04-10 17:57:03,08XX0TESTA57,20.00", /^FILE file: time, receipt/],
  ])("%s", (_, text, told) => expect(faultsOf(readPayFile(pay(text), LS))[0]).toMatch(told));
});
