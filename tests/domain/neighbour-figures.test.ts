import { describe, expect, it } from "vitest";
import { omConsumption, omOverview, type SiteConnections, siteStatus } from "../../src/domain/neighbour-figures.ts";

const row = (over: Partial<SiteConnections>): SiteConnections => ({
  ...{
    site: "MAK",
    name: "Ha Makebe",
    district: "Maseru",
    type: "HH1",
    accounts: 0,
    withMeter: 0,
    withReadyboard: 0,
    withLight: 0,
  },
  ...over,
});
const ROWS = [
  row({ type: "HH1", accounts: 5, withMeter: 4, withReadyboard: 3, withLight: 2 }),
  row({ type: "HH", accounts: 1 }),
  row({ type: "SCP", accounts: 1, withMeter: 1, withLight: 1 }),
  row({ type: "GOV", accounts: 2 }),
  row({ type: null, accounts: 3 }),
  row({ site: "LAB", name: "Workshop", type: "HH2", accounts: 7, withLight: 7 }),
  row({ site: "SHG", name: "Sehonghong", district: null, type: null }),
];

describe("the overview for O&M", () => {
  it("counts households apart, leaves those whose type nobody knows out of both, and adds up", () => {
    const { connections } = omOverview("2026-11-03", ROWS, 1_234_567);
    expect(connections).toEqual({
      ...{ total: 19, residential: 13, commercial: 3 },
      by_type: { GOV: 2, HH: 1, HH1: 5, HH2: 7, SCP: 1, unknown: 3 },
    });
  });

  it("names each site once, active where somebody has light, also one without accounts", () => {
    expect(omOverview("2026-11-03", ROWS, null).sites).toEqual({
      total: 3,
      names: ["Ha Makebe", "Workshop", "Sehonghong"],
      detail: [
        { code: "MAK", name: "Ha Makebe", status: "active" },
        { code: "LAB", name: "Workshop", status: "active" },
        { code: "SHG", name: "Sehonghong", status: "planned" },
      ],
    });
  });

  it("sets the point of whole watt-hours, and says null where nothing is known", () => {
    expect(omOverview("2026-11-03", [], 1_234_567).total_mwh).toBe(1.234567);
    expect(omOverview("2026-11-03", [], null).total_mwh).toBeNull();
    expect(omConsumption("2026-11-01", "2026-11-03", 1_001)).toMatchObject({ total_kwh: 1.001, total_mwh: 0.001001 });
    expect(omConsumption("2026-11-01", "2026-11-03", 0)).toMatchObject({ total_kwh: 0 });
  });
});

describe("the list of sites for the Department of Energy", () => {
  const { sites, totals, not_yet_connected } = siteStatus("2026-11-03", ROWS);

  it("has every account in one column, and no workshop", () => {
    expect(sites.map(({ site_code }) => site_code)).toEqual(["MAK", "SHG"]);
    expect(sites[0]).toMatchObject({
      ...{ registered_total: 12, households: 6, businesses: 0, schools: 1, clinics: 0, churches: 0, other: 5 },
      ...{ connections_total: 3, with_meter: 5, without_meter: 7, with_readyboard: 3, without_readyboard: 9 },
      ...{ with_electricity: 3, without_electricity: 9, site_status: "connected" },
    });
  });

  it("adds its sites up, and names those that wait", () => {
    expect(totals).toMatchObject({ registered_total: 12, connections_total: 3, households: 6 });
    expect(not_yet_connected).toEqual(["SHG"]);
  });
});
