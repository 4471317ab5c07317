import { setTimeout as wait } from "node:timers/promises";
import type { Reading } from "../../src/domain/reading.ts";
import { type MeterHistory, recordOf } from "./gather.ts";

/** As the door takes them. */
export const PAGE_MAX = 1_000;
export const IN_FLIGHT_MAX = 8;
const TRIES_MAX = 10;
const PAUSE_MS = { least: 500, most: 15_000 };

export type PageItem = { status: string; because?: string | null; field?: string; value?: string; expected?: string };
/** Posts one page; null: not everything was stored, the same has to come again. Throws on what no repeat would mend. */
export type PostPage = (records: Record<string, string | number>[]) => Promise<PageItem[] | null>;
/** How many of a meter's readings ended how: "accepted", "accepted, late", "quarantined, beyond_rating" … */
export type Outcomes = Map<string, Map<string, number>>;

/**
 * Posts histories, several pages at once; the pages of one meter one after the other and oldest first, so that its
 * register only ever goes forward. `onPosted` hears of each page.
 */
export async function postHistories(
  histories: readonly MeterHistory[],
  post: PostPage,
  { inFlight, pauseMsMin = PAUSE_MS.least }: { inFlight: number; pauseMsMin?: number },
  onPosted: (readings: number) => void = () => {},
): Promise<Outcomes> {
  const outcomes: Outcomes = new Map();
  await Promise.all(
    lanes(histories, Math.min(IN_FLIGHT_MAX, inFlight)).map(async (readings) => {
      for (let from = 0; from < readings.length; from += PAGE_MAX) {
        const page = readings.slice(from, from + PAGE_MAX);
        const items = await insisted(() => post(page.map(recordOf)), pauseMsMin);
        for (const [i, { meterNumber }] of page.entries()) count(outcomes, meterNumber, outcomeOf(items[i]));
        onPosted(page.length);
      }
    }),
  );
  return outcomes;
}

/** Meters over so many lanes, each meter whole in one, the longest first to where least is. */
function lanes(histories: readonly MeterHistory[], count: number): Reading[][] {
  const made: Reading[][] = Array.from({ length: Math.max(1, count) }, () => []);
  for (const { kept } of histories.toSorted((a, b) => b.kept.length - a.kept.length)) {
    const [least] = made.toSorted((a, b) => a.length - b.length);
    for (const reading of kept) least?.push(reading);
  }
  return made;
}

async function insisted(post: () => Promise<PageItem[] | null>, pauseMsMin: number): Promise<PageItem[]> {
  let pauseMs = pauseMsMin;
  for (let tries = 1; ; tries++) {
    const items = await post();
    if (items !== null) return items;
    if (tries >= TRIES_MAX) throw new Error(`not everything was stored after ${tries} tries; run the same again later`);
    await wait(pauseMs);
    pauseMs = Math.min(PAUSE_MS.most, pauseMs * 2);
  }
}

function outcomeOf(item: PageItem | undefined): string {
  if (item === undefined) return "not answered";
  if (item.status === "rejected") return `rejected: ${item.field} ${item.value}`;
  return item.because ? `${item.status}, ${item.because}` : item.status;
}

function count(outcomes: Outcomes, meterNumber: string, outcome: string) {
  const of = outcomes.get(meterNumber) ?? new Map<string, number>();
  outcomes.set(meterNumber, of);
  of.set(outcome, (of.get(outcome) ?? 0) + 1);
}
