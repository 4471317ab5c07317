import type { MeterRole } from "../reading.ts";
import { isSparkMeter } from "../vendor.ts";
import type { DayOf, MeterInterval } from "./day.ts";
import { DAY_MS, HOUR_MS, type HourWh, startOfDay } from "./vendor-day.ts";

/** A meter on an account, for as much of the day as it was. */
export type DayPlacement = {
  serial: string;
  account: string;
  role: MeterRole;
  from: number;
  to: number | null;
  ratedW: number | null;
  /** Of the site of the unit, and not of a terminated account: its hours are waited for. */
  isExpected: boolean;
  /** Sources of this account, the best first. */
  priority: string[];
  /** Rises with every change of a placement. */
  version: number;
};

/** All that was fetched of one name of a meter: a serial, or `code:` and a customer's code where the vendor names nobody else. */
export type StagedMeter = { serial: string; intervals: { startAt: number; energyWh: number }[] };

export const codeName = (code: string) => `code:${code}`;
/** Serials that are named where they have no place; more are only counted. */
export const UNMAPPED_MAX = 100;

/** Meters of one account, under one key, so that an hour in which a meter changed hands is split by its intervals. */
const keyOf = (account: string, serial: string) => `${account}|${serial}`;
export const nameOf = (key: string) => {
  const at = key.indexOf("|");
  return { account: key.slice(0, at), serial: key.slice(at + 1) };
};

/** Gives each interval the account on which its meter was then. `unmapped`: names that had no place for at least one interval. */
export function placeIntervals(staged: readonly StagedMeter[], placements: readonly DayPlacement[]) {
  const bySerial = Map.groupBy(placements, ({ serial }) => serial);
  const byAccount = Map.groupBy(
    placements.filter(({ serial, role }) => role === "primary" && isSparkMeter(serial)),
    ({ account }) => account,
  );
  const intervals: MeterInterval[] = [];
  const unmapped = new Set<string>();
  for (const { serial, intervals: own } of staged) {
    const code = serial.startsWith(codeName("")) ? serial.slice(codeName("").length) : null;
    const candidates = (code === null ? bySerial.get(serial) : byAccount.get(code)) ?? [];
    for (const { startAt, energyWh } of own) {
      const covering = candidates.filter(({ from, to }) => from <= startAt && (to === null || startAt < to));
      const [only] = covering;
      const placed = only !== undefined && covering.length === 1 ? only : null;
      if (placed === null) unmapped.add(serial);
      intervals.push({ meterNumber: keyOf(placed?.account ?? "", placed?.serial ?? serial), startAt, energyWh });
    }
  }
  return { intervals, unmapped: [...unmapped].sort() };
}

/** Hours of the day that the site's placed meters should have: those that lie wholly within their placement. */
export function expectedHours(placements: readonly DayPlacement[], day: string): Map<string, Set<number>> {
  const expected = new Map<string, Set<number>>();
  const start = startOfDay(day);
  for (const { serial, account, from, to, isExpected } of placements) {
    if (!isExpected || !isSparkMeter(serial)) continue;
    const hours = expected.get(keyOf(account, serial)) ?? new Set<number>();
    for (let hour = start; hour < start + DAY_MS; hour += HOUR_MS)
      if (from <= hour && (to === null || hour + HOUR_MS <= to)) hours.add(hour);
    expected.set(keyOf(account, serial), hours);
  }
  return expected;
}

/** How many of the expected hours are there, whole. */
export function countHours(expected: Map<string, Set<number>>, meters: DayOf["meters"]) {
  let expectedCount = 0;
  let received = 0;
  for (const [key, hours] of expected) {
    expectedCount += hours.size;
    for (const { hour, isWhole } of meters.get(key) ?? []) if (isWhole && hours.has(hour)) received += 1;
  }
  return { expectedHours: expectedCount, receivedHours: received };
}

export type AccountHours = { account: string; meters: { serial: string; hours: HourWh[]; priority: string[] }[] };

/**
 * What each account is handed; what has no account is left out. An hour that lacks a part waits until the day is closed: of a
 * better source it would stand before the whole hour of another one.
 */
export function hoursByAccount(
  meters: DayOf["meters"],
  placements: readonly DayPlacement[],
  isClosed: boolean,
): AccountHours[] {
  const priorities = new Map(placements.map(({ account, priority }) => [account, priority]));
  const accounts = new Map<string, AccountHours>();
  for (const [key, all] of meters) {
    const { account, serial } = nameOf(key);
    const hours = isClosed ? all : all.filter(({ isWhole }) => isWhole);
    if (account === "" || hours.length === 0) continue;
    const own = accounts.get(account) ?? { account, meters: [] };
    accounts.set(account, own);
    own.meters.push({
      serial,
      hours: hours.map(({ hour, energyWh }) => ({ hour, energyWh })),
      priority: priorities.get(account) ?? [],
    });
  }
  return [...accounts.values()];
}
