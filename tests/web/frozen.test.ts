import { expect, it } from "vitest";
import { differenceTexts, dividedBy } from "../../web/pages/frozen/model.ts";

const told = (value: number | null, n: number | null = null) => ({ value, n, isPartial: false });
const lsl = { unit: "money", currency: "LSL", minorDigits: 2 } as const;

it.each([
  ["more", told(10_000), told(15_050), "100.00 LSL", "150.50 LSL", "+50.50 LSL"],
  ["less", told(10_000), told(9_900), "100.00 LSL", "99.00 LSL", "−1.00 LSL"],
  ["only what it is divided by", told(100, 1), told(100, 2), "1.00 LSL", "1.00 LSL", "0"],
  ["a line that was not there", null, told(0), "–", "0.00 LSL", "–"],
  ["a line that nobody knows any more", told(5), told(null), "0.05 LSL", "–", "–"],
])("says of %s what it was, is, and by how much", (_, was, is, before, after, change) =>
  expect(differenceTexts({ ...lsl, was, is })).toEqual({ was: before, is: after, change }),
);

it("says by what it was divided only where that has changed", () => {
  expect(dividedBy({ was: told(1, 1), is: told(1, 2) })).toEqual({ was: "1", is: "2" });
  expect(dividedBy({ was: told(1, 2), is: told(1, 2) })).toBeNull();
  expect(dividedBy({ was: null, is: told(1, 2) })).toBeNull();
});
