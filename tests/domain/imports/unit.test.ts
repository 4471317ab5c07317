import { describe, expect, it } from "vitest";
import { ageDays, judgeDay, retryAt, sourcesFor } from "../../../src/domain/imports/unit.ts";
import { HOUR_MS } from "../../../src/domain/imports/vendor-day.ts";

const DAY = "2026-11-03";
const at = (iso: string) => Date.parse(iso);

describe("a day's age", () => {
  it.each([
    ["2026-11-03T23:59:59.999Z", -1],
    ["2026-11-04T00:00:00Z", 0],
    ["2026-11-04T23:59:59Z", 0],
    ["2026-11-14T00:00:00Z", 10],
  ])("at %s is %i days", (now, days) => expect(ageDays(DAY, at(now))).toBe(days));

  it("decides which sources are asked", () => {
    expect(sourcesFor("koios", -1)).toEqual([]);
    expect(sourcesFor("koios", 0)).toEqual(["koios", "koios_report"]);
    expect(sourcesFor("koios", 3)).toEqual(["koios_report"]);
    expect(sourcesFor("thundercloud", 5)).toEqual(["thundercloud"]);
  });
});

describe("whether a day is done with", () => {
  it.each([
    ["all hours are in", 48, 48, null, "2026-11-04T06:00:00Z", true],
    ["all hours are in while it runs: it goes on", 48, 48, null, "2026-11-03T23:30:00Z", false],
    ["one hour lacks", 48, 47, 47, "2026-11-12T00:00:00Z", false],
    ["one lacks, ten days old, and it did not grow", 48, 47, 47, "2026-11-14T00:00:00Z", true],
    ["one lacks, ten days old, and it grew", 48, 47, 46, "2026-11-14T00:00:00Z", false],
    ["one lacks, ten days old, taken for the first time", 48, 47, null, "2026-11-14T00:00:00Z", false],
    ["no meter is placed there", 0, 0, null, "2026-11-04T06:00:00Z", false],
    ["no meter is placed there, and never was", 0, 0, 0, "2026-11-14T00:00:00Z", true],
  ])("%s", (_, expectedHours, receivedHours, receivedBefore, now, complete) => {
    const verdict = judgeDay(DAY, { expectedHours, receivedHours, receivedBefore, attempts: 1 }, at(now));
    expect(verdict.complete).toBe(complete);
    expect(verdict.nextAt === null).toBe(complete);
  });
});

it("a day that lacks something is fetched again more and more rarely, once a day in the end", () => {
  const now = at("2026-11-04T06:00:00Z");
  const waits = [1, 2, 3, 4, 5, 50].map((attempts) => {
    const count = { expectedHours: 48, receivedHours: 47, receivedBefore: 47, attempts };
    return ((judgeDay(DAY, count, now).nextAt ?? 0) - now) / HOUR_MS;
  });
  expect(waits).toEqual([3, 6, 12, 24, 24, 24]);
});

it("a unit that fails is tried again more and more rarely, at least every six hours, and not before the vendor said", () => {
  const waits = [1, 2, 3, 8, 1_000].map((attempts) => (retryAt(attempts, 0, null) / HOUR_MS) * 60);
  expect(waits).toEqual([5, 10, 20, 360, 360]);
  expect(retryAt(1, 0, 9 * HOUR_MS)).toBe(9 * HOUR_MS);
});
