import { describe, expect, it } from "vitest";
import { COUNTRIES } from "../../src/domain/country.ts";
import { dayStart, isDay, localDay } from "../../src/domain/local-day.ts";

const DAY_MS = 86_400_000;

describe("what happens at a place", () => {
  it.each(Object.values(COUNTRIES))(
    "is of the new day from midnight at the place on, whatever day it is in UTC: $code",
    ({ utcOffsetMinutes }) => {
      const midnight = dayStart("2026-12-01", utcOffsetMinutes);
      expect(utcOffsetMinutes).toBeGreaterThan(0);
      expect(localDay(midnight, utcOffsetMinutes)).toBe("2026-12-01");
      expect(localDay(midnight - 1, utcOffsetMinutes)).toBe("2026-11-30");
      expect(new Date(midnight).toISOString()).toMatch(/^2026-11-30/);
      expect(localDay(midnight + DAY_MS - 1, utcOffsetMinutes)).toBe("2026-12-01");
    },
  );

  it("is of a day of the calendar, and 30 February is none", () => {
    expect([isDay("2028-02-29"), isDay("2026-02-29"), isDay("2026-02-30"), isDay("2026-2-3"), isDay("today")]).toEqual([
      true,
      false,
      false,
      false,
      false,
    ]);
  });
});
