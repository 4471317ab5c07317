import { describe, expect, it } from "vitest";
import { newBySite, percent, quartersUntil } from "../../web/pages/growth/model.ts";

describe("the growth page", () => {
  it("offers the running quarter and those before it, over the turn of the year", () => {
    expect(quartersUntil("2026-02-28").slice(0, 3)).toEqual(["2026-01-01", "2025-10-01", "2025-07-01"]);
  });

  it("shows a rate of nobody as not known, never as 0", () => {
    expect([percent(null), percent(0), percent(12.34)]).toEqual(["–", "0.0 %", "12.3 %"]);
  });

  it("draws who has no site as a line of their own", () => {
    const quarter = {
      quarter: "2026-07-01",
      newlyConnected: 2,
      ended: 0,
      everConnected: 2,
      connected: 2,
      isPartial: false,
    };
    const group = { quarters: [quarter], dateNotKnown: { connected: 0, ended: 0 } };
    const rows = newBySite({
      groups: [
        { site: "MAK", ...group },
        { site: "", ...group },
      ],
    } as Parameters<typeof newBySite>[0]);
    expect(rows.map(({ group: site, value }) => [site, value])).toEqual([
      ["MAK", 2],
      [null, 2],
    ]);
  });
});
