import { describe, expect, it } from "vitest";
import type { Value } from "../../src/domain/export/table.ts";
import { frozenOf, samenessOf } from "../../src/domain/metrics/frozen.ts";
import { type SheetAnswer, sheetAnswer } from "../../src/domain/metrics/sheet-answer.ts";
import { compareSheets, differenceTexts } from "../../src/domain/metrics/sheet-compare.ts";
import { ROWS_PRINTED_MAX, sheetBook, sheetDocument } from "../../src/domain/metrics/sheet-document.ts";
import sheetEn from "../../src/domain/metrics/sheet-words/en.ts";
import sheetFr from "../../src/domain/metrics/sheet-words/fr.ts";
import sheetSt from "../../src/domain/metrics/sheet-words/st.ts";
import { SHEET_NAMES, sheetOf } from "../../src/domain/metrics/sheets.ts";
import en from "../../src/domain/metrics/words/en.ts";
import fr from "../../src/domain/metrics/words/fr.ts";
import st from "../../src/domain/metrics/words/st.ts";

const WORDS = { en: { ...en, ...sheetEn }, fr: { ...fr, ...sheetFr }, st: { ...st, ...sheetSt } };
const AS_OF = Date.UTC(2026, 10, 3, 12, 5);
const PLACE = { currency: "LSL", minorDigits: 2, timeZone: "Africa/Maseru", utcOffsetMinutes: 120 } as const;

/** Two days, two channels, one site of which nothing is known and one that no site holds. */
const sales = (rows: Value[][], over: Partial<SheetAnswer> = {}): SheetAnswer => ({
  ...sheetAnswer({
    ...{ ...PLACE, report: "daily_sales", countryName: "Lesotho", from: "2026-11-01", to: "2026-11-02", site: null },
    ...{ about: { channel: "mpesa" }, source: "payments", asOf: AS_OF, pendingDays: 0, coveragePct: null },
    ...{ isPartial: true, rows },
  }),
  ...over,
});
const line = (day: string, site: string | null, channel: string, net: number | null, state = "open"): Value[] => [
  ...[day, site, channel, 1, net, 0, net, net, 0, 0, 0, 12_345, null, null, null, state, "statement suspense", AS_OF],
];
const ROWS = [
  line("2026-11-01", "MAK", "mpesa", 10_050),
  line("2026-11-01", null, "cash", 500, "closed"),
  line("2026-11-02", "MAK", "mpesa", null),
];

describe("what reports of one table say", () => {
  it.each(["fr", "st"] as const)("is all there in %s", (language) => {
    expect(Object.keys(WORDS[language]).toSorted()).toEqual(Object.keys(WORDS.en).toSorted());
    for (const [key, text] of Object.entries(WORDS[language])) expect(text.trim(), key).not.toBe("");
  });

  it.each(SHEET_NAMES)("names every column, chart and definition of %s", (sheet) => {
    const { columns, charts, figures, names, codes = [] } = sheetOf(sheet);
    const keys = [
      ...[`report_${sheet}`, `lead_${sheet}`, `source_${sheet}`],
      ...Object.keys(columns).map((column) => `col_${column}`),
      ...charts.map(({ title }) => `sheet_${title}`),
      ...figures.flatMap((figure) => [`name_${figure}`, `means_${figure}`]),
    ];
    expect(Object.keys(WORDS.en)).toEqual(expect.arrayContaining(keys));
    const drawn = charts.flatMap(({ over, by, values }) => [over, ...(by === undefined ? [] : [by]), ...values]);
    expect(Object.keys(columns)).toEqual(expect.arrayContaining([...drawn, ...codes]));
    expect(names).toBeLessThan(Object.keys(columns).length);
  });
});

describe("a report of one table on paper", () => {
  const paper = sheetDocument(sales(ROWS), WORDS.en, "en");

  it("says what it is, what it was narrowed to, as of when and from what", () => {
    expect(paper.title).toBe("1PWR Customer Care: Daily sales, Lesotho");
    expect(paper.under).toEqual([
      "From 2026-11-01 to 2026-11-02",
      "All sites",
      "Channel: M-Pesa",
      "As of 2026-11-03 14:05, Africa/Maseru",
      WORDS.en.source_daily_sales,
      WORDS.en.lead_daily_sales,
    ]);
    expect(paper.means.terms[0]).toEqual({ name: en.name_sales_closing, says: en.means_sales_closing });
  });

  it("reads money, energy and instants as people do, codes as words, and what nobody knows as a dash", () => {
    const [table] = paper.tables;
    expect(table?.columns.map(({ head }) => head).slice(0, 5)).toEqual([
      ...["day", "site", "channel", "payments", "gross (LSL)"],
    ]);
    expect(table?.rows[0]).toEqual([
      ...["2026-11-01", "MAK", "M-Pesa", "1", "100.50", "0.00", "100.50", "100.50", "0.00", "0.00", "0.00"],
      ...["12.345", "–", "–", "–", "open", "a statement is missing, money waits in suspense", "2026-11-03 14:05"],
    ]);
    expect([table?.rows[1]?.[1], table?.rows[2]?.[6], table?.note]).toEqual(["–", "–", null]);
  });

  it("draws a place for each day and a line for each channel; a day of which nothing is known is a gap", () => {
    const [chart] = paper.figures;
    expect([chart?.names, chart?.lines]).toEqual([
      ["2026-11-01", "2026-11-02"],
      [
        { name: "cash", values: [500, null] },
        { name: "M-Pesa", values: [10_050, null] },
      ],
    ]);
  });

  it("leaves the country's own line out of what it draws of sites", () => {
    const cells = [9, 8, 1, 0, 0];
    const of = (site: string, paid: number) => [site, null, ...cells, paid, paid, 1, 5, 6, 1, 1, 1, 9_000, null];
    const answer: SheetAnswer = {
      ...sheetAnswer({
        ...{ ...sales([]), report: "sites", about: {} },
        rows: [of("KET", 100), of("MAK", 200), of("total", 300)],
      }),
    };
    const [paid, energy] = sheetDocument(answer, WORDS.en, "en").figures;
    expect([paid?.names, paid?.lines[0]?.values, energy?.lines.map(({ values }) => values)]).toEqual([
      ...[
        ["KET", "MAK"],
        [100, 200],
      ],
      [
        [5, 5],
        [6, 6],
      ],
    ]);
  });

  it("lists so many lines and says how many there are", () => {
    const many = Array.from({ length: ROWS_PRINTED_MAX + 1 }, (_, n) => line("2026-11-01", `S${n}`, "cash", n));
    const [table] = sheetDocument(sales(many), WORDS.en, "en").tables;
    expect([table?.rows.length, table?.note]).toEqual([
      ROWS_PRINTED_MAX,
      `The first ${ROWS_PRINTED_MAX} of ${ROWS_PRINTED_MAX + 1} lines; all of them are in the workbook.`,
    ]);
    expect(sheetBook(sales(many), WORDS.en).tables[0]?.rows).toHaveLength(ROWS_PRINTED_MAX + 1);
  });

  it("is in each language, columns and codes too", () => {
    const [table] = sheetDocument(sales(ROWS), WORDS.fr, "fr").tables;
    expect([table?.title, table?.columns[0]?.head, table?.rows[1]?.[2], table?.rows[1]?.[15]]).toEqual([
      ...["Ventes par jour", "jour", "espèces", "clos"],
    ]);
  });
});

describe("a frozen report of one table", () => {
  const asked = { from: null, to: null, site: null, more: { channel: "mpesa" } };
  const text = (answer: SheetAnswer) => samenessOf(frozenOf(asked, answer, WORDS));

  it("is the same whenever it was asked, and another with one cell, state or filter changed", () => {
    const then = text(sales(ROWS));
    expect(text(sales(ROWS, { asOf: AS_OF + 60_000, pendingDays: 3 }))).toBe(then);
    expect(text(sales([...ROWS.slice(1), line("2026-11-01", "MAK", "mpesa", 10_051)]))).not.toBe(then);
    expect(text(sales([line("2026-11-01", "MAK", "mpesa", 10_050, "closed"), ...ROWS.slice(1)]))).not.toBe(then);
    expect(text(sales(ROWS, { about: {} }))).not.toBe(then);
  });

  it("keeps the words of its columns and definitions", () => {
    const { words } = frozenOf(asked, sales(ROWS), WORDS);
    expect([words.fr.col_net, words.en.means_sales_closing]).toEqual(["net", en.means_sales_closing]);
  });
});

describe("a table then and now", () => {
  it("is the same whatever the order of its lines", () => {
    expect(compareSheets(sales(ROWS), sales(ROWS.toReversed()))).toEqual({
      ...{ cells: 3 * 15, differences: [], notComputed: [] },
    });
  });

  it("differs cell by cell: an amount, a state, and a line that was not there", () => {
    const now = [
      line("2026-11-01", "MAK", "mpesa", 10_050, "closed"),
      line("2026-11-01", null, "cash", 700, "closed"),
      line("2026-11-02", "MAK", "mpesa", null),
      ["2026-11-02", "KET", "cash", 2, ...Array.from({ length: 14 }, () => null)],
    ];
    const { differences } = compareSheets(sales(ROWS), sales(now));
    const texts = differences.map((each) => differenceTexts(each, sales(ROWS), WORDS.en));
    expect(texts.map(({ line: of, column, was, is, change }) => [of, column, was, is, change])).toEqual([
      ["2026-11-01 · MAK · M-Pesa", "state", "open", "closed", null],
      ["2026-11-01 · – · cash", "gross (LSL)", "5.00", "7.00", "+2.00"],
      ["2026-11-01 · – · cash", "net (LSL)", "5.00", "7.00", "+2.00"],
      ["2026-11-01 · – · cash", "electricity (LSL)", "5.00", "7.00", "+2.00"],
      ["2026-11-02 · KET · cash", "payments", "–", "2", null],
    ]);
  });

  it("does not take what nobody knows for 0", () => {
    const now = [...ROWS.slice(0, 2), line("2026-11-02", "MAK", "mpesa", 0)];
    expect(compareSheets(sales(ROWS), sales(now)).differences.map(({ column, was, is }) => [column, was, is])).toEqual([
      ["gross", null, 0],
      ["net", null, 0],
      ["electricity", null, 0],
    ]);
  });

  it("says which column nobody computes any more", () => {
    const without = sales(ROWS.map((row) => row.slice(0, -1)));
    without.columns = without.columns.slice(0, -1);
    expect(compareSheets(sales(ROWS), without)).toMatchObject({ notComputed: ["closed"], differences: [] });
  });
});
