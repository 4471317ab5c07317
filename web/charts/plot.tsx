import { useEffect, useMemo, useRef, useState } from "preact/hooks";
import uPlot from "uplot";
import { csvOf, fileName } from "./csv.ts";
import { type Figure, gapsOf, isEmpty, kindOf, offsetOf, placesOf } from "./figure.ts";
import { columnsOf, type Look, optionsOf } from "./options.ts";
import { pictureOf, saveFile } from "./png.ts";
import { nameOf, readings, summaryOf } from "./read.ts";
import { DataTable } from "./table.tsx";
import { onThemeChange, SERIES_COLORS, themeAt } from "./theme.ts";
import { placeName } from "./when.ts";
import { type ChartWords, ENGLISH } from "./words.ts";
import "uplot/dist/uPlot.min.css";
import "./chart.css";

export type PlotProps = Figure & { height?: number; words?: ChartWords };

const HEIGHT = 240;

/** Another number, order or kind of series is another drawing; other values are not. */
const shapeOf = (figure: Figure) =>
  JSON.stringify([
    figure.series.map((series) => [series.name, kindOf(figure, series), series.unit?.name ?? null]),
    figure.unit,
    figure.stacked ?? false,
    figure.band ?? null,
    figure.at === undefined,
  ]);

/** A figure: the drawing, and everything of it in words, as a table and as files. It owns one uPlot; see lazy.tsx. */
export default function Plot({ height = HEIGHT, words = ENGLISH, ...figure }: PlotProps) {
  const place = useRef<HTMLDivElement>(null);
  const plot = useRef<uPlot | null>(null);
  const now = useRef<{ figure: Figure; look: Look | null }>({ figure, look: null });
  const [pointed, setPointed] = useState<{ place: number; left: number } | null>(null);
  const [zoomed, setZoomed] = useState(false);
  const [open, setOpen] = useState(false);
  const summary = useMemo(() => summaryOf(figure, words), [figure.series, figure.at, figure.names, words]);
  const shape = shapeOf(figure);
  now.current.figure = figure;

  useEffect(() => {
    const element = place.current;
    if (element === null) return;
    const lookNow = () => {
      now.current.look ??= { theme: themeAt(element), words };
      return now.current.look;
    };
    now.current.look = null;
    const size = { width: Math.max(200, element.clientWidth), height };
    const options = optionsOf(now.current.figure, size, () => now.current.figure, lookNow);
    const hooks = {
      ...options.hooks,
      setCursor: [(self: uPlot) => setPointed(pointedAt(self))],
      setScale: [(self: uPlot, key: string) => key === "x" && setZoomed(isZoomed(self))],
    };
    const made = new uPlot({ ...options, hooks }, columnsOf(now.current.figure), element);
    plot.current = made;
    setZoomed(false);
    const sizes = new ResizeObserver(([entry]) => {
      const width = Math.floor(entry?.contentRect.width ?? 0);
      if (width > 0 && width !== made.width) made.setSize({ width, height });
    });
    sizes.observe(element);
    const themes = onThemeChange(() => {
      now.current.look = null;
      made.redraw(true, true);
    });
    return () => {
      sizes.disconnect();
      themes();
      made.destroy();
      plot.current = null;
    };
  }, [shape, height, words]);

  useEffect(() => {
    plot.current?.setData(columnsOf(now.current.figure), true);
    setZoomed(false);
  }, [figure.series, figure.at, figure.names, figure.running]);

  const foot = `${words.source}: ${figure.source}${figure.asOf === null ? "" : `, ${words.asOf} ${placeName(figure.asOf, "instant", offsetOf(figure), words)}`}`;
  const savePicture = async () => {
    const canvas = plot.current?.ctx.canvas;
    const look = now.current.look;
    if (canvas === undefined || look === null) return;
    const picture = await pictureOf(canvas as HTMLCanvasElement, figure, look.theme, foot);
    if (picture !== null) saveFile(picture, fileName(figure.title, "png"));
  };

  return (
    <figure class="chart">
      <figcaption>
        <span class="chart-title">{figure.title}</span>
        <Legend figure={figure} words={words} />
      </figcaption>
      <div class="chart-area">
        <div
          ref={place}
          class="chart-canvas"
          role="img"
          // biome-ignore lint/a11y/noNoninteractiveTabindex: its values are read with the arrow keys
          tabIndex={0}
          aria-label={`${figure.title}. ${summary} ${words.keys}`}
          onKeyDown={(event) => stepTo(event, plot.current, figure)}
          onBlur={() => setPointed(null)}
        />
        {isEmpty(figure) && <p class="chart-empty">{words.noData}</p>}
        {pointed !== null && <Tip figure={figure} words={words} {...pointed} width={plot.current?.width ?? 0} />}
      </div>
      <p class="chart-foot">{foot}</p>
      <div class="chart-tools">
        {zoomed && (
          <button type="button" onClick={() => plot.current?.setData(columnsOf(figure), true)}>
            {words.resetZoom}
          </button>
        )}
        <button type="button" aria-expanded={open} onClick={() => setOpen(!open)}>
          {words.table}
        </button>
        <button
          type="button"
          onClick={() =>
            saveFile(new Blob([csvOf(figure, words)], { type: "text/csv" }), fileName(figure.title, "csv"))
          }
        >
          {words.csv}
        </button>
        <button type="button" onClick={() => void savePicture()}>
          {words.png}
        </button>
      </div>
      {open && <DataTable figure={figure} words={words} />}
    </figure>
  );
}

function Legend({ figure, words }: { figure: Figure; words: ChartWords }) {
  const hasGaps = gapsOf(figure).length > 0 && !isEmpty(figure);
  if (figure.series.length < 2 && !hasGaps && figure.running !== true) return null;
  return (
    <ul class="chart-legend">
      {figure.series.map(({ name }, nth) => (
        <li key={name} class={`chart-series-${(nth % SERIES_COLORS) + 1}`}>
          {name}
        </li>
      ))}
      {figure.running === true && <li class="chart-running">{words.running}</li>}
      {hasGaps && <li class="chart-gap">{words.gap}</li>}
    </ul>
  );
}

/** What is known of the place that is pointed at, beside it; read aloud when the keys move it. */
function Tip({
  figure,
  words,
  place,
  left,
  width,
}: {
  figure: Figure;
  words: ChartWords;
  place: number;
  left: number;
  width: number;
}) {
  const box = useRef<HTMLDivElement>(null);
  useEffect(() => {
    const element = box.current;
    if (element === null) return;
    const own = element.offsetWidth;
    element.style.left = `${Math.max(0, Math.min(width - own, left > width / 2 ? left - own - 12 : left + 12))}px`;
  });
  const isRunning = figure.running === true && place === placesOf(figure) - 1;
  return (
    <div ref={box} class="chart-tip" role="status">
      <strong>
        {nameOf(figure, place, words)}
        {isRunning ? ` (${words.running})` : ""}
      </strong>
      {readings(figure, place, words).map(({ name, value }, nth) => (
        <span key={name} class={`chart-series-${(nth % SERIES_COLORS) + 1}`}>
          {figure.series.length > 1 ? `${name}: ` : ""}
          {value}
        </span>
      ))}
    </div>
  );
}

function pointedAt(self: uPlot): { place: number; left: number } | null {
  const { idx, left } = self.cursor;
  if (idx == null || left == null || left < 0) return null;
  const inset = self.bbox.left / devicePixelRatio;
  return { place: idx, left: inset + self.valToPos(self.data[0][idx] ?? 0, "x") };
}

function isZoomed(self: uPlot): boolean {
  const { min, max } = self.scales.x ?? {};
  const xs = self.data[0];
  const [first, last] = [xs[0], xs[xs.length - 1]];
  return min != null && max != null && first !== undefined && last !== undefined && (min > first || max < last);
}

/** Arrow keys read the values one by one, Escape shows the whole again. */
function stepTo(event: KeyboardEvent, plot: uPlot | null, figure: Figure) {
  if (plot === null) return;
  if (event.key === "Escape") return plot.setData(columnsOf(figure), true);
  const step = event.key === "ArrowRight" ? 1 : event.key === "ArrowLeft" ? -1 : 0;
  if (step === 0) return;
  event.preventDefault();
  const last = placesOf(figure) - 1;
  const from = plot.cursor.idx ?? (step > 0 ? -1 : last + 1);
  const to = Math.max(0, Math.min(last, from + step));
  plot.setCursor({ left: plot.valToPos(plot.data[0][to] ?? 0, "x"), top: 10 });
}
