import { divideHalfEven } from "../money.ts";

/** A local day of a site, hour by hour, added up. `compared` hours are those of which the supply and enough accounts are known. */
export type LossDay = {
  day: string;
  /** Hours of the day that are over. */
  hours: number;
  supplyHours: number;
  comparedHours: number;
  /** In the compared hours alone. */
  suppliedWh: number;
  usedWh: number;
  /** In every hour of which the supply is known. */
  supplyWh: number;
  /** Hours of accounts with a billing meter, and how many of them told something. */
  expectedHours: number;
  knownHours: number;
};

export type Loss = {
  /** First local day. */
  period: string;
  hours: number;
  supplyHours: number;
  comparedHours: number;
  /** Null: no hour can be compared. */
  suppliedWh: number | null;
  usedWh: number | null;
  lostWh: number | null;
  /** Hundredths of a per cent of what was supplied; below 0 where meters count more than was fed. */
  lossBp: number | null;
  /** What the supply's meter told, compared or not; null: it told nothing. */
  supplyWh: number | null;
  /** Hundredths of a per cent of accounts' hours that are known. */
  coverageBp: number | null;
};

/** Days as one period: sums of days, and shares of the sums. */
export function lossOf(period: string, days: readonly LossDay[]): Loss {
  const sum = (of: (day: LossDay) => number) => days.reduce((all, day) => all + of(day), 0);
  const comparedHours = sum((day) => day.comparedHours);
  const supplyHours = sum((day) => day.supplyHours);
  const [suppliedWh, usedWh] =
    comparedHours === 0 ? [null, null] : [sum((day) => day.suppliedWh), sum((day) => day.usedWh)];
  const lostWh = suppliedWh === null || usedWh === null ? null : suppliedWh - usedWh;
  return {
    ...{ period, hours: sum((day) => day.hours), supplyHours, comparedHours, suppliedWh, usedWh, lostWh },
    lossBp: lostWh === null ? null : shareBp(lostWh, suppliedWh ?? 0),
    supplyWh: supplyHours === 0 ? null : sum((day) => day.supplyWh),
    coverageBp: shareBp(
      sum((day) => day.knownHours),
      sum((day) => day.expectedHours),
    ),
  };
}

/** Null: of nothing. */
const shareBp = (part: number, whole: number): number | null =>
  whole <= 0 ? null : Number(divideHalfEven(BigInt(part) * 10_000n, BigInt(whole)));

/** The months that days lie in, in order, each with its days. */
export const monthsOf = (days: readonly LossDay[]): [string, LossDay[]][] => [
  ...Map.groupBy(days, ({ day }) => `${day.slice(0, 7)}-01`),
];
