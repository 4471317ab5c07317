import type { Context } from "hono";
import { z } from "zod";
import { BYTE_ORDER_MARK, csvLine, endLine, harmless } from "../../src/domain/export/csv.ts";
import type { PeopleFigure } from "../../src/domain/metrics/people-figures.ts";
import type { MetricId } from "../../src/domain/metrics/registry.ts";
import names from "../../src/domain/metrics/words/en.ts";

const day = z.iso.date("a day, as 2026-11-03");
/** From which local day to which, both included; each may be left to the figure. */
export const fromAndTo = { from: day.optional(), to: day.optional() };
export const inOrder = ({ from, to }: { from?: string | undefined; to?: string | undefined }) =>
  from === undefined || to === undefined || from <= to;
export const OUT_OF_ORDER = { path: ["to"], message: "a day not before `from`" };

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

type Cell = string | number | null;
const text = (cell: Cell) => (cell === null ? null : harmless(String(cell)));

/** Rows as a file with what they mean: nothing in it is run, and one that lacks its last line was cut. */
export function fileOf(
  c: Context,
  name: string,
  heads: readonly string[],
  rows: readonly (readonly Cell[])[],
  about: string,
  figures: readonly (PeopleFigure | MetricId)[],
): Response {
  const means = figures.map((id) => `# ${names[`name_${id}`]}: ${names[`means_${id}`]}\r\n`).join("");
  const lines = rows.map((row) => csvLine(row.map(text))).join("");
  return c.body(`${BYTE_ORDER_MARK}${csvLine(heads)}${lines}${means}# ${about}\r\n${endLine(rows.length)}`, 200, {
    "Content-Type": "text/csv; charset=utf-8",
    "Content-Disposition": `attachment; filename="${name}.csv"`,
    "Cache-Control": "no-store",
  });
}
