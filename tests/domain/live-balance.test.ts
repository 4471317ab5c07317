import { describe, expect, it } from "vitest";
import {
  hoursLeft,
  LIVE_TTL_MS,
  LOOKS_PER_DAY_MAX,
  LOOKS_PER_RUN_MAX,
  type LookCandidate,
  planLooks,
  shownBalance,
  walletWh,
} from "../../src/domain/live-balance.ts";

const NOW = Date.parse("2026-11-03T12:00:00Z");
const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

/** 100 Wh an hour, so that a balance of 600 Wh lasts six hours. */
const candidate = (account: string, over: Partial<LookCandidate> = {}): LookCandidate => ({
  account,
  ledgerWh: 600,
  usualWhPerHour: 100,
  look: null,
  ...over,
});
const look = (balanceWh: number | null, agoMs: number) => ({ walletMinor: balanceWh, balanceWh, readAt: NOW - agoMs });

describe("how often a wallet is looked at", () => {
  it.each<[string, number, number | null]>([
    ["more than a day is left: never by itself", 2_401 + 48 * 100, null],
    ["24 hours: every two hours", 2_400, 2 * HOUR],
    ["just over 12 hours", 1_201, 2 * HOUR],
    ["12 hours: every hour", 1_200, HOUR],
    ["6 hours: every quarter of an hour", 600, 15 * MINUTE],
    ["1 hour: every five minutes", 100, 5 * MINUTE],
    ["nothing: every five minutes", 0, 5 * MINUTE],
    ["less than nothing", -500, 5 * MINUTE],
  ])("%s", (_, leftNowWh, every) => {
    const due = (agoMs: number) => {
      // What was there then, so that this much is left now.
      const then = leftNowWh < 0 ? leftNowWh : leftNowWh + (agoMs / HOUR) * 100;
      return planLooks([candidate("0001MAT", { look: look(Math.round(then), agoMs) })], NOW, 0).length === 1;
    };
    if (every === null) return expect(due(47 * HOUR)).toBe(false);
    expect([due(every - MINUTE), due(every)]).toEqual([false, true]);
  });

  it("counts what is usually used since the last look", () => {
    const seen = candidate("0001MAT", { look: look(2_000, 10 * HOUR) });
    expect(hoursLeft(seen, NOW)).toBe(10);
    expect(hoursLeft(seen, NOW + 30 * HOUR)).toBe(0);
  });

  it("goes by the ledger until somebody has looked, and where the platform shows no wallet", () => {
    expect(hoursLeft(candidate("0001MAT"), NOW)).toBe(6);
    expect(hoursLeft(candidate("0001MAT", { look: look(null, HOUR) }), NOW)).toBe(6);
  });

  it.each([
    ["it is not known how much is used", null],
    ["nothing is used", 0],
  ])("is never by itself when %s", (_, usualWhPerHour) => {
    expect(planLooks([candidate("0001MAT", { usualWhPerHour })], NOW, 0)).toEqual([]);
  });

  it("is at once when the look is of the future: a clock was set back", () => {
    expect(planLooks([candidate("0001MAT", { look: look(600, -HOUR) })], NOW, 0)).toEqual(["0001MAT"]);
  });
});

describe("a run", () => {
  it("takes the most pressing first, and of those the one that waited longest", () => {
    const plan = planLooks(
      [
        candidate("0001MAT", { look: look(900, 2 * HOUR) }),
        candidate("0002MAT", { look: look(50, 6 * MINUTE) }),
        candidate("0003MAT", { look: look(50, 9 * MINUTE) }),
        candidate("0004MAT", { ledgerWh: 10 }),
        candidate("0005MAT", { look: look(50, 2 * MINUTE) }),
      ],
      NOW,
      0,
    );
    expect(plan).toEqual(["0004MAT", "0003MAT", "0002MAT", "0001MAT"]);
  });

  it("is never more than its share, nor than the day's", () => {
    const many = Array.from({ length: 1_000 }, (_, n) => candidate(`${String(n).padStart(4, "0")}MAT`));
    expect(planLooks(many, NOW, 0)).toHaveLength(LOOKS_PER_RUN_MAX);
    expect(planLooks(many, NOW, LOOKS_PER_DAY_MAX - 3)).toHaveLength(3);
    expect(planLooks(many, NOW, LOOKS_PER_DAY_MAX + 50)).toEqual([]);
  });
});

describe("a wallet", () => {
  it.each([
    // 61.50 at 5.00 a kWh is 12.3 kWh: read as energy it would be five times that.
    [6_150, 2, 50_000, 12_300],
    [-70, 2, 50_000, -140],
    [0, 2, 50_000, 0],
    [8_825, 0, 1_600_000, 55_156],
    [6_150, 2, null, null],
  ] as const)("of %i minor units with %i decimals at %i is %s Wh", (minor, digits, rate, wh) => {
    expect(walletWh(minor, digits, rate)).toBe(wh);
  });
});

describe("what is shown", () => {
  const ledger = { availableWh: 4_000, asOf: NOW - MINUTE };
  it.each<[string, Parameters<typeof shownBalance>[0], object]>([
    [
      "the wallet, live",
      look(5_000, LIVE_TTL_MS - 1),
      { source: "live", balanceWh: 5_000, asOf: NOW - LIVE_TTL_MS + 1 },
    ],
    [
      "the wallet, stale, with its own instant",
      look(5_000, LIVE_TTL_MS),
      { source: "live_stale", balanceWh: 5_000, asOf: NOW - LIVE_TTL_MS },
    ],
    [
      "the ledger, where nobody has looked",
      null,
      { source: "engine", balanceWh: 4_000, walletMinor: null, asOf: NOW - MINUTE },
    ],
    ["the ledger, where the platform shows no wallet", look(null, 0), { source: "engine", balanceWh: 4_000 }],
    [
      "the ledger, where nothing is vended",
      { walletMinor: 6_150, balanceWh: null, readAt: NOW },
      { source: "engine", walletMinor: null },
    ],
  ])("is %s", (_, seen, shown) => {
    expect(shownBalance(seen, ledger, NOW)).toMatchObject(shown);
  });
});
