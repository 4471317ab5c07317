import { describe, expect, it } from "vitest";
import { canonicalJson } from "../../src/domain/canonical-json.ts";
import type { MetricAnswer, MetricRow } from "../../src/domain/metrics/answer.ts";
import { compareReports, definitionsText, frozenOf, samenessOf, wordsOf } from "../../src/domain/metrics/frozen.ts";
import type { ReportAnswer } from "../../src/domain/metrics/report-answer.ts";
import sheetEn from "../../src/domain/metrics/sheet-words/en.ts";
import sheetFr from "../../src/domain/metrics/sheet-words/fr.ts";
import sheetSt from "../../src/domain/metrics/sheet-words/st.ts";
import en from "../../src/domain/metrics/words/en.ts";
import fr from "../../src/domain/metrics/words/fr.ts";
import st from "../../src/domain/metrics/words/st.ts";

const WORDS = { en: { ...en, ...sheetEn }, fr: { ...fr, ...sheetFr }, st: { ...st, ...sheetSt } };
const AS_OF = Date.UTC(2026, 10, 3, 12);

describe("the canonical text of data", () => {
  it.each([
    [{ b: 1, a: [null, true, "é\n"] }, '{"a":[null,true,"é\\n"],"b":1}'],
    [{ a: undefined, b: -0 }, '{"b":0}'],
    [{ B: 1, a: 2 }, '{"B":1,"a":2}'],
  ])("of %j is %s", (value, text) => expect(canonicalJson(value)).toBe(text));

  it("does not depend on the order in which something was put together", () => {
    expect(canonicalJson({ x: { a: 1, b: 2 } })).toBe(canonicalJson({ x: { b: 2, a: 1 } }));
  });

  it.each([[Number.NaN], [1n], [() => 1]])("refuses what JSON does not have", (value) => {
    expect(() => canonicalJson({ value })).toThrow(TypeError);
  });
});

const row = (period: string, group: string | null, value: number | null, over: Partial<MetricRow> = {}): MetricRow => ({
  ...{ period, group, value, n: null, isPartial: false, prorated: null },
  ...over,
});
const answer = (metric: "paid" | "arpu_ever", rows: MetricRow[], asOf = AS_OF): MetricAnswer => ({
  ...{ metric, unit: "money", addsUp: metric === "paid", currency: "LSL", minorDigits: 2, grain: "quarter" },
  ...{ by: metric === "paid" ? "site" : "none", from: "2026-07-01", to: "2026-12-31", asOf, pendingDays: 1, rows },
});
const report = (paid: MetricRow[], arpu: MetricRow[], over: Partial<ReportAnswer> = {}): ReportAnswer => ({
  ...{ report: "money", countryName: "Lesotho", currency: "LSL", minorDigits: 2, timeZone: "Africa/Maseru" },
  ...{ utcOffsetMinutes: 120, from: "2026-07-01", to: "2026-12-31", site: null, asOf: AS_OF, pendingDays: 1 },
  coverageBp: 9_000,
  figures: [
    { figure: { title: "paid_by_site", ids: ["paid"], grain: "quarter", by: "site" }, answers: [answer("paid", paid)] },
    {
      figure: { title: "arpu", ids: ["arpu_ever"], grain: "quarter", by: "none" },
      answers: [answer("arpu_ever", arpu)],
    },
  ],
  ...over,
});
const PAID = [row("2026-07-01", "KET", 10_000), row("2026-10-01", "KET", 500, { isPartial: true, prorated: 1_000 })];
const ARPU = [row("2026-07-01", null, 10_000, { n: 1 })];
const ASKED = { from: null, to: null, site: null };

describe("two reports are the same", () => {
  const text = (made: ReportAnswer) => samenessOf(frozenOf(ASKED, made, WORDS));
  const then = report(PAID, ARPU);

  it("whenever they were asked, and whatever a running period would come to by then", () => {
    const later = report([PAID[0] as MetricRow, { ...(PAID[1] as MetricRow), prorated: 900 }], ARPU, {
      ...{ asOf: AS_OF + 60_000, pendingDays: 0 },
    });
    for (const { answers } of later.figures) for (const each of answers) each.asOf = AS_OF + 60_000;
    expect(text(later)).toBe(text(then));
  });

  it.each([
    ["a value", report([row("2026-07-01", "KET", 10_001)], ARPU)],
    ["what it was divided by", report(PAID, [row("2026-07-01", null, 10_000, { n: 2 })])],
    ["its site", report(PAID, ARPU, { site: "KET" })],
    [
      "a period that is over now",
      report([PAID[0] as MetricRow, { ...(PAID[1] as MetricRow), isPartial: false }], ARPU),
    ],
  ])("but not with %s changed", (_, other) => expect(text(other)).not.toBe(text(then)));
});

describe("a frozen report", () => {
  it("keeps the words of its figures, and takes what is around them from today", () => {
    const frozen = frozenOf(ASKED, report(PAID, ARPU), {
      ...WORDS,
      en: { ...WORDS.en, means_paid: "as it was", doc_page: "old" },
    });
    const words = wordsOf(frozen, "en", WORDS);
    expect([words.means_paid, words.doc_page, words.means_vended]).toEqual(["as it was", en.doc_page, en.means_vended]);
    expect(Object.keys(frozen.words.fr)).toContain("name_arpu_ever");
  });

  it("has another version of definitions when one of them is changed", () => {
    expect(definitionsText(WORDS)).not.toBe(definitionsText({ ...WORDS, en: { ...WORDS.en, means_paid: "another" } }));
    expect(definitionsText(WORDS)).toBe(definitionsText({ ...WORDS, fr: { ...WORDS.fr, name_paid: "autre" } }));
  });
});

describe("then and now", () => {
  it("are the same, line by line", () => {
    expect(compareReports(report(PAID, ARPU), report(PAID, ARPU))).toEqual({
      lines: 3,
      differences: [],
      notComputed: [],
    });
  });

  it("differ where a late payment came: its sum, its base, and a site that was not there", () => {
    const now = report(
      [row("2026-07-01", "KET", 10_000), row("2026-07-01", "MAK", 5_000), row("2026-10-01", "KET", 500)],
      [row("2026-07-01", null, 7_500, { n: 2 })],
    );
    const { lines, differences } = compareReports(report(PAID, ARPU), now);
    expect(lines).toBe(4);
    expect(
      differences.map(({ title, metric, period, group, was, is }) => [title, metric, period, group, was, is]),
    ).toEqual([
      ["paid_by_site", "paid", "2026-07-01", "MAK", null, { value: 5_000, n: null, isPartial: false }],
      [
        ...["arpu", "arpu_ever", "2026-07-01", null],
        { value: 10_000, n: 1, isPartial: false },
        { value: 7_500, n: 2, isPartial: false },
      ],
    ]);
  });

  it("differ where only the denominator is another", () => {
    const now = report(PAID, [row("2026-07-01", null, 10_000, { n: 2 })]);
    expect(compareReports(report(PAID, ARPU), now).differences).toHaveLength(1);
  });

  it("do not differ where nobody knows anything, neither then nor now; 0 is known", () => {
    const unknown = report([row("2026-07-01", "MAK", null)], ARPU);
    expect(compareReports(unknown, report([], ARPU)).differences).toEqual([]);
    expect(compareReports(unknown, report([row("2026-07-01", "MAK", 0)], ARPU)).differences).toHaveLength(1);
  });

  it("say which figure nobody computes any more", () => {
    const now = report(PAID, ARPU);
    (now.figures[1] as { answers: MetricAnswer[] }).answers = [];
    expect(compareReports(report(PAID, ARPU), now)).toMatchObject({ notComputed: ["arpu_ever"], differences: [] });
  });
});
