import { axisOf, type ReportChart, type ReportDocument, readable, stackedTops } from "../../domain/metrics/document.ts";
import { linesOf, widthOf } from "./font.ts";
import { type Faces, type Mark, PAGE, type Page } from "./lay-out.ts";
import { faces } from "./print-contract.ts";
import { tableMarks } from "./table-marks.ts";

const MARGIN = { left: 48, right: 48, top: 50, bottom: 50 } as const;
const SIZE = { title: 18, heading: 11, text: 9, small: 7 } as const;
const LEADING = 1.35;
const CHART = { height: 138, axis: 52, gap: 24, place: 0.72 } as const;
/** The portal's own colours of series, as red, green and blue of 255. */
const COLORS = [
  [0, 107, 74],
  [200, 100, 27],
  [58, 86, 168],
  [138, 61, 138],
  [107, 111, 26],
  [26, 122, 130],
] as const;
const PALE = 0.55;
/** A table is as long as what it lists; a report of charts is not. */
const PAGES_MAX = { charts: 40, table: 120 } as const;

/** A table lies on its side: it has more columns than a page is wide. */
const isWide = ({ tables }: ReportDocument) => tables.length > 0;
const sizeOf = (document: ReportDocument) =>
  isWide(document) ? { width: PAGE.height, height: PAGE.width } : { width: PAGE.width, height: PAGE.height };

/** A PDF with text that can be searched and charts that are drawn, not pictures. The same document gives the same bytes. */
export async function printReport(document: ReportDocument): Promise<Uint8Array> {
  const { drawPages } = await import("./draw.ts");
  const pages = layOutReport(document, faces());
  return drawPages({ ...document, isWide: isWide(document) }, pages, faces());
}

/** Where everything stands: a pure function of the document and the widths of the letters. */
export function layOutReport(document: ReportDocument, of: Faces): Page[] {
  const { width: paperWidth, height } = sizeOf(document);
  const width = paperWidth - MARGIN.left - MARGIN.right;
  const pages: Page[] = [[]];
  let y: number = height - MARGIN.top;
  const keep = (needed: number) => {
    if (y - needed >= MARGIN.bottom) return;
    pages.push([]);
    y = height - MARGIN.top;
  };
  const put = (...marks: Mark[]) => pages.at(-1)?.push(...marks);
  const text = (words: string, size: number, face: keyof Faces, indent = 0) => {
    for (const line of linesOf(of[face], words, size, width - indent)) {
      keep(size * LEADING);
      y -= size * LEADING;
      put({ kind: "text", x: MARGIN.left + indent, y, size, face, text: line });
    }
  };
  text(document.title, SIZE.title, "bold");
  y -= 4;
  for (const line of document.under) text(line, SIZE.text, "regular");
  y -= 10;
  for (const figure of document.figures) {
    const legend = legendOf(figure, document, of, width);
    keep(SIZE.heading * LEADING + CHART.height + CHART.gap + legend.height + 12);
    const title = figure.unit.name === "" ? figure.title : `${figure.title} (${figure.unit.name})`;
    text(title, SIZE.heading, "bold");
    put(...legend.marks.map((mark) => ({ ...mark, y: mark.y + y })));
    y -= legend.height + 4;
    put(...chartMarks(figure, document, of, { x: MARGIN.left, y: y - CHART.height, width }));
    y -= CHART.height + CHART.gap;
  }
  for (const table of document.tables) {
    keep(SIZE.heading * LEADING * 5);
    text(table.title, SIZE.heading, "bold");
    y -= 4;
    const room = { left: MARGIN.left, width, top: height - MARGIN.top, bottom: MARGIN.bottom, y };
    for (const [nth, marks] of tableMarks(table, of, room).entries()) {
      if (nth > 0) pages.push([]);
      put(...marks.marks);
      y = marks.y;
    }
    if (table.note !== null) text(table.note, SIZE.text, "regular");
    y -= 10;
  }
  keep(SIZE.heading * LEADING * 4);
  text(document.means.heading, SIZE.heading, "bold");
  for (const { name, says } of document.means.terms) {
    keep(SIZE.text * LEADING * 3);
    y -= 3;
    text(name, SIZE.text, "bold");
    text(says, SIZE.text, "regular", 12);
  }
  const pagesMax = PAGES_MAX[isWide(document) ? "table" : "charts"];
  if (pages.length > pagesMax) throw new RangeError(`a report of ${pages.length} pages; at most ${pagesMax}`);
  return pages.map((page, n) => [
    ...page,
    {
      kind: "text",
      x: MARGIN.left,
      y: 28,
      size: SIZE.small,
      face: "regular",
      text: document.page(n + 1, pages.length),
    },
  ]);
}

type Color = [number, number, number];
const colorOf = (nth: number, isPale = false): Color => {
  const [red, green, blue] = COLORS[nth % COLORS.length] ?? COLORS[0];
  const fade = (part: number) => (isPale ? 255 - (255 - part) * (1 - PALE) : part) / 255;
  return [fade(red), fade(green), fade(blue)];
};
const GRID: Color = [0.85, 0.86, 0.84];

/** Names of the lines with their colours, row by row, from `y` 0 downwards. */
function legendOf(
  { lines, isRunning }: ReportChart,
  { running }: ReportDocument,
  of: Faces,
  widthMax: number,
): { marks: Mark[]; height: number } {
  const names = [...lines.map(({ name }) => name), ...(isRunning ? [running] : [])];
  const marks: Mark[] = [];
  let [x, y]: [number, number] = [0, -SIZE.small * 1.6];
  for (const [nth, name] of names.entries()) {
    const width = 12 + widthOf(of.regular, name, SIZE.small) + 12;
    if (x > 0 && x + width > widthMax) [x, y] = [0, y - SIZE.small * 1.6];
    const isLine = nth < lines.length;
    if (isLine) marks.push({ kind: "box", x: MARGIN.left + x, y, width: 7, height: 6, color: colorOf(nth) });
    marks.push({
      kind: "text",
      x: MARGIN.left + x + (isLine ? 10 : 0),
      y,
      size: SIZE.small,
      face: "regular",
      text: name,
    });
    x += width;
  }
  return { marks, height: -y + 2 };
}

/** The chart in its box, whose lower left corner is given. */
function chartMarks(
  figure: ReportChart,
  { none }: ReportDocument,
  of: Faces,
  at: { x: number; y: number; width: number },
): Mark[] {
  const { lines, names, unit, kind, stacked, isRunning } = figure;
  const known = lines.flatMap(({ values }) => values).filter((value) => value !== null);
  if (known.length === 0)
    return [
      { kind: "text", x: at.x + CHART.axis, y: at.y + CHART.height / 2, size: SIZE.text, face: "regular", text: none },
    ];
  const { low, high, step } = axisOf(
    stacked && kind === "bar" ? [...stackedTops(lines, names.length), ...known] : known,
  );
  const [left, width] = [at.x + CHART.axis, at.width - CHART.axis];
  const heightAt = (value: number) => at.y + ((value - low) / (high - low)) * CHART.height;
  const marks: Mark[] = [];
  for (let tick = low; tick <= high; tick += step) {
    const label = readable(tick, unit);
    const y = heightAt(tick);
    marks.push({ kind: "box", x: left, y, width, height: 0.4, color: GRID });
    marks.push({
      ...{ kind: "text", y: y - 2.5, size: SIZE.small, face: "regular", text: label },
      x: left - 4 - widthOf(of.regular, label, SIZE.small),
    });
  }
  const slot = width / Math.max(1, names.length);
  const every = Math.ceil(names.length / Math.max(1, Math.floor(width / 46)));
  for (const [place, name] of names.entries())
    if (place % every === 0)
      marks.push({
        ...{ kind: "text", y: at.y - 10, size: SIZE.small, face: "regular", text: name },
        x: left + place * slot + (slot - widthOf(of.regular, name, SIZE.small)) / 2,
      });
  const middle = (place: number) => left + (place + 0.5) * slot;
  if (kind === "line")
    return [...marks, ...lines.flatMap(({ values }, nth) => lineMarks(values, nth, middle, heightAt))];
  const tops = names.map(() => 0);
  const share = stacked ? 1 : lines.length;
  for (const [nth, { values }] of lines.entries())
    for (const [place, value] of values.entries()) {
      if (value === null) continue;
      const from = stacked && value > 0 ? (tops[place] ?? 0) : 0;
      if (stacked && value > 0) tops[place] = from + value;
      const bar = (slot * CHART.place) / share;
      const x = left + place * slot + (slot * (1 - CHART.place)) / 2 + (stacked ? 0 : nth * bar);
      const [bottom, top] = [heightAt(from), heightAt(from + value)];
      const color = colorOf(nth, isRunning && place === names.length - 1);
      marks.push({
        kind: "box",
        x,
        y: Math.min(bottom, top),
        width: bar,
        height: Math.max(0.6, Math.abs(top - bottom)),
        color,
      });
    }
  return marks;
}

/** A gap stays open; a value between two gaps is a dot. */
function lineMarks(
  values: readonly (number | null)[],
  nth: number,
  middle: (place: number) => number,
  heightAt: (value: number) => number,
): Mark[] {
  return values.flatMap((value, place): Mark[] => {
    if (value === null) return [];
    const [x, y] = [middle(place), heightAt(value)];
    const dot: Mark = { kind: "box", x: x - 1.2, y: y - 1.2, width: 2.4, height: 2.4, color: colorOf(nth) };
    const next = values[place + 1] ?? null;
    if (next === null) return [dot];
    return [dot, { kind: "stroke", x, y, toX: middle(place + 1), toY: heightAt(next), color: colorOf(nth) }];
  });
}
