import { describe, expect, it } from "vitest";
import {
  type BudgetState,
  budgetView,
  DAILY_MAX,
  FAILURES_MAX,
  freshBudget,
  SHARES,
  takeFrom,
  tellBudget,
  VENDOR_CALL_KINDS,
  type VendorCallKind,
} from "../../src/domain/vendor-budget.ts";

const NOON = Date.parse("2026-11-03T12:00:00Z");
const MIDNIGHT = Date.parse("2026-11-04T00:00:00Z");

/** A day's budget that is asked and told in turn, as its object is. */
function budget(from = NOON) {
  let state: BudgetState = freshBudget(from);
  return {
    take(kind: VendorCallKind, at: number) {
      const taken = takeFrom(state, kind, at);
      state = taken.state;
      return taken.grant;
    },
    told(kind: VendorCallKind, outcome: "ok" | "failed" | "spent", at: number) {
      state = tellBudget(state, kind, outcome, "said so", at);
    },
    /** As many as are granted, at a pace that nobody is refused for. Ends with the refusal. */
    drain(kind: VendorCallKind, from: number) {
      for (let at = from, granted = 0; ; at += 2_000) {
        const grant = this.take(kind, at);
        if (!grant.granted) return { granted, grant, at };
        granted += 1;
      }
    },
    view: (at: number) => budgetView(state, at),
  };
}

describe("the pace", () => {
  it.each([
    ["data", 3, 5_000],
    ["web", 3, 5_000],
    ["credit", 10, 1_000],
  ] as const)("of %s is never above %i requests in any %i ms", (kind, max, ms) => {
    const one = budget();
    const granted: number[] = [];
    for (let at = NOON; at < NOON + 30_000; at += 50) if (one.take(kind, at).granted) granted.push(at);
    for (const first of granted)
      expect(granted.filter((at) => at >= first && at <= first + ms).length).toBeLessThanOrEqual(max);
    expect(granted.length).toBeGreaterThan((30_000 / ms) * max * 0.8);
  });

  it("says when there is room again, and then there is", () => {
    const one = budget();
    for (const at of [0, 1_000, 2_000]) expect(one.take("data", NOON + at)).toEqual({ granted: true });
    const refused = one.take("data", NOON + 3_000);
    expect(refused).toEqual({ granted: false, because: "busy", retryAt: NOON + 5_500 });
    expect(one.take("data", NOON + 5_499).granted).toBe(false);
    expect(one.take("data", NOON + 5_500).granted).toBe(true);
  });

  it("leaves room for a credit while balances are asked as fast as they may", () => {
    const one = budget();
    let balances = 0;
    while (one.take("balance", NOON).granted) balances += 1;
    expect([balances, one.take("credit", NOON).granted, one.take("credit", NOON).granted]).toEqual([8, true, true]);
    expect(one.take("credit", NOON)).toMatchObject({ because: "busy" });
  });

  it("is not held up by a clock that was set back", () => {
    const one = budget();
    while (one.take("data", NOON + 3_600_000).granted);
    expect(one.take("data", NOON).granted).toBe(true);
  });
});

describe("the day", () => {
  it("gives each kind its share, and what is left to credits", () => {
    const one = budget(Date.parse("2026-11-03T00:00:00Z"));
    const start = Date.parse("2026-11-03T00:00:00Z");
    for (const kind of ["data", "balance", "web", "metadata"] as const) {
      const drained = one.drain(kind, start);
      expect([kind, drained.granted, drained.grant]).toEqual([
        kind,
        SHARES[kind],
        { granted: false, because: "budget_spent", retryAt: MIDNIGHT },
      ]);
    }
    const credits = one.drain("credit", start);
    expect(credits.granted).toBe(3_000);
    expect(one.view(start).usedTotal).toBe(DAILY_MAX);
  });

  it("lets credits have all of it when nobody else asks", () => {
    expect(budget(Date.parse("2026-11-03T00:00:00Z")).drain("credit", Date.parse("2026-11-03T00:00:00Z")).granted).toBe(
      DAILY_MAX,
    );
  });

  it("begins anew at 00:00 UTC", () => {
    const one = budget(Date.parse("2026-11-03T00:00:00Z"));
    one.drain("metadata", Date.parse("2026-11-03T00:00:00Z"));
    expect(one.take("metadata", MIDNIGHT - 1)).toMatchObject({ because: "budget_spent" });
    expect(one.take("metadata", MIDNIGHT)).toEqual({ granted: true });
    expect(one.view(MIDNIGHT).used.metadata).toBe(1);
  });

  it("is over for every kind once the vendor says so, until 00:00 UTC", () => {
    const one = budget();
    one.told("data", "spent", NOON);
    for (const kind of VENDOR_CALL_KINDS)
      expect(one.take(kind, NOON + 1)).toEqual({ granted: false, because: "budget_spent", retryAt: MIDNIGHT });
    // One that was under way and went well changes nothing.
    one.told("data", "ok", NOON + 2);
    expect(one.take("credit", MIDNIGHT - 1).granted).toBe(false);
    expect(one.take("credit", MIDNIGHT).granted).toBe(true);
  });

  it("looks every hour on the morning after: nobody knows when the vendor's day begins", () => {
    const one = budget();
    one.told("data", "spent", NOON);
    one.take("data", MIDNIGHT);
    one.told("data", "spent", MIDNIGHT + 1_000);
    expect(one.take("data", MIDNIGHT + 2_000)).toMatchObject({ retryAt: MIDNIGHT + 1_000 + 3_600_000 });
    // Said a second time by a call that was under way, it is not put off further.
    one.told("data", "spent", MIDNIGHT + 60_000);
    expect(one.take("data", MIDNIGHT + 61_000)).toMatchObject({ retryAt: MIDNIGHT + 1_000 + 3_600_000 });
    one.told("data", "spent", MIDNIGHT + 7 * 3_600_000);
    expect(one.take("data", MIDNIGHT + 7 * 3_600_000)).toMatchObject({ retryAt: MIDNIGHT + 86_400_000 });
  });
});

describe("the breaker", () => {
  const failing = (kind: VendorCallKind, times: number) => {
    const one = budget();
    for (let n = 0; n < times; n += 1) one.told(kind, "failed", NOON);
    return one;
  };

  it("opens after failures in a row, and for the kind that failed alone", () => {
    expect(failing("data", FAILURES_MAX - 1).take("data", NOON).granted).toBe(true);
    const one = failing("data", FAILURES_MAX);
    expect(one.take("data", NOON)).toEqual({ granted: false, because: "breaker_open", retryAt: NOON + 30_000 });
    expect(one.take("credit", NOON)).toEqual({ granted: true });
  });

  it("counts failures in a row only", () => {
    const one = failing("data", FAILURES_MAX - 1);
    one.told("data", "ok", NOON);
    one.told("data", "failed", NOON);
    expect(one.take("data", NOON).granted).toBe(true);
  });

  it("lets one call look, and no other until that one has ended", () => {
    const one = failing("data", FAILURES_MAX);
    const later = NOON + 30_000;
    expect(one.take("data", later)).toEqual({ granted: true });
    expect(one.take("data", later + 1)).toEqual({ granted: false, because: "breaker_open", retryAt: later + 150_000 });
    one.told("data", "ok", later + 2);
    expect(one.take("data", later + 3).granted).toBe(true);
    expect(one.view(later + 3).breakers.data).toEqual({ state: "closed", openUntil: null });
  });

  it("lets another look when the first never came back", () => {
    const one = failing("data", FAILURES_MAX);
    one.take("data", NOON + 30_000);
    expect(one.take("data", NOON + 30_000 + 150_000).granted).toBe(true);
  });

  it("stays open longer each time, up to a quarter of an hour", () => {
    const one = failing("data", FAILURES_MAX);
    let at = NOON;
    const waits: number[] = [];
    for (let n = 0; n < 8; n += 1) {
      const refused = one.take("data", at);
      if (refused.granted) throw new Error("it is not open");
      waits.push(refused.retryAt - at);
      at = refused.retryAt;
      expect(one.take("data", at).granted).toBe(true);
      one.told("data", "failed", at);
    }
    expect(waits).toEqual([30, 60, 120, 240, 480, 900, 900, 900].map((seconds) => seconds * 1_000));
  });

  it("is not opened further by calls that were under way when it opened", () => {
    const one = failing("data", FAILURES_MAX + 20);
    expect(one.take("data", NOON)).toMatchObject({ retryAt: NOON + 30_000 });
  });
});
