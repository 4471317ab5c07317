import { strFromU8, strToU8, unzipSync } from "fflate";
import { describe, expect, it } from "vitest";
import { headOf, type Place, xlsxCell } from "../src/domain/export/table.ts";
import { sheetNames } from "../src/domain/export/xlsx.ts";
import { answerMetric, type MetricAnswer } from "../src/domain/metrics/answer.ts";
import type { Period } from "../src/domain/metrics/periods.ts";
import { type MetricId, metricOf } from "../src/domain/metrics/registry.ts";
import type { ReportAnswer } from "../src/domain/metrics/report-answer.ts";
import { metricBook, reportBook } from "../src/domain/metrics/report-book.ts";
import en from "../src/domain/metrics/words/en.ts";
import fr from "../src/domain/metrics/words/fr.ts";
import { writeBook } from "../workers/exports/book.ts";
import { dayOf, readWorkbook, workbookFaults } from "./read-workbook.ts";

const MASERU: Place = { currency: "LSL", minorDigits: 2, timeZone: "Africa/Maseru", utcOffsetMinutes: 120 };
const COTONOU: Place = { currency: "XOF", minorDigits: 0, timeZone: "Africa/Porto-Novo", utcOffsetMinutes: 60 };
const AS_OF = Date.UTC(2026, 10, 15, 22);

/** Two quarters, the second half over. */
const QUARTERS: Period[] = [
  { from: "2026-07-01", to: "2026-09-30", days: 92, isPartial: false, elapsedBp: 10_000 },
  { from: "2026-10-01", to: "2026-12-31", days: 92, isPartial: true, elapsedBp: 5_000 },
];
type Sums = Record<string, number | null>;
function answer(
  metric: MetricId,
  by: "none" | "site",
  sums: [string, string | null, Sums][],
  place = MASERU,
): MetricAnswer {
  const of = metricOf(metric);
  const added = sums.map(([period, group, each]) => ({ period, group, sums: each }));
  return {
    ...{ metric, unit: of.unit, addsUp: of.addsUp, currency: place.currency, minorDigits: place.minorDigits },
    ...{ grain: "quarter", by, from: "2026-07-01", to: "2026-12-31", asOf: AS_OF, pendingDays: 1 },
    rows: answerMetric(of, QUARTERS, added, place.minorDigits),
  };
}
const PAID = answer("paid", "site", [
  ["2026-07-01", "KET", { paid_minor: 123_456_789 }],
  ["2026-10-01", "KET", { paid_minor: 50_005 }],
  ["2026-10-01", "MAK", { paid_minor: 0 }],
]);
const ARPU = answer("arpu_ever", "none", [["2026-07-01", null, { paid_minor: 25_005, base_ever: 2 }]]);
const SOLD = answer("vended", "none", [["2026-07-01", null, { vended_wh: 1_234_567 }]]);
const USED = answer("metered", "none", [["2026-10-01", null, { metered_wh: 7 }]]);
const report = (over: Partial<ReportAnswer> = {}): ReportAnswer => ({
  ...MASERU,
  ...{ report: "operations", countryName: "Lesotho", from: "2026-07-01", to: "2026-12-31", site: null, asOf: AS_OF },
  ...{ pendingDays: 1, coverageBp: 9_750 },
  figures: [
    { figure: { title: "paid_by_site", ids: ["paid"], grain: "quarter", by: "site" }, answers: [PAID] },
    { figure: { title: "energy", ids: ["vended", "metered"], grain: "quarter", by: "none" }, answers: [SOLD, USED] },
    {
      figure: { title: "energy_sum", ids: ["vended"], grain: "quarter", by: "none", cumulative: true },
      answers: [SOLD],
    },
    { figure: { title: "arpu", ids: ["arpu_ever"], grain: "quarter", by: "none" }, answers: [ARPU] },
  ],
  ...over,
});
const read = (made: ReportAnswer, words = en) => readWorkbook(writeBook(reportBook(made, words)));
const money = (value: number) => ({ value, format: '#,##0.00\\ "LSL"' });
const kwh = (value: number) => ({ value, format: '#,##0.000\\ "kWh"' });
const count = (value: number) => ({ value, format: "#,##0" });

describe("a report as a workbook", () => {
  const [about, paid, energy, together, arpu] = read(report());

  it("has a first sheet with title, filters, instant, source, coverage and each definition once", () => {
    const lines = new Map(about?.rows.map(([name, value]) => [name, value]));
    expect(about?.rows[0]).toEqual(["1PWR Customer Care: Operations, Lesotho"]);
    expect([dayOf(lines.get("From")), dayOf(lines.get("To")), lines.get("Site")]).toEqual([
      "2026-07-01",
      "2026-12-31",
      "all",
    ]);
    // Midnight of 16 November on the wall there.
    expect(lines.get("As of (Africa/Maseru)")).toEqual({ value: 46_342, format: "yyyy\\-mm\\-dd\\ hh:mm:ss" });
    expect(lines.get("Hours that are known")).toEqual({ value: 0.975, format: "0.00%" });
    expect(lines.get("Source")).toBe(en.doc_source);
    expect(lines.get("Days not added up yet")).toEqual(count(1));
    expect(lines.get("An empty cell")).toBe("Nobody knows. It is never 0.");
    for (const id of ["paid", "vended", "metered", "arpu_ever"] as const)
      expect(about?.rows.filter(([name]) => name === en[`name_${id}`])).toEqual([
        [en[`name_${id}`], en[`means_${id}`]],
      ]);
  });

  it("has a sheet for each figure: days, amounts of the currency, yes and no, each as what it is", () => {
    expect(paid?.name).toBe("Paid, by site");
    expect(paid?.rows[0]).toEqual([
      "Period",
      "First day",
      "Site",
      "Paid (LSL)",
      "Not over yet",
      "Paid: extended to its end (LSL)",
    ]);
    expect(paid?.rows.slice(1).map((row) => [row[0], dayOf(row[1]), ...row.slice(2)])).toEqual([
      ["2026 Q3", "2026-07-01", "KET", money(1_234_567.89), false, null],
      // Nobody knows of MAK in the third quarter; in the fourth it is known to be nothing.
      ["2026 Q3", "2026-07-01", "MAK", null, false, null],
      ["2026 Q4", "2026-10-01", "KET", money(500.05), true, money(1_000.1)],
      ["2026 Q4", "2026-10-01", "MAK", money(0), true, money(0)],
      ["# end of file: 4 rows", null],
    ]);
  });

  it("has two measures beside each other in kWh, what is not known empty", () => {
    expect(energy?.rows.slice(1, 3).map((row) => [row[0], row[2], row[3]])).toEqual([
      ["2026 Q3", kwh(1_234.567), null],
      ["2026 Q4", null, kwh(0.007)],
    ]);
    expect(together?.rows.slice(1, 3).map((row) => row[2])).toEqual([kwh(1_234.567), null]);
  });

  it("has what a ratio was divided by beside it", () => {
    expect(arpu?.rows[0]?.slice(2, 4)).toEqual([
      "ARPU, of accounts that ever paid (LSL)",
      "ARPU, of accounts that ever paid: divided by",
    ]);
    expect(arpu?.rows[1]?.slice(2, 4)).toEqual([money(125.02), count(2)]);
  });

  it("speaks the reader's language, with sheets that a spreadsheet takes", () => {
    const sheets = read(report(), fr);
    expect(sheets[1]?.rows[0]?.[0]).toBe("Période");
    for (const { name } of sheets) expect(name.length).toBeLessThanOrEqual(31);
    expect(new Set(sheets.map(({ name }) => name.toLowerCase())).size).toBe(sheets.length);
  });

  it("of a country whose money has no decimals has none", () => {
    const francs = answer("paid", "none", [["2026-07-01", null, { paid_minor: 1_600 }]], COTONOU);
    const book = metricBook(francs, COTONOU, { site: "GBO", type: null }, en);
    const [first, table] = readWorkbook(writeBook(book));
    expect(table?.rows[1]?.[2]).toEqual({ value: 1_600, format: '#,##0\\ "XOF"' });
    expect(new Map(first?.rows.map(([name, value]) => [name, value])).get("Site")).toBe("GBO");
  });

  it("is the same bytes for the same answer", () => {
    const made = () => Buffer.from(writeBook(reportBook(report(), en)));
    expect(made().equals(made())).toBe(true);
  });
});

it.each([
  [
    ["a/b", "A b", "", "'x'", "y".repeat(40)],
    ["a b", "A b 2", "Sheet", "x", "y".repeat(31)],
  ],
  [
    ["y".repeat(40), "Y".repeat(31)],
    ["y".repeat(31), `${"Y".repeat(29)} 2`],
  ],
])("sheets called %j are named %j", (titles, names) => expect(sheetNames(titles)).toEqual(names));

it.each([
  ["money", -5, MASERU, "-0.05", "x (LSL)"],
  ["money", 1_600, COTONOU, "1600", "x (XOF)"],
  ["rate", 1_234_567, COTONOU, "123.4567", "x (XOF/kWh)"],
  ["energy", 1, MASERU, "0.001", "x (kWh)"],
  ["power", 12_345, MASERU, "12.345", "x (W)"],
  ["percent", 97.3, MASERU, "0.9730", "x"],
  ["basis", 10_000, MASERU, "1.0000", "x"],
] as const)("%s of %d is a number", (as, value, place, text, head) => {
  expect(xlsxCell(value, { name: "x", as }, place)).toMatchObject({ type: "number", value: text });
  expect(headOf({ name: "x", as }, "xlsx", place)).toBe(head);
});

describe("a workbook that a spreadsheet would stumble over", () => {
  const parts = unzipSync(writeBook(reportBook(report(), en)));
  const sheet = "xl/worksheets/sheet2.xml";
  const with2 = (change: (xml: string) => string) => ({
    ...parts,
    [sheet]: strToU8(change(strFromU8(parts[sheet] as Uint8Array))),
  });

  it("is none of ours", () => expect(workbookFaults(parts)).toEqual([]));

  it.each([
    ["a formula", with2((xml) => xml.replace("</row>", "<c><f>1+1</f><v>2</v></c></row>")), "<f>"],
    ["a word for a number", with2((xml) => xml.replace("</row>", "<c><v>many</v></c></row>")), "no number: many"],
    ["a style that there is not", with2((xml) => xml.replace("</row>", '<c s="99"><v>1</v></c></row>')), "style 99"],
    ["a macro", { ...parts, "xl/vbaProject.bin": new Uint8Array(1) }, "vbaProject"],
    [
      "no styles",
      Object.fromEntries(Object.entries(parts).filter(([path]) => path !== "xl/styles.xml")),
      "styles.xml is missing",
    ],
  ])("is told by %s", (_, changed, fault) => expect(workbookFaults(changed).join()).toContain(fault));
});
