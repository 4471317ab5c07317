const HOUR_MS = 3_600_000;
const RECENT_HOURS = 48;
const LONG_HOURS = 168;
export const RECENT_MS = RECENT_HOURS * HOUR_MS;
export const LONG_MS = LONG_HOURS * HOUR_MS;
const MW_PER_W = 1_000;
const MINUTES_PER_HOUR = 60;

/** Energy over the last 48 h and the last 168 h, each with the part of it that readings cover. */
export type Use = { recentWh: number; recentMs: number; longWh: number; longMs: number };

/**
 * The rate at which an account uses energy, in milliwatts: 0.6 of the mean of the last 48 h and 0.4 of that of the last
 * 168 h (analytics 7.4), each over the time that is covered. Null: nothing is known yet. An estimate for people, in no sum.
 */
export function weightedRateMw({ recentWh, recentMs, longWh, longMs }: Use): number | null {
  const long = meanMw(longWh, longMs);
  if (long === null) return null;
  const recent = meanMw(recentWh, recentMs) ?? long;
  return Math.round((6 * recent + 4 * long) / 10);
}

const meanMw = (energyWh: number, spanMs: number): number | null =>
  spanMs < HOUR_MS ? null : (energyWh * MW_PER_W * HOUR_MS) / spanMs;

/** Whole minutes that a balance lasts at a rate; null: the rate is not known, or nothing is used. */
export function minutesLeft(availableWh: number, rateMw: number | null): number | null {
  if (availableWh <= 0) return 0;
  if (rateMw === null || rateMw <= 0) return null;
  return Math.floor((availableWh * MW_PER_W * MINUTES_PER_HOUR) / rateMw);
}

/**
 * Whether an account is in the last hour of its supply, or in the hour after it: then every reading counts. By the usual
 * rate or by what the meter carries now, whichever is more.
 */
export function isLastHour(availableWh: number, rateMw: number | null, powerW: number | null): boolean {
  const hourWh = Math.max((rateMw ?? 0) / MW_PER_W, powerW ?? 0);
  return Math.abs(availableWh) <= hourWh;
}
