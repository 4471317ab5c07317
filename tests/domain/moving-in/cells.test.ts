import { describe, expect, it } from "vitest";
import { COUNTRIES } from "../../../src/domain/country.ts";
import { flagOf, idOf, numberOf, type OldRow, textOf, wallOf } from "../../../src/domain/moving-in/cells.ts";
import { readMainFile } from "../../../src/domain/moving-in/move.ts";

const row = (cell: OldRow[string]): OldRow => ({ x: cell });

describe("a cell of the old database", () => {
  it.each([
    ["text", textOf, " Ha Makebe ", " Ha Makebe "],
    ["blank text", textOf, "  ", null],
    ["a meter's number that came as a number", textOf, 23_097_965, "23097965"],
    ["the same as a large number", textOf, 23_097_965n, "23097965"],
    ["currency", numberOf, "-10.0000", "-10.0000"],
    ["a double", numberOf, 0.5, 0.5],
    ["no number", numberOf, "", null],
    ["an id", idOf, 7, 7],
    ["an id that came as text", idOf, "0007", 7],
    ["no id", idOf, "", null],
    ["yes", flagOf, true, true],
    ["yes as Access counts it", flagOf, -1, true],
    ["no as a number", flagOf, 0, false],
    ["a date with half a millisecond of noise", wallOf, new Date(1_709_287_199_999.6), 1_709_287_200_000],
    ["a date that is none", wallOf, new Date(Number.NaN), null],
    ["what the file does not have", textOf, undefined, null],
  ])("holds %s", (_, read, cell, expected) => expect(read(row(cell), "x")).toBe(expected));

  it.each([
    ["text", textOf, true],
    ["text", textOf, 1.5],
    ["a number", numberOf, new Date(0)],
    ["a whole number", idOf, 1.5],
    ["a whole number", idOf, "seven"],
    ["yes or no", flagOf, 2],
    ["yes or no", flagOf, null],
    ["a date", wallOf, "2024-03-01"],
    ["a date", wallOf, 45_352],
  ])("that should be %s and is not is no guess", (expected, read, cell) =>
    expect(() => read(row(cell), "x")).toThrow(`[x] should be ${expected} and is`),
  );

  it("is named with its table where it is of another type", () => {
    const rows = (table: string) =>
      table === "tblaccounthistory1" ? [{ id: 1, payment: true, "transaction date": "2024-03-01" }] : [];
    const rules = { country: COUNTRIES.LS, untilWall: Date.UTC(2025, 0, 1) };
    expect(() => readMainFile({ rows }, rules, () => undefined)).toThrow(
      "tblaccounthistory1: [transaction date] should be a date and is string",
    );
  });
});
