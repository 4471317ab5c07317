import { describe, expect, it } from "vitest";
import { IMPORT_SOURCES } from "../../../src/domain/imports/source.ts";
import {
  billableWh,
  emptyDay,
  HOUR_MS,
  keepHours,
  lastInstantOf,
  layHours,
  type VendorDay,
} from "../../../src/domain/imports/vendor-day.ts";

const DAY = "2026-11-03";
const MIDNIGHT = Date.parse("2026-11-03T00:00:00Z");
const hours = (...energyWh: number[]) => energyWh.map((wh, nth) => ({ hour: MIDNIGHT + nth * HOUR_MS, energyWh: wh }));
const bills = () => true;
const lay = (known: VendorDay, source: string, given: ReturnType<typeof hours>, role = bills) =>
  layHours(known, DAY, source, given, role, IMPORT_SOURCES);

describe("a vendor meter's day", () => {
  it("is the very same day when the same hours come again", () => {
    const day = lay(emptyDay(), "koios", hours(10, 20, 30));
    expect(lay(day, "koios", hours(10, 20, 30))).toBe(day);
    expect(billableWh(day, DAY, 0)).toBe(60);
  });

  it("keeps an hour that is not told again, and takes the newer word of the same source", () => {
    const day = lay(lay(emptyDay(), "koios", hours(10, 20, 30)), "koios", hours(10, 25));
    expect(billableWh(day, DAY, 0)).toBe(65);
    expect(day.version).toBe(2);
  });

  it.each([
    ["a better one takes its place", "monthly_file", "koios", 7],
    ["a worse one changes nothing", "koios", "monthly_file", 10],
    ["an unknown one is worse than all", "monthly_file", "hearsay", 10],
  ])("believes sources in their order: %s", (_, first, second, expected) => {
    const day = lay(lay(emptyDay(), first, hours(10)), second, hours(7));
    expect(billableWh(day, DAY, 0)).toBe(expected);
  });

  it("believes in the order of the site where it has one of its own", () => {
    const known = lay(emptyDay(), "koios", hours(10));
    const day = layHours(known, DAY, "monthly_file", hours(7), bills, ["monthly_file", "koios"]);
    expect(billableWh(day, DAY, 0)).toBe(7);
  });

  it("bills nothing before the cut-over, nor of a meter that did not bill when the hour was told", () => {
    const day = lay(emptyDay(), "koios", hours(10, 20, 30));
    expect(billableWh(day, DAY, null)).toBe(0);
    expect(billableWh(day, DAY, MIDNIGHT + HOUR_MS)).toBe(50);
    expect(billableWh(day, DAY, MIDNIGHT + HOUR_MS + 1)).toBe(30);
    const check = lay(emptyDay(), "koios", hours(10, 20), () => false);
    expect(billableWh(check, DAY, 0)).toBe(0);
    expect(billableWh(lay(check, "koios", hours(10, 20, 30)), DAY, 0)).toBe(30);
  });

  it("gives up the hours that are not the account's any more", () => {
    const day = lay(emptyDay(), "koios", hours(10, 20, 30));
    const left = keepHours(day, DAY, (hour) => hour < MIDNIGHT + HOUR_MS);
    expect(billableWh(left, DAY, 0)).toBe(10);
    expect(left.energyWh.slice(0, 3)).toEqual([10, null, null]);
    expect(keepHours(left, DAY, (hour) => hour < MIDNIGHT + HOUR_MS)).toBe(left);
  });

  it("is dated within itself, also when its last hour is the last of the day", () => {
    const last = lay(emptyDay(), "koios", [{ hour: MIDNIGHT + 23 * HOUR_MS, energyWh: 1 }]);
    expect(new Date(lastInstantOf(last, DAY)).toISOString()).toBe("2026-11-03T23:59:59.999Z");
    expect(new Date(lastInstantOf(lay(emptyDay(), "koios", hours(1)), DAY)).toISOString()).toBe(
      "2026-11-03T00:59:59.999Z",
    );
  });

  it.each([
    ["an hour of another day", { hour: MIDNIGHT - HOUR_MS, energyWh: 1 }],
    ["half an hour", { hour: MIDNIGHT + HOUR_MS / 2, energyWh: 1 }],
    ["a part of a watt-hour", { hour: MIDNIGHT, energyWh: 0.5 }],
    ["less than nothing", { hour: MIDNIGHT, energyWh: -1 }],
  ])("refuses %s", (_, given) => {
    expect(() => lay(emptyDay(), "koios", [given])).toThrow(RangeError);
  });
});
