import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { decimalText, wholeUnits } from "../../src/domain/decimal.ts";

describe("an amount of the old books", () => {
  it.each([
    ["99.9900", 2, 9_999],
    ["-10.0000", 2, -1_000],
    ["0.0000", 2, 0],
    ["-0.0000", 2, 0],
    [20.000000000000004, 2, 2_000],
    [64.80000000000001, 2, 6_480],
    [0.1 + 0.2, 2, 30],
    [1.1 * 3, 2, 330],
    [-20.000000000000004, 2, -2_000],
    [19.998, 3, 19_998],
    [5.7084, 3, 5_708],
    [5.7084, 4, 57_084],
    // A half to the even neighbour, and not to where the double's last bit leans.
    [1.005, 2, 100],
    [1.0050000000000001, 2, 100],
    [1.015, 2, 102],
    [2.675, 2, 268],
    ["0.125", 2, 12],
    ["-0.125", 2, -12],
    [1e-7, 2, 0],
    [1.5e9, 2, 150_000_000_000],
    ["1,000", 2, null],
    ["", 2, null],
    ["abc", 2, null],
    [Number.NaN, 2, null],
    [Number.POSITIVE_INFINITY, 2, null],
    [1e300, 2, null],
    [9e15, 2, null],
  ])("%s with %s decimals is %s", (value, digits, whole) => expect(wholeUnits(value, digits)).toBe(whole));

  it("is the same from a double as from the text of its cents", () =>
    fc.assert(
      fc.property(fc.integer({ min: -1e11, max: 1e11 }), (cents) => {
        expect(wholeUnits(cents / 100, 2)).toBe(cents);
        expect(wholeUnits(String(cents / 100), 2)).toBe(cents);
      }),
    ));
});

describe("whole units as text", () => {
  it.each([
    [5_000, 2, "50.00"],
    [5, 2, "0.05"],
    [0, 2, "0.00"],
    [-150, 2, "-1.50"],
    [5_000, 0, "5000"],
    [0, 0, "0"],
  ] as const)("%i with %i decimals is %s", (units, digits, text) => expect(decimalText(units, digits)).toBe(text));
  it("of parts of one are no text", () => expect(() => decimalText(0.5, 2)).toThrow(RangeError));
  it("read again are the same", () => {
    fc.assert(
      fc.property(fc.integer({ min: -9_000_000_000, max: 9_000_000_000 }), fc.constantFrom(0, 2), (units, digits) => {
        expect(wholeUnits(decimalText(units, digits as 0 | 2), digits)).toBe(units);
      }),
    );
  });
});
