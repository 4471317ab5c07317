import { withDayAndMonthSwapped } from "./wall-time.ts";

/** A row of a table whose numbers ascend with the time of entry. */
export type Entry = { id: number; wallMs: number };

const DAY_MS = 86_400_000;
/** A swap moves a date by at least 27 days; a row nearer than this to a neighbour is where it belongs. */
const FAR_MS = 20 * DAY_MS;

/** By id: the entries that stand where their dates belong, and those whose day and month changed places. */
export type EntryOrder = { inOrder: Set<number>; swapped: Set<number> };

/**
 * Finds the entries whose day and month changed places. Most rows of such a table are in order; the longest ascending
 * run of dates is taken as true. An entry that stands outside of it, or alone and far from both of its neighbours, and
 * whose swapped date lies between them, is swapped. An entry that is merely late, or entered a second time, is not.
 */
export function entryOrder(entries: readonly Entry[], untilWall: number): EntryOrder {
  const sorted = [...entries].sort((a, b) => a.id - b.id);
  const run = longestAscending(sorted.map(({ wallMs }) => (wallMs <= untilWall ? wallMs : null)));
  const order: EntryOrder = { inOrder: new Set(), swapped: new Set() };
  const after = nextInRun(sorted, run);
  let before = Number.NEGATIVE_INFINITY;
  for (const [at, { id, wallMs }] of sorted.entries()) {
    const next = after[at] ?? Number.POSITIVE_INFINITY;
    const isInRun = run.has(at);
    const turned = withDayAndMonthSwapped(wallMs);
    const fits = turned !== null && turned >= before && turned <= next;
    const isAlone = Math.min(wallMs - before, next - wallMs) > FAR_MS && before !== Number.NEGATIVE_INFINITY;
    if (fits && (!isInRun || isAlone)) order.swapped.add(id);
    else if (isInRun) {
      order.inOrder.add(id);
      before = wallMs;
    }
  }
  return order;
}

/** Of each place: the date of the nearest later place that is in the run. */
function nextInRun(sorted: readonly Entry[], run: ReadonlySet<number>): number[] {
  const after: number[] = new Array(sorted.length);
  let next = Number.POSITIVE_INFINITY;
  for (let at = sorted.length - 1; at >= 0; at--) {
    after[at] = next;
    if (run.has(at)) next = sorted[at]?.wallMs ?? next;
  }
  return after;
}

/** Places of a longest run of values that never fall; null is in none. By patience sorting, n log n. */
function longestAscending(values: readonly (number | null)[]): Set<number> {
  /** The place that ends the best run of each length, and the place before each place in its run. */
  const ends: number[] = [];
  const previous = new Int32Array(values.length).fill(-1);
  for (const [at, value] of values.entries()) {
    if (value === null) continue;
    let low = 0;
    let high = ends.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((values[ends[middle] ?? 0] ?? 0) <= value) low = middle + 1;
      else high = middle;
    }
    previous[at] = low === 0 ? -1 : (ends[low - 1] ?? -1);
    ends[low] = at;
  }
  const run = new Set<number>();
  for (let at = ends.at(-1) ?? -1; at >= 0; at = previous[at] ?? -1) run.add(at);
  return run;
}
