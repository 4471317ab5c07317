import type { Context } from "hono";
import { z } from "zod";
import type { AboutLine, Book } from "../../src/domain/export/book.ts";
import { BYTE_ORDER_MARK, csvLine, endLine, remarkLine } from "../../src/domain/export/csv.ts";
import {
  type Column,
  type ColumnKind,
  csvText,
  headOf,
  type Place,
  type Value,
} from "../../src/domain/export/table.ts";
import type { DayFigure } from "../../src/domain/metrics/day-figures.ts";
import type { PeopleFigure } from "../../src/domain/metrics/people-figures.ts";
import type { MetricId } from "../../src/domain/metrics/registry.ts";
import names from "../../src/domain/metrics/words/en.ts";
import type { Env } from "../env.ts";
import { writeBook } from "../exports/book.ts";
import { CONTENT_TYPE } from "../exports/writers.ts";
import { countryOf } from "../ports.ts";

const day = z.iso.date("a day, as 2026-11-03");
/** From which local day to which, both included; each may be left to the figure. */
export const fromAndTo = { from: day.optional(), to: day.optional() };
export const inOrder = ({ from, to }: { from?: string | undefined; to?: string | undefined }) =>
  from === undefined || to === undefined || from <= to;
export const OUT_OF_ORDER = { path: ["to"], message: "a day not before `from`" };

/** Of words in a file for people. */
export const language = z.enum(["en", "fr", "st"]).default("en");

/** What a figure may be narrowed to. */
export const siteAndType = {
  site: z
    .string()
    .regex(/^[A-Z]{3}$/, "a site's code, as MAK")
    .optional(),
  type: z
    .string()
    .regex(/^[A-Z0-9]{2,6}$/, "a customer type, as HH or SME")
    .optional(),
};

const CONTENT_TYPES = {
  ...CONTENT_TYPE,
  json: "application/json",
  pdf: "application/pdf",
  /** Registered with IANA. */
  parquet: "application/vnd.apache.parquet",
} as const;
export type FileFormat = keyof typeof CONTENT_TYPES;
/** By the end of its address. */
export const formatOf = (c: Context): FileFormat => {
  const end = c.req.path.slice(c.req.path.lastIndexOf("/") + 1);
  return Object.hasOwn(CONTENT_TYPES, end) ? (end as FileFormat) : "csv";
};

export const columnsOf = (kinds: Record<string, ColumnKind>): Column[] =>
  Object.entries(kinds).map(([name, as]) => ({ name, as }));

/** What an answer says of itself: as much of it as there is goes into its file. */
export type Said = {
  asOf: number;
  asOfDay?: string;
  from?: string;
  to?: string;
  source?: string;
  coveragePct?: number | null;
  isPartial?: boolean;
  pendingDays?: number;
};

/** The filters as they were asked, and what the answer says of itself. */
export function aboutLines(c: Context, said: Said, more: readonly AboutLine[] = []): AboutLine[] {
  const { language: _, cursor: __, from, to, ...filters } = c.req.query();
  const line = (name: string, value: AboutLine["value"] | undefined, as: AboutLine["as"] = "text"): AboutLine[] =>
    value === undefined ? [] : [{ name, value, as }];
  return [
    ...line("country", countryOf(c.env).name),
    ...line("from", said.from ?? from, "day"),
    ...line("to", said.to ?? to, "day"),
    ...Object.entries(filters).map(([name, value]): AboutLine => ({ name, value })),
    ...more,
    ...line("as of", said.asOf, "instant"),
    ...line("as of the day", said.asOfDay, "day"),
    ...line("source", said.source),
    ...line("known", said.coveragePct, "percent"),
    ...line("not over yet", said.isPartial, "bool"),
    ...line("days not added up yet", said.pendingDays, "count"),
  ];
}

type TableFile = {
  /** Without its ending. */
  name: string;
  columns: readonly Column[];
  rows: readonly (readonly Value[])[];
  about: readonly AboutLine[];
  figures: readonly (PeopleFigure | MetricId | DayFigure)[];
};

/** Rows as a file with what they mean: nothing in it is run, and one that lacks its last line was cut. */
export function fileOf(c: Context, { name, columns, rows, about, figures }: TableFile): Response {
  const terms = figures.map((id) => ({ name: names[`name_${id}`], says: names[`means_${id}`] }));
  const place = placeOf(c.env);
  if (formatOf(c) === "xlsx")
    return bookAnswer(name, {
      ...{ title: terms[0]?.name ?? name, place, tables: [{ title: terms[0]?.name ?? name, columns, rows }] },
      about: { heading: names.doc_means, lines: about, terms },
    });
  const lines = rows.map((row) => csvLine(columns.map((column, n) => csvText(row[n] ?? null, column)))).join("");
  const means = terms.map(({ name: term, says }) => `# ${term}: ${says}\r\n`).join("");
  const said = about.map(
    (line) => `${line.name} ${csvText(line.value, { name: "", as: line.as ?? "text" }) ?? "not known"}`,
  );
  const heads = csvLine(columns.map((column) => headOf(column, "csv", place)));
  return answerWith(
    "csv",
    name,
    `${BYTE_ORDER_MARK}${heads}${lines}${means}${remarkLine(said.join("; "))}${endLine(rows.length)}`,
  );
}

export const bookAnswer = (name: string, book: Book) => answerWith("xlsx", name, writeBook(book));

export const answerWith = (format: FileFormat, name: string, body: BodyInit): Response =>
  new Response(body, {
    headers: {
      "Content-Type": CONTENT_TYPES[format],
      "Content-Disposition": `attachment; filename="${name}.${format}"`,
      "Cache-Control": "no-store",
    },
  });

export const placeOf = (env: Env): Place => {
  const { currency, minorDigits, timeZone, utcOffsetMinutes } = countryOf(env);
  return { currency, minorDigits, timeZone, utcOffsetMinutes };
};
