import type { ReportTable } from "../../domain/metrics/document.ts";
import { linesOf, widthOf } from "./font.ts";
import type { Faces, Mark } from "./lay-out.ts";

const SIZES = [8, 7.5, 7, 6.5, 6, 5.5] as const;
const LEADING = 1.3;
const GAP = 6;
/** A text that is longer has several lines. */
const TEXT_WIDTH_MAX = 110;
/** Widths are sums of fractions: what just fits shall not be torn for the last of them. */
const SLACK = 0.5;
/** Below it nobody reads a column. */
const WIDTH_MIN = 24;
const RULE = [0.85, 0.86, 0.84] as [number, number, number];

/** Where a table may stand: from `y` down on the first page, and between `top` and `bottom` on all that follow. */
type Room = { left: number; width: number; top: number; bottom: number; y: number };
/** What stands on one page, and where it ends. */
type Piece = { marks: Mark[]; y: number };

/** A table as large as fits: its head again on each page, and no line that is torn apart. */
export function tableMarks({ columns, rows }: ReportTable, of: Faces, room: Room): Piece[] {
  const { size, widths } = fitted(columns, rows, of, room.width);
  const pieces: Piece[] = [];
  const head = columns.map(({ head: text }, n) => linesOf(of.bold, text, size, widths[n] ?? 0));
  const heightOf = (cells: readonly string[][]) =>
    Math.max(1, ...cells.map((lines) => lines.length)) * size * LEADING + 2;
  let piece: Piece = { marks: [], y: room.y };
  const line = (cells: readonly string[][], face: keyof Faces) => {
    let x = room.left;
    for (const [n, lines] of cells.entries()) {
      const width = widths[n] ?? 0;
      for (const [nth, text] of lines.entries())
        piece.marks.push({
          ...{ kind: "text", y: piece.y - (nth + 1) * size * LEADING, size, face, text },
          x: columns[n]?.isNumber === true ? x + width - widthOf(of[face], text, size) : x,
        });
      x += width + GAP;
    }
    piece.y -= heightOf(cells);
    piece.marks.push({ kind: "box", x: room.left, y: piece.y, width: room.width, height: 0.3, color: RULE });
  };
  const begin = (y: number) => {
    piece = { marks: [], y };
    pieces.push(piece);
    line(head, "bold");
  };
  begin(room.y);
  for (const row of rows) {
    const cells = row.map((text, n) =>
      columns[n]?.isNumber === true ? [text] : linesOf(of.regular, text, size, widths[n] ?? 0),
    );
    if (piece.y - heightOf(cells) < room.bottom) begin(room.top);
    line(cells, "regular");
  }
  return pieces.map(({ marks, y }) => ({ marks, y: y - size }));
}

/** The largest letters at which all columns stand beside each other; if there are none, texts are made narrower. */
function fitted(columns: ReportTable["columns"], rows: ReportTable["rows"], of: Faces, room: number) {
  // Letters grow alike: a width at one size says that at every other.
  const wanted = columns.map(({ head, isNumber }, n) => {
    const cells = Math.max(0, ...rows.map((row) => widthOf(of.regular, row[n] ?? "", 1)));
    const words = head.split(" ").map((word) => widthOf(of.bold, word, 1));
    return { isNumber, cells, least: Math.max(...words) };
  });
  const widthsAt = (size: number) =>
    wanted.map(({ isNumber, cells, least }) =>
      Math.max(
        WIDTH_MIN,
        least * size + SLACK,
        isNumber ? cells * size : Math.min(TEXT_WIDTH_MAX, cells * size + SLACK),
      ),
    );
  const total = (widths: readonly number[]) => widths.reduce((sum, width) => sum + width + GAP, -GAP);
  const size = SIZES.find((each) => total(widthsAt(each)) <= room) ?? SIZES[SIZES.length - 1] ?? 5.5;
  const widths = widthsAt(size);
  const over = total(widths) - room;
  if (over <= 0) return { size, widths };
  const texts = widths.reduce((sum, width, n) => sum + (columns[n]?.isNumber === true ? 0 : width), 0);
  const share = Math.max(0, (texts - over) / Math.max(1, texts));
  return { size, widths: widths.map((width, n) => (columns[n]?.isNumber === true ? width : width * share)) };
}
