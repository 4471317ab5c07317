import { describe, expect, it } from "vitest";
import { decideWarning, NOT_WARNED, type WarningFacts, type Warnings } from "../../src/domain/low-balance.ts";

/** Local time of Lesotho on one day, or the day after. */
const local = (hour: number, minute = 0, day = 24) => Date.UTC(2026, 10, day, hour, minute) - 2 * 3_600_000;
const low = (over: Partial<WarningFacts> = {}): WarningFacts => ({
  status: "live",
  isMetered: true,
  isAfterCredit: false,
  availableWh: 1_900,
  warnWh: 2_000,
  clearWh: 4_000,
  utcOffsetMinutes: 120,
  ...over,
});
/** It has had more. */
const ARMED: Warnings = { ...NOT_WARNED, isArmed: true };
const decide = (facts: WarningFacts, at: number, warnings: Warnings = ARMED) => decideWarning(warnings, facts, at);

describe("decideWarning", () => {
  it.each([
    ["at noon", local(12)],
    ["at the morning sweep", local(7)],
    ["at the evening sweep", local(19)],
  ])("tells at once %s", (_when, at) => {
    expect(decide(low(), at)).toMatchObject({ warn: true, nextLookAt: null, warnings: { isArmed: false, told: 1 } });
  });

  it.each([
    ["in the evening", local(21, 30), local(7, 0, 25)],
    ["before dawn", local(3, 10), local(7)],
    ["just before midnight", local(23, 59), local(7, 0, 25)],
  ])("waits for the morning %s", (_when, at, nextLookAt) => {
    expect(decide(low(), at)).toMatchObject({ warn: false, nextLookAt });
  });

  it("tells once, and again only after the balance has been at the clear mark", () => {
    const told = decide(low(), local(12)).warnings;
    expect(decide(low({ availableWh: 100 }), local(13), told).warn).toBe(false);
    const halfWay = decide(low({ availableWh: 3_999 }), local(14), told).warnings;
    expect(decide(low(), local(15), halfWay).warn).toBe(false);
    const cleared = decide(low({ availableWh: 4_000 }), local(14), told).warnings;
    expect(decide(low(), local(15), cleared)).toMatchObject({ warn: true, warnings: { told: 2 } });
  });

  it("tells at most twice a local day, and the third time next morning", () => {
    const twice: Warnings = { isArmed: true, day: Math.floor(Date.UTC(2026, 10, 24) / 86_400_000), told: 2 };
    expect(decide(low(), local(12), twice)).toMatchObject({ warn: false, nextLookAt: local(7, 0, 25) });
    expect(decide(low(), local(7, 0, 25), twice)).toMatchObject({ warn: true, warnings: { told: 1 } });
  });

  it("tells nobody who has never had more, and whoever has had a little more", () => {
    expect(decide(low({ availableWh: 0 }), local(12), NOT_WARNED)).toMatchObject({ warn: false, nextLookAt: null });
    const some = decide(low({ availableWh: 2_100, isAfterCredit: true }), local(12), NOT_WARNED).warnings;
    expect(decide(low(), local(13), some).warn).toBe(true);
  });

  it("does not tell whoever has just paid that it was little, but at the next sweep", () => {
    expect(decide(low({ isAfterCredit: true }), local(12))).toMatchObject({ warn: false, nextLookAt: local(19) });
  });

  it.each<[string, Partial<WarningFacts>]>([
    ["terminated", { status: "terminated" }],
    ["postpaid", { status: "postpaid" }],
    ["not commissioned", { isMetered: false }],
    ["above the mark", { availableWh: 2_001 }],
  ])("tells nobody who is %s", (_who, over) => {
    expect(decide(low(over), local(12))).toMatchObject({ warn: false, nextLookAt: null });
  });
});
