import { describe, expect, it } from "vitest";
import { detailsOf, KINDS, placeOf } from "../../web/pages/cases/model.ts";
import en from "../../web/pages/cases/words/en.ts";

describe("a case", () => {
  it.each(KINDS)("of the kind %s has a name and says what it means", (kind) => {
    expect(Object.keys(en)).toEqual(expect.arrayContaining([`kind_${kind}`, `means_${kind}`]));
  });

  it.each`
    kind                     | subject        | place
    ${"receipt_conflict"}    | ${"QK7/1"}     | ${"/payments/QK7%2F1"}
    ${"stranger_reversal"}   | ${"QK7/1"}     | ${"/payments/QK7%2F1"}
    ${"reading_quarantined"} | ${"0045MAK"}   | ${"/accounts/0045MAK"}
    ${"reading_quarantined"} | ${"23099001"}  | ${"/meters"}
    ${"a_kind_of_tomorrow"}  | ${"something"} | ${null}
  `("of $kind about $subject is put right at $place", ({ kind, subject, place }) => {
    expect(placeOf(kind, subject)).toBe(place);
  });

  it("shows what it keeps, shortened, and nothing of what is no object", () => {
    expect(detailsOf({ amount_minor: 5, none: null, list: [1] }, 2)).toEqual([
      { name: "amount minor", value: "5" },
      { name: "list", value: "[1" },
    ]);
    expect(detailsOf("text")).toEqual([]);
  });
});
