import type { Period } from "./periods.ts";

/** What changed at a site in a quarter. `quarter` null: nobody knows when. */
export type Change = { site: string | null; quarter: string | null; connected: number; ended: number };

export type GrowthQuarter = {
  /** Its first day. */
  quarter: string;
  isPartial: boolean;
  /** Customers with their first light in it, and those whose last account with light ended in it. */
  newlyConnected: number;
  ended: number;
  /** All who ever had light by its end, and how many of them still have; with those whose date nobody knows. */
  everConnected: number;
  connected: number;
};
export type Growth = {
  quarters: GrowthQuarter[];
  /** Counted in every quarter as there, because nobody knows when it was. */
  dateNotKnown: { connected: number; ended: number };
};

/** The quarters asked for, none left out; what was before the first stands in its sums. */
export function growthOf(changes: readonly Change[], periods: readonly Period[]): Growth {
  const sum = (those: readonly Change[], what: "connected" | "ended") =>
    those.reduce((all, change) => all + change[what], 0);
  const undated = changes.filter(({ quarter }) => quarter === null);
  const dateNotKnown = { connected: sum(undated, "connected"), ended: sum(undated, "ended") };
  const quarters = periods.map(({ from, to, isPartial }) => {
    const own = changes.filter(({ quarter }) => quarter === from);
    const until = changes.filter(({ quarter }) => quarter !== null && quarter <= to);
    const everConnected = sum(until, "connected") + dateNotKnown.connected;
    return {
      ...{ quarter: from, isPartial, newlyConnected: sum(own, "connected"), ended: sum(own, "ended"), everConnected },
      connected: everConnected - sum(until, "ended") - dateNotKnown.ended,
    };
  });
  return { quarters, dateNotKnown };
}

/** Share of those who ever had light whose date is known, in per cent with one decimal; null: nobody ever had. */
export function datedPct(changes: readonly Change[]): number | null {
  const all = changes.reduce((sum, { connected }) => sum + connected, 0);
  const dated = changes.reduce((sum, { quarter, connected }) => (quarter === null ? sum : sum + connected), 0);
  return sharePct(dated, all);
}

/** `part` of `whole` in per cent with one decimal; null: of nothing. */
export const sharePct = (part: number, whole: number): number | null =>
  whole === 0 ? null : Math.round((part * 1_000) / whole) / 10;
