import { describe, expect, it } from "vitest";
import {
  amountOf,
  BLANK,
  blankFor,
  energyOf,
  instantOf,
  TWIN_WINDOW_MS,
  twinsOf,
} from "../../web/pages/record-payment/model.ts";

describe("a payment by hand", () => {
  it.each`
    typed                    | offset | instant
    ${"2026-11-03T00:30"}    | ${120} | ${"2026-11-02T22:30:00.000Z"}
    ${"2026-11-03T14:00:30"} | ${60}  | ${"2026-11-03T13:00:30.000Z"}
    ${""}                    | ${120} | ${null}
    ${"2026-11-03"}          | ${120} | ${null}
  `("paid at $typed, $offset minutes east, was paid at $instant", ({ typed, offset, instant }) => {
    const at = instantOf(typed, offset);
    expect(at === null ? null : new Date(at).toISOString()).toBe(instant);
  });

  it.each`
    asked         | account
    ${"0045mak"}  | ${"0045MAK"}
    ${" 45 MAK "} | ${"0045MAK"}
    ${""}         | ${""}
  `("begins with the account that a link names: $asked", ({ asked, account }) =>
    expect(blankFor(asked)).toEqual({ ...BLANK, account }),
  );

  it("buys whole watt-hours, and nothing is said without a tariff or an amount", () => {
    expect(energyOf(2_500, 2, 50_000)).toBe(5_000);
    expect(energyOf(2_500, 2, null)).toBeNull();
    expect(energyOf(amountOf({ amount: "0" }, 2), 2, 50_000)).toBeNull();
  });

  it("has twins: the same amount within 48 hours to the millisecond, under another receipt in any spelling", () => {
    const at = 1_800_000_000_000;
    const listed = [
      { receipt: "QK7AAA", amountMinor: 2_000, paidAt: at - TWIN_WINDOW_MS },
      { receipt: "QK7BBB", amountMinor: 2_000, paidAt: at - TWIN_WINDOW_MS - 1 },
      { receipt: "QK7CCC", amountMinor: 2_001, paidAt: at },
      { receipt: "QK7DDD", amountMinor: 2_000, paidAt: at },
    ];
    expect(twinsOf(listed, 2_000, at, "qk7 ddd").map(({ receipt }) => receipt)).toEqual(["QK7AAA"]);
  });
});
