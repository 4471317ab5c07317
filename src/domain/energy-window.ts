import { dayStart, localDay } from "./local-day.ts";

/** How far a customer looks back, and in what steps. */
export const WINDOWS = ["24h", "7d", "30d", "12m"] as const;
export type Window = (typeof WINDOWS)[number];
export type WindowBucket = "hour" | "day" | "month";

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
const SHAPES: Record<Window, { bucket: WindowBucket; count: number }> = {
  "24h": { bucket: "hour", count: 24 },
  "7d": { bucket: "day", count: 7 },
  "30d": { bucket: "day", count: 30 },
  "12m": { bucket: "month", count: 12 },
};

/** The beginnings of a window's local hours, days or months as UTC milliseconds, oldest first; the last is running at `now`. */
export type WindowPlan = { bucket: WindowBucket; starts: number[]; to: number };

export function planWindow(window: Window, now: number, utcOffsetMinutes: number): WindowPlan {
  const { bucket, count } = SHAPES[window];
  const back = Array.from({ length: count + 1 }, (_, nth) => count - 1 - nth);
  const starts = back.map((steps) => startOf(bucket, steps, now, utcOffsetMinutes));
  return { bucket, starts: starts.slice(0, count), to: starts[count] ?? now };
}

/** The beginning of the bucket `steps` before the one that is running; −1 is the next one. */
function startOf(bucket: WindowBucket, steps: number, now: number, utcOffsetMinutes: number): number {
  const today = localDay(now, utcOffsetMinutes);
  switch (bucket) {
    case "hour":
      return Math.floor(now / HOUR_MS) * HOUR_MS - steps * HOUR_MS;
    case "day":
      return dayStart(today, utcOffsetMinutes) - steps * DAY_MS;
    case "month": {
      const month = Number(today.slice(0, 4)) * 12 + Number(today.slice(5, 7)) - 1 - steps;
      const first = `${Math.floor(month / 12)}-${String((month % 12) + 1).padStart(2, "0")}-01`;
      return dayStart(first, utcOffsetMinutes);
    }
  }
}

/** What one meter used in one bucket. A bucket without a row is one of which nothing is known. */
export type MeteredRow = {
  meterNumber: string;
  /** The meter by which the account pays, then. */
  isPrimary: boolean;
  at: number;
  energyWh: number;
  hours: number;
  estimatedHours: number;
};

export type EnergyWindow = WindowPlan & {
  window: Window;
  /** By the meters that bill; null: nothing is known of that time, which is not 0. */
  energyWh: (number | null)[];
  /** Hours that are known, and how many of them are estimated, of each bucket. */
  hours: number[];
  estimatedHours: number[];
  /** Each meter that was read in this time: two or more can be compared. */
  meters: { meterNumber: string; isPrimary: boolean; energyWh: (number | null)[] }[];
};

/** Rows of any order into the buckets of a window; what lies outside is left out. */
export function fillWindow(window: Window, plan: WindowPlan, rows: readonly MeteredRow[]): EnergyWindow {
  const places = new Map(plan.starts.map((at, place) => [at, place]));
  const blank = () => plan.starts.map((): number | null => null);
  const zeros = () => plan.starts.map(() => 0);
  const all = { energyWh: blank(), hours: zeros(), estimatedHours: zeros() };
  const meters = new Map<string, EnergyWindow["meters"][number]>();
  for (const row of rows) {
    const place = places.get(row.at);
    if (place === undefined) continue;
    const { meterNumber, isPrimary, energyWh, hours, estimatedHours } = row;
    const meter = meters.get(meterNumber) ?? { meterNumber, isPrimary, energyWh: blank() };
    meters.set(meterNumber, { ...meter, isPrimary: meter.isPrimary || isPrimary });
    meter.energyWh[place] = (meter.energyWh[place] ?? 0) + energyWh;
    if (!isPrimary) continue;
    all.energyWh[place] = (all.energyWh[place] ?? 0) + energyWh;
    all.hours[place] = (all.hours[place] ?? 0) + hours;
    all.estimatedHours[place] = (all.estimatedHours[place] ?? 0) + estimatedHours;
  }
  const sorted = [...meters.values()].toSorted(
    (a, b) => Number(b.isPrimary) - Number(a.isPrimary) || (a.meterNumber < b.meterNumber ? -1 : 1),
  );
  return { ...plan, window, ...all, meters: sorted };
}

/**
 * What is used on a day, over the complete days of a window of days: by the hours that are known, so that a day half known
 * counts half. Null: nothing is known.
 */
export function averageDayWh({ energyWh, hours }: Pick<EnergyWindow, "energyWh" | "hours">): number | null {
  const complete = energyWh.length - 1;
  const sum = (values: readonly (number | null)[]) =>
    values.slice(0, complete).reduce((total: number, value) => total + (value ?? 0), 0);
  const known = sum(hours);
  return known === 0 ? null : Math.round((sum(energyWh) * 24) / known);
}
