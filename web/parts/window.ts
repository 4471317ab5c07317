const ROW_HEIGHT_GUESS = 45;
/** Rows beyond the edges of the screen that are drawn, so that a quick thumb sees no hole. */
const ROWS_BEYOND = 30;

type Asked = { count: number; rowHeight: number; scrolled: number; viewHeight: number };

/** The rows to draw of a long list, and how much room to leave for those above and below, in pixels. */
export function windowOf({ count, rowHeight, scrolled, viewHeight }: Asked) {
  const height = rowHeight > 0 ? rowHeight : ROW_HEIGHT_GUESS;
  const seen = Math.floor(Math.max(0, scrolled) / height);
  const first = Math.max(0, Math.min(seen, count) - ROWS_BEYOND);
  const last = Math.min(count, Math.max(0, seen) + Math.ceil(viewHeight / height) + ROWS_BEYOND);
  return { first, last, above: first * height, below: (count - last) * height };
}
