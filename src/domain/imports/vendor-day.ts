import { prevails } from "./source.ts";

export const HOUR_MS = 3_600_000;
export const DAY_MS = 24 * HOUR_MS;
export const HOURS = 24;

/** What an hour of a meter came to, by one source. `hour` is its start, UTC ms. */
export type HourWh = { hour: number; energyWh: number };

/**
 * What an account knows of one meter's UTC day, hour by hour; null: nobody has said anything of that hour. A bit of `billed`
 * says that the meter billed the account when the hour was first told: a later change of its role bills nothing of the past.
 */
export type VendorDay = {
  energyWh: (number | null)[];
  sources: (string | null)[];
  billed: number;
  /** Rises with every change. */
  version: number;
};

export const emptyDay = (): VendorDay => ({
  energyWh: new Array(HOURS).fill(null),
  sources: new Array(HOURS).fill(null),
  billed: 0,
  version: 0,
});

/** Start of a day named YYYY-MM-DD, UTC ms. */
export const startOfDay = (day: string) => Date.parse(`${day}T00:00:00Z`);
export const dayNamed = (at: number) => new Date(at).toISOString().slice(0, 10);

/**
 * Hours of one source laid over what is known. An hour that is not told again stays as it was; one that a better source has
 * told is not changed by a worse one. The same hours again give the very same day.
 */
export function layHours(
  known: VendorDay,
  day: string,
  source: string,
  hours: readonly HourWh[],
  bills: (hour: number) => boolean,
  priority: readonly string[],
): VendorDay {
  const from = startOfDay(day);
  const energyWh = [...known.energyWh];
  const sources = [...known.sources];
  let { billed } = known;
  for (const { hour, energyWh: given } of hours) {
    const nth = (hour - from) / HOUR_MS;
    if (!Number.isInteger(nth) || nth < 0 || nth >= HOURS) throw new RangeError(`no hour of ${day}: ${hour}`);
    if (!Number.isSafeInteger(given) || given < 0) throw new RangeError(`energy is whole and not below zero: ${given}`);
    const before = sources[nth] ?? null;
    if (before !== null && !prevails(source, before, priority)) continue;
    if (before === null && bills(hour)) billed |= 1 << nth;
    energyWh[nth] = given;
    sources[nth] = source;
  }
  return renewed(known, { energyWh, sources, billed });
}

/** Without the hours that are not the account's any more. */
export function keepHours(known: VendorDay, day: string, isOurs: (hour: number) => boolean): VendorDay {
  const from = startOfDay(day);
  const ours = known.energyWh.map((_, nth) => isOurs(from + nth * HOUR_MS));
  return renewed(known, {
    energyWh: known.energyWh.map((wh, nth) => (ours[nth] ? wh : null)),
    sources: known.sources.map((source, nth) => (ours[nth] ? source : null)),
    billed: ours.reduce((bits, isHeld, nth) => (isHeld ? bits : bits & ~(1 << nth)), known.billed),
  });
}

/** What of the day the account is debited for: billed hours that begin at or after the cut-over. */
export function billableWh(known: VendorDay, day: string, billFrom: number | null): number {
  if (billFrom === null) return 0;
  const from = startOfDay(day);
  return known.energyWh.reduce<number>(
    (sum, wh, nth) => (wh !== null && known.billed & (1 << nth) && from + nth * HOUR_MS >= billFrom ? sum + wh : sum),
    0,
  );
}

/** The last instant of the last known hour, which dates what is posted of the day: never the day after. */
export function lastInstantOf(known: VendorDay, day: string): number {
  const nth = known.energyWh.findLastIndex((wh) => wh !== null);
  return startOfDay(day) + (nth < 0 ? HOURS : nth + 1) * HOUR_MS - 1;
}

function renewed(known: VendorDay, next: Omit<VendorDay, "version">): VendorDay {
  const isSame =
    next.billed === known.billed &&
    next.energyWh.every((wh, nth) => wh === known.energyWh[nth] && next.sources[nth] === known.sources[nth]);
  return isSame ? known : { ...next, version: known.version + 1 };
}
