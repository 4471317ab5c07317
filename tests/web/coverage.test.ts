import { describe, expect, it } from "vitest";
import { LINES_MAX, linesOf, type Month, percent, toneOf } from "../../web/pages/coverage/model.ts";

const month = (site: string, at: string, hours: number): Month => ({
  ...{ site, month: at, hours, elapsedBp: 10_000, medianHours: null, expectedHours: null, isDeficit: false },
});

describe("the coverage page", () => {
  it("draws the sites with the most hours, and months before a site's first one as a gap", () => {
    const lines = linesOf([
      month("KET", "2026-06-01", 5),
      month("MAK", "2026-05-01", 9),
      month("MAK", "2026-06-01", 0),
    ]);
    expect(lines).toEqual({
      months: ["2026-05-01", "2026-06-01"],
      series: [
        { name: "MAK", values: [9, 0] },
        { name: "KET", values: [null, 5] },
      ],
      isCut: false,
    });
    const many = Array.from({ length: 9 }, (_, nth) => month(`S${nth}`, "2026-06-01", nth));
    expect([linesOf(many).series.length, linesOf(many).isCut]).toEqual([LINES_MAX, true]);
  });

  it("knows nothing of what nobody expected", () => {
    expect([percent(null), toneOf(null)]).toEqual(["–", "quiet"]);
    expect([90, 89.9, 50, 49.9].map(toneOf)).toEqual(["good", "warn", "warn", "bad"]);
  });
});
