import { describe, expect, it } from "vitest";
import { decidePermit, type PermitFacts, TILL_SILENT_MS, UNPROCESSED_MS_MAX } from "../../src/domain/permit.ts";

const NOW = Date.UTC(2026, 10, 24, 1, 10);
const LIMITS = { perTenMinutesMax: 10, sharePctMax: 25, accountsMin: 3 };
const phone = (over: Partial<PermitFacts["phones"][number]> = {}) => ({
  tillId: "north",
  lastPollAt: NOW,
  oldestUnprocessedAt: null,
  revoked: false,
  ...over,
});
const calm = (over: Partial<PermitFacts> = {}): PermitFacts => ({
  isLacking: false,
  switchOn: true,
  heldKeys: [],
  phones: [phone()],
  isTripped: false,
  inBurst: 0,
  inHour: 0,
  siteAccounts: 100,
  ...over,
});

describe("decidePermit", () => {
  it("permits when nothing speaks against it", () => {
    expect(decidePermit(calm(), LIMITS, NOW)).toEqual({ granted: true, trips: null });
  });

  it.each<[string, Partial<PermitFacts>]>([
    ["gate_not_ready", { isLacking: true }],
    ["switch_off", { switchOn: false }],
    ["money_waits", { heldKeys: ["receipt:QK7#1"] }],
    ["breaker_open", { isTripped: true }],
    ["sms_unprocessed", { phones: [phone({ oldestUnprocessedAt: NOW - UNPROCESSED_MS_MAX - 1 })] }],
    ["till_silent", { phones: [phone({ lastPollAt: NOW - TILL_SILENT_MS - 1 })] }],
    ["till_silent", { phones: [phone(), phone({ tillId: "south", lastPollAt: null })] }],
    ["till_silent", { phones: [] }],
    ["till_silent", { phones: [phone({ revoked: true })] }],
  ])("refuses: %s", (because, over) => {
    expect(decidePermit(calm(over), LIMITS, NOW)).toMatchObject({ granted: false, because, trips: null });
  });

  it.each<[string, Partial<PermitFacts>]>([
    ["one phone of the till polls and another is silent", { phones: [phone({ lastPollAt: null }), phone()] }],
    ["an SMS came a minute ago", { phones: [phone({ oldestUnprocessedAt: NOW - 60_000 })] }],
    ["a revoked phone has an old SMS", { phones: [phone(), phone({ revoked: true, oldestUnprocessedAt: 0 })] }],
    ["a quarter of the site is reached, not passed", { inHour: 24 }],
    ["three of a small site", { siteAccounts: 5, inHour: 2 }],
    ["nobody knows how big the site is, and two are dark", { siteAccounts: null, inHour: 2 }],
  ])("permits when %s", (_what, over) => {
    expect(decidePermit(calm(over), LIMITS, NOW).granted).toBe(true);
  });

  it.each<[string, Partial<PermitFacts>]>([
    ["burst", { inBurst: 10, inHour: 10 }],
    ["share", { inHour: 25 }],
    ["share", { siteAccounts: null, inHour: 3 }],
  ])("stops the site: %s", (trips, over) => {
    expect(decidePermit(calm(over), LIMITS, NOW)).toEqual({ granted: false, because: "breaker_open", trips });
  });
});
