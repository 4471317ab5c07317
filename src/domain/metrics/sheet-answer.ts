import type { AboutLine } from "../export/book.ts";
import type { ColumnKind, Place, Value } from "../export/table.ts";
import { type Sheet, type SheetFigure, sheetOf } from "./sheets.ts";

/** A report of one table as it was answered: every file of it is made of this and of words, and of nothing else. */
export type SheetAnswer = Place & {
  report: Sheet;
  countryName: string;
  from: string;
  to: string;
  /** A site's code; null: all. */
  site: string | null;
  /** What else it was narrowed to, and what is to be known of it: `about_<name>` in the words of sheets. */
  about: Record<string, string | number>;
  source: string;
  asOf: number;
  pendingDays: number;
  /** Of hours, where it is of hours. */
  coveragePct: number | null;
  /** Something of it is not over yet. */
  isPartial: boolean;
  columns: { name: string; as: ColumnKind }[];
  /** So many columns at the front name a line. */
  names: number;
  figures: SheetFigure[];
  rows: Value[][];
};

/** A line that is the sum of others, or the whole: it is drawn in no chart. */
export const TOTAL = "total";
/** A line of those of whom nobody knows when: it has no place in time, and is drawn in no chart. */
export const UNDATED = "undated";

type Given = Omit<SheetAnswer, "columns" | "names" | "figures">;
/** The rows of a report with what its columns are today. */
export function sheetAnswer(given: Given): SheetAnswer {
  const { columns, names, figures } = sheetOf(given.report);
  return {
    ...given,
    columns: Object.entries(columns).map(([name, as]) => ({ name, as })),
    names,
    figures: [...figures],
  };
}

/** What a file of it says of itself, as lines of a CSV: names are for programs. */
export const saidOf = (answer: SheetAnswer): AboutLine[] => [
  { name: "country", value: answer.countryName },
  { name: "from", value: answer.from, as: "day" },
  { name: "to", value: answer.to, as: "day" },
  ...(answer.site === null ? [] : [{ name: "site", value: answer.site }]),
  ...Object.entries(answer.about).map(([name, value]): AboutLine => ({ name, value: String(value) })),
  { name: "as of", value: answer.asOf, as: "instant" },
  { name: "source", value: answer.source },
  ...(answer.coveragePct === null ? [] : [{ name: "known", value: answer.coveragePct, as: "percent" } as const]),
  { name: "not over yet", value: answer.isPartial, as: "bool" },
  { name: "days not added up yet", value: answer.pendingDays, as: "count" },
];
