import { PDFDocument } from "pdf-lib";
import { describe, expect, it } from "vitest";
import { widthOf } from "../src/adapters/pdf/font.ts";
import { PAGE } from "../src/adapters/pdf/lay-out.ts";
import { faces } from "../src/adapters/pdf/print-contract.ts";
import { layOutReport, printReport } from "../src/adapters/pdf/print-report.ts";
import {
  axisOf,
  type ReportChart,
  type ReportDocument,
  readable,
  stackedTops,
} from "../src/domain/metrics/document.ts";

const chart = (over: Partial<ReportChart> = {}): ReportChart => ({
  ...{ title: "Paid, by site", unit: { name: "LSL", divisor: 100, digits: 2 }, kind: "bar", stacked: true },
  ...{ names: ["2026 Q3", "2026 Q4"], isRunning: true },
  lines: [
    { name: "KET", values: [100_000, 50_000] },
    { name: "MAK", values: [null, 25_000] },
  ],
  ...over,
});
const report = (figures: ReportChart[]): ReportDocument => ({
  ...{ language: "fr", title: "Rapport : Gbowélé", under: ["Du 2026-07-01 au 2026-12-31"], figures, tables: [] },
  means: { heading: "Ce que sont les chiffres", terms: [{ name: "Payé", says: "Ce que les clients ont payé." }] },
  ...{ none: "On ne sait rien.", running: "pâle", page: (n, of) => `${n} sur ${of}`, madeAt: Date.UTC(2026, 10, 29) },
});
const texts = (figures: ReportChart[]) =>
  layOutReport(report(figures), faces()).flatMap((page) =>
    page.flatMap((mark) => (mark.kind === "text" ? [mark.text] : [])),
  );
const boxes = (figures: ReportChart[]) =>
  layOutReport(report(figures), faces()).flatMap((page) =>
    page.flatMap((mark) => (mark.kind === "box" && mark.height > 7 ? [mark] : [])),
  );

describe("the axis of a chart", () => {
  it.each([
    [[0, 7], { low: 0, high: 8, step: 2 }],
    [[132_000], { low: 0, high: 150_000, step: 50_000 }],
    [[-5, 12], { low: -5, high: 15, step: 5 }],
    [[0], { low: 0, high: 1, step: 1 }],
    [[null], { low: 0, high: 1, step: 1 }],
  ])("of %j is %j", (values, axis) => {
    expect(axisOf(values)).toEqual(axis);
  });

  it("holds what stands on each other", () => {
    expect(stackedTops(chart().lines, 2)).toEqual([100_000, 75_000]);
  });
});

it.each([
  [123_456_789, { name: "LSL", divisor: 100, digits: 2 }, "1\u202f234\u202f567.89"],
  [-5, { name: "LSL", divisor: 100, digits: 2 }, "−0.05"],
  [1_600, { name: "XOF", divisor: 1, digits: 0 }, "1\u202f600"],
  [999, { name: "kWh", divisor: 1_000, digits: 2 }, "1.00"],
] as const)("%i is read as %s", (value, unit, text) => {
  expect(readable(value, unit)).toBe(text);
});

describe("a table on paper", () => {
  const COLUMNS = [
    { head: "jour", isNumber: false },
    { head: "canal", isNumber: false },
    { head: "net (LSL)", isNumber: true },
    { head: "attend", isNumber: false },
  ];
  const rowsOf = (count: number) =>
    Array.from({ length: count }, (_, n) => [`2026-11-${n}`, "M-Pesa", `${n}.00`, "un relevé manque, de l’argent"]);
  const paper = (rows: string[][], note: string | null = null, columns = COLUMNS): ReportDocument => ({
    ...report([chart()]),
    tables: [{ title: "Ventes par jour", columns, rows, note }],
  });
  const marksOf = (document: ReportDocument) =>
    layOutReport(document, faces()).map((page) => page.flatMap((mark) => (mark.kind === "text" ? [mark] : [])));

  it("has its head again on each page, every line once, and says what is not in it", () => {
    const pages = marksOf(paper(rowsOf(120), "Les 120 premières lignes."));
    const withTable = pages.filter((page) => page.some(({ text }) => text === "M-Pesa"));
    expect(withTable.length).toBeGreaterThan(1);
    for (const page of withTable) expect(page.filter(({ text }) => text === "jour")).toHaveLength(1);
    const days = pages.flat().flatMap(({ text }) => (text.startsWith("2026-11-") ? [text] : []));
    expect(days).toEqual(rowsOf(120).map(([day]) => day));
    expect(pages.flat().map(({ text }) => text)).toContain("Les 120 premières lignes.");
  });

  it("lies on its side, and nothing of it stands beyond the edge, however many columns it has", async () => {
    const wide = [
      ...COLUMNS,
      ...Array.from({ length: 14 }, (_, n) => ({ head: `crédits fournisseurs ${n}`, isNumber: true })),
    ];
    const rows = rowsOf(3).map((row) => [...row, ...Array.from({ length: 14 }, () => "1\u202f234\u202f567.89")]);
    const document = paper(rows, null, wide);
    const face = faces().regular;
    for (const { x, text, size } of marksOf(document).flat())
      expect(x + widthOf(face, text, size), text).toBeLessThan(PAGE.height - 40);
    const opened = await PDFDocument.load(await printReport(document));
    expect(opened.getPage(0).getSize()).toEqual({ width: PAGE.height, height: PAGE.width });
  });

  it("keeps numbers under each other, at the right", () => {
    const ends = marksOf({ ...paper(rowsOf(12)), figures: [] })
      .flat()
      .flatMap(({ x, text, size }) => (/^\d+\.00$/.test(text) ? [x + widthOf(faces().regular, text, size)] : []));
    expect(ends).toHaveLength(12);
    for (const end of ends) expect(end).toBeCloseTo(ends[0] ?? 0, 5);
  });
});

describe("a report on paper", () => {
  it("is text that can be searched, with its title, its definitions and its pages", () => {
    const said = texts([chart()]);
    for (const text of ["Rapport : Gbowélé", "Paid, by site (LSL)", "KET", "MAK", "2026 Q4", "pâle", "Payé", "1 sur 1"])
      expect(said).toContain(text);
  });

  it("stands its bars on each other, leaves a gap where nothing is known, and draws what is not over paler", () => {
    const [ketOld, ket, mak] = boxes([chart()]);
    expect(boxes([chart()])).toHaveLength(3);
    expect(ket?.height).toBeCloseTo((ketOld?.height ?? 0) / 2, 5);
    expect(mak?.y).toBeCloseTo((ket?.y ?? 0) + (ket?.height ?? 0), 5);
    expect(ket?.color[0]).toBeGreaterThan(ketOld?.color[0] ?? 1);
  });

  it("says that nothing is known where nothing is, and draws no bar", () => {
    const none = chart({ lines: [{ name: "KET", values: [null, null] }] });
    expect(texts([none])).toContain("On ne sait rien.");
    expect(boxes([none])).toEqual([]);
  });

  it("never connects a line over a gap", () => {
    const line = chart({ kind: "line", names: ["a", "b", "c", "d"], lines: [{ name: "x", values: [1, null, 3, 4] }] });
    const strokes = layOutReport(report([line]), faces())
      .flat()
      .filter(({ kind }) => kind === "stroke");
    expect(strokes).toHaveLength(1);
  });

  it("is the same bytes for the same figures, in a file that a reader opens, under a megabyte for fifteen figures", async () => {
    const many = report(Array.from({ length: 15 }, () => chart()));
    const [one, two] = [await printReport(many), await printReport(many)];
    expect(Buffer.compare(Buffer.from(one), Buffer.from(two))).toBe(0);
    expect(one.length).toBeLessThan(1_000_000);
    const opened = await PDFDocument.load(one);
    expect(opened.getTitle()).toBe("Rapport : Gbowélé");
    expect(opened.getPageCount()).toBeGreaterThan(4);
  });
});
