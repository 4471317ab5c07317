import type uPlot from "uplot";
import { barPaths, type Paints } from "./bars.ts";
import { columnsOf, lonely } from "./columns.ts";
import {
  type Figure,
  gapsOf,
  hasPlaces,
  kindOf,
  offsetOf,
  placesOf,
  type Series,
  type Unit,
  unitOf,
} from "./figure.ts";
import { onAxis } from "./numbers.ts";
import { paler, type Theme } from "./theme.ts";
import { placeTicks, timeTicks } from "./ticks.ts";
import { tickName } from "./when.ts";
import type { ChartWords } from "./words.ts";

export type Look = { theme: Theme; words: ChartWords };

const FONT_PX = 12;
/** Room that a name beneath the axis takes. */
const NAME_PX = { time: 58, place: 46, name: 34 } as const;
const CHAR_PX = 7;
const AREA_ALPHA = "2e";
/** An area on the right axis keeps to the lowest third of the drawing. */
const UNDER_LINES = 3;
/** Of what is counted there are no halves. */
const COUNT_STEPS = Array.from({ length: 9 }, (_, power) => [1, 2, 5].map((step) => step * 10 ** power)).flat();
const LINE_WIDTH = 2;
const LEFT = "y";
const RIGHT = "right";

/**
 * How uPlot draws the figure. Pure but for the paths: what changes without a new drawing (values, theme) is asked for when
 * it is needed, by `figureNow` and `lookNow`.
 */
export function optionsOf(
  figure: Figure,
  size: { width: number; height: number },
  figureNow: () => Figure = () => figure,
  lookNow: () => Look,
): uPlot.Options {
  const right = figure.series.find((series) => series.unit !== undefined);
  return {
    ...size,
    ms: 1,
    legend: { show: false },
    cursor: { y: false, drag: { x: true, y: false, setScale: true }, points: { show: false } },
    padding: [12, right === undefined ? 12 : 0, 0, 0],
    scales: {
      x: { time: false, range: (_, min, max) => rangeX(figureNow(), min, max) },
      [LEFT]: { range: (_, min, max) => rangeY(figureNow(), false, min, max) },
      ...(right === undefined ? {} : { [RIGHT]: { range: (_, min, max) => rangeY(figureNow(), true, min, max) } }),
    },
    axes: [
      axisX(figureNow, lookNow),
      axisY(figure.unit, LEFT, lookNow),
      ...(right?.unit === undefined ? [] : [axisY(right.unit, RIGHT, lookNow)]),
    ],
    series: [{}, ...figure.series.map((series, nth) => seriesOf(figure, series, nth, figureNow, lookNow))],
    bands: bandsOf(figure, lookNow),
    hooks: { drawClear: [(plot) => shadeGaps(plot, figureNow(), lookNow().theme)] },
  };
}

/** uPlot counts the column of places first. */
function bandsOf({ band }: Figure, lookNow: () => Look): uPlot.Band[] {
  if (band === undefined) return [];
  const [upper, lower] = band;
  return [{ series: [upper + 1, lower + 1], fill: () => paler(colorOf(lookNow().theme, upper), AREA_ALPHA) }];
}

export const colorOf = (theme: Theme, nth: number): string => theme.series[nth % theme.series.length] ?? theme.ink;

function seriesOf(
  figure: Figure,
  series: Series,
  nth: number,
  figureNow: () => Figure,
  lookNow: () => Look,
): uPlot.Series {
  const stroke = () => colorOf(lookNow().theme, nth);
  const scale = series.unit === undefined ? LEFT : RIGHT;
  const kind = kindOf(figure, series);
  if (kind === "bar") {
    const paints: Paints = {
      whole: (each) => colorOf(lookNow().theme, each),
      running: (each) => paler(colorOf(lookNow().theme, each)),
    };
    return {
      label: series.name,
      scale,
      stroke,
      width: 0,
      paths: barPaths(figureNow, () => paints),
      points: { show: false },
    };
  }
  return {
    label: series.name,
    scale,
    stroke,
    width: LINE_WIDTH,
    // A gap stays open: no line leads over what nobody knows.
    spanGaps: false,
    ...(kind === "area" ? { fill: () => paler(colorOf(lookNow().theme, nth), AREA_ALPHA) } : {}),
    points: { show: true, size: 5, filter: () => lonely(figureNow().series[nth]?.values ?? []) },
  };
}

/** Half a place of air at both ends; a single instant gets a day around it. */
function rangeX(figure: Figure, min: number | null, max: number | null): uPlot.Range.MinMax {
  if (hasPlaces(figure)) {
    const last = Math.max(0, placesOf(figure) - 1);
    return [
      Math.max(-0.5, Math.floor((min ?? 0) + 0.5) - 0.5),
      Math.min(last + 0.5, Math.ceil((max ?? last) - 0.5) + 0.5),
    ];
  }
  if (min === null || max === null) return [0, 1];
  return min === max ? [min - 43_200_000, max + 43_200_000] : [min, max];
}

/** Bars and areas stand on 0: a cut axis would make small differences look large. Without a value the axis goes to one unit. */
export function rangeY(figure: Figure, isRight: boolean, min: number | null, max: number | null): uPlot.Range.MinMax {
  const own = figure.series.filter((series) => (series.unit !== undefined) === isRight);
  const unit = own[0] === undefined ? figure.unit : unitOf(figure, own[0]);
  if (min === null || max === null) return [0, unit.divisor];
  // A line beside bars, too: two axes of which one is cut would compare what cannot be compared.
  const standsOnZero = figure.series.some((series) => kindOf(figure, series) !== "line");
  const low = standsOnZero ? Math.min(0, min) : min;
  const high = standsOnZero ? Math.max(0, max) : max;
  // How many they are is drawn beneath what is measured of them, not over it.
  if (isRight && low === 0 && high > 0 && own.every((series) => kindOf(figure, series) === "area"))
    return [0, high * UNDER_LINES];
  const air = (high - low || Math.abs(high) || unit.divisor) * 0.08;
  return [low === 0 && standsOnZero ? 0 : low - air, high === 0 && standsOnZero && low < 0 ? 0 : high + air];
}

function axisX(figureNow: () => Figure, lookNow: () => Look): uPlot.Axis {
  return {
    scale: "x",
    font: font(lookNow),
    stroke: () => lookNow().theme.quiet,
    grid: { show: false },
    ticks: { stroke: () => lookNow().theme.line, width: 1, size: 4 },
    gap: 4,
    size: 44,
    splits: (plot, _, from, to) => ticksOf(figureNow(), from, to, plot.bbox.width / devicePixelRatio).at,
    values: (plot, splits) => {
      const figure = figureNow();
      const { scales, bbox } = plot;
      const from = scales.x?.min ?? 0;
      const { bucket } = ticksOf(figure, from, scales.x?.max ?? 1, bbox.width / devicePixelRatio);
      return splits.map((split, nth) => {
        if (figure.at === undefined) return shortened(figure.names?.[split] ?? "", placePx(plot, splits) / CHAR_PX);
        const instant = (tick: number | undefined) =>
          tick === undefined ? null : hasPlaces(figure) ? (figure.at?.[tick] ?? null) : tick;
        const at = instant(split);
        return at === null ? "" : tickName(at, instant(splits[nth - 1]), bucket, offsetOf(figure), lookNow().words);
      });
    },
  };
}

/** Where names stand beneath the axis, and how they are written. */
function ticksOf(figure: Figure, from: number, to: number, widthPx: number) {
  if (hasPlaces(figure)) {
    const least = figure.at === undefined ? NAME_PX.name : NAME_PX.place;
    return {
      at: placeTicks(from, to, Math.max(2, Math.floor(widthPx / least)), midnightOf(figure)),
      bucket: figure.bucket ?? ("instant" as const),
    };
  }
  return timeTicks(from, to, Math.max(2, Math.floor(widthPx / NAME_PX.time)), offsetOf(figure));
}

const DAY_MS = 86_400_000;
/** The first place at local midnight, of hours. */
function midnightOf(figure: Figure): number | undefined {
  if (figure.bucket !== "hour" || figure.at === undefined) return undefined;
  const place = figure.at.findIndex((at) => (at + offsetOf(figure) * 60_000) % DAY_MS === 0);
  return place === -1 ? undefined : place;
}

/** What a name has beneath its place: up to the next that is named. */
const placePx = (plot: uPlot, [first = 0, second = first + 1]: number[]) =>
  Math.abs(plot.valToPos(second, "x") - plot.valToPos(first, "x"));
const shortened = (name: string, charsMax: number) =>
  name.length > charsMax ? `${name.slice(0, Math.max(2, Math.floor(charsMax) - 1))}…` : name;

function axisY(unit: Unit, scale: string, lookNow: () => Look): uPlot.Axis {
  const isRight = scale === RIGHT;
  return {
    scale,
    side: isRight ? 1 : 3,
    label: unit.name,
    labelFont: font(lookNow),
    labelSize: unit.name === "" ? 0 : 18,
    labelGap: 0,
    font: font(lookNow),
    stroke: () => lookNow().theme.quiet,
    grid: { show: !isRight, stroke: () => lookNow().theme.line, width: 1 },
    ticks: { show: false },
    gap: 6,
    ...(unit.digits === 0 && unit.divisor === 1 ? { incrs: COUNT_STEPS } : {}),
    size: (_, values) => 14 + 7 * Math.max(1, ...(values ?? []).map((value) => String(value).length)),
    values: (_, splits, __, ___, step) => splits.map((split) => onAxis(split, step, unit, lookNow().words.locale)),
  };
}

/** A canvas takes the font when it is asked for, so the page's own is known by then. */
const font = (lookNow: () => Look) => `${FONT_PX}px ${lookNow().theme.font}`;

/** Places of which nothing is known are shaded: nobody takes them for 0. */
function shadeGaps(plot: uPlot, figure: Figure, theme: Theme) {
  if (!hasPlaces(figure)) return;
  const { ctx, bbox } = plot;
  const half = Math.abs(plot.valToPos(1, "x", true) - plot.valToPos(0, "x", true)) / 2;
  ctx.save();
  ctx.beginPath();
  ctx.rect(bbox.left, bbox.top, bbox.width, bbox.height);
  ctx.clip();
  ctx.fillStyle = theme.gap;
  for (const place of gapsOf(figure)) {
    const center = plot.valToPos(place, "x", true);
    ctx.fillRect(center - half, bbox.top, half * 2, bbox.height);
  }
  ctx.restore();
}

export { columnsOf };
