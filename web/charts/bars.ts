import type uPlot from "uplot";
import { type Figure, kindOf } from "./figure.ts";

export type Rect = { x: number; y: number; width: number; height: number };

/** How much of a place's width its bars take; the rest is air. */
const FILLED = 0.78;
const WIDTH_MAX = 64;
/** A bar of 0 is a line: it is known, and nobody takes it for a gap. */
const LEAST_HEIGHT = 1.5;

/** Where a bar lies, in pixels: the `nth` of `of` bars side by side in a place of `placeWidth` around `center`. */
export function barRect(order: {
  center: number;
  placeWidth: number;
  nth: number;
  of: number;
  top: number;
  bottom: number;
  pxRatio?: number;
}): Rect {
  const { center, placeWidth, nth, of, top, bottom, pxRatio = 1 } = order;
  const all = Math.min(placeWidth * FILLED, WIDTH_MAX * pxRatio * of);
  const width = Math.max(1, all / of);
  const [upper, lower] = [Math.min(top, bottom), Math.max(top, bottom)];
  const height = Math.max(LEAST_HEIGHT * pxRatio, lower - upper);
  return { x: center - all / 2 + nth * width, y: top <= bottom ? lower - height : upper, width, height };
}

/** Which bars stand side by side: the how manieth of how many a series is. Stacked: one place for all. */
export function lanesOf(figure: Figure): Map<number, { nth: number; of: number }> {
  const bars = figure.series.flatMap((series, nth) => (kindOf(figure, series) === "bar" ? [nth] : []));
  return new Map(bars.map((series, nth) => [series, figure.stacked ? { nth: 0, of: 1 } : { nth, of: bars.length }]));
}

/** The colour of a series, whole and for the place that is not over. */
export type Paints = { whole(series: number): string; running(series: number): string };

/** How one series of bars is drawn: uPlot asks for paths, this answers with rectangles. */
export function barPaths(figureNow: () => Figure, paints: () => Paints): uPlot.Series.PathBuilder {
  return (plot, seriesIdx, from, to) => {
    const figure = figureNow();
    const nth = seriesIdx - 1;
    const lane = lanesOf(figure).get(nth);
    const column = plot.data[seriesIdx];
    const scale = plot.series[seriesIdx]?.scale ?? "y";
    if (lane === undefined || column === undefined) return null;
    const placeWidth = Math.abs(plot.valToPos(1, "x", true) - plot.valToPos(0, "x", true));
    const floor = plot.valToPos(Math.max(0, plot.scales[scale]?.min ?? 0), scale, true);
    const [whole, running] = [new Path2D(), new Path2D()];
    for (let place = from; place <= to; place++) {
      const value = column[place];
      if (value == null) continue;
      const own = figure.series[nth]?.values[place] ?? 0;
      const rect = barRect({
        center: plot.valToPos(place, "x", true),
        placeWidth,
        ...lane,
        top: plot.valToPos(value, scale, true),
        bottom: figure.stacked ? plot.valToPos(value - own, scale, true) : floor,
        pxRatio: devicePixelRatio,
      });
      const path = figure.running === true && place === column.length - 1 ? running : whole;
      path.rect(rect.x, rect.y, rect.width, rect.height);
    }
    const { whole: paint, running: pale } = paints();
    return {
      fill: new Map([
        [paint(nth), whole],
        [pale(nth), running],
      ]),
      stroke: null,
      flags: 1,
    };
  };
}
