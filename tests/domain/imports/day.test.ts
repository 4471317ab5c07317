import { describe, expect, it } from "vitest";
import {
  DEGRADED_METERS_MIN,
  dayOf,
  INTERVAL_WH_MAX,
  type MeterInterval,
  NAMED_MAX,
} from "../../../src/domain/imports/day.ts";
import { HOUR_MS } from "../../../src/domain/imports/vendor-day.ts";
import { random } from "../../random.ts";

const DAY = "2026-11-03";
const MIDNIGHT = Date.parse("2026-11-03T00:00:00Z");
const QUARTER = HOUR_MS / 4;
const METER = "SM16R-01-0000ABCD";
const rules = { day: DAY, intervalsPerHour: 4, ratingW: () => null };
const interval = (quarter: number, energyWh: number, meterNumber = METER): MeterInterval => ({
  meterNumber,
  startAt: MIDNIGHT + quarter * QUARTER,
  energyWh,
});
const wholeDay = (meterNumber = METER) =>
  Array.from({ length: 96 }, (_, quarter) => interval(quarter, 10, meterNumber));
const totalOf = ({ meters }: ReturnType<typeof dayOf>, meterNumber = METER) =>
  (meters.get(meterNumber) ?? []).reduce((sum, { energyWh }) => sum + energyWh, 0);

describe("a site's day of intervals", () => {
  it("adds up to 24 whole hours", () => {
    const day = dayOf(wholeDay(), rules);
    const hours = day.meters.get(METER) ?? [];
    expect(hours).toHaveLength(24);
    expect(hours[7]).toEqual({ hour: MIDNIGHT + 7 * HOUR_MS, energyWh: 40, isWhole: true });
    expect(totalOf(day)).toBe(960);
    expect(day.leftOut).toEqual({ duplicate: 0, absurd: 0, otherDay: 0 });
  });

  it.each([1, 3, 11, 49])("counts a heartbeat once though it comes %i times, in any order", (times) => {
    const next = random(times);
    const repeated = Array.from({ length: times }, () => wholeDay()).flat();
    const shuffled = repeated.map((each) => ({ each, at: next(1_000_000) })).sort((a, b) => a.at - b.at);
    const day = dayOf(
      shuffled.map(({ each }) => each),
      rules,
    );
    expect(totalOf(day)).toBe(960);
    expect(day.leftOut.duplicate).toBe(96 * (times - 1));
  });

  it("takes the higher of two that differ, whichever comes first", () => {
    expect(totalOf(dayOf([interval(0, 7), interval(0, 12)], rules))).toBe(12);
    expect(totalOf(dayOf([interval(0, 12), interval(0, 7)], rules))).toBe(12);
  });

  it.each([
    ["more than any meter counts", 1.66e15],
    ["a little more than that", INTERVAL_WH_MAX + 1],
    ["less than nothing", -1],
    ["half a watt-hour", 0.5],
    ["no number", Number.NaN],
  ])("leaves out %s and counts it, and takes the same interval said rightly", (_, absurd) => {
    const day = dayOf([interval(0, absurd), interval(0, 12)], rules);
    expect(day.leftOut.absurd).toBe(1);
    expect(totalOf(day)).toBe(12);
  });

  it("holds back what the meter cannot carry in that time, and names it", () => {
    const day = dayOf([interval(0, 3_760), interval(1, 3_761), interval(2, 10)], { ...rules, ratingW: () => 15_000 });
    expect(day.held).toEqual([interval(1, 3_761)]);
    expect(day.meters.get(METER)).toEqual([{ hour: MIDNIGHT, energyWh: 3_770, isWhole: false }]);
    const small = dayOf([interval(0, 600)], { ...rules, ratingW: () => 2_000 });
    expect(small).toMatchObject({ heldCount: 1 });
  });

  it("names so many of what it holds back, and counts the rest", () => {
    const many = Array.from({ length: 80 }, (_, quarter) => interval(quarter, 50_000));
    const day = dayOf(many, rules);
    expect(day.held).toHaveLength(NAMED_MAX);
    expect(day.heldCount).toBe(80);
  });

  it("takes midnight for the day that begins, and leaves the next midnight to the next day", () => {
    const day = dayOf([interval(-1, 5), interval(0, 6), interval(95, 7), interval(96, 8)], rules);
    expect(totalOf(day)).toBe(13);
    expect(day.leftOut.otherDay).toBe(2);
  });

  it("knows an hour that lacks a quarter from a whole one", () => {
    const day = dayOf(
      [interval(0, 1), interval(1, 1), interval(2, 1), ...[4, 5, 6, 7].map((n) => interval(n, 1))],
      rules,
    );
    expect(day.meters.get(METER)?.map(({ isWhole }) => isWhole)).toEqual([false, true]);
  });

  it("is a total in disguise when no meter, however few, knows more than its first quarter", () => {
    expect(dayOf([interval(0, 900)], rules).isDegraded).toBe(true);
    expect(dayOf([interval(0, 900), interval(0, 700, "SM16R-01-00000002")], rules).isDegraded).toBe(true);
    expect(dayOf([interval(0, 90), interval(1, 70, "SM16R-01-00000002")], rules).isDegraded).toBe(false);
    expect(dayOf([interval(1, 90)], rules).isDegraded).toBe(false);
    expect(dayOf([], rules).isDegraded).toBe(false);
  });

  const oneHourOf = (meters: number, extra: MeterInterval[] = []) =>
    dayOf(
      [
        ...Array.from({ length: meters }, (_, n) => interval(2, 900, `SM16R-01-${String(n).padStart(8, "0")}`)),
        ...extra,
      ],
      rules,
    ).isDegraded;
  it("is a day's total in disguise when twenty meters know one hour alone", () => {
    expect(oneHourOf(DEGRADED_METERS_MIN)).toBe(true);
    expect(oneHourOf(DEGRADED_METERS_MIN - 1)).toBe(false);
    expect(oneHourOf(DEGRADED_METERS_MIN, [interval(40, 10)])).toBe(false);
  });
});
