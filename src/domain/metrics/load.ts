import { divideHalfEven } from "../money.ts";
import { basisOf } from "./statistics.ts";

/**
 * Load, in milliwatts: a household's mean is some tens of watts. An hour that is known and in which nothing was used counts with 0; one
 * that nobody knows counts nowhere, and where nobody is known the load is null.
 */

/** What accounts drew between one local hour and the next: each one's own mean first, then the mean of these. */
export type CurveHour = { hour: number; meanMilliwatt: number | null; n: number };
export type Curve = {
  group: string | null;
  hours: CurveHour[];
  peakHour: number | null;
  peakMilliwatt: number | null;
};

/** Of one group and hour of the day: the accounts' means, added up, and how many they are. */
export type CurveSum = { group: string | null; hour: number; milliwatts: number; n: number };

/** Each group has all 24 hours. */
export function curvesOf(sums: readonly CurveSum[]): Curve[] {
  return [...Map.groupBy(sums, ({ group }) => group)].map(([group, own]) => {
    const hours = Array.from({ length: 24 }, (_, hour) => {
      const sum = own.find((each) => each.hour === hour);
      return { hour, meanMilliwatt: meanOf(sum?.milliwatts ?? 0, sum?.n ?? 0), n: sum?.n ?? 0 };
    });
    const peak = hours.reduce<CurveHour | null>(
      (most, each) => (each.meanMilliwatt !== null && each.meanMilliwatt > (most?.meanMilliwatt ?? -1) ? each : most),
      null,
    );
    return { group, hours, peakHour: peak?.hour ?? null, peakMilliwatt: peak?.meanMilliwatt ?? null };
  });
}

export const meanOf = (sum: number, n: number): number | null =>
  n === 0 ? null : Number(divideHalfEven(BigInt(sum), BigInt(n)));

export const YEAR_HOURS = 8_760;
/** Fewer accounts are no load of a place, and tell on whoever they are. */
export const ACCOUNTS_MIN = 5;

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
const FEBRUARY_29 = 59;

/** Which hour of a year without a leap day the UTC instant is at a place; null: of another year, or of 29 February. */
export function hourOfYear(at: number, year: number, utcOffsetMinutes: number): number | null {
  const first = Date.UTC(year, 0, 1);
  const hours = Math.floor((at + utcOffsetMinutes * 60_000 - first) / HOUR_MS);
  if (hours < 0 || hours >= (Date.UTC(year + 1, 0, 1) - first) / HOUR_MS) return null;
  const isLeap = Date.UTC(year + 1, 0, 1) - first === 366 * DAY_MS;
  const day = Math.floor(hours / 24);
  if (!isLeap || day < FEBRUARY_29) return hours;
  return day === FEBRUARY_29 ? null : hours - 24;
}

/** What accounts together used in the hour that begins at `at`, and how many of them are known. */
export type HourSum = { at: number; energyWh: number; n: number };
export type YearHour = { hour: number; meanMilliwatt: number | null; n: number };

/** A year hour by hour, all 8,760 of them. */
export function yearOf(
  sums: readonly HourSum[],
  year: number,
  utcOffsetMinutes: number,
  accountsMin: number,
): YearHour[] {
  const hours: YearHour[] = Array.from({ length: YEAR_HOURS }, (_, hour) => ({ hour, meanMilliwatt: null, n: 0 }));
  for (const { at, energyWh, n } of sums) {
    const hour = hourOfYear(at, year, utcOffsetMinutes);
    if (hour === null) continue;
    hours[hour] = { hour, meanMilliwatt: n < accountsMin ? null : meanOf(energyWh * 1_000, n), n };
  }
  return hours;
}

/** Of accounts whose month is complete: together and each for itself, in Wh of an hour. */
export type Peaks = { energyWh: number; hours: number; peakWh: number; peaksWh: number; n: number };
/** Both in hundredths of a per cent; null where nobody drew anything. */
export type LoadFactors = { loadFactorBp: number | null; coincidenceBp: number | null };

/** Mean by peak of all together; and that peak by the peaks of each, added up. */
export const factorsOf = ({ energyWh, hours, peakWh, peaksWh }: Peaks): LoadFactors => ({
  loadFactorBp: basisOf(energyWh, peakWh * hours),
  coincidenceBp: basisOf(peakWh, peaksWh),
});

/** Points of a scatter; of more, so many are drawn by lot, the same ones each time. */
export const SCATTER_MAX = 5_000;
/** Of 24 hours of a day that have to be known for the day to count. */
export const DAY_HOURS_MIN = 23;
