import type { InferResponseType } from "hono/client";
import type { api } from "../../api.ts";
import type { Tone } from "../../parts/badge.tsx";

type Client = ReturnType<typeof api>["meters"];
export type Pair = InferResponseType<Client["check-comparison"]["$get"], 200>["pairs"][number];
export type Hour = InferResponseType<Client["check-hours"]["$get"], 200>["hours"][number];

export const SPANS = [1, 3, 7, 14, 30] as const;
export const spanOf = (text: string): number => SPANS.find((each) => String(each) === text) ?? 7;

const GOOD_BELOW = 5;
const AMBER_BELOW = 15;

/** Green below 5 %, amber below 15 %, red from there; null: no hour could be compared. */
export function toneOf(deviationPct: number | null): Tone {
  if (deviationPct === null) return "quiet";
  const size = Math.abs(deviationPct);
  return size < GOOD_BELOW ? "good" : size < AMBER_BELOW ? "warn" : "bad";
}

/** "+4.2 %". The sign says which way; missing is "–". */
export function percent(value: number | null): string {
  if (value === null) return "–";
  const text = Math.abs(value).toFixed(1);
  return `${text === "0.0" ? "" : value < 0 ? "−" : "+"}${text} %`;
}

export const healthTone = { online: "good", late: "warn", offline: "bad" } as const;

/** How many pairs are of each colour. */
export const tally = (pairs: readonly Pick<Pair, "totalDeviationPct">[]): Record<Tone, number> => {
  const counts: Record<Tone, number> = { good: 0, warn: 0, bad: 0, quiet: 0 };
  for (const { totalDeviationPct } of pairs) counts[toneOf(totalDeviationPct)] += 1;
  return counts;
};

const HOUR_MS = 3_600_000;

/** Every hour from the first to the last that one of them knows; what nobody knows is null. */
export function hourly(hours: readonly Hour[]) {
  const first = hours[0]?.hour;
  const last = hours.at(-1)?.hour;
  if (first === undefined || last === undefined) return { at: [], check: [], primary: [] };
  const known = new Map(hours.map((hour) => [hour.hour, hour]));
  const at = Array.from({ length: (last - first) / HOUR_MS + 1 }, (_, nth) => first + nth * HOUR_MS);
  return {
    at,
    check: at.map((hour) => known.get(hour)?.checkWh ?? null),
    primary: at.map((hour) => known.get(hour)?.primaryWh ?? null),
  };
}

/** Both added up over the hours that both know; the lines stand still over the others, as gaps. */
export function addedUp({ at, check, primary }: ReturnType<typeof hourly>) {
  let [checkWh, primaryWh] = [0, 0];
  const rows = at.map((_, nth) => {
    const [one, other] = [check[nth] ?? null, primary[nth] ?? null];
    if (one === null || other === null) return null;
    checkWh += one;
    primaryWh += other;
    return [checkWh, primaryWh] as const;
  });
  return { at, check: rows.map((row) => row?.[0] ?? null), primary: rows.map((row) => row?.[1] ?? null) };
}
