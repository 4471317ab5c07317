import { describe, expect, it } from "vitest";
import type { UnitName } from "../../src/domain/imports/unit.ts";
import { DAY_MS } from "../../src/domain/imports/vendor-day.ts";
import type { CaseRow } from "../../src/domain/outbox.ts";
import type { VendorFeed } from "../../src/ports/vendor-feeds.ts";
import {
  type ClaimPorts,
  claimImports,
  hasNothingNew,
  type SiteNewest,
  STALE_MS,
} from "../../src/services/claim-imports.ts";

const NOW = Date.parse("2026-11-12T08:00:00Z");
const HOUR = 3_600_000;

type Due = Awaited<ReturnType<ClaimPorts["days"]["due"]>>;
function world(
  over: { due?: Due; newest?: Record<string, number | null>; stored?: SiteNewest[]; open?: string[] } = {},
) {
  const opened: UnitName[] = [];
  const sent: UnitName[] = [];
  const deferred: UnitName[] = [];
  const cases: CaseRow[] = [];
  const koios: VendorFeed = {
    page: async () => ({ refused: "absent", retryAt: null, detail: "" }),
    freshness: async () => ({ newest: over.newest ?? {} }),
  };
  const ports: ClaimPorts = {
    days: {
      open: async (units) => opened.push(...units),
      reopen: async () => 0,
      due: async () => over.due ?? [],
      defer: async (unit) => void deferred.push(unit),
    },
    sites: async () => [
      { site: "MAK", vendor: "koios", vendorSiteId: "uuid-mak", version: 1 },
      { site: "TOS", vendor: "thundercloud", vendorSiteId: "base-1", version: 1 },
    ],
    feed: (source) => (source === "koios" || source === "koios_report" ? koios : null),
    send: async (units) => void sent.push(...units),
    newest: async () => over.stored ?? [],
    openCaseKeys: async () => over.open ?? [],
    putCases: async (more) => void cases.push(...more),
  };
  return { ports, opened, sent, deferred, cases };
}
const due = (day: string, freshAt: number | null = null): Due[number] => ({
  site: "MAK",
  day,
  source: "koios",
  vendorSiteId: "uuid-mak",
  freshAt,
});

describe("the look for days that lack something", () => {
  it("opens the last days of sites whose vendor the country has, and of no others", async () => {
    const { ports, opened } = world();
    await claimImports(ports, NOW);
    expect(new Set(opened.map(({ site }) => site))).toEqual(new Set(["MAK"]));
    const days = opened.map(({ day, source }) => `${day} ${source}`);
    expect(days).toContain("2026-11-11 koios");
    expect(days).toContain("2026-10-31 koios_report");
    expect(days).not.toContain("2026-11-08 koios");
    expect(days.some((each) => each.startsWith("2026-11-12"))).toBe(false);
  });

  it("sends what is due with what the vendor has of the site", async () => {
    const newest = NOW - HOUR;
    const { ports, sent, deferred } = world({ due: [due("2026-11-11")], newest: { "uuid-mak": newest } });
    expect(await claimImports(ports, NOW)).toMatchObject({ sent: 1, deferred: 0 });
    expect(sent).toEqual([{ site: "MAK", day: "2026-11-11", source: "koios", freshAt: newest, sentAt: NOW }]);
    expect(deferred).toMatchObject([{ day: "2026-11-11" }]);
  });

  it("leaves a day alone while the vendor has nothing newer than when it was last taken", async () => {
    const newest = NOW - 20 * HOUR;
    const { ports, sent, deferred } = world({ due: [due("2026-11-11", newest)], newest: { "uuid-mak": newest } });
    await claimImports(ports, NOW);
    expect(sent).toEqual([]);
    expect(deferred).toMatchObject([{ day: "2026-11-11" }]);
  });

  const stale = { site: "MAK", newestAt: NOW - STALE_MS - 1 };
  it.each([
    ["opens a case for a site that says nothing new", [stale], [], ["open"]],
    ["opens one for a site that never said anything", [{ site: "MAK", newestAt: null }], [], ["open"]],
    ["says it once", [stale], ["feed_stale:MAK"], []],
    ["closes it when the site is heard again", [{ site: "MAK", newestAt: NOW - HOUR }], ["feed_stale:MAK"], ["closed"]],
    ["says nothing of a site that is heard", [{ site: "MAK", newestAt: NOW - STALE_MS }], [], []],
  ] as const)("%s", async (_, stored, open, states) => {
    const { ports, cases } = world({ stored: [...stored], open: [...open] });
    await claimImports(ports, NOW);
    expect(cases.map(({ state }) => state)).toEqual(states);
  });
});

describe("whether there is something new", () => {
  const start = Date.parse("2026-11-11");
  it.each([
    ["the vendor did not say", undefined, null, false],
    ["the vendor has nothing of the site", null, null, true],
    ["its newest is of before the day", start - 1, null, true],
    ["its newest is of the day", start, null, false],
    ["as when the day was last taken", start + HOUR, start + HOUR, true],
    ["newer than when the day was last taken", start + 2 * HOUR, start + HOUR, false],
  ])("%s", (_, newest, freshAt, expected) => {
    expect(hasNothingNew("2026-11-11", newest, freshAt, NOW)).toBe(expected);
  });

  it("is not asked of a day that is about to be closed", () => {
    expect(hasNothingNew("2026-11-11", null, null, start + 11 * DAY_MS)).toBe(false);
  });
});
