import type uPlot from "uplot";
import { type Figure, hasPlaces, kindOf, placesOf, type Value } from "./figure.ts";

/** The figure as the columns that are drawn: places or instants first, then each series. A gap stays null, never 0. */
export function columnsOf(figure: Figure): uPlot.AlignedData {
  const xs = hasPlaces(figure) ? Array.from({ length: placesOf(figure) }, (_, place) => place) : [...(figure.at ?? [])];
  const columns = figure.series.map(({ values }) => xs.map((_, place) => values[place] ?? null));
  return [xs, ...(figure.stacked ? stack(figure, columns) : columns)];
}

/** Each bar of a stack ends where those before it and it come to; a gap lifts nothing and is not drawn. */
function stack(figure: Figure, columns: Value[][]): Value[][] {
  const reached = Array.from({ length: placesOf(figure) }, () => 0);
  return columns.map((column, nth) => {
    const series = figure.series[nth];
    if (series === undefined || kindOf(figure, series) !== "bar") return column;
    return column.map((value, place) => {
      if (value === null) return null;
      reached[place] = (reached[place] ?? 0) + value;
      return reached[place] ?? null;
    });
  });
}

/** Points with a gap on both sides: no line reaches them, so they are drawn as dots. */
export const lonely = (values: readonly (number | null | undefined)[]): number[] =>
  values.flatMap((value, place) =>
    value != null && values[place - 1] == null && values[place + 1] == null ? [place] : [],
  );
