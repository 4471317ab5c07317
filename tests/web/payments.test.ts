import { describe, expect, it } from "vitest";
import { daysOf, questionOf, spanOf, sumOf } from "../../web/pages/payments/model.ts";

describe("daysOf", () => {
  it.each`
    span           | from            | to
    ${"today"}     | ${"2026-03-01"} | ${"2026-03-01"}
    ${"yesterday"} | ${"2026-02-28"} | ${"2026-02-28"}
    ${"week"}      | ${"2026-02-23"} | ${"2026-03-01"}
    ${"month"}     | ${"2026-03-01"} | ${"2026-03-01"}
    ${"thirty"}    | ${"2026-01-31"} | ${"2026-03-01"}
    ${"any"}       | ${""}           | ${""}
  `("knows $span of the first of March", ({ span, from, to }) => {
    expect(daysOf(span, "2026-03-01")).toEqual({ from, to });
  });

  it("is known again from its days; days that were typed are none", () => {
    expect(spanOf(daysOf("yesterday", "2026-03-02"), "2026-03-02")).toBe("yesterday");
    expect(spanOf({ from: "2026-02-02", to: "2026-02-03" }, "2026-03-02")).toBeNull();
  });
});

describe("questionOf", () => {
  const filters = { from: "2026-03-01", to: "2026-03-01", site: "", provider: "", holder: "", min: "", max: "", q: "" };
  it("asks for what was chosen and nothing else, amounts in minor units", () => {
    expect(questionOf({ ...filters, min: "12.5", max: "no", q: " QK7 " }, 2)).toEqual({
      from: "2026-03-01",
      to: "2026-03-01",
      min: "1250",
      q: " QK7 ",
    });
    expect(questionOf({ ...filters, min: "5000" }, 0)).toMatchObject({ min: "5000" });
  });
});

describe("sumOf", () => {
  it("adds days up, and none to nought", () => {
    const day = {
      count: 1,
      amountMinor: 5,
      accountsMinor: 3,
      suspenseMinor: 2,
      treasuryMinor: 0,
      returnedMinor: 0,
      legacyMinor: 0,
    };
    expect(sumOf([day, day])).toMatchObject({ count: 2, amountMinor: 10, accountsMinor: 6, suspenseMinor: 4 });
    expect(sumOf([]).amountMinor).toBe(0);
  });
});
