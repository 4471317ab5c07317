import { describe, expect, it } from "vitest";
import { dollars, monthsOf, nowOf, rateText, silenceOf, sumOf, type Told } from "../../web/pages/countries/model.ts";
import { changesOf, creditsText, type Day, kindOf, linesOf, type Site } from "../../web/pages/daily-sales/model.ts";
import { siteOf } from "../../web/pages/losses/model.ts";
import { changedSince, LINES_MAX, readRates, versioned } from "../../web/pages/settings/rates-model.ts";
import { percentOfBp, type Summary, linesOf as siteLines } from "../../web/pages/sites/model.ts";

const sold = (site: string | null, netMinor: number, credits: [number, number, number] | null = null): Site => ({
  ...{ site, payments: 1, grossMinor: netMinor, reversedMinor: 0, netMinor, electricityMinor: netMinor, feesMinor: 0 },
  ...{ suspenseMinor: 0, treasuryMinor: 0, vendedWh: 2 * netMinor },
  credits:
    credits === null
      ? null
      : {
          ...{ day: "2026-11-03", channel: "mpesa", site: site ?? "" },
          ...{ delivered: credits[0], pending: credits[1], failed: credits[2] },
        },
});
const day = (over: Partial<Day> = {}): Day => ({
  ...{ day: "2026-11-03", channel: "mpesa", state: "closed", waits: [], closedAt: 1_000, timesClosed: 1, changes: [] },
  ...{ tills: { used: 1, final: 1, differ: 0 }, sites: [sold("MAK", 100, [2, 1, 0]), sold(null, 40)] },
  ...over,
});

describe("daily sales", () => {
  it("are a line a day and channel that its sites add up to, or a line a site", () => {
    const [line] = linesOf([day()], "channel");
    expect([line?.sold.netMinor, line?.sold.payments, line?.sites]).toEqual([140, 2, 2]);
    expect(linesOf([day()], "site").map(({ sold: { site, netMinor } }) => [site, netMinor])).toEqual([
      ["MAK", 100],
      [null, 40],
    ]);
  });

  it("keep a day of which a statement speaks and nothing was sold", () => {
    expect(linesOf([day({ sites: [] })], "channel").map(({ sold: { netMinor } }) => netMinor)).toEqual([0]);
    expect(linesOf([day({ sites: [] })], "site")).toEqual([]);
  });

  it("say of vendors' credits only where there are some", () => {
    expect([creditsText(sold("MAK", 1, [2, 1, 0])), creditsText(sold("MAK", 1))]).toEqual(["2 / 1 / 0", null]);
    expect(linesOf([day()], "channel").map((line) => creditsText(line.sold))).toEqual(["2 / 1 / 0"]);
  });

  it("tell what changed since a day was closed, each in its own unit", () => {
    const changes = [{ site: "MAK", amount: "vendedWh" as const, was: 1, is: 2 }];
    expect(changesOf([day({ changes }), day({ day: "2026-11-02" })])).toMatchObject([
      { day: "2026-11-03", channel: "mpesa", site: "MAK", was: 1, is: 2, closedAt: 1_000 },
    ]);
    expect([kindOf("vendedWh"), kindOf("payments"), kindOf("grossMinor")]).toEqual(["energy", "count", "money"]);
  });
});

describe("countries", () => {
  const trouble = (status: number) => ({ status, kind: "x", message: "", details: null, fields: {} });
  const heardOf = <T>(code: string, value: T, of: ReturnType<typeof trouble> | null = null) => ({
    ...{ code, value, trouble: of, isBusy: false, tookMs: 300, heardAt: 1_000 },
  });
  const of = (today: string, creditedMinor: number) => ({
    ...{ asOf: 9_000, today, sites: [] },
    days: [{ day: today, site: "MAK", creditedMinor, payments: 2, energyWh: 500 }],
  });
  const months = (usdPerUnit: string | null, minorDigits: 0 | 2) => ({
    minorDigits,
    months: [{ rate: usdPerUnit === null ? null : { usdPerUnit, validFrom: "2026-01-01", source: "bank" } }],
  });
  // Only what is read of an answer is in these.
  const now = (heard: unknown[], told: unknown[]) => nowOf(heard as Parameters<typeof nowOf>[0], told as Told[]);

  it("say what they are at this moment, in dollars at their newest rate", () => {
    const rows = now(
      [heardOf("ls", of("2026-11-03", 2_000)), heardOf("bj", of("2026-11-03", 5_000)), heardOf("zm", null)],
      [heardOf("ls", months("0.0571", 2)), heardOf("bj", months(null, 0)), heardOf("zm", null)],
    );
    expect(rows).toMatchObject([
      { code: "ls", state: "answered", todayMinor: 2_000, todayCents: 114, energyWh: 500, yesterdayMinor: 0 },
      { code: "bj", state: "answered", todayMinor: 5_000, todayCents: null },
      { code: "zm", state: "asking", todayMinor: null, asOf: null },
    ]);
    expect(sumOf(rows, (row) => row.todayCents)).toEqual({ cents: 114, leftOut: ["BJ", "ZM"] });
  });

  it("that fall silent keep what they said last, and say that they are silent; none is left out unsaid", () => {
    const rows = now(
      [heardOf("ls", of("2026-11-03", 2_000), trouble(0)), heardOf("bj", null, trouble(502))],
      [heardOf("ls", months("0.0571", 2))],
    );
    expect(rows).toMatchObject([
      { code: "ls", state: "silent", todayMinor: 2_000, asOf: 9_000 },
      { code: "bj", state: "silent", todayMinor: null, todayCents: null },
    ]);
    expect(sumOf([], () => 1)).toEqual({ cents: null, leftOut: [] });
  });

  it("that do not answer are named, and why", () => {
    const told = [401, 403, 0].map((status) => heardOf<Told["value"]>("bj", null, trouble(status)));
    expect(told.map(silenceOf)).toEqual(["signed_out", "forbidden", "silent"]);
    expect(monthsOf(told)).toEqual([]);
  });

  it("are written in dollars with cents, and rates as they were said", () => {
    expect([dollars(123_456), dollars(null), dollars(-5)]).toEqual(["1\u202f234.56 USD", "–", "−0.05 USD"]);
    expect(["0.0571000000", "1.0000000000", "10"].map(rateText)).toEqual(["0.0571", "1", "10"]);
  });
});

describe("rates that are pasted", () => {
  it("are a line each, by semicolon, comma or tab; a heading and empty lines are none", () => {
    const text = 'day;usd;source\n2026-10-01;0.0571;central bank\n\n"2026-11-01","0.0580","x, y"\n2026-11-02\t0.06\t\n';
    expect(readRates(text, "market")).toEqual({
      rates: [
        { validFrom: "2026-10-01", usdPerUnit: "0.0571", source: "central bank" },
        { validFrom: "2026-11-01", usdPerUnit: "0.0580", source: "x, y" },
        { validFrom: "2026-11-02", usdPerUnit: "0.06", source: "market" },
      ],
    });
  });

  it.each([
    ["a day that is none", "2026-02-30;0.05;x"],
    ["a decimal comma, which could be two cells", "2026-10-01;0,0571;x"],
    ["nobody who says so", "2026-10-01;0.0571"],
    ["a rate the wrong way round", "2026-10-01;1750;x"],
  ])("are refused by line: %s", (_, line) => {
    expect(readRates(`2026-09-01;0.05;x\n${line}`, "")).toEqual({ faults: [{ line: 2, text: line }] });
  });

  it("name what was read of their day, and show what became of it since: set anew, set for the first time, taken back", () => {
    const kept = (validFrom: string, version: number) => ({
      ...{ validFrom, version, usdPerUnit: "0.05", source: "x", createdAt: 1_000 },
    });
    const typed = ["2026-09-01", "2026-10-01", "2026-11-01", "2026-12-01"].map((validFrom) => ({
      ...{ validFrom, usdPerUnit: "0.06", source: "y" },
    }));
    const read = [kept("2026-09-01", 7), kept("2026-10-01", 8), kept("2026-11-01", 9)];
    expect(versioned(typed, read).map(({ version }) => version)).toEqual([7, 8, 9, null]);
    const now = [kept("2026-09-01", 7), kept("2026-10-01", 12), kept("2026-12-01", 13)];
    expect(changedSince(typed, read, now).map(({ validFrom, rate }) => [validFrom, rate?.version ?? null])).toEqual([
      ["2026-10-01", 12],
      ["2026-11-01", null],
      ["2026-12-01", 13],
    ]);
    expect(changedSince(typed, read, read)).toEqual([]);
  });

  it("are at most as many as the server takes", () => {
    const many = Array.from({ length: LINES_MAX + 1 }, () => "2026-10-01;0.05;x").join("\n");
    expect(readRates(many, "")).toEqual({ faults: [{ tooMany: LINES_MAX + 1 }] });
  });
});

it("losses begin with a site of which a meter counts the supply", () => {
  expect(siteOf("", ["KET"], ["MAK", "KET"])).toBe("KET");
  expect(siteOf("MAK", ["KET"], ["MAK", "KET"])).toBe("MAK");
  expect(siteOf("", [], ["MAK"])).toBe("MAK");
});

it("the country is the last line of its sites, with its own figures", () => {
  const line = { customers: {}, lossBp: 640, hasSupply: true } as unknown as Summary["sites"][number];
  const value = { sites: [{ ...line, site: "KET" }], total: { ...line, lossBp: null } } as unknown as Summary;
  expect(siteLines(value, "Country").map(({ site, key, lossBp }) => [site, key, lossBp])).toEqual([
    ["KET", "KET", 640],
    ["Country", "total", null],
  ]);
  expect([percentOfBp(1_060), percentOfBp(-500), percentOfBp(null)]).toEqual(["10.6 %", "-5.0 %", "–"]);
});
