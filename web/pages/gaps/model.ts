import type { InferResponseType } from "hono/client";
import type { api } from "../../api.ts";

export type Days = InferResponseType<ReturnType<typeof api>["imports"]["days"]["$get"], 200>;
export type Unit = Days["days"][number];

/** How a site's day is, at a glance. */
export type CellState = "all" | "part" | "failed" | "nothing" | "work" | "unasked";
/** A sign of its own for each: colour alone says nothing to some. */
export const SIGNS: Record<CellState, string> = {
  all: "✓",
  part: "½",
  failed: "!",
  nothing: "·",
  work: "…",
  unasked: "",
};

export type Cell = { day: string; state: CellState; percent: number | null; units: Unit[] };
export type Line = { site: string; cells: Cell[] };

/** The unit of a day that tells most of it. */
export const bestOf = (units: readonly Unit[]): Unit | undefined =>
  units.toSorted((a, b) => Number(b.complete) - Number(a.complete) || b.receivedHours - a.receivedHours)[0];

/** Hours that are in, in percent of those that are expected; null: nobody knows how many are. */
export const percentOf = ({ expectedHours, receivedHours }: Unit): number | null =>
  expectedHours === null || expectedHours === 0
    ? null
    : Math.min(100, Math.floor((receivedHours * 100) / expectedHours));

export function stateOf(units: readonly Unit[]): CellState {
  const best = bestOf(units);
  if (best === undefined) return "unasked";
  const percent = percentOf(best);
  if (best.complete && (percent === null || percent === 100)) return "all";
  if (units.some(({ inWork }) => inWork)) return "work";
  if (best.receivedHours > 0) return "part";
  return units.some(({ lastError }) => lastError !== null) ? "failed" : "nothing";
}

/** One line a site, a cell a day, by one source or by the best of all. */
export function linesOf(units: readonly Unit[], days: readonly string[], source: string): Line[] {
  const mine = units.filter((unit) => source === "" || unit.source === source);
  const byCell = new Map<string, Unit[]>();
  for (const unit of mine) {
    const key = `${unit.site} ${unit.day}`;
    byCell.set(key, [...(byCell.get(key) ?? []), unit]);
  }
  return [...new Set(mine.map(({ site }) => site))].toSorted().map((site) => ({
    site,
    cells: days.map((day) => {
      const own = byCell.get(`${site} ${day}`) ?? [];
      const best = bestOf(own);
      return { day, state: stateOf(own), percent: best === undefined ? null : percentOf(best), units: own };
    }),
  }));
}

const DAY_MS = 86_400_000;
export const isMonth = (text: string) => /^\d{4}-(0[1-9]|1[0-2])$/.test(text);
/** "2026-11" and the months beside it. */
export function monthBeside(month: string, by: -1 | 1): string {
  const [year = 0, nth = 1] = month.split("-").map(Number);
  return new Date(Date.UTC(year, nth - 1 + by, 1)).toISOString().slice(0, 7);
}
/** The days of a month up to `today`, both as UTC days. */
export function daysOf(month: string, today: string): string[] {
  const days: string[] = [];
  for (let at = Date.parse(`${month}-01`); ; at += DAY_MS) {
    const day = new Date(at).toISOString().slice(0, 10);
    if (!day.startsWith(month) || day > today) return days;
    days.push(day);
  }
}
