import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { contractTypeOf, expectedBy, partOfAgreement, scheduleOf } from "../../../src/domain/fees/agreement.ts";

const LESOTHO = { signedOn: "2026-01-31", utcOffsetMinutes: 120 };

describe("the schedule of a plan", () => {
  it("is one part a month, on the day that it was signed, or the last that a month has", () => {
    const schedule = scheduleOf(100_000, 3, LESOTHO);
    expect(schedule.map(({ nth, day, amountMinor, sumMinor }) => [nth, day, amountMinor, sumMinor])).toEqual([
      [1, "2026-02-28", 33_334, 33_334],
      [2, "2026-03-31", 33_333, 66_667],
      [3, "2026-04-30", 33_333, 100_000],
    ]);
    expect(schedule[0]?.at).toBe(Date.parse("2026-02-28T00:00:00+02:00"));
  });

  it("goes on over the turn of a year, and knows a leap day", () => {
    const days = (signedOn: string, months: number) =>
      scheduleOf(12, months, { signedOn, utcOffsetMinutes: 60 }).map(({ day }) => day);
    expect(days("2026-12-15", 2)).toEqual(["2027-01-15", "2027-02-15"]);
    expect(days("2028-01-30", 1)).toEqual(["2028-02-29"]);
  });

  it("says what should have been paid by the end of a day", () => {
    const schedule = scheduleOf(100_000, 3, LESOTHO);
    expect(["2026-02-27", "2026-02-28", "2026-04-29", "2027-01-01"].map((day) => expectedBy(schedule, day))).toEqual([
      0, 33_334, 66_667, 100_000,
    ]);
  });

  it("adds up to the total, in parts that differ by one unit at most", () => {
    const any = fc.property(fc.integer({ min: 1, max: 1e12 }), fc.integer({ min: 1, max: 120 }), (total, months) => {
      const parts = scheduleOf(total, months, LESOTHO).map(({ amountMinor }) => amountMinor);
      expect(parts.reduce((sum, part) => sum + part, 0)).toBe(total);
      expect(Math.max(...parts) - Math.min(...parts)).toBeLessThanOrEqual(1);
    });
    fc.assert(any, { numRuns: 200 });
  });

  it("is of whole units", () => expect(() => scheduleOf(0.5, 2, LESOTHO)).toThrow(/whole number/));
});

describe("a contract file", () => {
  const file = (...bytes: number[]) => contractTypeOf(new Uint8Array(bytes));
  it("is known by how it begins, and nothing else is one", () => {
    expect(contractTypeOf(new TextEncoder().encode("%PDF-1.7\n"))).toBe("application/pdf");
    expect(file(0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 0)).toBe("image/png");
    expect(file(0xff, 0xd8, 0xff, 0xe0)).toBe("image/jpeg");
    expect([file(), file(0xff, 0xd8), contractTypeOf(new TextEncoder().encode("<html>%PDF-"))]).toEqual([
      null,
      null,
      null,
    ]);
  });
});

it("one advance of a kind has one name, and each plan its own", () => {
  expect(partOfAgreement({ kind: "advance", fee: "readyboard" })).toBe("advance.readyboard");
  expect(partOfAgreement({ kind: "financing", id: "3f9c" })).toBe("financing.3f9c");
});
