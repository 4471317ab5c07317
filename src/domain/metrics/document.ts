import type { Lines, ReadAs } from "./lines.ts";

/** A report on paper, as plain data: whoever draws it decides nothing. */
export type ReportDocument = {
  language: string;
  title: string;
  /** Lines under the title: time, site, as of when, from what. */
  under: string[];
  figures: ReportChart[];
  tables: ReportTable[];
  /** Name and definition of each figure, once. */
  means: { heading: string; terms: { name: string; says: string }[] };
  /** What an empty figure says, and what a pale bar is. */
  none: string;
  running: string;
  page: (n: number, of: number) => string;
  /** UTC ms. */
  madeAt: number;
};

export type ReportChart = {
  title: string;
  unit: ReadAs;
  kind: "bar" | "line";
  stacked: boolean;
  /** What the places along the lower edge are called. */
  names: string[];
  lines: Lines["series"];
  /** The last place is not over. */
  isRunning: boolean;
};

/** Lines of text as they are read; numbers stand at the right. */
export type ReportTable = {
  title: string;
  columns: { head: string; isNumber: boolean }[];
  rows: string[][];
  /** That it is not all, or that there is nothing. */
  note: string | null;
};

/** From the axis down to the highest bar: round steps that hold every value, from 0 or the lowest. */
export function axisOf(values: readonly (number | null)[], steps = 4): { low: number; high: number; step: number } {
  const known = values.filter((value) => value !== null);
  const [least, most] = [Math.min(0, ...known), Math.max(0, ...known)];
  const rough = Math.max(1, (most - least) / steps);
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = power * ([1, 2, 5, 10].find((times) => times * power >= rough) ?? 10);
  return { low: Math.floor(least / step) * step, high: Math.max(step, Math.ceil(most / step) * step), step };
}

/** The sum of the bars that stand on each other in each place, above 0. */
export const stackedTops = (lines: ReportChart["lines"], places: number): number[] =>
  Array.from({ length: places }, (_, place) =>
    lines.reduce((sum, { values }) => sum + Math.max(0, values[place] ?? 0), 0),
  );

/** A whole value as it is read, with its digits grouped. */
export function readable(value: number, { divisor, digits }: ReadAs): string {
  const whole = Math.round(Math.abs(value) / (divisor / 10 ** digits));
  const text = String(whole).padStart(digits + 1, "0");
  const head = digits === 0 ? text : text.slice(0, -digits);
  const grouped = head.replace(/\B(?=(\d{3})+$)/g, "\u202f");
  return `${value < 0 ? "−" : ""}${grouped}${digits === 0 ? "" : `.${text.slice(-digits)}`}`;
}
