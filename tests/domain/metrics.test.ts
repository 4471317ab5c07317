import { describe, expect, it } from "vitest";
import { answerMetric } from "../../src/domain/metrics/answer.ts";
import { lastComplete, type Period, periodsBetween } from "../../src/domain/metrics/periods.ts";
import { METRIC_IDS, metricOf } from "../../src/domain/metrics/registry.ts";
import { REPORT_TITLES } from "../../src/domain/metrics/reports.ts";
import en from "../../src/domain/metrics/words/en.ts";
import fr from "../../src/domain/metrics/words/fr.ts";
import st from "../../src/domain/metrics/words/st.ts";

const MASERU = 120;
const over = (from: string, days: number): Period => ({ from, to: from, days, isPartial: false, elapsedBp: 10_000 });

describe("the periods of a report", () => {
  it("are whole quarters, and the running one is marked with how much of it is over", () => {
    const now = Date.UTC(2026, 10, 15, 22); // midnight in Maseru: half of the quarter's 92 days
    expect(periodsBetween({ from: "2026-07-20", to: "2026-11-02", grain: "quarter" }, now, MASERU)).toEqual([
      { from: "2026-07-01", to: "2026-09-30", days: 92, isPartial: false, elapsedBp: 10_000 },
      { from: "2026-10-01", to: "2026-12-31", days: 92, isPartial: true, elapsedBp: 5_000 },
    ]);
  });

  it("end at local midnight", () => {
    const late = Date.UTC(2026, 10, 30, 21, 59);
    const [running] = periodsBetween({ from: "2026-11-01", to: "2026-11-30", grain: "month" }, late, MASERU);
    const [past] = periodsBetween({ from: "2026-11-01", to: "2026-11-30", grain: "month" }, late + 60_000, MASERU);
    expect([(running as Period).isPartial, (past as Period).isPartial]).toEqual([true, false]);
  });

  it("know leap years and the turn of the year", () => {
    expect(lastComplete("2028-03-01", "month")).toEqual({ from: "2028-02-01", to: "2028-02-29" });
    expect(lastComplete("2026-01-31", "quarter")).toEqual({ from: "2025-10-01", to: "2025-12-31" });
    expect(lastComplete("2026-01-31", "year")).toEqual({ from: "2025-01-01", to: "2025-12-31" });
  });

  it("are not thousands", () => {
    expect(periodsBetween({ from: "2020-01-01", to: "2026-01-01", grain: "day" }, 0, 0)).toBe("too_many");
  });
});

describe("a figure", () => {
  const row = (
    id: keyof typeof METRIC_BY,
    sums: Record<string, number | null>,
    period = over("2026-10-01", 92),
    digits: 0 | 2 = 2,
  ) => answerMetric(metricOf(id), [period], [{ period: period.from, group: null, sums }], digits)[0];
  const METRIC_BY = Object.fromEntries(METRIC_IDS.map((id) => [id, true])) as Record<(typeof METRIC_IDS)[number], true>;

  it.each([
    ["arpu_ever", { paid_minor: 25_005, base_ever: 2 }, 12_502], // half to even
    ["arpu_ever", { paid_minor: 25_015, base_ever: 2 }, 12_508],
    ["arpu_connected", { paid_minor: 10_000, connected_days: 184 }, 5_000], // two accounts on an average day
    ["accounts_connected", { connected_days: 46, days: 92 }, 0], // half an account, to even
    ["vended_a_day", { vended_wh: 1_000, connected_days: 4 }, 250],
    ["metered_a_day", { metered_wh: 700, metered_hours: 12 }, 1_400], // half a day is known
    ["price", { electricity_minor: 500, vended_wh: 1_000 }, 50_000], // 5.00 a kWh
    ["coverage", { metered_hours: 12, connected_days: 1 }, 5_000],
  ] as const)("%s of %j is %i", (id, sums, value) => {
    expect(row(id, sums)?.value).toBe(value);
  });

  it("of money without decimals has its price in francs", () => {
    expect(row("price", { electricity_minor: 160, vended_wh: 1_000 }, undefined, 0)?.value).toBe(1_600_000);
  });

  it("is not known, and never 0, where nobody is counted or nothing is covered", () => {
    expect(row("arpu_paying", { paid_minor: 0, paying: 0 })?.value).toBeNull();
    expect(row("metered", {})?.value).toBeNull();
    expect(row("metered", { metered_wh: 0 })?.value).toBe(0);
  });

  it("golden i: of a running period is extended apart, never in its place, and not in the period's first tenth", () => {
    const running = { ...over("2026-10-01", 92), isPartial: true };
    const at = (elapsedBp: number) => row("paid", { paid_minor: 300 }, { ...running, elapsedBp });
    expect(at(5_000)).toMatchObject({ value: 300, isPartial: true, prorated: 600 });
    expect(at(999)).toMatchObject({ value: 300, isPartial: true, prorated: null });
    expect(row("accounts_ever", { base_ever: 7 }, { ...running, elapsedBp: 5_000 })?.prorated).toBeNull();
  });

  it("has a row in every period for every group, and what belongs to none stands last", () => {
    const periods = [over("2026-07-01", 92), over("2026-10-01", 92)];
    const added = [
      { period: "2026-10-01", group: null, sums: { paid_minor: 1 } },
      { period: "2026-07-01", group: "MAK", sums: { paid_minor: 2 } },
    ];
    const rows = answerMetric(metricOf("paid"), periods, added, 2).map(({ period, group, value }) => [
      period,
      group,
      value,
    ]);
    expect(rows).toEqual([
      ["2026-07-01", "MAK", 2],
      ["2026-07-01", null, null],
      ["2026-10-01", "MAK", null],
      ["2026-10-01", null, 1],
    ]);
  });

  it.each([
    ["en", en],
    ["fr", fr],
    ["st", st],
  ])("has its name and its definition in %s", (_language, words) => {
    for (const id of METRIC_IDS) {
      expect(words[`name_${id}`].trim()).not.toBe("");
      expect(words[`means_${id}`].trim().length).toBeGreaterThan(20);
    }
    for (const title of REPORT_TITLES) expect(words[`title_${title}`].trim()).not.toBe("");
  });
});
