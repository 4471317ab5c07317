import { BYTE_ORDER_MARK, csvLine, harmless } from "../../src/domain/export/csv.ts";
import { type Figure, offsetOf, placesOf, unitOf } from "./figure.ts";
import { exact } from "./numbers.ts";
import { offsetName, sortable } from "./when.ts";
import type { ChartWords } from "./words.ts";

const cell = (text: string | undefined) => (text ? harmless(text) : null);

/** The figure as a file: each value exactly, local times with the offset named in the head, a gap as an empty field. */
export function csvOf(figure: Figure, words: ChartWords): string {
  const offset = offsetOf(figure);
  const head = [
    figure.at === undefined ? "" : `${words.time} (UTC${offsetName(offset)})`,
    ...figure.series.map((series) => withUnit(series.name, unitOf(figure, series).name)),
  ];
  const rows = Array.from({ length: placesOf(figure) }, (_, place) => {
    const at = figure.at?.[place];
    return [
      at === undefined ? cell(figure.names?.[place]) : sortable(at, figure.bucket ?? "instant", offset),
      ...figure.series.map(({ values, unit }) => {
        const value = values[place] ?? null;
        return value === null ? null : exact(value, unit ?? figure.unit);
      }),
    ];
  });
  return BYTE_ORDER_MARK + [head.map(cell), ...rows].map(csvLine).join("");
}

const withUnit = (name: string, unit: string) => (unit === "" ? name : `${name} (${unit})`);

/** A file's name from a title: "Energy, 7 days" becomes "energy-7-days". */
export const fileName = (title: string, ending: string) =>
  `${
    title
      .normalize("NFKD")
      .replaceAll(/[^\w\s-]/g, "")
      .trim()
      .toLowerCase()
      .replaceAll(/[\s_]+/g, "-")
      .slice(0, 60) || "figure"
  }.${ending}`;
