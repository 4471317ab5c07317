/** What the charts say, in the page's language. English unless the page brings others. */
export type ChartWords = {
  locale: string;
  months: readonly string[];
  quarter: string;
  table: string;
  csv: string;
  png: string;
  resetZoom: string;
  noData: string;
  gap: string;
  running: string;
  source: string;
  asOf: string;
  time: string;
  /** `{n}` places, `{from}`, `{to}`. */
  summary: string;
  /** `{name}`, `{highest}`, `{highestAt}`, `{lowest}`, `{lowestAt}`. */
  summarySeries: string;
  /** `{n}` places without a value. */
  summaryGaps: string;
  /** How to read it without a mouse. */
  keys: string;
};

export const ENGLISH: ChartWords = {
  locale: "en",
  months: "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec".split(" "),
  quarter: "Q",
  table: "Table",
  csv: "CSV",
  png: "PNG",
  resetZoom: "Reset zoom",
  noData: "Nothing is known of this time.",
  gap: "nothing known",
  running: "not over",
  source: "Source",
  asOf: "as of",
  time: "time",
  summary: "{n} values from {from} to {to}.",
  summarySeries: "{name}: highest {highest} ({highestAt}), lowest {lowest} ({lowestAt}).",
  summaryGaps: "Nothing is known of {n}.",
  keys: "Left and right arrow keys read the values.",
};

/** `{name}` in a text becomes the value of that name. */
export const filled = (text: string, values: Record<string, string | number>) =>
  text.replaceAll(/\{(\w+)\}/g, (whole, name: string) => (name in values ? String(values[name]) : whole));
