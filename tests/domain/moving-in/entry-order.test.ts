import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { entryOrder } from "../../../src/domain/moving-in/entry-order.ts";
import { withDayAndMonthSwapped } from "../../../src/domain/moving-in/wall-time.ts";

const DAY = 86_400_000;
const at = (text: string) => Date.parse(`${text}T10:00:00Z`);
const UNTIL = at("2026-12-31");
const entries = (...dates: string[]) => dates.map((date, index) => ({ id: index + 1, wallMs: at(date) }));
const swapped = (...dates: string[]) => [...entryOrder(entries(...dates), UNTIL).swapped];

describe("the order of entry", () => {
  it("finds a date whose day and month changed places between its neighbours", () => {
    expect(swapped("2023-11-28", "2023-12-01", "2023-03-12", "2023-12-04", "2023-12-06")).toEqual([3]);
    expect(swapped("2023-03-01", "2023-03-02", "2023-12-03", "2023-03-14", "2023-03-15")).toEqual([3]);
  });

  it("leaves a row alone that was only entered late: its swapped date fits as little", () => {
    expect(swapped("2023-05-20", "2023-05-21", "2023-05-02", "2023-05-22", "2023-05-23")).toEqual([]);
    expect(swapped("2023-06-01", "2023-06-02", "2023-03-20", "2023-06-03", "2023-06-04")).toEqual([]);
  });

  it("leaves a row alone whose day cannot be a month, and one whose day is its month", () => {
    expect(swapped("2023-05-20", "2023-05-21", "2023-04-25", "2023-05-22", "2023-05-23")).toEqual([]);
    expect(swapped("2023-06-01", "2023-06-02", "2023-05-05", "2023-06-03", "2023-06-04")).toEqual([]);
  });

  it("goes by the row's number, not by its place", () => {
    const shuffled = entries("2023-11-28", "2023-12-01", "2023-03-12", "2023-12-04", "2023-12-06").reverse();
    expect([...entryOrder(shuffled, UNTIL).swapped]).toEqual([3]);
  });

  it("finds a swapped date of the last row, that lands far ahead of all others", () => {
    expect(swapped("2025-08-01", "2025-08-03", "2025-08-04", "2025-11-08")).toEqual([4]);
    // Believed in order it would be three months ahead of its neighbour.
    expect(swapped("2025-08-01", "2025-08-03", "2025-08-04", "2025-08-11")).toEqual([]);
  });

  it("does not doubt what goes on after a long pause", () => {
    expect(swapped("2023-03-01", "2023-03-02", "2023-09-11", "2023-09-12", "2023-09-14")).toEqual([]);
  });

  it("has nothing to say of no rows, and of one", () => {
    expect(entryOrder([], UNTIL)).toEqual({ inOrder: new Set(), swapped: new Set() });
    expect(swapped("2023-03-12")).toEqual([]);
  });

  it("finds each of many swapped rows of a busy table, and no other", () => {
    const plan = fc.record({
      gaps: fc.array(fc.integer({ min: 0, max: 2 }), { minLength: 200, maxLength: 400 }),
      which: fc.array(fc.nat(), { maxLength: 6 }),
    });
    fc.assert(
      fc.property(plan, ({ gaps, which }) => {
        let wallMs = at("2023-01-01");
        const rows = gaps.map((gap, index) => {
          wallMs += gap * DAY + 60_000;
          return { id: index + 1, wallMs };
        });
        const planted = new Set<number>();
        for (const choice of which) {
          const row = rows[10 + (choice % (rows.length - 20))];
          const turned = row === undefined || planted.has(row.id) ? null : withDayAndMonthSwapped(row.wallMs);
          if (row === undefined || turned === null) continue;
          row.wallMs = turned;
          planted.add(row.id);
        }
        expect(entryOrder(rows, UNTIL).swapped).toEqual(planted);
      }),
      { numRuns: 60 },
    );
  });
});
