import { DAY_MS, HOUR_MS, startOfDay } from "./vendor-day.ts";

/** No household meter counts so much in a quarter of an hour: such a value is garbage. */
export const INTERVAL_WH_MAX = 100_000;
/** A day in which so many meters know one hour alone is a day's total in disguise. */
export const DEGRADED_METERS_MIN = 20;
/** When nobody said what a meter can carry: 60 A at 250 V. */
export const RATING_W_DEFAULT = 15_000;
/** Of what is kept out of the balance so many are named; the rest is counted. */
export const NAMED_MAX = 50;
/** Registers move in steps of 10 Wh. */
const STEP_WH = 10;

export type MeterInterval = { meterNumber: string; startAt: number; energyWh: number };
export type DayRules = {
  /** YYYY-MM-DD, UTC. */
  day: string;
  intervalsPerHour: number;
  /** What a meter can carry, in watts; null: nobody said. */
  ratingW: (meterNumber: string) => number | null;
};

/** An hour of a meter; `isWhole`: all its intervals are there. */
export type DayHour = { hour: number; energyWh: number; isWhole: boolean };
export type DayOf = {
  /** By meter, each in order of its hours. */
  meters: Map<string, DayHour[]>;
  /** Left out, by reason. */
  leftOut: { duplicate: number; absurd: number; otherDay: number };
  /** More than the meter can carry: kept out until a person has looked. */
  held: MeterInterval[];
  heldCount: number;
  /** It is no day of intervals, but a total written as one: nothing of it may be taken. */
  isDegraded: boolean;
};

/**
 * What a site's day of intervals comes to, by meter and UTC hour. One interval of a meter counts once however often it comes
 * (platforms repeat them up to 49 times), before anything is added up; of two that differ the higher one, so that the order in
 * which they come means nothing.
 */
export function dayOf(intervals: readonly MeterInterval[], rules: DayRules): DayOf {
  const leftOut = { duplicate: 0, absurd: 0, otherDay: 0 };
  const from = startOfDay(rules.day);
  const once = new Map<string, Map<number, number>>();
  for (const { meterNumber, startAt, energyWh } of intervals) {
    if (startAt < from || startAt >= from + DAY_MS) leftOut.otherDay += 1;
    else if (!isPlausible(energyWh)) leftOut.absurd += 1;
    else {
      const own = once.get(meterNumber) ?? new Map<number, number>();
      once.set(meterNumber, own);
      const known = own.get(startAt);
      if (known !== undefined) leftOut.duplicate += 1;
      own.set(startAt, Math.max(known ?? 0, energyWh));
    }
  }
  return { ...summed(once, rules), leftOut, isDegraded: isDegraded(once, from) };
}

/** Whole, not below zero, and not more than any meter of ours can count. */
export const isPlausible = (energyWh: number) =>
  Number.isSafeInteger(energyWh) && energyWh >= 0 && energyWh <= INTERVAL_WH_MAX;

function summed(once: Map<string, Map<number, number>>, { intervalsPerHour, ratingW }: DayRules) {
  const meters = new Map<string, DayHour[]>();
  const held: MeterInterval[] = [];
  let heldCount = 0;
  for (const [meterNumber, own] of once) {
    const watts = ratingW(meterNumber) ?? RATING_W_DEFAULT;
    const allowedWh = Math.ceil(watts / intervalsPerHour) + STEP_WH;
    const hours = new Map<number, { energyWh: number; intervals: number }>();
    for (const [startAt, energyWh] of own) {
      if (energyWh > allowedWh) {
        heldCount += 1;
        if (held.length < NAMED_MAX) held.push({ meterNumber, startAt, energyWh });
        continue;
      }
      const hour = Math.floor(startAt / HOUR_MS) * HOUR_MS;
      const known = hours.get(hour) ?? { energyWh: 0, intervals: 0 };
      hours.set(hour, { energyWh: known.energyWh + energyWh, intervals: known.intervals + 1 });
    }
    const inOrder = [...hours].sort(([a], [b]) => a - b);
    meters.set(
      meterNumber,
      inOrder.map(([hour, { energyWh, intervals }]) => ({ hour, energyWh, isWhole: intervals >= intervalsPerHour })),
    );
  }
  return { meters, held, heldCount };
}

/**
 * Many meters that know one hour alone; or, however few they are, none that knows more than the day's very first interval: a
 * day that has ended and was counted by the quarter has more.
 */
function isDegraded(once: Map<string, Map<number, number>>, from: number): boolean {
  if (once.size === 0) return false;
  const starts = new Set([...once.values()].flatMap((own) => [...own.keys()]));
  if (starts.size === 1 && starts.has(from)) return true;
  const hours = new Set([...starts].map((at) => Math.floor(at / HOUR_MS)));
  return once.size >= DEGRADED_METERS_MIN && hours.size === 1;
}
