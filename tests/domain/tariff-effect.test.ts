import { describe, expect, it } from "vitest";
import type { Rate } from "../../src/domain/tariff.ts";
import { effectOf, type Profile } from "../../src/domain/tariff-effect.ts";
import { concernsOf, earliestStart, hasSay, type WantedRate } from "../../src/domain/tariff-rules.ts";

const NOON = Date.UTC(2026, 10, 3, 12);
const DAY = 86_400_000;
const THEN = NOON + DAY;

const row = (scope: Rate["scope"], tariffId: number, rateE4PerKwh: number | null, validFrom = 0): Rate => ({
  tariffId,
  scope,
  rateE4PerKwh,
  validFrom,
});
const ends = (scope: Rate["scope"], tariffId: number, validFrom: number): Rate => ({
  ...row(scope, tariffId, null, validFrom),
  ends: true,
});
const wanted = (over: Partial<WantedRate> = {}): WantedRate => ({
  scope: "global",
  rateE4PerKwh: 60_000,
  validFrom: THEN,
  ...over,
});
const profile = (site: string, accounts: number, rates: Rate[], account: string | null = null): Profile => ({
  site,
  account,
  accounts,
  rates,
});

describe("what a change would mean", () => {
  const country = row("global", 1, 50_000);

  it("counts who gets which price from when, and who is shielded by what", () => {
    const siteRow = row("site", 2, 40_000);
    const effect = effectOf(
      [
        profile("MAK", 30, [country]),
        profile("SHG", 20, [country, siteRow]),
        profile("LEB", 10, [country, siteRow, ends("site", 3, THEN + DAY)]),
        profile("MAK", 1, [country, row("account", 4, 30_000)], "0045MAK"),
        profile("SHG", 1, [country, siteRow, row("account", 5, 60_000)], "0001SHG"),
      ],
      [country],
      wanted(),
      NOON,
    );
    expect(effect).toMatchObject({
      accounts: 62,
      changes: [
        { at: THEN, fromE4PerKwh: 50_000, toE4PerKwh: 60_000, accounts: 30 },
        { at: THEN + DAY, fromE4PerKwh: 50_000, toE4PerKwh: 60_000, accounts: 10 },
      ],
      samePrice: 0,
      shielded: [
        { by: "site", accounts: 20, sites: ["SHG"] },
        { by: "account", accounts: 2, sites: ["MAK", "SHG"] },
      ],
    });
    expect(effect.repriced.map(({ site, account }) => [site, account])).toEqual([
      ["MAK", null],
      ["LEB", null],
    ]);
  });

  it("names the scheduled rows it replaces, those that are not heard any more, and the one that ends it", () => {
    const own = [row("site", 2, 40_000), row("site", 3, 41_000, NOON + 1), row("site", 4, 42_000, THEN + DAY)];
    const later = row("global", 9, 70_000, THEN + 1);
    expect(effectOf([profile("MAK", 3, [country, ...own, later])], own, wanted({ scope: "site" }), NOON)).toMatchObject(
      {
        beats: [{ tariffId: 3, how: "replaced" }],
        endedBy: { tariffId: 4, validFrom: THEN + DAY },
      },
    );
    // Without a row of its own the site would have heard the country's change.
    expect(effectOf([profile("MAK", 3, [country, later])], [], wanted({ scope: "site" }), NOON).beats).toEqual([
      { tariffId: 9, scope: "global", validFrom: THEN + 1, rateE4PerKwh: 70_000, how: "not_heard" },
    ]);
  });

  it("shows an ended override as the price that comes back", () => {
    const rates = [country, row("account", 4, 30_000)];
    const end = wanted({ scope: "account", rateE4PerKwh: null, ends: true });
    expect(effectOf([profile("MAK", 1, rates, "0045MAK")], [rates[1] as Rate], end, NOON)).toMatchObject({
      changes: [{ at: THEN, fromE4PerKwh: 30_000, toE4PerKwh: 50_000, accounts: 1 }],
      shielded: [],
    });
  });

  it("says when nobody's price changes", () => {
    expect(effectOf([profile("MAK", 7, [country])], [country], wanted({ rateE4PerKwh: 50_000 }), NOON)).toMatchObject({
      changes: [],
      samePrice: 7,
    });
    expect(effectOf([], [], wanted(), NOON)).toMatchObject({ accounts: 0, changes: [], beats: [], endedBy: null });
  });
});

describe("what is asked about", () => {
  const rates = [row("global", 1, 50_000)];
  it.each`
    about                              | from                                 | rateE4PerKwh | ends     | scope        | concerns
    ${"nothing in a usual change"}     | ${rates}                             | ${55_000}    | ${false} | ${"global"}  | ${[]}
    ${"nothing in a change to double"} | ${rates}                             | ${100_000}   | ${false} | ${"global"}  | ${[]}
    ${"more than double"}              | ${rates}                             | ${100_001}   | ${false} | ${"global"}  | ${["jump"]}
    ${"nothing in a change to half"}   | ${rates}                             | ${25_000}    | ${false} | ${"global"}  | ${[]}
    ${"less than half"}                | ${rates}                             | ${24_999}    | ${false} | ${"global"}  | ${["jump"]}
    ${"ten times, as cents for units"} | ${rates}                             | ${5_000_000} | ${false} | ${"account"} | ${["jump"]}
    ${"a rate that stops vending"}     | ${rates}                             | ${null}      | ${false} | ${"site"}    | ${["stops_vending"]}
    ${"nothing in a first rate"}       | ${[]}                                | ${50_000}    | ${false} | ${"global"}  | ${[]}
    ${"an end that leaves no rate"}    | ${[row("site", 1, 5)]}               | ${null}      | ${true}  | ${"site"}    | ${["stops_vending"]}
    ${"an end after which it jumps"}   | ${[...rates, row("account", 2, 10)]} | ${null}      | ${true}  | ${"account"} | ${["jump"]}
    ${"nothing when vending resumes"}  | ${[row("global", 1, null)]}          | ${50_000}    | ${false} | ${"global"}  | ${[]}
  `("asks about $about", ({ from, rateE4PerKwh, ends: isEnd, scope, concerns }) => {
    const asked = concernsOf(from, wanted({ scope, rateE4PerKwh, ends: isEnd }));
    expect(asked.map(({ confirm }) => confirm)).toEqual(concerns);
  });

  it("compares with the rate in force when it begins, not with today's", () => {
    const scheduled = [...rates, row("global", 2, 90_000, THEN - 1)];
    expect(concernsOf(scheduled, wanted({ rateE4PerKwh: 170_000 }))).toEqual([]);
    expect(concernsOf(scheduled, wanted({ rateE4PerKwh: 40_000 }))).toMatchObject([{ fromE4PerKwh: 90_000 }]);
  });

  it("knows whether there is a say to end", () => {
    const own = [row("site", 2, 40_000), ends("site", 3, THEN)];
    expect([hasSay(own, "site", THEN), hasSay(own, "site", THEN + 1), hasSay(own, "account", THEN)]).toEqual([
      true,
      false,
      false,
    ]);
  });

  it("begins at a whole minute that leaves time to tell all accounts", () => {
    expect(earliestStart("account", NOON)).toBe(NOON + 60_000);
    expect(earliestStart("account", NOON + 1)).toBe(NOON + 120_000);
    expect(earliestStart("global", NOON)).toBe(NOON + 15 * 60_000);
  });
});
