/** A plain map without tiles: places of the earth on a flat sheet, in metres, and what of it is seen. */

export type Place = { latitude: number; longitude: number };
export type Spot<T> = { x: number; y: number; of: T };
export type View = { x: number; y: number; metresPerPixel: number };
export type Size = { width: number; height: number };

const METRES_PER_DEGREE = 111_320;
/** A screen shows a few houses at most, and a country at least. */
const METRES_PER_PIXEL_MIN = 0.05;
const METRES_PER_PIXEL_MAX = 5_000;
/** What is nearer than a fingertip is one mark. */
export const CELL_PIXELS = 36;
const MARGIN = 0.86;

/** On a sheet that is true in the middle of all places: south is down, east is right. */
export function sheetOf<T extends Place>(places: readonly T[]): Spot<T>[] {
  if (places.length === 0) return [];
  const mean = (of: (place: T) => number) => places.reduce((sum, place) => sum + of(place), 0) / places.length;
  const [latitude, longitude] = [mean((place) => place.latitude), mean((place) => place.longitude)];
  const narrow = Math.cos((latitude * Math.PI) / 180);
  return places.map((of) => ({
    x: (of.longitude - longitude) * METRES_PER_DEGREE * narrow,
    y: (latitude - of.latitude) * METRES_PER_DEGREE,
    of,
  }));
}

const within = (value: number) => Math.min(METRES_PER_PIXEL_MAX, Math.max(METRES_PER_PIXEL_MIN, value));

/** All spots on the screen. */
export function wholeView(spots: readonly Spot<unknown>[], { width, height }: Size): View {
  if (spots.length === 0) return { x: 0, y: 0, metresPerPixel: 1 };
  // Of many spots at once: a spread into Math.min would be too many arguments.
  const box = spots.reduce(
    (sum, { x, y }) => ({
      left: Math.min(sum.left, x),
      right: Math.max(sum.right, x),
      top: Math.min(sum.top, y),
      bottom: Math.max(sum.bottom, y),
    }),
    { left: Infinity, right: -Infinity, top: Infinity, bottom: -Infinity },
  );
  const needed = Math.max((box.right - box.left) / width, (box.bottom - box.top) / height) / MARGIN;
  return {
    x: (box.left + box.right) / 2,
    y: (box.top + box.bottom) / 2,
    metresPerPixel: within(Math.max(needed, 0.5)),
  };
}

/** Nearer by a factor, with the point under the pointer (pixels from the middle) staying where it is. */
export function zoom(view: View, factor: number, at = { x: 0, y: 0 }): View {
  const metresPerPixel = within(view.metresPerPixel / factor);
  const moved = view.metresPerPixel - metresPerPixel;
  return { x: view.x + at.x * moved, y: view.y + at.y * moved, metresPerPixel };
}

export const pan = (view: View, dx: number, dy: number): View => ({
  ...view,
  x: view.x - dx * view.metresPerPixel,
  y: view.y - dy * view.metresPerPixel,
});

export type Mark<T> = { x: number; y: number; spots: Spot<T>[] };

/** What is on the screen, in pixels; neighbours nearer than a fingertip are one mark in their middle. */
export function marksOf<T>(spots: readonly Spot<T>[], view: View, { width, height }: Size): Mark<T>[] {
  const cells = new Map<string, Mark<T>>();
  for (const spot of spots) {
    const x = (spot.x - view.x) / view.metresPerPixel + width / 2;
    const y = (spot.y - view.y) / view.metresPerPixel + height / 2;
    if (x < 0 || y < 0 || x > width || y > height) continue;
    const key = `${Math.floor(x / CELL_PIXELS)}:${Math.floor(y / CELL_PIXELS)}`;
    const mark = cells.get(key) ?? { x: 0, y: 0, spots: [] };
    const n = mark.spots.length;
    mark.x = (mark.x * n + x) / (n + 1);
    mark.y = (mark.y * n + y) / (n + 1);
    mark.spots.push(spot);
    cells.set(key, mark);
  }
  return [...cells.values()];
}

const BAR_PIXELS_MAX = 120;

/** A bar of a round length: 1, 2 or 5 of some power of ten metres. */
export function scaleBar(metresPerPixel: number): { pixels: number; text: string } {
  const most = BAR_PIXELS_MAX * metresPerPixel;
  const power = 10 ** Math.floor(Math.log10(most));
  const metres = [5, 2, 1].map((n) => n * power).find((each) => each <= most) ?? power;
  const text =
    metres >= 1_000 ? `${metres / 1_000} km` : metres >= 1 ? `${metres} m` : `${Math.round(metres * 100)} cm`;
  return { pixels: metres / metresPerPixel, text };
}
