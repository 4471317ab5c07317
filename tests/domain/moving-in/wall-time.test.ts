import { describe, expect, it } from "vitest";
import { COUNTRIES } from "../../../src/domain/country.ts";
import {
  instantOfWall,
  wallText,
  whyNotBelieved,
  withDayAndMonthSwapped,
  yearOfWall,
} from "../../../src/domain/moving-in/wall-time.ts";

const wall = (text: string) => Date.parse(`${text.replace(" ", "T")}Z`);

describe("a wall time of the old books", () => {
  it("is two hours ahead of UTC in Maseru, and one in Porto-Novo", () => {
    const midnight = wall("2024-01-01 00:30:00");
    expect(new Date(instantOfWall(midnight, COUNTRIES.LS)).toISOString()).toBe("2023-12-31T22:30:00.000Z");
    expect(new Date(instantOfWall(midnight, COUNTRIES.BJ)).toISOString()).toBe("2023-12-31T23:30:00.000Z");
    // Its year is the wall's, not UTC's.
    expect(yearOfWall(midnight)).toBe(2024);
  });

  it.each([
    ["2023-03-12 15:14:50", "2023-12-03 15:14:50"],
    ["2023-12-03 00:00:00", "2023-03-12 00:00:00"],
    ["2024-02-01 23:59:59", "2024-01-02 23:59:59"],
    ["2023-05-05 10:00:00", null],
    ["2023-03-13 10:00:00", null],
    ["2024-02-29 10:00:00", null],
  ])("%s with day and month changed places is %s", (text, swapped) => {
    const found = withDayAndMonthSwapped(wall(text));
    expect(found === null ? null : wallText(found)).toBe(swapped);
  });

  it.each([
    ["1970-01-01 02:00:00", "date_before_2010"],
    ["2009-12-31 23:59:59", "date_before_2010"],
    ["2010-01-01 00:00:00", null],
    ["2025-10-16 23:59:59", null],
    ["2025-10-17 00:00:00", "date_future"],
    ["2099-12-31 15:32:38", "date_future"],
  ])("%s is doubted as %s where the data end on 16 October 2025", (text, why) =>
    expect(whyNotBelieved(wall(text), wall("2025-10-16 23:59:59"))).toBe(why),
  );

  it("is doubted where there is none", () => expect(whyNotBelieved(null, 0)).toBe("date_missing"));
});
