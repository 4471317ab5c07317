import { describe, expect, it } from "vitest";
import { readSheet } from "../../../src/adapters/sheets/sheet.ts";
import { COUNTRIES } from "../../../src/domain/country.ts";
import type { Sheet } from "../../../src/domain/registration/cell.ts";
import { isLine } from "../../../src/domain/statements/line.ts";
import { readStatement, type StatementRules } from "../../../src/domain/statements/read-statement.ts";
import { PORTAL_HEADER, PREAMBLE, portalCsv, portalRow, portalWorkbook, sheetOf } from "./files.ts";

const NOW = Date.parse("2026-04-12T08:00:00Z");
const DAYS = { from: "2026-04-10", to: "2026-04-10" };
const read = (sheet: Sheet, over: Partial<StatementRules> = {}) =>
  readStatement(sheet, { country: COUNTRIES.LS, days: null, now: NOW, ...over });
const lines = (sheet: Sheet, over: Partial<StatementRules> = {}) => {
  const statement = read(sheet, over);
  if (!statement.ok) throw new Error(JSON.stringify(statement.error));
  return statement.value.rows.filter(isLine).map(({ line }) => line);
};
const faults = (sheet: Sheet, over: Partial<StatementRules> = {}) => {
  const statement = read(sheet, over);
  return statement.ok
    ? statement.value.rows.flatMap((row) =>
        isLine(row) ? [] : [`${row.row} ${row.fault.field}: ${row.fault.expected}`],
      )
    : statement.error.map(({ field, expected }) => `FILE ${field}: ${expected}`);
};

const CSV_HEADER =
  "Receipt No,Completion Time,Details,Transaction Status,Paid in,Withdrawn,Balance,Reason Type,Other Party Info";
const csv = (...rows: string[]) => sheetOf([CSV_HEADER, ...rows].join("\n"));
const csvRow = (receipt: string, time: string) =>
  `${receipt},${time},Pay merchant from 26650000102 - PALESA SAMPLE - 0252SHG,Completed,20.00,,1204.55,Pay Merchant Online,26650000102 - PALESA SAMPLE`;
const HEAD_OFFICE_HEADER = "Date,Description,Debit,Credit,Balance,,,,,Date";
const headOffice = (...rows: string[]) => sheetOf([HEAD_OFFICE_HEADER, ...rows].join("\n"));
const headOfficeRow = (receipt: string, date: string) =>
  `${date},"${receipt}, 100000012345678901, 20000001, PayMerchant from 26650000102 - PALESA SAMPLE - 0171MAT",,20.00,1204.55,,,,,${date}`;
const ECOCASH_HEADER = "Transaction Date,Approval Code,Amount,Type,Details,Sender MSISDN";
const ecocash = (...rows: string[]) => sheetOf([ECOCASH_HEADER, ...rows].join("\n"));

describe("the four layouts", () => {
  it("the portal's workbook: day first, with who paid and what the till had after it", () => {
    const [line] = lines(portalWorkbook([portalRow()]));
    expect(line).toEqual({
      row: 7,
      receipt: "08XX0TESTA57",
      kind: "payment",
      amountMinor: 2_000,
      at: Date.parse("2026-04-10T15:57:03Z"),
      balanceMinor: 120_455,
      payerPhone: "26650000102",
      text: "Pay merchant from - PALESA SAMPLE - 0252SHG | - PALESA SAMPLE",
      linked: null,
      linkedMinor: null,
    });
  });
  it("the same file saved as text reads the same", () => {
    expect(lines(sheetOf(portalCsv([portalRow()])))).toEqual(lines(portalWorkbook([portalRow()])));
  });
  it("a header in other letters, with other spaces and dots, is the same header", () => {
    const header = PORTAL_HEADER.map((name) => String(name).toUpperCase().replace("NO.", " no ").replaceAll(" ", "_"));
    expect(lines(sheetOf([header.join(","), portalRow().join(",")].join("\n")), { days: DAYS })).toHaveLength(1);
  });
  it("M-Pesa's text file: ISO times", () => {
    const [line] = lines(csv(csvRow("08XX0TESTA57", "2026-04-10 17:57:03")), { days: DAYS });
    expect(line).toMatchObject({ kind: "payment", at: Date.parse("2026-04-10T15:57:03Z"), amountMinor: 2_000 });
  });
  it("the head office's list: month first, all about the payment in one list with commas", () => {
    const [line] = lines(headOffice(headOfficeRow("08XX0TESTA57", "4/10/2026 17:57")), { days: DAYS });
    expect(line).toMatchObject({
      receipt: "08XX0TESTA57",
      at: Date.parse("2026-04-10T15:57:00Z"),
      payerPhone: "26650000102",
    });
    expect(line?.text).toContain("0171MAT");
  });
  it("EcoCash: its dates are not read, the approval code says when", () => {
    const [credit, debit] = lines(
      ecocash(
        "04/10/26,MP260410.1757.A12345.,20.00,CREDIT,0252SHG,26662000102",
        "10-4,MP260410.1801.B12346,50.00,DEBIT,Cash out,26662000103",
      ),
      { days: DAYS },
    );
    expect(credit).toMatchObject({
      receipt: "MP260410.1757.A12345",
      kind: "payment",
      at: Date.parse("2026-04-10T15:57:00Z"),
      payerPhone: "26662000102",
    });
    expect(debit).toMatchObject({ kind: "withdrawal", amountMinor: 5_000 });
  });
  it("a country without such an operator has no such list", () => {
    expect(faults(portalWorkbook([portalRow()]), { country: COUNTRIES.BJ })[0]).toContain("a list of momo");
  });
  it("an old .xls is refused with what to do", () => {
    const read = readSheet(new Uint8Array([0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1]));
    expect(read.ok ? "" : read.error[0]?.expected).toContain("saved as .xlsx");
  });
  it("a file without any of the headers, or with one below row 50, is none of them", () => {
    expect(faults(sheetOf("a,b\n1,2"))[0]).toContain("FILE file: the columns of");
    const low = [...Array.from({ length: 50 }, () => "x"), CSV_HEADER, csvRow("08XX0TESTA57", "2026-04-10 17:57:03")];
    expect(faults(sheetOf(low.join("\n")), { days: DAYS })[0]).toContain("FILE file");
  });
});

describe("dates are of one order", () => {
  it.each([
    ["the portal's, month first", () => portalWorkbook([portalRow({ time: "04/10/2026 17:57:03" })])],
    ["the portal's, of the ISO form", () => portalWorkbook([portalRow({ time: "2026-04-10 17:57:03" })])],
    ["the portal's, no such day", () => portalWorkbook([portalRow({ time: "31-04-2026 17:57:03" })])],
    ["the portal's, empty", () => portalWorkbook([portalRow({ time: "" })])],
    ["M-Pesa's, day first", () => csv(csvRow("08XX0TESTA57", "10-04-2026 17:57:03"))],
    ["the head office's, day first", () => headOffice(headOfficeRow("08XX0TESTA57", "31/4/2026"))],
    ["the head office's, ISO", () => headOffice(headOfficeRow("08XX0TESTA57", "2026-04-10"))],
  ])("%s: the whole file is refused", (_, sheet) => {
    expect(faults(sheet(), { days: _.startsWith("the portal") ? null : DAYS })[0]).toMatch(
      /^FILE row \d+: a (time|date) as/,
    );
  });
  it("a list whose day and month changed places leaves its period, and nothing of it is taken", () => {
    const days = { from: "2026-04-10", to: "2026-04-11" };
    const swapped = headOffice(headOfficeRow("08XX0TESTA57", "10/4/2026"), headOfficeRow("08XX0TESTA58", "11/4/2026"));
    expect(faults(swapped, { days })[0]).toContain("FILE row 2: no time in the future");
  });
  it("a row outside the period that the file itself says refuses it", () => {
    expect(faults(portalWorkbook([portalRow({ time: "09-04-2026 23:59:59" })]))).toEqual([
      "FILE row 7: a time from 2026-04-10 00:00:00 to 2026-04-11 00:00:00: the file's own period",
    ]);
  });
  it("the last second of the last day is of it, midnight is not", () => {
    expect(lines(portalWorkbook([portalRow({ time: "10-04-2026 23:59:59" })]))).toHaveLength(1);
    expect(faults(csv(csvRow("08XX0TESTA57", "2026-04-11 00:02:00")), { days: DAYS })[0]).toContain("FILE row 2");
  });
  it.each([
    ["newest first", ["18:00:00", "17:00:00", "17:00:00", "16:00:00"], true],
    ["oldest first", ["16:00:00", "17:00:00", "17:00:00", "18:00:00"], true],
    ["up and down", ["16:00:00", "18:00:00", "17:00:00"], false],
  ])("rows %s", (_, times, taken) => {
    const rows = times.map((time, n) => portalRow({ receipt: `08XX0TEST${n}A`, time: `10-04-2026 ${time}` }));
    expect(read(portalWorkbook(rows)).ok).toBe(taken);
  });
  it("a layout that says no period is not read without one, and not with another than its own", () => {
    expect(faults(csv(csvRow("08XX0TESTA57", "2026-04-10 17:57:03")))[0]).toContain(
      "FILE from: the first and the last day",
    );
    expect(faults(portalWorkbook([portalRow()]), { days: { from: "2026-04-09", to: "2026-04-10" } })[0]).toContain(
      "the file's own period",
    );
  });
  it("a list that was made before its last day ended ends when it was made", () => {
    const made = (at: string) => [...PREAMBLE.slice(0, 4), ["Report Date:", at]];
    const periodAt = (at: string) => {
      const statement = read(sheetOf(portalCsv([portalRow({ time: "10-04-2026 07:00:00" })], made(at))));
      return statement.ok ? new Date(statement.value.period.to).toISOString() : statement.error;
    };
    expect(periodAt("10-04-2026 12:00:00")).toBe("2026-04-10T10:00:00.000Z");
    expect(periodAt("11-04-2026 12:00:00")).toBe("2026-04-10T22:00:00.000Z");
  });
});

describe("rows by what they are", () => {
  it.each<[string, Parameters<typeof portalRow>[0], string]>([
    ["a payment", {}, "payment"],
    [
      "a payment whose remark says float and reversal",
      { details: "Pay merchant from 26650000102 - P - float reversal" },
      "payment",
    ],
    ["what nobody has a name for and came in", { reason: "New Kind", details: "Something new", party: "" }, "payment"],
    [
      "our own deposit",
      { reason: "Organization Deposit of Funds", details: "Deposit", party: "12345 - ONE POWER" },
      "treasury",
    ],
    ["a settlement back", { reason: "Organization Settlement", details: "x", party: "" }, "treasury"],
    [
      "a withdrawal",
      { paidIn: "", withdrawn: "-500.00", reason: "Funds Withdrawal", details: "To bank" },
      "withdrawal",
    ],
    ["a charge", { paidIn: "", withdrawn: "1.00", reason: "Merchant Charge", details: "Charge" }, "charge"],
    [
      "a reversal",
      {
        paidIn: "",
        withdrawn: "20.00",
        reason: "Transaction Reversal",
        details: "x",
        linked: "08XX0TESTA57",
        receipt: "08XX0TESTR01",
      },
      "reversal",
    ],
    ["one that failed", { status: "Failed" }, "unfinished"],
    ["one that is on its way", { status: "Authorized" }, "unfinished"],
  ])("%s", (_, over, kind) => {
    expect(lines(portalWorkbook([portalRow(over)]))[0]?.kind).toBe(kind);
  });
  it.each([
    ["by its column", { linked: "08xx0testa57" }, "08XX0TESTA57"],
    ["by its details", { details: "Reversal of transaction 08XX0TESTA57 for 0252SHG" }, "08XX0TESTA57"],
    ["not at all", { details: "Reversal of 0252SHG" }, null],
  ])("a reversal names what it takes back %s", (_, over, linked) => {
    const row = portalRow({
      receipt: "08XX0TESTR01",
      paidIn: "",
      withdrawn: "20.00",
      reason: "Reversal",
      details: "",
      ...over,
    });
    expect(lines(portalWorkbook([row]))[0]?.linked).toBe(linked);
  });
  it("a withdrawal and its charge under one receipt are two movements", () => {
    const out = { receipt: "08XX0TESTW01", paidIn: "", party: "" };
    const rows = [
      portalRow({ ...out, withdrawn: "500.00", reason: "Funds Withdrawal", details: "To bank" }),
      portalRow({ ...out, withdrawn: "1.00", reason: "Funds Withdrawal Charge", details: "Charge" }),
    ];
    expect(lines(portalWorkbook(rows)).map(({ kind, amountMinor }) => [kind, amountMinor])).toEqual([
      ["withdrawal", 50_000],
      ["charge", 100],
    ]);
  });
  it("a reversal under the payment's own receipt takes that back", () => {
    const rows = [portalRow(), portalRow({ paidIn: "", withdrawn: "20.00", reason: "Reversal", details: "" })];
    expect(lines(portalWorkbook(rows))[1]).toMatchObject({ kind: "reversal", linked: "08XX0TESTA57" });
  });
});

describe("a row that cannot be taken is told, and the others are taken", () => {
  it.each<[string, Parameters<typeof portalRow>[0], RegExp]>([
    ["another currency", { currency: "ZAR" }, /8 Currency: LSL/],
    ["an amount with a comma for a point", { paidIn: "20,00" }, /8 Paid In: an amount/],
    ["a negative income", { paidIn: "-20.00" }, /8 Paid In: an amount/],
    ["no amount at all", { paidIn: "0.00" }, /8 Paid In: either/],
    ["both ways at once", { withdrawn: "20.00" }, /8 Paid In: either/],
    ["no receipt", { receipt: "" }, /8 Receipt No\.: the operator's receipt/],
    ["the same again", { receipt: "08xx0testa57" }, /8 receipt: each movement once: it stands in row 7/],
    [
      "the same receipt with another amount",
      { receipt: "08XX0TESTA57", paidIn: "30.00" },
      /8 receipt: the amount that row 7/,
    ],
  ])("%s", (_, over, told) => {
    const sheet = portalWorkbook([portalRow(), portalRow({ receipt: "08XX0TESTA58", ...over })]);
    expect(lines(sheet)).toHaveLength(1);
    expect(faults(sheet)[0]).toMatch(told);
  });
  it("a row longer than its header: a comma that a payer typed pushed the operator's own cells to its right", () => {
    const longer =
      "08XX0TESTA58,2026-04-10 17:58:03,Pay merchant from 26650000102 - P - 0252SHG,Completed,9000.00,,1204.55,Pay Merchant Online,x,Completed,20.00,,1204.55,Pay Merchant Online,26650000102 - P";
    const sheet = csv(csvRow("08XX0TESTA57", "2026-04-10 17:57:03"), longer);
    expect(lines(sheet, { days: DAYS }).map(({ receipt }) => receipt)).toEqual(["08XX0TESTA57"]);
    expect(faults(sheet, { days: DAYS })).toEqual([
      "3 cell 10: nothing: the header has 9 cells, and a comma in a text without quotes moves all that stands behind it",
    ]);
    // Its date is no reason to refuse the others: a payer may have typed it.
    const moved = longer.replace("2026-04-10 17:58:03", "10-04-2026");
    expect(lines(csv(csvRow("08XX0TESTA57", "2026-04-10 17:57:03"), moved), { days: DAYS })).toHaveLength(1);
  });
  it("empty cells behind the header's last are nothing", () => {
    expect(lines(csv(`${csvRow("08XX0TESTA57", "2026-04-10 17:57:03")},, ,`), { days: DAYS })).toHaveLength(1);
  });
  it("an EcoCash code without a date, and a type that is neither", () => {
    const sheet = ecocash(
      "x,MP260410.1757.A12345,20.00,CREDIT,,26662000102",
      "x,12345678,20.00,CREDIT,,26662000102",
      "x,MP260410.1758.A12346,20.00,TRANSFER,,26662000102",
      "x,MP260431.1758.A12346,20.00,CREDIT,,26662000102",
    );
    expect(faults(sheet, { days: DAYS }).map((told) => told.slice(0, 15))).toEqual([
      "3 Approval Code",
      "4 Type: CREDIT ",
      "5 Approval Code",
    ]);
  });
});
