import { describe, expect, it } from "vitest";
import { askOf, isPaid } from "../../../src/domain/fees/paid-step.ts";

const AT = Date.parse("2026-11-03T22:30:00Z");
const fee = (outstandingMinor: number, paidMinor: number, paidAt: number | null = AT) => ({
  ...{ part: "readyboard" as const, outstandingMinor, paidMinor, paidAt },
});

describe("a fee", () => {
  it.each([
    ["all of it was paid", 0, 49_900, true],
    ["a part was paid and the rest written off", 0, 10_000, true],
    ["more was paid than it is", -100, 50_000, true],
    ["a cent is owed", 1, 49_899, false],
    ["it was written off whole", 0, 0, false],
    ["it was paid back and is owed no more", 0, 0, false],
  ])("is paid or not when %s", (_, owed, paid, is) =>
    expect(isPaid({ outstandingMinor: owed, paidMinor: paid })).toBe(is),
  );

  it("is a step on the local day of its last payment, whatever the day is in UTC, and none while it is owed", () => {
    expect(askOf(fee(0, 49_900), 120)).toEqual({ act: "record", step: "readyboard_fee_paid", day: "2026-11-04" });
    expect(askOf(fee(0, 49_900), 60)).toMatchObject({ day: "2026-11-03" });
    expect(askOf(fee(100, 49_800), 120)).toEqual({ act: "withdraw", step: "readyboard_fee_paid" });
  });
});
