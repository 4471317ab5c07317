import { describe, expect, it } from "vitest";
import { changedCaps, readLimits, sendersChanged, typedOf } from "../../web/pages/tills/model.ts";

const caps = {
  paymentMinorMax: 2_000_000,
  accountDayMinorMax: 3_000_000,
  tillDayMinorMax: 50_000_000,
  chainBreakMinorMax: 0,
};
const now = { senders: ["MPESA", "199"], caps };

describe("a till's limits", () => {
  it.each([2, 0] as const)("are the same again when nobody touches them (%i decimals)", (digits) => {
    const { limits, wrong } = readLimits(typedOf(now, digits), digits);
    expect(limits).toEqual(now);
    expect(wrong).toEqual([]);
    expect(changedCaps(now, limits)).toEqual([]);
    expect(sendersChanged(now, limits)).toBe(false);
  });

  it("name what is changed, and only that", () => {
    const typed = typedOf(now, 2);
    const { limits } = readLimits(
      { senders: " MPESA \n\n199\nM-PESA\n199", caps: { ...typed.caps, paymentMinorMax: "M1,500" } },
      2,
    );
    expect(limits.senders).toEqual(["MPESA", "199", "M-PESA"]);
    expect(changedCaps(now, limits)).toEqual(["paymentMinorMax"]);
    expect(limits.caps.paymentMinorMax).toBe(150_000);
    expect(sendersChanged(now, limits)).toBe(true);
  });

  it("that cannot be read are named, and never taken for nothing", () => {
    const typed = typedOf(now, 2);
    const { wrong } = readLimits(
      { senders: " \n ", caps: { ...typed.caps, tillDayMinorMax: "", chainBreakMinorMax: "-5" } },
      2,
    );
    expect(wrong).toEqual(["tillDayMinorMax", "chainBreakMinorMax", "senders"]);
  });
});
