import { describe, expect, it } from "vitest";
import { costSoFar, reportOf, stageOf } from "../../web/pages/campaigns/model.ts";

describe("the report of a campaign", () => {
  it("adds up what stands alike, and leaves out nobody", () => {
    const counts = {
      queued: 5,
      sending: 1,
      accepted: 3,
      delivered: 4,
      failed: 1,
      rejected: 1,
      unknown: 2,
      expired: 1,
      stopped: 2,
    };
    const report = reportOf({ counts });
    expect(report).toEqual({ waiting: 5, handed: 4, delivered: 4, failed: 2, unknown: 2, left: 3 });
    expect(Object.values(report).reduce((sum, n) => sum + n, 0)).toBe(20);
  });

  it.each([
    ["proposed", { held: 3 }, "proposed"],
    ["running", { queued: 1, delivered: 2 }, "running"],
    ["running", { delivered: 2, unknown: 1 }, "done"],
    ["stopped", { stopped: 3 }, "stopped"],
  ] as const)("%s with %j is %s", (state, counts, stage) => {
    expect(stageOf({ state, counts })).toBe(stage);
  });

  it("says what was sent so far cost, and nothing where nobody said what a part costs", () => {
    expect(costSoFar({ partsSent: 12, partPriceMinor: 30 })).toBe(360);
    expect(costSoFar({ partsSent: 12, partPriceMinor: null })).toBeNull();
  });
});
