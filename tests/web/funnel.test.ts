import { describe, expect, it } from "vitest";
import { funnelOf } from "../../src/domain/metrics/funnel.ts";
import { type Counts, percent, present, toneOf } from "../../web/pages/funnel/model.ts";

describe("the funnel", () => {
  it("has every step, and after a step of nobody no drop-off", () => {
    const steps = funnelOf([
      { step: "registered", customers: 4, dated: 4 },
      { step: "commissioned", customers: 2, dated: 1 },
      { step: "terminated", customers: 1, dated: 1 },
    ]);
    expect(steps).toHaveLength(8);
    expect(steps[1]).toMatchObject({ step: "connection_fee_paid", customers: 0, dropOffPct: 100 });
    expect(steps[2]).toMatchObject({ customers: 0, dropOffPct: null });
    expect(steps[7]).toMatchObject({ customers: 2, dropOffPct: null, reachedPct: 50, isLarger: true, dateNotKnown: 1 });
    expect(funnelOf([]).map(({ reachedPct }) => reachedPct)).toEqual(Array(8).fill(null));
  });

  it("shows a step that has more people than the one before with its sign", () => {
    expect([percent(-400), percent(12.34), percent(null)]).toEqual(["−400.0 %", "12.3 %", "–"]);
  });
});

describe("cohorts", () => {
  it("show who is there, most first, and nobody who is not", () => {
    const counts = [
      { status: "not_paid", customers: 1 },
      { status: "terminated", customers: 0 },
      { status: "fully_paid_connected", customers: 7 },
    ] as Counts["counts"];
    expect(present({ counts } as Counts).map(({ status }) => status)).toEqual(["fully_paid_connected", "not_paid"]);
    expect([toneOf("fully_paid_connected"), toneOf("not_paid"), toneOf("fee_unknown_connected")]).toEqual([
      ...["good", "warn", "quiet"],
    ]);
  });
});
