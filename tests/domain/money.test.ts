import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { COUNTRIES } from "../../src/domain/country.ts";
import { AMOUNT_MINOR_MAX, divideHalfEven, formatMoney, parseAmountMinor } from "../../src/domain/money.ts";

describe("parseAmountMinor", () => {
  it.each([
    ["25", 2, 2500],
    ["25.5", 2, 2550],
    ["25.05", 2, 2505],
    ["0", 2, 0],
    ["0.01", 2, 1],
    ["M1,000.00", 2, 100_000],
    ["M13,450.25", 2, 1_345_025],
    ["LSL 20", 2, 2000],
    ["K12.50", 2, 1250],
    ["1,000,000", 2, 100_000_000],
    ["5000", 0, 5000],
    ["10 000", 0, 10_000],
    ["10\u00a0000", 0, 10_000],
    ["10\u202f000 FCFA", 0, 10_000],
    ["10,000", 0, 10_000],
    ["10.000", 0, 10_000],
    ["1.000.000 XOF", 0, 1_000_000],
    ["90000000000.00", 2, AMOUNT_MINOR_MAX],
  ] as const)("it reads %j with %d decimals as %d", (text, minorDigits, amountMinor) => {
    expect(parseAmountMinor(text, minorDigits)).toBe(amountMinor);
  });

  it.each([
    ["", 2],
    ["1e9", 2],
    ["-5", 2],
    ["+5", 2],
    ["NaN", 2],
    ["Infinity", 2],
    ["0x10", 2],
    ["12345678901234567890", 2],
    ["90000000000.01", 2],
    ["1,00.00", 2],
    ["1,0000", 2],
    [",100", 2],
    ["0,100", 2],
    ["007", 2],
    ["1.005", 2],
    ["1.", 2],
    [".5", 2],
    ["1 000", 2],
    ["25,50", 2],
    ["M", 2],
    ["MM5", 2],
    ["٢٥", 2],
    ["5000.50", 0],
    ["5000.0", 0],
    ["10 00", 0],
    ["1 000.000", 0],
    ["1000 000", 0],
    ["10\n000\n", 0],
  ] as const)("it refuses %j with %d decimals", (text, minorDigits) => {
    expect(parseAmountMinor(text, minorDigits)).toBeNull();
  });

  it("it reads back whatever formatMoney writes", () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: AMOUNT_MINOR_MAX }),
        fc.constantFrom("LS", "BJ", "ZM"),
        (amountMinor, code) => {
          const country = COUNTRIES[code];
          expect(parseAmountMinor(formatMoney(amountMinor, country), country.minorDigits)).toBe(amountMinor);
        },
      ),
    );
  });

  it("it never throws, and answers null or a safe whole number", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary" }), fc.constantFrom(0 as const, 2 as const), (text, minorDigits) => {
        const amountMinor = parseAmountMinor(text, minorDigits);
        expect(amountMinor === null || Number.isSafeInteger(amountMinor)).toBe(true);
      }),
    );
  });
});

describe("formatMoney", () => {
  it.each([
    [2000, "LS", "M20.00"],
    [5, "LS", "M0.05"],
    [0, "LS", "M0.00"],
    [1_345_025, "LS", "M13,450.25"],
    [-2000, "LS", "-M20.00"],
    [5000, "BJ", "5 000 FCFA"],
    [500, "BJ", "500 FCFA"],
    [1_000_000, "BJ", "1 000 000 FCFA"],
    [1250, "ZM", "K12.50"],
  ] as const)("it writes %d in %s as %j", (amountMinor, code, text) => {
    expect(formatMoney(amountMinor, COUNTRIES[code])).toBe(text);
  });
});

describe("divideHalfEven", () => {
  it.each([
    [5n, 2n, 2n],
    [7n, 2n, 4n],
    [-5n, 2n, -2n],
    [-7n, 2n, -4n],
    [1n, 3n, 0n],
    [2n, 3n, 1n],
    [-1n, 3n, 0n],
    [-2n, 3n, -1n],
    [6n, 3n, 2n],
  ] as const)("it makes %d / %d into %d", (numerator, denominator, quotient) => {
    expect(divideHalfEven(numerator, denominator)).toBe(quotient);
  });

  it("it refuses a denominator that is not positive", () => {
    expect(() => divideHalfEven(1n, 0n)).toThrow(RangeError);
    expect(() => divideHalfEven(1n, -2n)).toThrow(RangeError);
  });

  it("it is never further off than half", () => {
    fc.assert(
      fc.property(
        fc.bigInt({ min: -(10n ** 20n), max: 10n ** 20n }),
        fc.bigInt({ min: 1n, max: 10n ** 9n }),
        (n, d) => {
          const off = 2n * (n - divideHalfEven(n, d) * d);
          expect(off <= d && off >= -d).toBe(true);
        },
      ),
    );
  });
});
