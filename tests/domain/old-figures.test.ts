/** Faults of the old reports that a pure rule answers, each by its name; those of queries stand in tests/adapters. */
import { describe, expect, it } from "vitest";
import { averageDayWh, fillWindow, planWindow } from "../../src/domain/energy-window.ts";
import { answerMetric, type Sums } from "../../src/domain/metrics/answer.ts";
import { growthOf, sharePct } from "../../src/domain/metrics/growth.ts";
import { cumulated, ofLastPeriod } from "../../src/domain/metrics/lines.ts";
import { monthsUntil, type Period, periodsBetween } from "../../src/domain/metrics/periods.ts";
import { type MetricId, metricOf } from "../../src/domain/metrics/registry.ts";

const NOW = Date.UTC(2026, 10, 15, 12);
const quarters = periodsBetween({ from: "2026-01-01", to: "2026-12-31", grain: "quarter" }, NOW, 120) as Period[];
const figure = (id: MetricId, sums: readonly Sums[], group: string | null = null) =>
  answerMetric(
    metricOf(id),
    quarters,
    sums.map((each, nth) => ({ period: quarters[nth]?.from ?? "", group, sums: each })),
    2,
  );

describe("operations", () => {
  it("bug of old: quarters without a connection were absent from growth", () => {
    const { quarters: grown } = growthOf([{ site: "MAK", quarter: "2026-01-01", connected: 2, ended: 0 }], quarters);
    expect(grown.map(({ newlyConnected, connected }) => [newlyConnected, connected])).toEqual([
      [2, 2],
      [0, 2],
      [0, 2],
      [0, 2],
    ]);
  });

  it("bug of old: who had ended stayed in the sum of growth", () => {
    const changes = [
      { site: "MAK", quarter: "2026-01-01", connected: 2, ended: 0 },
      { site: "MAK", quarter: "2026-04-01", connected: 0, ended: 1 },
    ];
    expect(growthOf(changes, quarters).quarters.map(({ connected }) => connected)).toEqual([2, 1, 1, 1]);
  });

  it("bug of old: what comes together was not the sum of the bars where one is below nought", () => {
    const bars = figure("paid", [{ paid_minor: 500 }, { paid_minor: -200 }, { paid_minor: 100 }]);
    expect(cumulated(bars).map(({ value }) => value)).toEqual([500, 300, 400, null]);
  });

  it("bug of old: averages per day vanished in quarters in which nobody was connected", () => {
    const rows = figure("vended_a_day", [
      { vended_wh: 900, connected_days: 90 },
      { vended_wh: 910, connected_days: 91 },
    ]);
    expect(rows.map(({ value }) => value)).toEqual([10, 10, null, null]);
  });

  it("bug of old: days of the average were days with any transaction, or 90; they are days of connection", () => {
    const [row] = figure("paid_a_day", [{ paid_minor: 9_000, connected_days: 45 }]);
    expect([row?.value, row?.n]).toEqual([200, 45]);
  });

  it("golden i, bug of old: the running quarter stood beside whole ones unmarked, and tiles fell at each quarter's start", () => {
    const rows = figure(
      "paid",
      [1, 2, 3, 1].map((thousands) => ({ paid_minor: thousands * 1_000 })),
    );
    expect(rows.map(({ isPartial }) => isPartial)).toEqual([false, false, false, true]);
    expect(ofLastPeriod(rows)).toMatchObject({ period: "2026-07-01", rows: [{ value: 3_000 }] });
  });
});

describe("money", () => {
  it("bug of old: on the first day a month was extended thirty times", () => {
    const at = Date.UTC(2026, 10, 1, 10);
    const periods = periodsBetween({ from: "2026-11-01", to: "2026-11-30", grain: "month" }, at, 120) as Period[];
    const [row] = answerMetric(
      metricOf("paid"),
      periods,
      [{ period: "2026-11-01", group: null, sums: { paid_minor: 100 } }],
      2,
    );
    expect([row?.value, row?.isPartial, row?.prorated]).toEqual([100, true, null]);
  });

  it("bug of old: twelve months were thirteen", () => {
    const from = monthsUntil("2026-11-15", 12);
    const months = periodsBetween({ from, to: "2026-11-15", grain: "month" }, NOW, 120) as Period[];
    expect([months[0]?.from, months.length]).toEqual(["2025-12-01", 12]);
    expect(["2026-01-31", "2026-03-31", "2026-12-01"].map((day) => monthsUntil(day, 2))).toEqual([
      "2025-12-01",
      "2026-02-01",
      "2026-11-01",
    ]);
  });

  it("bug of old: ARPU was 0 where nobody is counted; it is not known", () => {
    expect(figure("arpu_ever", [{ paid_minor: 0, base_ever: 0 }])[0]?.value).toBeNull();
  });

  it("bug of old: a site without revenue in a quarter was absent, not 0", () => {
    const rows = figure("paid", [{ paid_minor: 500 }, { paid_minor: 0 }], "KET");
    expect(rows.slice(0, 2).map(({ group, value }) => [group, value])).toEqual([
      ["KET", 500],
      ["KET", 0],
    ]);
  });
});

describe("a customer's own figures", () => {
  const plan = planWindow("7d", NOW, 120);
  const [first = 0] = plan.starts;
  const used = { meterNumber: "23099001", isPrimary: true, at: first, energyWh: 400, hours: 24, estimatedHours: 0 };

  it("bug of old: a purchase of 50 kWh showed as 50 kWh used; use is of intervals alone", () => {
    expect(fillWindow("7d", plan, [used]).energyWh[0]).toBe(400);
  });

  it("bug of old: missing hours were 0, and days of 0 were left out of the average", () => {
    expect(fillWindow("7d", plan, []).energyWh).toEqual(Array.from({ length: 7 }, () => null));
    expect(averageDayWh({ energyWh: [400, 0, 9], hours: [24, 24, 1] })).toBe(200);
  });

  it("bug of old: twelve months stepped back by thirty days, so that one came twice", () => {
    const { starts } = planWindow("12m", Date.UTC(2026, 2, 31, 10), 120);
    expect(new Set(starts.map((at) => new Date(at + 7_200_000).toISOString().slice(0, 7))).size).toBe(12);
  });
});

it.each([[[1, 1, 1]], [[7, 13, 29, 51]], [[0, 5]], [[999_999, 1, 1, 1, 1, 1, 1]]])(
  "golden b: shares of %j come to 100 within their rounding",
  (parts) => {
    const whole = parts.reduce((sum, part) => sum + part, 0);
    const shares = parts.map((part) => sharePct(part, whole) ?? Number.NaN);
    const off = Math.abs(shares.reduce((sum, share) => sum + share, 0) - 100);
    expect(off).toBeLessThanOrEqual(0.05 * parts.length + 1e-9);
  },
);
