import type { Country, Language } from "../../src/domain/country.ts";
import type { MyKey, MyWords } from "../../src/domain/my-page/words.ts";
import type { ChartWords } from "../charts/words.ts";

/** What the Worker wrote into the page for its script. */
export type PageData = {
  words: MyWords;
  language: Language;
  locale: string;
  months: string[];
  /** Of the country, what it takes to write money, the lamp and a day. */
  facts: MyFacts;
  account: string;
  now: number;
  source: "engine" | "live" | "live_stale";
  /** The newest payment that the page shows. */
  payment: string | null;
};

export type MyFacts = Pick<Country, "minorDigits" | "money" | "utcOffsetMinutes" | "lowBalance">;

export type Page = PageData & { say(key: MyKey, values?: Record<string, string | number>): string };

/** Null on a page of nobody's: there is nothing to watch or to draw. */
export function readPage(): Page | null {
  const text = document.getElementById("data")?.textContent;
  if (!text) return null;
  const data = JSON.parse(text) as PageData;
  return {
    ...data,
    say: (key, values = {}) =>
      data.words[key].replaceAll(/\{(\w+)\}/g, (whole, name: string) => String(values[name] ?? whole)),
  };
}

/** The charts' own words, in the page's language. */
export const chartWords = ({ words, locale, months }: Page): ChartWords => ({
  locale,
  months,
  quarter: words.chart_quarter,
  table: words.chart_table,
  csv: words.chart_csv,
  png: words.chart_png,
  resetZoom: words.chart_reset,
  noData: words.chart_empty,
  gap: words.chart_gap,
  running: words.chart_running,
  source: words.chart_src,
  asOf: words.chart_as_of,
  time: words.chart_time,
  summary: words.chart_summary,
  summarySeries: words.chart_series,
  summaryGaps: words.chart_gaps,
  keys: words.chart_keys,
});
