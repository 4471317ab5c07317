import { describe, expect, it } from "vitest";
import { canonical, saidOf } from "../../web/pages/sms/model.ts";

describe("what was read of an SMS", () => {
  it("is the same in whatever order its fields come, and another where one differs", () => {
    expect(canonical({ a: 1, b: { c: 2, d: 3 } })).toBe(canonical({ b: { d: 3, c: 2 }, a: 1 }));
    expect(canonical({ a: 1 })).not.toBe(canonical({ a: 2 }));
  });

  it("is shown field by field, without what it left out", () => {
    expect(saidOf({ kind: "payment", amountMinor: 500, remark: null, tokens: [] })).toEqual([
      { name: "kind", value: "payment" },
      { name: "amountMinor", value: "500" },
    ]);
    expect(saidOf(null)).toEqual([]);
  });
});
